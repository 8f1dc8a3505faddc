"""The plain tabs of a case: where the child lived, its statuses, episodes, missing times and services."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.urls import reverse
from django.utils import timezone

from hub.codes.rules import code_list, ward_rows
from referrals.children.models import Address, CareStatus
from referrals.missing.models import MissingEpisode
from referrals.support.models import ServiceReferral
from risk.casefile.rules import length_of, recorded_late, seen_end, words_of
from risk.casefile.views.frame import next_review_of
from risk.casefile.views.reading import (
    Case,
    EpisodeThen,
    read_missing,
    read_statuses,
    read_support,
)

CONFIDENTIAL = "Confidential"


@dataclass(frozen=True)
class Span:
    """Something that held from a day to a day (None: it still held); `recorded_on` only if later.

    `record`: the joined record where it stands, empty for the child's own; so in the rows below.
    """

    what: str
    from_date: date
    to_date: date | None
    recorded_on: date | None
    note: str = ""
    record: str = ""


@dataclass(frozen=True)
class EpisodeRow:
    """An episode from its referral to its closing."""

    reference: str
    address: str
    referred_on: date
    source: str
    types: str
    level: str
    closed_on: date | None
    closure_reason: str
    review_due_on: date | None
    record: str


@dataclass(frozen=True)
class MissingRow:
    """A time in which the child was missing, and the interview afterwards in words."""

    reference: str
    category: str
    missing_from: datetime
    found_at: datetime | None
    length: str
    interview: str
    interviewed_on: date | None
    record: str


@dataclass(frozen=True)
class SupportRow:
    """A service that was asked, and how it answered."""

    service: str
    episode: str
    referred_on: date
    outcome: str
    started_on: date | None
    ended_on: date | None
    record: str


def hides_address(case: Case) -> bool:
    """Say whether the address of the day is confidential to a person with whom a part is shared."""
    return not case.sees_all and case.lives_confidentially


def address_span(case: Case, row: Address) -> Span:
    """Write an address for those who may see it."""
    return Span(
        what=where_words(row),
        from_date=row.from_date,
        to_date=seen_end(row.to_date, row.to_known_from, case.looking),
        recorded_on=recorded_late(row.from_date, row.known_from),
        note=where_note(row),
        record=case.record_of(row),
    )


def where_words(row: Address) -> str:
    """Write line, postcode and ward, as far as they are known."""
    return ", ".join(filter(None, (row.line, row.postcode, ward_name(row.ward))))


def where_note(row: Address) -> str:
    """Say what is to be known of an address besides: out of the area, confidential."""
    notes = ("out of the area", row.out_of_area), ("confidential", row.confidential)
    return ", ".join(words for words, true in notes if true).capitalize()


def ward_name(code: str) -> str:
    """Give a ward's name by its GSS code; the code itself where it is no ward of ours."""
    return _wards().get(code, code)


@cache
def _wards() -> dict[str, str]:
    rows = (row for file in ("wards", "wards_kirklees") for row in ward_rows(file))
    return {row.code: row.name for row in rows}


def status_spans(case: Case) -> list[Span]:
    """Write the statuses, the latest first."""
    return [status_span(case, row) for row in read_statuses(case)]


def status_span(case: Case, row: CareStatus) -> Span:
    """Write a status."""
    return Span(
        what=row.get_status_display(),
        from_date=row.from_date,
        to_date=seen_end(row.to_date, row.to_known_from, case.looking),
        recorded_on=recorded_late(row.from_date, row.known_from),
        record=case.record_of(row),
    )


def episodes_tab(case: Case) -> list[EpisodeRow]:
    """Build the rows of the episodes, the latest first."""
    return [episode_row(case, episode) for episode in case.episodes]


def episode_row(case: Case, episode: EpisodeThen) -> EpisodeRow:
    """Write an episode; why it was closed only if the closing is seen."""
    fact = episode.fact
    here = reverse("risk-child-episode", args=[case.child.pk, fact.episode_id])
    return EpisodeRow(
        reference=episode.reference,
        address=f"{here}?{case.looking.query}" if case.looking.past else here,
        referred_on=fact.referred_on,
        source=label_in("referral_sources", fact.referral_source),
        types=", ".join(fact.exploitation_types) or "CSE",
        level=episode.standing.code,
        closed_on=episode.closed_on,
        closure_reason=label_in("closure_reasons", fact.closure_reason)
        if episode.closed_on
        else "",
        review_due_on=None if episode.closed_on else next_review_of(episode, case.looking),
        record=case.record_of(fact),
    )


def label_in(codes: str, code: str) -> str:
    """Give a code's label in its list; the code as words where the list lacks it."""
    entry = code_list(codes).get(code)
    return entry.label if entry else words_of(code)


def missing_tab(case: Case) -> list[MissingRow]:
    """Build the rows of the missing episodes, the latest first."""
    return [_missing_row(case, row) for row in read_missing(case)]


def _missing_row(case: Case, row: MissingEpisode) -> MissingRow:
    found = found_at(case, row)
    interviewed = interviewed_on(case, row)
    return MissingRow(
        reference=row.reference,
        category=words_of(row.category),
        missing_from=row.missing_from,
        found_at=found,
        length=length_of(row.missing_from, found) if found else "",
        interview=interview_words(row, interviewed) if found else "",
        interviewed_on=interviewed,
        record=case.record_of(row),
    )


def found_at(case: Case, row: MissingEpisode) -> datetime | None:
    """Give when the child was found, if that lay behind and was known."""
    found = row.found_at
    day = timezone.localdate(found) if found else None
    return found if seen_end(day, row.to_known_from, case.looking) else None


def interviewed_on(case: Case, row: MissingEpisode) -> date | None:
    """Give the day of the return home interview, if that lay behind and was known."""
    return seen_end(row.return_interview_on, row.interview_known_from, case.looking)


def interview_words(row: MissingEpisode, held_on: date | None) -> str:
    """Say what came of the return home interview; not recorded is not the same as declined."""
    if held_on is None:
        return "Not recorded"
    return "Offered, declined" if row.return_interview_accepted is False else "Held"


def support_tab(case: Case) -> list[SupportRow]:
    """Build the rows of the service referrals, the latest first."""
    return [support_row(case, row) for row in read_support(case)]


def support_row(case: Case, row: ServiceReferral) -> SupportRow:
    """Write a service referral; an end that is not seen yet leaves it as it was accepted."""
    ended_on = seen_end(row.ended_on, row.to_known_from, case.looking)
    outcome = row.outcome
    if outcome == ServiceReferral.Outcome.ENDED and ended_on is None and row.ended_on:
        outcome = ServiceReferral.Outcome.ACCEPTED
    started = row.started_on
    return SupportRow(
        service=row.service_name or words_of(row.service),
        episode=row.of or "",
        referred_on=row.referred_on,
        outcome=ServiceReferral.Outcome(outcome).label if outcome else "Not recorded",
        started_on=started if started and started <= case.looking.day else None,
        ended_on=ended_on,
        record=case.record_of(row),
    )
