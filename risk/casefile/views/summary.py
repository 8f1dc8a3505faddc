"""The first tab: who this is, how worried the hub is and why, who works with the child."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from hub.days.rules import review_note
from referrals.episodes.models import Allocation
from risk.casefile.rules import words_of
from risk.casefile.views.calling import CallingPart, Number, calling_part, number_of
from risk.casefile.views.frame import NOT_SHARED, movements, next_review_of
from risk.casefile.views.joined import JoinedRecord, joined_records
from risk.casefile.views.notes import NotesPart, notes_part
from risk.casefile.views.reading import (
    Case,
    EpisodeThen,
    read_addresses,
    read_support,
)
from risk.casefile.views.tabs import (
    CONFIDENTIAL,
    Span,
    SupportRow,
    address_span,
    hides_address,
    status_spans,
    support_row,
)
from risk.casefile.views.who import UNKNOWN, WhoPart, particulars, who_part


@dataclass(frozen=True)
class OpenEpisode:
    """An open episode with its level and why; `reason` and `address` are empty where they are not shared."""

    reference: str
    record: str
    address: str
    referred_on: date
    level: str
    since: date | None
    movement: str
    reason: str
    review_due_on: date | None
    review_note: str
    overdue: bool


@dataclass(frozen=True)
class Helper:
    """A worker who holds an episode of the child; the number is that of the lead's agency alone."""

    name: str
    agency: str
    lead: bool
    since: date
    episode: str
    number: Number | None


@dataclass(frozen=True)
class SummaryTab:
    """What the summary prints; `details` are label and value, only what the person may see.

    `who` and `calling` are None for those with whom a part is shared, and `joined` has nothing for them.
    """

    episodes: list[OpenEpisode]
    with_reasons: bool
    details: list[tuple[str, str]]
    helpers: list[Helper]
    services: list[SupportRow]
    closed: int
    who: WhoPart | None
    notes: NotesPart
    calling: CallingPart | None
    joined: list[JoinedRecord]


def summary_tab(case: Case) -> SummaryTab:
    """Build the summary."""
    who = who_part(case) if case.sees_all else None
    return SummaryTab(
        episodes=[_open_episode(case, episode) for episode in case.open],
        with_reasons=case.sees_all,
        details=_details(case, who),
        helpers=_helpers(case),
        services=_services(case),
        closed=len(case.episodes) - len(case.open),
        who=who,
        notes=notes_part(case),
        calling=calling_part(case) if case.sees_all else None,
        joined=joined_records(case) if case.sees_all else [],
    )


def _open_episode(case: Case, episode: EpisodeThen) -> OpenEpisode:
    due_on = next_review_of(episode, case.looking)
    last = episode.levels[-1] if episode.levels else None
    here = reverse("risk-child-episode", args=[case.child.pk, episode.fact.episode_id])
    past = f"?{case.looking.query}" if case.looking.past else ""
    return OpenEpisode(
        reference=episode.reference,
        record=case.record_of(episode.fact),
        address=here + past if case.sees_all else "",
        referred_on=episode.fact.referred_on,
        level=episode.standing.code,
        since=episode.standing.set_on,
        movement=movements(episode.levels)[-1] if last else "",
        reason=last.rationale if last and case.sees_all else "",
        review_due_on=due_on,
        review_note=review_note(due_on, case.looking.day) if due_on else "",
        overdue=due_on is not None and due_on < case.looking.day,
    )


def _details(case: Case, who: WhoPart | None) -> list[tuple[str, str]]:
    rows = [("Lives at", _lives_at(case))]
    if who:
        rows += [
            ("Social care", _held(case)),
            ("Also known as", ", ".join(who.also_known_as) or UNKNOWN),
        ]
    # Name and birth stand in the header.
    return rows + (particulars(case.details)[2:] if case.details else [])


def _lives_at(case: Case) -> str:
    if hides_address(case):
        return f"{CONFIDENTIAL}. Ask the lead worker before any contact."
    held = (address_span(case, row) for row in read_addresses(case))
    here = next((span for span in held if span.to_date is None), None)
    if here is None:
        return UNKNOWN if case.sees_all else f"{NOT_SHARED}, or not recorded"
    note = f" ({here.note.lower()})" if here.note else ""
    return f"{here.what or UNKNOWN}{note}, since {_plain(here.from_date)}"


def _held(case: Case) -> str:
    held = [span for span in status_spans(case) if span.to_date is None]
    return ", ".join(map(_since, held)) or "No status recorded on this day"


def _since(span: Span) -> str:
    return f"{span.what} since {_plain(span.from_date)}"


def _plain(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _helpers(case: Case) -> list[Helper]:
    episodes = {episode.fact.episode_id: episode.reference for episode in case.open}
    return [
        Helper(
            name=item.worker_name or item.worker,
            agency=item.agency_name or words_of(item.agency),
            lead=item.lead,
            since=item.from_date,
            episode=episodes[item.episode_id],
            number=_number_of(item),
        )
        for item in case.held_by
    ]


def _number_of(item: Allocation) -> Number | None:
    number = number_of(item.agency_telephone)
    return number if item.lead and number.dial else None


def _services(case: Case) -> list[SupportRow]:
    """Write the services that were asked and have not ended."""
    rows = [support_row(case, row) for row in read_support(case)]
    return [row for row in rows if row.ended_on is None and row.outcome in ("Accepted", "Waiting")]
