"""The demo's morning: what its next meeting must see, so that a visitor finds something to decide."""

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from hub.access.context import acting_as
from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import age_on, london_date
from hub.errors import RuleBroken
from partners.agencies.models import Post
from partners.partnerships.models import Partnership
from partners.staffing.actions import plan_absence
from partners.staffing.models import Absence
from referrals.checks.models import AgencyCheck, CheckAnswer, agencies_to_ask
from referrals.checks.rules import due_at
from referrals.children.models import Child
from referrals.disagreements.actions import raise_disagreement
from referrals.disagreements.models import Disagreement
from referrals.episodes.models import Episode, EpisodeFact
from referrals.information.models import Information
from referrals.intake.actions import receive_referral, settle_referral
from referrals.intake.models import Referral
from referrals.intake.rules import PUBLIC
from referrals.measures.rules import UNDER
from referrals.missing.models import MissingEpisode
from referrals.notes.models import Note, new_numbers
from referrals.notes.rules import NEW_INFORMATION
from reporting.demo.actions.loading import _authors
from reporting.demo.rules.morning import (
    ANSWERS,
    BACK,
    DECIDED,
    DISAGREED,
    INFORMATION,
    PLACE,
    PLACE_FORWARD,
    PLACE_TAKEN_BACK,
    PUT_FORWARD,
    note_of,
    reference_of,
    turned,
)
from risk.agenda.models import PutForward
from risk.agenda.rules import day_of, window_of
from risk.levels.actions import set_level
from risk.levels.rules import Decision
from risk.places.actions import take_place_back
from risk.places.models import PlaceForward
from risk.suspects.models import Suspect


@transaction.atomic
def prepare_morning(*, partnership: str, now: datetime, by: User) -> bool:
    """Fill the list of the next meeting, once for each working day; say whether there was any need.

    What an earlier morning left undecided is decided first, so that a demo that runs for months stays as
    full as on its first day. Back-dated to the working day before, as the history is.
    """
    require(by, Permission.NOTES_RECORD)
    hub = Partnership.objects.get(code=partnership)
    day = day_of(now)
    window = window_of(day, hub.meets_at)
    morning = _Morning(hub, day, window.since + timedelta(hours=4), _authors(partnership))
    if AgencyCheck.objects.filter(partnership=hub, asked_at=morning.at).exists():
        return False
    _end_earlier(morning, now, by)
    _new_referrals(morning)
    _new_information(morning)
    _went_missing(morning, now)
    _put_forward(morning)
    _put_place_forward(morning)
    _disagree(morning)
    _plan_absence(morning)
    record(
        event="demo.morning_prepared",
        verb=Verb.COLLECTION,
        what="agenda",
        reference=day.isoformat(),
        at=now,
        by=by,
        partnership_id=hub.pk,
    )
    return True


@dataclass(frozen=True)
class _Morning:
    """A morning that is prepared: of which day, from which moment what came counts as known."""

    hub: Partnership
    day: date
    at: datetime
    authors: dict[str, Post]

    def kept(self, by: User, hours: int = 0) -> dict[str, Any]:
        """What each fact of it bears."""
        at = self.at + timedelta(hours=hours)
        return {"partnership_id": self.hub.pk, "known_from": at, "recorded_by": by}

    @property
    def social(self) -> User:
        """The social worker."""
        return self.authors["social"].user


def _end_earlier(morning: _Morning, now: datetime, by: User) -> None:
    left = Episode.objects.open().filter(partnership=morning.hub, reference__startswith="DM-")
    for episode in left.filter(level="").select_related("partnership"):
        with acting_as(morning.social):
            decision = Decision("NO_RISK", london_date(now), DECIDED, "daily")
            set_level(episode=episode, decision=decision, seen_level="", by=morning.social)
    away = MissingEpisode.objects.known().filter(partnership=morning.hub, found_at__isnull=True)
    away.filter(reference__startswith="MD-").update(found_at=morning.at, to_known_from=morning.at)
    forward = PutForward.objects.known().filter(partnership=morning.hub, for_day__lt=morning.day)
    forward.filter(because=PUT_FORWARD).update(superseded_at=now, superseded_by=by)
    places = PlaceForward.objects.known().filter(partnership=morning.hub, discussed_on=None)
    for place in places.filter(because=PLACE_FORWARD).select_related("referral"):
        with acting_as(morning.social):
            take_place_back(forward=place, reason=PLACE_TAKEN_BACK, by=morning.social)


def _new_referrals(morning: _Morning) -> None:
    """Three children come back, one of them under 13; checks are answered in part, or not at all."""
    free = Child.objects.filter(partnership=morning.hub).exclude(
        pk__in=Episode.objects.open().values("child_id")
    )
    ages = list(free.order_by("pk").values_list("pk", "date_of_birth"))
    young = [pk for pk, born in ages if age_on(born, morning.day) < UNDER]
    older = [pk for pk, born in ages if UNDER <= age_on(born, morning.day) < 17]
    chosen = [*turned(young, morning.day, 1), *turned(older, morning.day, 2)]
    for number, (child, back) in enumerate(zip(chosen, BACK, strict=False), 1):
        episode = _new_episode(morning, child, number)
        _asked(morning, episode, back)


def _new_episode(morning: _Morning, child: int, number: int) -> Episode:
    referred_on = london_date(morning.at)
    episode = Episode.objects.create(
        partnership=morning.hub,
        reference=reference_of("DM", morning.day, number),
        child_id=child,
        referred_on=referred_on,
    )
    EpisodeFact.objects.create(
        episode=episode,
        child_id=child,
        referred_on=referred_on,
        referral_source="2A",
        exploitation_types=["CSE"],
        **morning.kept(morning.social),
    )
    return episode


def _asked(morning: _Morning, episode: Episode, back: int) -> None:
    posts = {post.agency_id: post for post in morning.authors.values()}
    left = back
    for agency in agencies_to_ask(episode.child, morning.day):
        check = AgencyCheck.objects.create(
            partnership=morning.hub,
            child_id=episode.child_id,
            episode=episode,
            agency=agency,
            why="new_referral",
            asked_at=morning.at,
            due_at=due_at(morning.at, morning.hub.checks_due_at),
            asked_by=morning.social,
        )
        answer = ANSWERS.get(agency.code)
        if left and answer and agency.pk in posts:
            left -= 1
            author = posts[agency.pk].user
            CheckAnswer.objects.create(
                **{**asdict(answer), "for_agencies": []},
                child_id=episode.child_id,
                asked=check,
                agency=agency,
                author=author,
                **morning.kept(author, hours=1),
            )


def _new_information(morning: _Morning) -> None:
    held = Episode.objects.open().filter(partnership=morning.hub).exclude(level="")
    numbers = list(
        held.filter(level_set_on__lt=london_date(morning.at)).values_list("pk", flat=True)
    )
    chosen = turned(sorted(numbers), morning.day, len(INFORMATION))
    post = morning.authors["social"]
    for number, (told, text) in zip(chosen, INFORMATION, strict=False):
        episode = held.get(pk=number)
        words = asdict(note_of(text, london_date(morning.at)))
        del words["happened_time"]
        note = Note.objects.create(
            **{**words, "kind": NEW_INFORMATION, "for_agencies": []},
            child_id=episode.child_id,
            episode=episode,
            position=new_numbers(1)[0],
            author=post.user,
            agency=post.agency,
            **morning.kept(post.user, hours=2),
        )
        Information.objects.create(
            partnership=morning.hub,
            child_id=episode.child_id,
            episode=episode,
            note=note.position,
            kind=told.kind,
            source=told.source,
            recorded_at=note.known_from,
            recorded_by=post.user,
        )


def _went_missing(morning: _Morning, now: datetime) -> None:
    """One child is missing still, another is back."""
    held = Episode.objects.open().filter(partnership=morning.hub, level="HIGH")
    numbers = sorted(set(held.values_list("child_id", flat=True)))
    for number, child in enumerate(turned(numbers, morning.day, 2), 1):
        start = morning.at + timedelta(hours=3)
        back = start + timedelta(hours=2) if number == 2 else None
        MissingEpisode.objects.create(
            child_id=child,
            reference=reference_of("MD", morning.day, number),
            missing_from=start,
            found_at=back,
            to_known_from=back,
            category="MISSING",
            **morning.kept(morning.social, hours=3),
        )


def _put_forward(morning: _Morning) -> None:
    suspects = list(Suspect.objects.filter(partnership=morning.hub).values_list("pk", flat=True))
    police = morning.authors.get("police")
    if police is None:
        return
    for suspect in turned(sorted(suspects), morning.day, 1):
        PutForward.objects.create(
            suspect_id=suspect,
            for_day=morning.day,
            because=PUT_FORWARD,
            **morning.kept(police.user),
        )


def _put_place_forward(morning: _Morning) -> None:
    """A place that was referred once, and is named again."""
    social = morning.social
    with acting_as(social):
        seen = Referral.objects.visible_to(social).filter(about=PLACE.about)
        referral = seen.filter(description=PLACE.description).first()
        if referral is None:
            referral = receive_referral(
                partnership=morning.hub, concern=PLACE, route=PUBLIC, by=social
            )
            settle_referral(referral=referral, outcome=PLACE_TAKEN_BACK, by=social)
        PlaceForward.objects.create(
            referral=referral,
            for_day=morning.day,
            because=PLACE_FORWARD,
            **morning.kept(social),
        )


def _disagree(morning: _Morning) -> None:
    """The police disagree with social care on one of the gravest cases, unless something is open already."""
    police = morning.authors.get("police")
    if police is None or Disagreement.objects.open().filter(partnership=morning.hub).exists():
        return
    against = morning.authors["social"].agency
    with acting_as(police.user):
        grave = Episode.objects.visible_to(police.user).open().filter(level="HIGH").order_by("pk")
        episode = grave.select_related("partnership").first()
        if episode is not None:
            raise_disagreement(episode=episode, issue=DISAGREED, against=against, by=police.user)


def _plan_absence(morning: _Morning) -> None:
    """The social worker is away in two weeks and the manager covers, where what is planned allows it."""
    manager, social = morning.authors.get("manager"), morning.authors["social"]
    if (
        manager is None
        or Absence.objects.filter(user=social.user, ends_on__gte=morning.day).exists()
    ):
        return
    first = morning.day + timedelta(weeks=2)
    days = {"starts_on": first, "ends_on": first + timedelta(days=4)}
    with acting_as(social.user), suppress(RuleBroken):
        plan_absence(away=social, cover=manager, by=social.user, **days)
