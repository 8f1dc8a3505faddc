"""Who has looked at a child: for its lead worker and the hub's manager, the latest first."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from hub.access.rules import ROLES, Role
from hub.days.rules import read_typed_day
from hub.site.paging import Paging, nearest_page, paging
from referrals.lookers.queries import Looks, lookers
from referrals.lookers.rules import USUAL_DAYS, Look, Looker
from risk.casefile.views.access import open_access
from risk.casefile.views.opening import OpenCase

TITLE = "Who has looked"
NO_DAY = "This is no day. Write it like 3/5/2026, today or -7; meanwhile the usual days are shown."
PAGE_SIZE = 50


@dataclass(frozen=True)
class LookedPage:
    """A page of looks and who looked, each with their role in words, and what was asked for.

    `wrong`: what was typed for a day and is none, by its field.
    """

    rows: list[tuple[Look, str]]
    people: list[tuple[Looker, str]]
    who: int | None
    from_day: date
    to_day: date
    paging: Paging
    wrong: dict[str, str]


@require_safe
def who_looked(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show who saw, changed, printed or found a child, to whoever says who sees it."""
    opened = open_access(request, child_id, TITLE)
    page = looked_page(
        opened, {name: request.GET.get(name, "") for name in ("who", "from", "to", "page")}
    )
    return render(
        request,
        "children/who_looked.html",
        {"frame": opened.frame, "page": page, "no_day": NO_DAY},
    )


def looked_page(opened: OpenCase, asked: dict[str, str]) -> LookedPage:
    """Build the page in two statements; a day that is none is said to be none."""
    today = localdate(opened.now)
    read = {name: read_typed_day(asked[name], today) for name in ("from", "to")}
    wrong = {name: asked[name] for name, day in read.items() if asked[name].strip() and not day}
    to_day = read["to"] or today
    from_day = read["from"] or to_day - timedelta(days=USUAL_DAYS)
    between = (_start(from_day), _start(to_day + timedelta(days=1)))
    people = lookers(opened.child.pk, between)
    who = next((one.user_id for one in people if str(one.user_id) == asked["who"]), None)
    looks = Looks(opened.child.pk, who, between, people)
    found = nearest_page(looks, PAGE_SIZE, asked["page"])
    kept = urlencode({"who": who or "", "from": from_day.isoformat(), "to": to_day.isoformat()})
    return LookedPage(
        rows=[(look, _title(look.role)) for look in found],
        people=[(one, _title(one.role)) for one in people],
        who=who,
        from_day=from_day,
        to_day=to_day,
        paging=paging(found, "time" if len(looks) == 1 else "times", kept),
        wrong=wrong,
    )


def _title(role: str) -> str:
    return ROLES[Role(role)].title if role else ""


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
