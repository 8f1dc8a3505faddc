"""The hub's list of referrals: which of them, in which order, sorted in the database."""

from django.db.models import Exists, OuterRef

from hub.accounts.models import User
from referrals.intake.models import Referral, ReferralFeedback, ReferralQuerySet
from referrals.intake.rules import FEEDBACK, LOOKED_AT_LIST, WAITING

ORDERS = {
    "clock": ("decide_by", "pk"),
    "received": ("received_at", "pk"),
    "reference": ("number",),
    "agency": ("agency", "pk"),
}


def listed(user: User, which: str, order: str) -> ReferralQuerySet:
    """Give the referrals of a list that the person may see, in an order; a minus turns it round."""
    seen = Referral.objects.visible_to(user)
    told = ReferralFeedback.objects.visible_to(user).filter(referral=OuterRef("pk"))
    chosen = {
        WAITING: seen.waiting(),
        LOOKED_AT_LIST: seen.undecided().exclude(child=None),
        FEEDBACK: seen.filter(~Exists(told), withdrawn_at=None),
    }.get(which, seen)
    names = ORDERS.get(order.removeprefix("-"), ORDERS["clock"])
    if which == FEEDBACK and order.removeprefix("-") not in ORDERS:
        names = ("feedback_by", "pk")
    turn = "-" if order.startswith("-") else ""
    return chosen.order_by(*(f"{turn}{name}" for name in names))
