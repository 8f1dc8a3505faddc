"""Builders of case data for tests, in one place: each writes the fact and the current column beside it.

Where the application has an action, the builder calls it; where facts come from imports alone, it
writes them as recorded by a person, known from noon of their own day unless a test says otherwise.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from hub.accounts.models import User
from hub.days.rules import noon
from partners.agencies.models import Agency, Post
from partners.partnerships.models import Partnership
from referrals.checks.models import AgencyCheck, CheckAnswer
from referrals.children.models import Address, Child, ChildDetails
from referrals.contacts.actions import add_person_to_call
from referrals.contacts.models import PersonToCall
from referrals.contacts.rules import Entry
from referrals.episodes.models import Allocation, Episode, EpisodeFact
from referrals.information.models import Information
from referrals.intake.actions import receive_referral
from referrals.intake.models import Referral
from referrals.intake.rules import Concern
from referrals.measures.models import Measure
from referrals.missing.models import MissingEpisode
from referrals.notes.actions import write_note
from referrals.notes.models import Note
from referrals.notes.rules import Written
from referrals.support.models import ServiceReferral
from risk.levels.models import RiskLevel, RiskScale
from risk.reviews.models import Review

_numbers = count(1)


def make_child(
    *,
    partnership: Partnership,
    by: User,
    surname: str = "Fenwick",
    forenames: str = "Jodie",
    born: date = date(2011, 5, 3),
    gender: str = "F",
    reference: str = "",
    known_from: datetime | None = None,
) -> Child:
    """A child, with the fact of who they are."""
    who: dict[str, Any] = {
        "forenames": forenames,
        "surname": surname,
        "date_of_birth": born,
        "gender": gender,
    }
    reference = reference or f"C-{next(_numbers):04}"
    child = Child.objects.create(partnership=partnership, reference=reference, **who)
    ChildDetails.objects.create(
        child=child, partnership=partnership, **who, **_recorded(by, born, known_from)
    )
    return child


def make_episode(
    *,
    child: Child,
    by: User,
    referred_on: date = date(2026, 3, 2),
    closed_on: date | None = None,
    reference: str = "",
    exploitation_types: tuple[str, ...] = (),
    known_from: datetime | None = None,
) -> Episode:
    """An episode of a child, open unless `closed_on` says otherwise."""
    days = {"referred_on": referred_on, "closed_on": closed_on}
    episode = Episode.objects.create(
        partnership=child.partnership,
        reference=reference or f"E-{next(_numbers):04}",
        child=child,
        **days,
    )
    EpisodeFact.objects.create(
        episode=episode,
        child=child,
        partnership=child.partnership,
        to_known_from=noon(closed_on) if closed_on else None,
        exploitation_types=list(exploitation_types),
        **days,
        **_recorded(by, referred_on, known_from),
    )
    return episode


def set_level(
    *,
    episode: Episode,
    level: str,
    by: User,
    set_on: date,
    position: int = 1,
    rationale: str = "Agreed at the daily meeting.",
    known_from: datetime | None = None,
) -> RiskLevel:
    """A level of the scale of 2014 (HIGH, MEDIUM, LOW, NO_RISK) on an episode."""
    scale, _made = RiskScale.objects.get_or_create(
        code="cse-2014", defaults={"name": "CSE risk, 2014", "valid_from": date(2014, 1, 1)}
    )
    fact = RiskLevel.objects.create(
        episode=episode,
        partnership=episode.partnership,
        scale=scale,
        level=level,
        set_on=set_on,
        position=position,
        rationale=rationale,
        **_recorded(by, set_on, known_from),
    )
    if episode.level_set_on is None or episode.level_set_on <= set_on:
        _keep_current(episode, level=level, level_set_on=set_on)
    return fact


def make_review(
    *, episode: Episode, due_on: date, by: User, known_from: datetime | None = None
) -> Review:
    """A review that is due."""
    review = Review.objects.create(
        episode=episode,
        partnership=episode.partnership,
        due_on=due_on,
        **_recorded(by, due_on - timedelta(days=28), known_from),
    )
    _keep_current(episode, review_due_on=due_on)
    return review


def allocate(
    *,
    episode: Episode,
    worker: User,
    by: User,
    from_date: date | None = None,
    known_from: datetime | None = None,
) -> Allocation:
    """A lead worker for an episode, from its referral unless a test says otherwise."""
    start = from_date or episode.referred_on
    allocation = Allocation.objects.create(
        episode=episode,
        partnership=episode.partnership,
        worker=worker.username,
        worker_name=worker.name,
        from_date=start,
        lead=True,
        **_recorded(by, start, known_from),
    )
    _keep_current(episode, lead_worker=worker.name)
    return allocation


def refer_to_service(
    *,
    episode: Episode,
    service: str,
    by: User,
    outcome: str = ServiceReferral.Outcome.ACCEPTED,
    referred_on: date | None = None,
    ended_on: date | None = None,
    known_from: datetime | None = None,
) -> ServiceReferral:
    """A referral to a service by its code; accepted and not ended, it shows the child to the charity."""
    asked = referred_on or episode.referred_on
    return ServiceReferral.objects.create(
        episode=episode,
        partnership=episode.partnership,
        service=service,
        referred_on=asked,
        outcome=outcome,
        ended_on=ended_on,
        to_known_from=noon(ended_on) if ended_on else None,
        **_recorded(by, asked, known_from),
    )


def make_address(
    *, child: Child, by: User, from_date: date, known_from: datetime | None = None, **more: Any
) -> Address:
    """Where a child lives from a day on: `line`, `confidential` and the like as the test says."""
    where = {"line": "7 Ferncliffe Row", "postcode": "BD99 1AA", "ward": "E05001347", **more}
    return Address.objects.create(
        child=child,
        partnership=child.partnership,
        from_date=from_date,
        **where,
        **_recorded(by, from_date, known_from),
    )


def make_missing(*, child: Child, by: User, start: datetime, **more: Any) -> MissingEpisode:
    """A time in which a child was missing; with `found_at` its end is known from then."""
    return MissingEpisode.objects.create(
        child=child,
        partnership=child.partnership,
        reference=f"M-{next(_numbers):04}",
        missing_from=start,
        to_known_from=more.get("found_at"),
        **more,
        **_recorded(by, start.date(), None),
    )


def make_note(*, child: Child, by: User, episode: Episode | None = None, **words: Any) -> Note:
    """A note about a child, of 9 March 2026 unless a test says otherwise."""
    written = Written(**{"happened_on": date(2026, 3, 9), "text": "Seen at school.", **words})
    return write_note(child=child, episode=episode, written=written, by=by)


def make_person_to_call(*, child: Child, by: User, **more: Any) -> PersonToCall:
    """The school office, to be called about a child from 9 March 2026 unless a test says otherwise."""
    desk = {"name": "School office", "relation": "school", "telephone": "01632 960 001"}
    entry = Entry(**{"from_date": date(2026, 3, 9), **desk, **more})
    return add_person_to_call(child=child, entry=entry, by=by)


def make_checks(*, episode: Episode, by: User, asked_at: datetime | None = None) -> None:
    """Each agency asked about an episode; the writer's has answered for all, and once for itself alone.

    Not by the actions: also of an episode that is closed, and by whoever writes the case.
    """
    at = asked_at or noon(episode.referred_on)
    own = Post.objects.filter(user=by).values_list("agency", flat=True).first()
    for agency in Agency.objects.filter(partnership=episode.partnership).order_by("pk"):
        for number, seen_by in enumerate(("everybody", "own")):
            moment = at + timedelta(minutes=number)
            check = AgencyCheck.objects.create(
                partnership=episode.partnership, child=episode.child, episode=episode, agency=agency,
                why="new_referral", asked_at=moment, due_at=moment + timedelta(days=1), asked_by=by,
            )  # fmt: skip
            if agency.pk == own:
                CheckAnswer.objects.create(
                    child=episode.child, partnership=episode.partnership, asked=check, agency=agency,
                    author=by, knows="held", text="Known there.", sources="All", seen_by=seen_by,
                    known_from=moment, recorded_by=by,
                )  # fmt: skip


def make_asked_of_others(*, episode: Episode, by: User) -> None:
    """New information and a referral to social care, not by the actions: also of a closed episode."""
    note = make_note(child=episode.child, by=by, episode=episode, kind="information")
    Information.objects.create(
        partnership=episode.partnership, child=episode.child, episode=episode, note=note.position,
        kind="sighting", source="5A", recorded_at=note.known_from, recorded_by=by,
    )  # fmt: skip
    Measure.objects.create(
        partnership=episode.partnership, child=episode.child, episode=episode, matter="social_care",
        state="made", on=episode.referred_on, because="By the hard rule.",
        **_recorded(by, episode.referred_on, None),
    )  # fmt: skip


def correct_level(*, old: RiskLevel, level: str, reason: str, at: datetime, by: User) -> RiskLevel:
    """Put a level right as every fact is: a new version, and the old one keeps its row."""
    withdraw_level(old=old, at=at, by=by)
    return RiskLevel.objects.create(
        episode=old.episode,
        partnership=old.partnership,
        scale=old.scale,
        set_on=old.set_on,
        position=old.position,
        level=level,
        rationale="Two agencies had more to tell.",
        reason=reason,
        known_from=at,
        recorded_by=by,
    )


def withdraw_level(*, old: RiskLevel, at: datetime, by: User) -> None:
    """Let a level stand no longer from a moment."""
    RiskLevel.objects.filter(pk=old.pk).update(superseded_at=at, superseded_by=by)


def make_caseload(*, partnership: Partnership, number: int, by: User) -> list[Episode]:
    """That many open episodes, each of a child of its own, with level, review and lead worker."""
    today = date(2026, 3, 2)
    made = []
    for index in range(number):
        child = make_child(partnership=partnership, by=by, surname=f"Rowan{index:03}")
        episode = make_episode(child=child, by=by, referred_on=today)
        set_level(episode=episode, level="MEDIUM", set_on=today, by=by)
        make_review(episode=episode, due_on=today + timedelta(days=index), by=by)
        allocate(episode=episode, worker=by, by=by)
        made.append(episode)
    return made


def _recorded(by: User, day: date, known_from: datetime | None) -> dict[str, Any]:
    return {"recorded_by": by, "known_from": known_from or noon(day)}


def _keep_current(episode: Episode, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(episode, name, value)
    episode.save(update_fields=list(columns))


CONCERN = Concern(
    about="child",
    what_happened="An older man waits for her at the gate.",
    in_danger="no",
    source="2A",
    agency="Hillside School",
    referrer_name="Tess Rowan",
    referrer_post="Teacher",
    forenames="Lia",
    surname="March",
    age_about=14,
    gender="F",
    school="Hillside School",
    exploitation_types=("CSE",),
    consent="not_asked",
    no_consent_reason="It may put her at risk.",
    family_knows="nobody",
    health_needs="unknown",
)


def make_referral(
    *, partnership: Partnership, by: User, route: str = "form", **said: Any
) -> Referral:
    """A referral of a child of whom little is known, as `by` sends it or takes it down."""
    concern = replace(CONCERN, **said)
    return receive_referral(partnership=partnership, concern=concern, by=by, route=route)
