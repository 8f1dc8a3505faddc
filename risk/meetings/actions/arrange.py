"""Setting meetings up: when, about whom, who must be there, what they may do."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import RuleBroken
from hub.facts.moments import write_moment
from partners.agencies.models import Agency
from partners.partnerships.models import Partnership
from risk.meetings.models import MeetingSeries
from risk.meetings.queries.ground import ranks
from risk.meetings.rules.calendar import Every
from risk.meetings.rules.plan import Plan

NO_NAME = "Enter the meeting's name."
NO_DAYS = "Choose the weekdays on which it is held: Monday to Friday."
NO_LEVELS = "Choose the levels whose cases it sees."
MANY_WEEKS = "Enter a number of weeks from 1 to 52."
ENDS_EARLY = "The last day lies before the first."
MOST_MONTHLY = "A meeting once a month is held on one weekday: choose one."
NO_SLOT = "Give both: the days on which the missing coordinator comes, and the time."
NOT_THEN = "The meeting is not held on each of these days."
NO_MOST = "Enter how many cases at most, from 1 to 200, or leave it empty."


@transaction.atomic
def arrange(*, partnership: Partnership, code: str, plan: Plan, by: User) -> MeetingSeries:
    """Set up a meeting, or change how it is held from now on; those that were held stay as they were.

    Raises NotAllowed, and RuleBroken for a plan that cannot be.
    """
    require(by, Permission.PARTNERSHIP_SETTINGS, partnership)
    now = write_moment(partnership.pk)
    _check(plan, ranks())
    series, new = MeetingSeries.objects.update_or_create(
        partnership=partnership, code=code, defaults=_columns(plan)
    )
    record(
        event="meeting.arranged",
        verb=Verb.COLLECTION if new else Verb.ALTERATION,
        what="meetings",
        reference=code,
        at=now,
        by=by,
        partnership_id=partnership.pk,
        after={"name": plan.name, "weekdays": list(plan.weekdays), "every": plan.every},
    )
    return series


def _columns(plan: Plan) -> dict[str, Any]:
    lists = ("weekdays", "levels", "quorum", "missing_on")
    columns = {n: list(v) if n in lists else v for n, v in asdict(plan).items()}
    return {**columns, "name": plan.name.strip(), "terms": plan.terms.strip()}


def _check(plan: Plan, levels: Collection[str]) -> None:
    days = set(plan.weekdays)
    for is_one, code, field, message in (
        (not plan.name.strip(), "name", "name", NO_NAME),
        (not days or not days <= set(range(5)), "weekdays", "weekdays", NO_DAYS),
        (plan.every is Every.MONTH and len(days) != 1, "month", "weekdays", MOST_MONTHLY),
        (not 1 <= plan.weeks <= 52, "weeks", "weeks", MANY_WEEKS),
        (plan.until is not None and plan.until < plan.since, "until", "until", ENDS_EARLY),
        (
            plan.takes == MeetingSeries.Takes.LEVELS
            and not (plan.levels and set(plan.levels) <= set(levels)),
            "levels",
            "levels",
            NO_LEVELS,
        ),
        (bool(plan.missing_on) != (plan.missing_at is not None), "slot", "missing_at", NO_SLOT),
        (not set(plan.missing_on) <= days, "slot_days", "missing_on", NOT_THEN),
        (plan.most is not None and not 1 <= plan.most <= 200, "most", "most", NO_MOST),
        (
            not set(plan.quorum) <= set(Agency.Kind.values),
            "quorum",
            "quorum",
            "Choose kinds of agency.",
        ),
    ):
        if is_one:
            raise RuleBroken(f"meeting.{code}", message, field)
