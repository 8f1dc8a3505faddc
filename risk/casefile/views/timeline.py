"""What happened, newest first: one event for each thing that took place by the day that is looked at."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import TypeVar

from django.utils import timezone

from hub.days.rules import london_date
from hub.site.paging import Paging, nearest_page, paging
from referrals.children.models import Address, CareStatus
from referrals.disagreements.queries import title_of
from referrals.episodes.models import Allocation
from referrals.missing.models import MissingEpisode
from referrals.support.models import ServiceReferral
from risk.casefile.rules import length_of, recorded_late, seen_end, words_of
from risk.casefile.views.course import Course, Step, course_of
from risk.casefile.views.frame import movements
from risk.casefile.views.notes import NoteLine, WithdrawnNote, note_lines
from risk.casefile.views.reading import (
    Case,
    EpisodeThen,
    read_addresses,
    read_disagreements,
    read_missing,
    read_statuses,
    read_support,
)
from risk.casefile.views.tabs import (
    address_span,
    found_at,
    interview_words,
    interviewed_on,
    label_in,
)
from risk.reviews.models import Review

R = TypeVar("R", EpisodeThen, Allocation, Address, CareStatus, MissingEpisode, ServiceReferral)
PAGE_SIZE = 50
KINDS = {
    "episodes": "Referrals and closings",
    "notes": "Notes and contacts",
    "levels": "Levels",
    "reviews": "Reviews",
    "missing": "Missing",
    "statuses": "Statuses",
    "addresses": "Addresses",
    "services": "Services",
    "people": "Workers",
    "disagreements": "Disagreements",
}
FOR_ALL = ("episodes", "notes", "levels", "reviews", "addresses", "services", "people")


@dataclass(frozen=True)
class Event:
    """One thing that took place; `recorded_on` only if it was recorded more than a day later.

    `at` is the time of day where one is known. `level` is a code to show as a tag, or None; `note` has
    the words of a note, `beside` says how a level came about. `record`: the joined record where it
    stands, empty for the child's own.
    """

    kind: str
    day: date
    title: str
    detail: str = ""
    level: str | None = None
    recorded_on: date | None = None
    at: datetime | None = None
    reference: str = ""
    note: NoteLine | None = None
    beside: tuple[str, ...] = ()
    record: str = ""


@dataclass(frozen=True)
class Day:
    """A day with its events, the latest first."""

    day: date
    events: list[Event]


@dataclass(frozen=True)
class Choice:
    """A kind of event that can be asked for."""

    kind: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class TimelineTab:
    """A page of the timeline; `filtered` says that kinds were left out."""

    days: list[Day]
    choices: list[Choice]
    filtered: bool
    paging: Paging


def timeline_tab(
    case: Case, wanted: Sequence[str], number: str, size: int | None = PAGE_SIZE, note: str = ""
) -> TimelineTab:
    """Build a page of the events of the wanted kinds (none named: of all); without a size, the whole.

    `note`, the number of one: without a page's number, the page on which it stands.
    """
    kinds = [kind for kind in KINDS if case.sees_all or kind in FOR_ALL]
    chosen = [kind for kind in kinds if kind in wanted]
    events = [event for event in events_of(case) if event.kind in (chosen or kinds)]
    size = size or len(events) or 1
    page = nearest_page(events, size, number or _page_of(note, events, size))
    kept = [*(f"kind={kind}" for kind in chosen), case.looking.query]
    return TimelineTab(
        days=[Day(day, list(of_day)) for day, of_day in groupby(page, lambda event: event.day)],
        choices=[Choice(kind, KINDS[kind], kind in chosen) for kind in kinds],
        filtered=bool(chosen),
        paging=paging(
            page, "event" if len(events) == 1 else "events", "&".join(filter(None, kept))
        ),
    )


def _page_of(note: str, events: Sequence[Event], size: int) -> str:
    notes = (f"{event.note.number}" if event.note else "" for event in events)
    place = next((place for place, number in enumerate(notes) if note and number == note), 0)
    return f"{place // size + 1}"


def whole_timeline(case: Case) -> TimelineTab:
    """Build every event on one page, with nothing to choose: for paper."""
    whole = timeline_tab(case, (), "1", size=None)
    return replace(whole, choices=[])


def events_of(case: Case) -> list[Event]:
    """Gather every event up to the day, the newest first; within a day the later time first."""
    course = course_of(case)
    found = [
        *_each(case, case.episodes, partial(_of_episode, course)),
        *map(_decided, course.steps),
        *_each(case, case.allocations, _person),
        *_each(case, read_addresses(case), _address),
        *_each(case, read_statuses(case), _status),
        *_each(case, read_missing(case), _missing),
        *_each(case, read_support(case), _service),
        *_notes(case),
        *_disagreements(case),
    ]
    past = [event for event in found if event.day <= case.looking.day]
    return sorted(past, key=_moment, reverse=True)


def _each(
    case: Case, rows: Iterable[R], events: Callable[[Case, R], Iterator[Event]]
) -> Iterator[Event]:
    """Give the events of each row, with the joined record where it stands."""
    for row in rows:
        record = case.record_of(row.fact if isinstance(row, EpisodeThen) else row)
        for event in events(case, row):
            yield replace(event, record=record) if record else event


def _moment(event: Event) -> tuple[date, str, int]:
    """Order what happened on one day: by its time, and a referral before what followed from it."""
    time = timezone.localtime(event.at).strftime("%H:%M") if event.at else ""
    return event.day, time, 0 if event.title.startswith("Referred") else 1


def _decided(step: Step) -> Event:
    return Event(
        kind="levels",
        day=step.day,
        title=step.title,
        detail=step.reason,
        recorded_on=step.recorded_on,
        reference=step.reference,
        beside=tuple(step.beside),
        record=step.record,
    )


def _of_episode(course: Course, case: Case, episode: EpisodeThen) -> Iterator[Event]:
    fact, reference = episode.fact, episode.reference
    source = label_in("referral_sources", fact.referral_source) if case.sees_all else ""
    late = recorded_late(fact.referred_on, fact.known_from)
    yield Event(
        "episodes", fact.referred_on, "Referred to the hub", source, None, late, None, reference
    )
    yield from _levels(case, episode, course)
    for review in episode.reviews:
        yield from _review(case, review, reference)
    if episode.closed_on:
        why = label_in("closure_reasons", fact.closure_reason) if case.sees_all else ""
        late = recorded_late(episode.closed_on, fact.to_known_from or fact.known_from)
        yield Event(
            "episodes", episode.closed_on, "Episode closed", why, None, late, None, reference
        )


def _levels(case: Case, episode: EpisodeThen, course: Course) -> Iterator[Event]:
    for level, moved in zip(episode.levels, movements(episode.levels), strict=True):
        yield Event(
            kind="levels",
            day=level.set_on,
            title=f"Level set: {moved}",
            detail=level.rationale if case.sees_all else "",
            level=level.level,
            recorded_on=recorded_late(level.set_on, level.known_from),
            reference=episode.reference,
            beside=tuple(course.of_level.get(level.pk, ())),
        )


def _review(case: Case, review: Review, reference: str) -> Iterator[Event]:
    """A review that was done in time was never due: then only its doing took place."""
    done = seen_end(review.done_on, review.to_known_from, case.looking)
    if done is None or done > review.due_on:
        yield Event("reviews", review.due_on, "Review due", reference=reference)
    if done:
        late = recorded_late(done, review.to_known_from or review.known_from)
        due = f"It was due on {review.due_on.day} {review.due_on:%b %Y}."
        yield Event("reviews", done, "Review done", due, None, late, None, reference)


def _person(case: Case, row: Allocation) -> Iterator[Event]:
    references = {episode.fact.episode_id: episode.reference for episode in case.episodes}
    name, of = row.worker_name or row.worker, references[row.episode_id]
    deed = "leads from this day" if row.lead else "works with the child from this day"
    late = recorded_late(row.from_date, row.known_from)
    yield Event("people", row.from_date, f"{name} {deed}", "", None, late, None, of)
    end = seen_end(row.to_date, row.to_known_from, case.looking)
    if end:
        late = recorded_late(end, row.to_known_from or row.known_from)
        yield Event("people", end, f"{name} handed over", "", None, late, None, of)


def _address(case: Case, row: Address) -> Iterator[Event]:
    span = address_span(case, row)
    where = ". ".join(filter(None, (span.what, span.note)))
    yield Event("addresses", row.from_date, "Address", where, None, span.recorded_on)
    if span.to_date:
        late = recorded_late(span.to_date, row.to_known_from or row.known_from)
        yield Event("addresses", span.to_date, "Address left", where, None, late)


def _status(case: Case, row: CareStatus) -> Iterator[Event]:
    what = row.get_status_display()
    late = recorded_late(row.from_date, row.known_from)
    yield Event("statuses", row.from_date, f"{what}: from this day", recorded_on=late)
    end = seen_end(row.to_date, row.to_known_from, case.looking)
    if end:
        late = recorded_late(end, row.to_known_from or row.known_from)
        yield Event("statuses", end, f"{what}: ended", recorded_on=late)


def _missing(case: Case, row: MissingEpisode) -> Iterator[Event]:
    began = timezone.localdate(row.missing_from)
    late = recorded_late(began, row.known_from)
    what = "Absent" if row.category == "ABSENT" else "Missing"
    yield Event("missing", began, what, "", None, late, row.missing_from, row.reference)
    yield from _return(case, row)


def _return(case: Case, row: MissingEpisode) -> Iterator[Event]:
    found, held = found_at(case, row), interviewed_on(case, row)
    if found:
        away = f"After {length_of(row.missing_from, found)}."
        day = timezone.localdate(found)
        late = recorded_late(day, row.to_known_from or row.known_from)
        yield Event("missing", day, "Found", away, None, late, found, row.reference)
    if held:
        said = interview_words(row, held)
        late = recorded_late(held, row.interview_known_from or row.known_from)
        yield Event("missing", held, "Return home interview", said, None, late, None, row.reference)


def _service(case: Case, row: ServiceReferral) -> Iterator[Event]:
    name = row.service_name or words_of(row.service)
    of = row.of or ""
    late = recorded_late(row.referred_on, row.known_from)
    yield Event("services", row.referred_on, f"Asked: {name}", "", None, late, None, of)
    if row.started_on:
        yield Event("services", row.started_on, f"Support began: {name}", reference=of)
    end = seen_end(row.ended_on, row.to_known_from, case.looking)
    if end:
        late = recorded_late(end, row.to_known_from or row.known_from)
        yield Event("services", end, f"Support ended: {name}", "", None, late, None, of)


def _disagreements(case: Case) -> Iterator[Event]:
    """Each step of each disagreement as it was known; nothing for those with whom a part is shared."""
    rows = read_disagreements(case) if case.sees_all else []
    raised: set[tuple[int, int]] = set()
    for row in rows:
        first = (row.episode_id, row.number) not in raised
        raised.add((row.episode_id, row.number))
        yield Event(
            kind="disagreements",
            day=london_date(row.known_from),
            title=f"Disagreement {row.number}. {title_of(row, first=first)}",
            detail=row.issue if first else row.reason,
            at=row.known_from,
            reference=row.episode.reference,
        )


def _notes(case: Case) -> Iterator[Event]:
    # The last of a day stands first: what has no time is sorted by its number.
    for note in reversed(list(note_lines(case))):
        if isinstance(note, WithdrawnNote):
            said = f"Withdrawn by {note.by} on {note.on.day} {note.on:%b %Y}."
            yield Event("notes", note.day, "Note withdrawn", said)
        else:
            yield Event(
                kind="notes",
                day=note.day,
                title=note.title,
                recorded_on=note.recorded_on,
                at=note.at,
                reference=note.episode,
                note=note,
                record=note.record,
            )
