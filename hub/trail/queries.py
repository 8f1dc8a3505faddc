"""Finding events: each way of asking by an index of its own, and only in the months asked for."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from hub.access.rules import ROLES, Role
from hub.accounts.models import User
from hub.audit.models import AuditEvent, Verb
from hub.days.rules import LONDON
from hub.seals.queries import seals_of
from hub.trail.rules import MOST_DAYS, Asked, Day, Entry, emergencies_of

if TYPE_CHECKING:
    from datetime import date

    from hub.audit.models import AuditEventQuerySet


RECORDS = ("child", "episode")


def events_that_answer(user: User, asked: Asked) -> "AuditEventQuerySet":
    """Give the events that the person may read and that answer all that was asked, the latest first."""
    events = AuditEvent.objects.visible_to(user)
    if asked.reference:
        events = events.filter(about__contains=[asked.reference.upper()])
    if asked.person:
        events = events.filter(username=asked.person.lower())
    if asked.agency:
        events = events.filter(agency__istartswith=asked.agency)
    if asked.verb:
        events = events.filter(verb=asked.verb)
    if asked.from_day:
        events = events.filter(at__gte=_start(asked.from_day))
    if asked.to_day:
        events = events.filter(at__lt=_start(asked.to_day + timedelta(days=1)))
    return events.order_by("-at", "-pk")


def days_that_answer(user: User, asked: Asked) -> list[Day]:
    """Count by day what answers, the latest days first; one more than are shown tells that there are more."""
    events = events_that_answer(user, asked).order_by()
    by_day = events.annotate(day=TruncDate("at", tzinfo=LONDON)).values("day")
    counted = by_day.annotate(
        events=Count("pk"),
        people=Count("username", distinct=True),
        records=Count("reference", distinct=True, filter=Q(what__in=RECORDS)),
    )
    return [Day(**row) for row in counted.order_by("-day")[: MOST_DAYS + 1]]


def _start(day: "date") -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def entries(page: "list[AuditEvent]") -> list[Entry]:
    """Make the lines of a page, each with the seal that covers it."""
    seals = seals_of([event.transaction for event in page])
    return [
        Entry(
            at=event.at,
            username=event.username,
            role=ROLES[Role(event.role)].title if event.role in set(Role) else "",
            agency=event.agency,
            verb=Verb(event.verb).label,
            event=event.event,
            what=event.what,
            reference=event.reference,
            reason=event.reason,
            seal=seals.get(event.transaction),
            emergency=emergencies_of(event.about, event.reference),
        )
        for event in page
    ]
