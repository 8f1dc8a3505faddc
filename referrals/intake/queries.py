"""The hub's list of referrals, sorted in the database; and links, found before anybody is known."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from hub.access.context import acting_by_link, acting_for_stranger
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.days.rules import london_date
from partners.partnerships.models import Partnership
from referrals.episodes.models import Episode
from referrals.intake.models import Referral, ReferralLink, ReferralQuerySet
from referrals.intake.rules import (
    FEEDBACK,
    FEEDBACK_LATE,
    LOOKED_AT_LIST,
    OF_FEEDBACK,
    WAITING,
    digest_of,
)

ORDERS = {
    "clock": ("decide_by", "pk"),
    "received": ("received_at", "pk"),
    "reference": ("number",),
    "agency": ("agency", "pk"),
}


def listed(user: User, which: str, order: str) -> ReferralQuerySet:
    """Give the referrals of a list that the person may see, in an order; a minus turns it round."""
    seen = Referral.objects.visible_to(user)
    untold = seen.filter(told_at=None, withdrawn_at=None)
    chosen = {
        WAITING: seen.waiting(),
        LOOKED_AT_LIST: seen.undecided().exclude(child=None),
        FEEDBACK: untold,
        FEEDBACK_LATE: untold.filter(feedback_by__lt=london_date(timezone.now())),
    }.get(which, seen)
    names = ORDERS.get(order.removeprefix("-"), ORDERS["clock"])
    if which in OF_FEEDBACK and order.removeprefix("-") not in ORDERS:
        names = ("feedback_by", "pk")
    turn = "-" if order.startswith("-") else ""
    return chosen.order_by(*(f"{turn}{name}" for name in names))


@dataclass(frozen=True)
class CameOfIt:
    """Whether a referral is decided on, and when that, or the decision itself, last changed (None: never)."""

    decided: bool
    changed_at: datetime | None


def came_of(user: User, number: int) -> CameOfIt:
    """Say what came of a referral so far, as far as the person may see its episode.

    Levels belong to the room above; they are asked by the name of their relation.
    """
    row = Referral.objects.visible_to(user).select_related("episode").get(pk=number)
    closed = row.episode is not None and row.episode.closed_on is not None
    seen = Episode.objects.visible_to(user).filter(referrals=row).order_by()
    of_levels = seen.aggregate(set=Max("levels__known_from"), taken=Max("levels__superseded_at"))
    of_closing = seen.aggregate(closed=Max("facts__to_known_from"))
    moments = (row.decided_at, *of_levels.values(), *of_closing.values())
    changed = max((moment for moment in moments if moment), default=None)
    return CameOfIt(row.decided_at is not None or closed, changed)


def links_of(user: User) -> QuerySet[ReferralLink]:
    """Give the links that the person may see, the latest first.

    One whose referral is hidden with its child is not there: who sent it would tell of the child.
    """
    referrals = Referral.objects.visible_to(user).order_by()
    seen = ReferralLink.objects.visible_to(user)
    seen = seen.filter(Q(used_at=None) | Q(referral__in=referrals))
    return seen.select_related("asked_by", "referral").order_by("-made_at", "-pk")


def hubs() -> list[Partnership]:
    """Give the hubs to which anybody may turn: their names are public."""
    return list(Partnership.objects.order_by("name"))


def link_of(*, token: str = "", browser: str = "") -> tuple[int, int] | None:
    """Give number and partnership of the link that opens by that token, or is this browser's; else None."""
    asked = [digest_of(token) if token else "", digest_of(browser) if browser else ""]
    with connection.cursor() as cursor:
        cursor.execute("SELECT link, partnership FROM referrals_link_of(%s, %s)", asked)
        found: tuple[int, int] | None = cursor.fetchone()
    return found


def earlier(found: tuple[int, int]) -> datetime | None:
    """Say when the address of a link left a referral half-written under an earlier one."""
    with acting_for_stranger(operator(), found[1]):
        older = ReferralLink.objects.get(pk=found[0]).earlier()
    return older.saved_at if older else None


def held_link(found: tuple[int, int]) -> ReferralLink:
    """Read the link that a browser holds, in its own context."""
    with acting_by_link(operator(), found[1], found[0]):
        return ReferralLink.objects.get(pk=found[0])


def sent_by_link(link: ReferralLink) -> str:
    """Give the number of what was sent by a link; empty where nothing was."""
    with acting_by_link(operator(), link.partnership_id, link.pk):
        found = Referral.objects.filter(link=link).values_list("reference", flat=True).first()
    return found or ""
