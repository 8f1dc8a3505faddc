"""Loading the demo: agencies, people, and the synthetic history up to a day, through the importer."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from hub.access.context import acting_as
from hub.access.gate import require
from hub.access.rules import Permission, Role
from hub.accounts.actions import accept_conduct, open_account
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import age_on, london_date, noon
from hub.facts.models import FactSource
from partners.agencies.actions import add_agency, appoint, give_telephone
from partners.agencies.models import Agency, Post
from partners.partnerships.actions import set_up
from partners.partnerships.models import Partnership
from partners.services.actions import offer
from partners.sharing.actions import make_agreement
from partners.sharing.rules import CATEGORIES, Agreed
from referrals.checks.models import AgencyCheck, CheckAnswer, agencies_to_ask
from referrals.checks.rules import due_at
from referrals.children.models import Child
from referrals.contacts.models import PersonToCall
from referrals.episodes.models import Episode, EpisodeFact
from referrals.information.models import Information
from referrals.measures.rules import UNDER
from referrals.missing.models import MissingEpisode
from referrals.notes.models import Note, new_numbers
from referrals.notes.rules import NEW_INFORMATION
from reporting.demo.rules import SERVICES, Rows, bradford, kirklees, write_extract
from reporting.demo.rules.accounts import AGENCIES, PASSWORD, PEOPLE, DemoPerson
from reporting.demo.rules.meetings import PLANS, PROPOSED
from reporting.demo.rules.morning import (
    ANSWERS,
    BACK,
    DECIDED,
    INFORMATION,
    PUT_FORWARD,
    note_of,
    reference_of,
    turned,
)
from reporting.demo.rules.notes import notes_for, people_for
from reporting.extracts.actions import import_extract
from risk.agenda.models import PutForward
from risk.agenda.rules import day_of, window_of
from risk.levels.actions import set_level
from risk.levels.rules import Decision
from risk.meetings.actions import arrange
from risk.meetings.models import MeetingSeries
from risk.meetings.rules.plan import Plan
from risk.proposals.actions import Change, propose
from risk.proposals.models import Proposal
from risk.proposals.rules import Kind
from risk.suspects.models import Suspect

DISTRICTS: dict[str, Callable[[date, date | None], Iterator[Rows]]] = {
    "bradford": bradford,
    "kirklees": kirklees,
}
POSTS_FROM = date(2014, 1, 1)
AGREED_UNTIL = date(2099, 12, 31)


@transaction.atomic
def set_up_partners(*, now: datetime, by: User) -> None:
    """Make the demo's partnerships, agencies, services and people, as far as they are not there."""
    require(by, Permission.PARTNERSHIP_SET_UP)
    partnerships = {code: set_up(code=code, now=now, by=by) for code in DISTRICTS}
    agencies = {
        (entry.partnership, entry.code): add_agency(
            partnership=partnerships[entry.partnership],
            code=entry.code,
            name=entry.name,
            kind=entry.kind,
            now=now,
            by=by,
        )
        for entry in AGENCIES
    }
    for entry in AGENCIES:
        agency = agencies[entry.partnership, entry.code]
        give_telephone(agency=agency, telephone=entry.telephone, now=now, by=by)
    for code, services in SERVICES.items():
        for service in services:
            agency = agencies[code, service.agency.lower()]
            offer(agency=agency, code=service.code, name=service.label, now=now, by=by)
            if not agency.agreements.exists():
                agreed = Agreed(tuple(CATEGORIES), POSTS_FROM, AGREED_UNTIL, "Invented, 2014")
                make_agreement(agency=agency, agreed=agreed, by=by)
    for person in PEOPLE:
        _employ(person, agencies[person.partnership, person.agency], now, by)
    for code, plans in PLANS.items():
        _arrange(partnerships[code], plans, by)


def _arrange(partnership: Partnership, plans: dict[str, Plan], by: User) -> None:
    """Set the meetings up once: what the demo's visitor changes in them stays."""
    there = set(
        MeetingSeries.objects.filter(partnership=partnership).values_list("code", flat=True)
    )
    for code, plan in plans.items():
        if code not in there:
            arrange(partnership=partnership, code=code, plan=plan, by=by)


@transaction.atomic
def propose_changes(*, partnership: str, by: User) -> int:
    """Put two falls of the demo's open cases before the panel, once; say how many."""
    require(by, Permission.LEVELS_RECORD)
    if Proposal.objects.filter(partnership__code=partnership).exists():
        return 0
    cases = (
        Episode.objects.open().filter(partnership__code=partnership).order_by("level_set_on", "pk")
    )
    made = 0
    for from_level, level, words, plan in PROPOSED:
        episode = cases.filter(level=from_level).select_related("partnership", "child").first()
        if episode is not None:
            change = Change(Kind.FALL, words, level=level, exit_plan=plan)
            propose(episode=episode, change=change, by=by)
            made += 1
    return made


def _employ(person: DemoPerson, agency: Agency, now: datetime, by: User) -> None:
    user = User.objects.filter(username=person.username).first()
    if user is None:
        user = open_account(
            username=person.username, name=person.name, password=PASSWORD, now=now, by=by
        )
        with acting_as(user):  # a visitor of the demo gets to work at once
            accept_conduct(now=now, by=User.objects.get(pk=user.pk))
    appoint(user=user, agency=agency, role=person.role, starts_on=POSTS_FROM, now=now, by=by)


def bring_up_to_date(*, partnership: str, today: date, now: datetime, by: User) -> bool:
    """Import what happened in a district since its last import, or all of it; say whether there was any.

    Not one transaction with the set-up: the importer takes its own, so that its moment is the last thing.
    """
    last = FactSource.objects.filter(partnership_code=partnership).order_by("-published_at").first()
    since = london_date(last.published_at) if last else None
    if since is not None and since >= today:
        return False
    with tempfile.TemporaryDirectory() as folder:
        write_extract(DISTRICTS[partnership](today, since), Path(folder))
        name = f"{partnership}-demo-{today}"
        import_extract(path=Path(folder), partnership_code=partnership, label=name, now=now, by=by)
    return True


@transaction.atomic
def write_notes(*, partnership: str, today: date, by: User) -> int:
    """Write invented notes and people to call about a district's open cases, once; say how many notes.

    In bulk and back-dated, each known from its own day, as the history is that the importer brought.
    """
    require(by, Permission.NOTES_RECORD)
    if Note.objects.filter(partnership__code=partnership).exists():
        return 0
    cases = (
        Episode.objects.open().filter(partnership__code=partnership).order_by("referred_on", "pk")
    )
    by_child = {episode.child_id: episode for episode in cases.select_related("child")}
    authors = _authors(partnership)
    notes = [row for case in by_child.values() for row in _notes_of(case, today, authors)]
    for note, number in zip(notes, new_numbers(len(notes)), strict=True):
        note.position = number
    PersonToCall.objects.bulk_create(
        row for case in by_child.values() for row in _people_of(case, authors)
    )
    return len(Note.objects.bulk_create(notes))


def _authors(partnership: str) -> dict[str, Post]:
    """Give the posts of those who write, by user name; where one is not here, who records here does."""
    posts = Post.objects.filter(agency__partnership__code=partnership).select_related(
        "agency", "user"
    )
    here = {post.user.username: post for post in posts}
    records = next(post for post in here.values() if post.role == Role.SOCIAL_WORKER)
    return defaultdict(lambda: records, here)


def _notes_of(case: Episode, today: date, authors: dict[str, Post]) -> Iterator[Note]:
    written = notes_for(_number(case.child), case.referred_on, today)
    for note in written:
        post, words = authors[note.author], asdict(note.written)
        del words["happened_time"]
        yield Note(
            **words,
            **_kept(case, 1, note.written.happened_on, post.user),
            episode=case,
            happened_at=note.written.happened_at,
            author=post.user,
            agency=post.agency,
        )


def _people_of(case: Episode, authors: dict[str, Post]) -> Iterator[PersonToCall]:
    entries = people_for(_number(case.child), case.child.surname, case.referred_on)
    for position, entry in enumerate(entries, 1):
        kept = _kept(case, position, entry.from_date, authors["social"].user)
        yield PersonToCall(**asdict(entry), **kept)


def _number(child: Child) -> int:
    """Give a number that is the same however often the demo is made: that of the child's reference."""
    return int("".join(filter(str.isdigit, child.reference)) or 0)


def _kept(case: Episode, position: int, day: date, by: User) -> dict[str, Any]:
    return {
        "child_id": case.child_id,
        "partnership_id": case.partnership_id,
        "position": position,
        "known_from": noon(day),
        "recorded_by": by,
    }


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
