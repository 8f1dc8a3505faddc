"""The floors under a child's summary and timeline, as at today.

What the rows say is put into ready-made parts of the page, so that a part with more to it than its rows
stays whole; that the two print the same shows that the rows are.
"""

from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from bench.pages.floor import Context, Floor
from bench.pages.statements import ask
from bench.pages.visitor import Visitor
from hub.codes.rules import code_list
from hub.days.rules import review_note
from referrals.children.models import CareStatus
from referrals.support.models import ServiceReferral
from risk.casefile.rules import length_of, movement, words_of
from risk.casefile.views.frame import Frame
from risk.casefile.views.summary import Helper, OpenEpisode
from risk.casefile.views.tabs import SupportRow, label_in, ward_name
from risk.casefile.views.timeline import PAGE_SIZE, Day, Event
from risk.casefile.views.who import UNKNOWN

GENDERS = {"F": "Female", "M": "Male", "U": "Not known"}
# What imports bring for few children or none: it is read, and nothing of it is printed for these.
RARE = ("corrected", "notes", "words", "calling", "missing")
TIMELINE_CODES = {"Referred to the hub": "referral_sources", "Episode closed": "closure_reasons"}


def summary(visitor: Visitor, child_id: int) -> Floor:
    """The page that a child's reference leads to."""
    address, values = f"/children/{child_id}/", _values(visitor, child_id)
    ready = visitor.context(address)
    part, frame = ready["tab"], ready["frame"]

    def make() -> Context:
        [child], [episode] = ask("child", **values), ask("episodes", **values)
        helpers, services = ask("helpers", **values), ask("services", **values)
        for kind in RARE:
            ask(kind, **values)
        tab = replace(
            part,
            episodes=[_open_episode(part.episodes[0], episode, visitor.today)],
            details=_details(dict(part.details), child, values),
            helpers=list(map(_helper, part.helpers, helpers)),
            services=list(map(_service, part.services, services)),
            closed=child.closed,
        )
        return {"frame": _frame(frame, child, episode, helpers, visitor.today), "tab": tab}

    return Floor("child's summary", address, "children/summary.html", ready, make)


def timeline(visitor: Visitor, child_id: int) -> Floor:
    """The timeline with every kind of event."""
    address, values = f"/children/{child_id}/timeline/", _values(visitor, child_id)
    ready = visitor.context(address)
    part, frame = ready["tab"], ready["frame"]

    def make() -> Context:
        [child], [episode] = ask("child", **values), ask("episodes", **values)
        helpers = ask("helpers", **values)
        events = [_event(row) for row in ask("timeline", **values)]
        shown = groupby(events[:PAGE_SIZE], lambda event: event.day)
        days = [Day(day, list(of_day)) for day, of_day in shown]
        paging = part.paging
        if paging.last == 1:
            paging = replace(paging, sentence=f"{len(events)} events.")
        tab = replace(part, days=days, paging=paging)
        return {"frame": _frame(frame, child, episode, helpers, visitor.today), "tab": tab}

    return Floor("child's timeline", address, "children/timeline.html", ready, make)


def _values(visitor: Visitor, child_id: int) -> dict[str, Any]:
    return {"partnership": visitor.partnership, "today": visitor.today, "child": child_id}


def _frame(frame: Frame, child: Any, episode: Any, helpers: list[Any], today: date) -> Frame:
    """Say who the child is and how it stands; a child of a floor has one open episode."""
    due = episode.review_due_on
    identity = replace(
        frame.identity,
        reference=child.reference,
        name=child.name,
        born=child.born,
        age=child.age,
        level=episode.level,
        since=episode.level_set_on,
        movement=_movement(episode),
        lead=next((row.worker_name for row in helpers if row.lead), ""),
        review_due_on=due,
        review_note=review_note(due, today) if due else "",
    )
    return replace(frame, identity=identity)


def _movement(row: Any) -> str:
    before = None if row.rank_before is None else (row.label_before, row.rank_before)
    return "" if row.rank is None else movement(before, row.rank)


def _open_episode(part: OpenEpisode, row: Any, today: date) -> OpenEpisode:
    due = row.review_due_on
    return replace(
        part,
        reference=row.reference,
        referred_on=row.referred_on,
        level=row.level,
        since=row.level_set_on,
        movement=_movement(row),
        reason=row.rationale or "",
        review_due_on=due,
        review_note=review_note(due, today) if due else "",
    )


def _helper(part: Helper, row: Any) -> Helper:
    agency = row.agency or words_of(row.code)
    return replace(
        part,
        name=row.worker_name,
        agency=agency,
        lead=row.lead,
        since=row.from_date,
        episode=row.reference,
    )


def _service(part: SupportRow, row: Any) -> SupportRow:
    return replace(
        part,
        service=row.service,
        episode=row.episode,
        referred_on=row.referred_on,
        outcome=ServiceReferral.Outcome(row.outcome).label,
        started_on=row.started_on,
    )


def _details(parts: dict[str, str], child: Any, values: dict[str, Any]) -> list[tuple[str, str]]:
    aliases = [
        f"{row.name} ({words_of(row.kind).lower()})" if row.kind else row.name
        for row in ask("aliases", **values)
    ]
    held = [
        f"{CareStatus.Kind(row.status).label} since {_plain(row.from_date)}"
        for row in ask("statuses", **values)
    ]
    ethnicity = code_list("ethnicity").get(child.ethnicity)
    difficulty = {True: "Yes", False: "No", None: UNKNOWN}
    said = {
        "Lives at": _lives_at(values),
        "Social care": ", ".join(held) or "No status recorded on this day",
        "Also known as": ", ".join(aliases) or UNKNOWN,
        "Gender": GENDERS[child.gender],
        "Ethnicity": ethnicity.label if ethnicity else child.ethnicity or UNKNOWN,
        "Learning disability": difficulty[child.learning_disability],
        "NHS number": child.nhs_number or UNKNOWN,
        "Pupil number": child.upn or UNKNOWN,
    }
    return [(label, said.get(label, value)) for label, value in parts.items()]


def _lives_at(values: dict[str, Any]) -> str:
    for row in ask("address", **values):
        note = f" ({row.note})" if row.note else ""
        return f"{_place(row.place, row.ward) or UNKNOWN}{note}, since {_plain(row.from_date)}"
    return UNKNOWN


def _place(place: str, ward: str) -> str:
    return ", ".join(filter(None, (place, ward_name(ward))))


def _plain(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _event(row: Any) -> Event:
    return Event(
        kind=row.kind,
        day=row.day,
        title=row.title,
        detail=_detail(row),
        level=row.level,
        recorded_on=row.recorded_on,
        at=row.at,
        reference="" if row.kind == "addresses" else row.reference,
    )


def _detail(row: Any) -> str:
    if row.kind == "addresses":  # its note travels in the place of a reference
        return ". ".join(filter(None, (_place(row.detail, row.code), row.reference.capitalize())))
    if row.title == "Found":
        return f"After {length_of(datetime.fromisoformat(row.detail), row.at)}."
    if row.title in TIMELINE_CODES:
        return label_in(TIMELINE_CODES[row.title], row.code)
    return str(row.detail)
