"""The floor under one's own work: all that is owed counted, and the rows of the first page."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import timezone

from bench.pages.floor import Context, Floor
from bench.pages.statements import ask
from bench.pages.visitor import Visitor
from hub.access.gate import standing_of
from hub.days.rules import LONDON
from risk.meetings.models import MeetingSeries
from risk.meetings.rules.calendar import next_on
from risk.owed.rules import WORDS, Kind, due_of
from risk.owed.views import WorkPage

ADDRESS = "/my-work/"


def mine(visitor: Visitor) -> Floor:
    """The list of every kind, as it opens; when the panel meets next is reckoned, and ready-made."""
    ready = visitor.context(ADDRESS)
    part: WorkPage = ready["page"]
    standing = standing_of(visitor.user)
    values = {
        "partnership": visitor.partnership,
        "agency": standing.agency_id if standing else None,
        "user": visitor.user.pk,
        "username": visitor.user.username,
        "today": visitor.today,
        "panel": _panel(visitor),
    }

    def make() -> Context:
        rows = ask("owed", **values)
        for kind in ("panels", "covers"):
            ask(kind, **values)
        many: Mapping[str, int] = rows[0].many
        sentence = f"1 to {len(rows)} of {sum(many.values()):,} things to do."
        page = replace(
            part,
            tabs=[
                replace(tab, label=label)
                for tab, label in zip(part.tabs, _labels(many), strict=True)
            ],
            rows=[
                replace(
                    line,
                    name=row.name,
                    reference=row.reference,
                    due=due_of(row.due, timezone.now()),
                )
                for line, row in zip(part.rows, rows, strict=True)
            ],
            paging=replace(part.paging, sentence=sentence),
            late=f"{rows[0].late} overdue." if rows[0].late else "Nothing is overdue.",
        )
        return {"page": page}

    return Floor("my work", ADDRESS, "owed/mine.html", ready, make)


def _panel(visitor: Visitor) -> datetime | None:
    """Give the midnight that ends the day of the next panel; None where no panel is set up."""
    settles = MeetingSeries.objects.filter(partnership=visitor.partnership, settles=True)
    days = [next_on(series.rhythm, visitor.today) for series in settles.running_on(visitor.today)]
    day = min(filter(None, days), default=None)
    return datetime.combine(day + timedelta(days=1), time.min, LONDON) if day else None


def _labels(many: Mapping[str, int]) -> list[str]:
    kinds = [f"{WORDS[kind].many} ({many[kind]})" for kind in Kind if kind in many]
    return [f"All ({sum(many.values())})", *kinds]
