"""Taking a referral up at the desk: it is there, it may be seen, and it still waits."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.errors import Conflict
from referrals.intake.models import Referral
from referrals.intake.rules import CHILD
from referrals.matching.rules.likeness import Person
from referrals.triage.rules import person_of

MATCHED = (
    "This referral does not wait any more: it was put to a child, decided or withdrawn meanwhile."
)

UNMATCHED = "This referral is put to no child. Somebody may have taken it off meanwhile."


@dataclass(frozen=True)
class Taken:
    """A referral at the desk, by whom, and what it says of its child."""

    referral: Referral
    user: User
    now: datetime
    person: Person


def take_up(request: HttpRequest, number: int, *, waits: bool = True) -> Taken:
    """Open a referral about a child; 404 for one that is not there for the person.

    A page opens where the referral still waits for its child (for the undoing: where it has one). What is
    sent is let through: a second press must lead where the first led, and the action looks again.
    """
    user = signed_in(request)
    require(user, Permission.REFERRALS_RECEIVE)
    seen = Referral.objects.visible_to(user).filter(about=CHILD)
    referral = get_object_or_404(seen.select_related("partnership", "child", "episode"), pk=number)
    still = referral.child is None and referral.decided_at is None and referral.withdrawn_at is None
    fits = still if waits else referral.child is not None
    if request.method != "POST" and not fits:
        raise Conflict(MATCHED if waits else UNMATCHED)
    return Taken(referral, user, timezone.now(), person_of(referral.concern))
