"""Reading what is to stand on a day's list, as far as the person may see it.

For one who sees whole cases with one question: the database's function (risk/migrations/0021) runs as the
application's role, so row security binds it, and keeps back what `visible_to` would;
tests/risk/test_agenda_at_once.py compares the two (decision 17).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery, expressions
from django.utils.timezone import localtime

from hub.access.models import sees_whole
from hub.accounts.models import User
from hub.days.rules import noon
from referrals.episodes.models import Episode, EpisodeFact
from referrals.information.models import Information
from referrals.information.rules import KINDS
from referrals.intake.models import Referral
from referrals.missing.models import MissingEpisode
from risk.agenda.models import PutForward
from risk.agenda.rules import (
    DUE,
    REFERRED,
    STILL_MISSING,
    TOLD,
    WENT_MISSING,
    Item,
    Window,
    begin_of,
)

MISSING = "missing"
ASK = (
    "SELECT kind, child, began, ended, due, said"
    " FROM risk_agenda_items(%s, %s::bigint[], %s, %s, %s, %s, %s, %s)"
)


def items_of(user: User, window: Window, *, for_the_hub: bool = False) -> list[Item]:
    """Give whatever may bring a child onto the list of a day; the rules say what does.

    `for_the_hub` leaves out what is marked for some agencies alone: of a list that others read, too.
    """
    whose = sees_whole(user)
    if whose is None:
        return items_by_kind(user, window, for_the_hub=for_the_hub)
    standing, hidden = whose
    told = [standing.partnership_id, hidden, user.pk, standing.agency_id]
    with connection.cursor() as cursor:
        cursor.execute(ASK, [*told, window.since, window.until, window.day, for_the_hub])
        return [_item(row, window) for row in map(Line._make, cursor.fetchall())]


class Line(NamedTuple):
    """A row of the database's function: from when, till when or on which day, and what it says of itself."""

    kind: str
    child: int
    began: datetime | None
    ended: datetime | None
    due: date | None
    said: str


def _item(row: Line, window: Window) -> Item:
    began, due = row.began, row.due
    if row.kind == MISSING and began is not None:
        return _missing(row.child, began, row.ended)
    if row.kind == TOLD and began is not None:
        return Item(row.child, TOLD, began, told_words(began, KINDS[row.said]))
    if row.kind == REFERRED and due is not None:
        return Item(row.child, REFERRED, began or noon(due), referred_words(due, row.said))
    if row.kind == DUE and due is not None:
        return Item(row.child, DUE, begin_of(due), due_words(due, window))
    raise ValueError(f"a day's list has no {row}")


def items_by_kind(user: User, window: Window, *, for_the_hub: bool = False) -> list[Item]:
    """Give the same, each kind with one query: for one to whom a part is shown, and outside a request."""
    return [
        *missing_items(user, window),
        *_referred(user),
        *_told(user, window, for_the_hub=for_the_hub),
        *_due(user, window),
    ]


def missing_items(user: User, window: Window, *, unlisted: bool = False) -> Iterator[Item]:
    """Give who went missing since the meeting before, or still is: all that needs no open episode.

    `unlisted` leaves out those of whom the person sees an open episode on the same record.
    """
    rows = MissingEpisode.objects.visible_to(user).known()
    lately = Q(found_at__isnull=True) | Q(missing_from__gt=window.since)
    seen = rows.filter(lately, missing_from__lte=window.until)
    if unlisted:
        open_ones = Episode.objects.visible_to(user).open().filter(child=OuterRef("child"))
        seen = seen.filter(~Exists(open_ones))
    for child, start, found in seen.values_list("child_id", "missing_from", "found_at"):
        yield _missing(child, start, found)


def _missing(child: int, start: datetime, found: datetime | None) -> Item:
    kind = WENT_MISSING if found else STILL_MISSING
    return Item(child, kind, start, missing_words(start, found))


def _referred(user: User) -> Iterator[Item]:
    """The open episodes on which nobody has decided: no level was ever set."""
    facts = EpisodeFact.objects.filter(episode=OuterRef("pk")).order_by().values("episode")
    known = Subquery(facts.annotate(first=Min("known_from")).values("first"))
    rows = Episode.objects.visible_to(user).open().filter(level="").annotate(known=known)
    columns = ("child_id", "reference", "referred_on", "known")
    for child, reference, referred_on, at in rows.values_list(*columns):
        why = referred_words(referred_on, reference)
        yield Item(child, REFERRED, at or noon(referred_on), why)


def _told(user: User, window: Window, *, for_the_hub: bool) -> Iterator[Item]:
    rows = Information.objects.visible_to(user).undecided().filter(recorded_at__lte=window.until)
    rows = rows.for_the_hub() if for_the_hub else rows
    for child, kind, at in rows.values_list("child_id", "kind", "recorded_at"):
        yield Item(child, TOLD, at, told_words(at, KINDS[kind]))


def _due(user: User, window: Window) -> Iterator[Item]:
    due = Episode.objects.visible_to(user).open().filter(review_due_on__lte=window.day)
    days: Iterable[tuple[int, Any]] = due.values_list("child_id", "review_due_on")
    for child, due_on in days:
        yield Item(child, DUE, begin_of(due_on), due_words(due_on, window))


def waiting_of(user: User, window: Window, most: int) -> tuple[list[Referral], int]:
    """Give the oldest referrals that are put to no child yet, of whatever they are about, and how many wait.

    Of each what the list prints, and no more.
    """
    rows = Referral.objects.visible_to(user).waiting().filter(received_at__lte=window.until)
    printed = rows.only("reference", "about", "received_at", "route", "decide_by")
    counted = printed.annotate(every=expressions.Window(Count("*")))
    found: Any = list(counted.order_by("received_at", "pk")[:most])
    return found, found[0].every if found else 0


def forward_of(user: User, window: Window) -> list[PutForward]:
    """Give the suspects put forward for the day, or for an earlier one and not decided: to the police."""
    rows = PutForward.objects.visible_to(user).undecided().filter(for_day__lte=window.day)
    return list(rows.select_related("suspect", "recorded_by").order_by("for_day", "pk"))


def missing_words(start: datetime, back: datetime | None) -> str:
    """Say since when a child was missing, and when it was back."""
    if back is None:
        return f"Still missing since {clock_words(start)}"
    return f"Missing since {clock_words(start)}, back {clock_words(back)}"


def referred_words(on: date, reference: str) -> str:
    """Say which referral waits for a decision."""
    return f"Referred {day_words(on)}, {reference}, nobody has decided yet"


def told_words(at: datetime, kind: str) -> str:
    """Say what kind of information is new."""
    return f"New information, {clock_words(at)}: {kind.lower()}"


def due_words(on: date, window: Window) -> str:
    """Say which review is due, and whether it is late."""
    late = " and not done" if on <= window.last_day else ""
    return f"Review due {day_words(on)}{late}"


def day_words(day: date) -> str:
    """Write a day of this year: 5 Mar."""
    return f"{day.day} {day:%b}"


def clock_words(moment: datetime) -> str:
    """Write a moment: 5 Mar, 21:40."""
    at = localtime(moment)
    return f"{day_words(at)}, {at:%H:%M}"
