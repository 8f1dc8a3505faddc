"""Reading the places of a day's list, as far as the person may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from referrals.intake.models import Referral
from referrals.intake.rules import PLACE
from risk.places.models import PlaceForward
from risk.places.rules import NO_PLACE_ANY_MORE, called

# What a row of a page says, and no more is read.
PRINTED = (
    "because",
    "for_day",
    "came_of_it",
    "recorded_by__name",
    *(
        f"referral__{name}"
        for name in ("reference", "about", "child_id", "address", "postcode", "description")
    ),
)


@dataclass(frozen=True)
class Place:
    """A place put forward. `discussed` and `back` lead to the forms, empty for who may not.

    `tells_of_child`: its referral is about somebody by now, or was put to a child.
    """

    reference: str
    address: str
    called: str
    because: str
    by: str
    for_day: date
    came_of_it: str
    tells_of_child: bool
    discussed: str = ""
    back: str = ""


def places_of(user: User, day: date) -> list[Place]:
    """Give the places put forward for the day, or for an earlier one, of which no meeting has spoken."""
    rows = PlaceForward.objects.visible_to(user).waiting(day).in_order()
    return shown(rows.only(*PRINTED), may=_may(user))


def discussed_on(user: User, day: date) -> list[Place]:
    """Give the places of which the day's meeting has spoken, with what came of it."""
    rows = PlaceForward.objects.visible_to(user).discussed(day).in_order()
    return shown(rows.only(*PRINTED), may=_may(user))


def _may(user: User) -> bool:
    standing = standing_of(user)
    return standing is not None and standing.may(Permission.PLACES_PUT_FORWARD)


def _called(told: Referral) -> str:
    """Call the place; of a referral that is about somebody after all, nothing that it tells."""
    if told.about != PLACE:
        return NO_PLACE_ANY_MORE
    return called(address=told.address, postcode=told.postcode, description=told.description)


def shown(rows: Iterable[PlaceForward], *, may: bool = False) -> list[Place]:
    """Make each a row as pages print it; `may`: the person records what came of it."""
    return [
        Place(
            reference=one.referral.reference,
            address=reverse("referrals-referral", args=[one.referral_id]),
            called=_called(one.referral),
            because=one.because,
            by=one.recorded_by.name if one.recorded_by else "",
            for_day=one.for_day,
            came_of_it=one.came_of_it,
            tells_of_child=one.referral.about != PLACE or one.referral.child_id is not None,
            discussed=reverse("risk-place-discussed", args=[one.pk]) if may else "",
            back=reverse("risk-place-take-back", args=[one.pk]) if may else "",
        )
        for one in rows
    ]
