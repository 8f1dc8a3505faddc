"""The floors under a meeting's pages, the panel's too: the agenda, and the screen of one child.

What may be decided, and the form, come from rules: they are ready-made, as what is around the rows is. Of
what was neither asked, said nor agreed yet the statements are asked, and print nothing.
"""

from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse

from bench.pages.floor import Context, Floor
from bench.pages.statements import ask
from bench.pages.visitor import Visitor
from hub.days.rules import LONDON
from partners.partnerships.models import Partnership
from referrals.children.models import CareStatus
from risk.agenda.queries import missing_words
from risk.agenda.rules import nth, window_of
from risk.meetings.models import MeetingItem
from risk.meetings.views.agenda import GROUPS, AgendaPage, AgendaRow, Chair, Group, Without
from risk.meetings.views.frame import Head
from risk.meetings.views.item import ItemPage
from risk.meetings.views.known import Before
from risk.proposals.queries import Proposed
from risk.proposals.rules import WORDS, Kind

WAITS, DECIDED = MeetingItem.State.WAITING, MeetingItem.State.DECIDED
SILENT = ("checks", "discussion", "tasks", "stands", "difficulty", "scale")


def agenda(visitor: Visitor, address: str) -> Floor:
    """The agenda of a daily meeting or of the panel, with who is at the table."""
    ready = visitor.context(address)
    part: AgendaPage = ready["page"]
    own = Partnership.objects.get(pk=visitor.partnership)
    window = window_of(visitor.today, own.meets_at)
    values = _values(visitor, part.head) | {"since": window.since, "until": window.until}

    def make() -> Context:
        items, seats = ask("items", **values), ask("seats", **values)
        ask("asked", **values)
        without: list[Without] = []
        if not part.head.settles:
            without = list(map(_without, ask("unlisted", **values)))
            ask("waiting_places", **values)
        page = replace(
            part,
            head=_head(part.head, items, seats, values),
            groups=_groups(items),
            without=without,
            seats=[Chair(seat.id, seat.name, seat.there) for seat in seats if seat.sits],
        )
        return {"page": page}

    return Floor("agenda", address, "meetings/agenda.html", ready, make)


def screen(visitor: Visitor, address: str) -> Floor:
    """The screen of one child, at a daily meeting or at the panel."""
    ready = visitor.context(address)
    part: ItemPage = ready["item"]
    values = {**_values(visitor, part.head), "user": visitor.user.pk, "days": part.missing.days}

    def make() -> Context:
        items, seats = ask("items", **values), ask("seats", **values)
        item = next(row for row in items if row.id == part.pk)
        asked = values | {
            "child": item.child_id,
            "episode": item.episode_id,
            "reference": item.reference,
            "proposal": item.proposal_id,
        }
        for kind in ("asked", *SILENT):
            ask(kind, **asked)
        page = replace(
            _who(part, item, asked),
            head=_head(part.head, items, seats, values),
            groups=_groups(items, part.pk),
            proposed=_proposed(part.proposed, asked),
            **_known(part, asked),
        )
        return {"item": page}

    return Floor("decision screen", address, "meetings/item.html", ready, make)


def _values(visitor: Visitor, head: Head) -> dict[str, Any]:
    today = visitor.today
    return {"partnership": visitor.partnership, "today": today, "meeting": head.number}


def _head(part: Head, items: list[Any], seats: list[Any], values: dict[str, Any]) -> Head:
    [row] = ask("meeting", **values)
    here = [seat.name for seat in seats if seat.there]
    return replace(
        part,
        version=row.version,
        name=row.name,
        finished=row.finished_at is not None,
        recorder=row.recorder,
        chair=row.chair,
        here=here,
        decided=sum(item.state == DECIDED for item in items),
        left=sum(item.state == WAITS for item in items),
        total=len(items),
    )


def _groups(items: list[Any], here: int | None = None) -> list[Group]:
    order = list(GROUPS)
    numbered = sorted(enumerate(items, 1), key=lambda pair: order.index(pair[1].group))
    return [
        Group(GROUPS[name], [_row(number, item, here) for number, item in of_group])
        for name, of_group in groupby(numbered, key=lambda pair: pair[1].group)
    ]


def _row(number: int, item: Any, here: int | None) -> AgendaRow:
    return AgendaRow(
        number=number,
        name=f"{item.surname}, {item.forenames}",
        age=item.age,
        reference=item.reference,
        level=item.level,
        why=item.why,
        checks="",
        lead=item.lead_worker,
        state=MeetingItem.State(item.state).label,
        carried=False,
        outcome="",
        address=reverse("risk-meeting-item", args=[item.id]),
        here=item.id == here,
    )


def _without(row: Any) -> Without:
    address = reverse("risk-child-summary", args=[row.id])
    return Without(row.name, row.reference, address, missing_words(row.missing_from, row.found_at))


def _who(part: ItemPage, item: Any, asked: dict[str, Any]) -> ItemPage:
    [place] = ask("nth", **asked)
    return replace(
        part,
        name=f"{item.forenames} {item.surname}",
        age=item.age,
        born=item.date_of_birth,
        reference=item.reference,
        level=item.level,
        since=item.level_set_on,
        statuses=[CareStatus.Kind(row.status).label for row in ask("held", **asked)],
        nth=nth(place.place) or "1st episode",
        why=item.why,
        lead=item.lead_worker,
        waits=item.state == WAITS,
        version=item.version,
    )


def _known(part: ItemPage, asked: dict[str, Any]) -> dict[str, Any]:
    [looked], [gone] = ask("looked", **asked), ask("gone", **asked)
    ask("words", **asked)
    at: datetime | None = looked.at
    return {
        "looked": at,
        "before": [
            Before(row.set_on, row.level, row.rationale, row.reference)
            for row in ask("before", **asked)
        ],
        "missing": replace(part.missing, times=gone.times),
        "support": [row.name for row in ask("support", **asked)],
    }


def _proposed(part: Proposed | None, asked: dict[str, Any]) -> Proposed | None:
    if part is None:
        return None
    [row] = ask("proposal", **asked)
    ask("views", **asked)
    return replace(
        part,
        kind=WORDS[Kind(row.kind)],
        from_level=row.from_level,
        to_level=row.to_level,
        words=row.words,
        exit_plan=row.exit_plan,
        by=row.by,
        at=row.proposed_at.astimezone(LONDON),
    )
