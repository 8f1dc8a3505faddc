"""The queue of identifications, and one of them with its review."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.rules import Permission
from referrals.identities.actions import review_identification
from referrals.identities.models import Identification, IdentificationReview
from referrals.oversight.views import METHODS, Queue, list_reviews, review_one


def _told(access: Identification) -> tuple[str, str]:
    opened = timezone.localtime(access.starts_at)
    return f"{opened.day} {opened:%b %Y, %H:%M}", access.record


IDENTIFIED = Queue(
    accesses=Identification,
    reviews=IdentificationReview,
    right=Permission.ACCESS_REVIEW,
    outcomes=IdentificationReview.Outcome.choices,
    event="identification",
    title="Identifications",
    lead="Who works by reference, and saw for an hour who a child is: each time with a reason.",
    columns=("When", "Child"),
    told=_told,
    all="referrals-identifications",
    one="referrals-identification",
    facts="identities/facts.html",
    beneath="oversight/to_the_trail.html",
    close=review_identification,
)


@require_safe
def identifications(request: HttpRequest) -> HttpResponse:
    """List the identifications of the partnership to those who review them."""
    return list_reviews(request, IDENTIFIED)


@require_http_methods(METHODS)
def identification(request: HttpRequest, number: int) -> HttpResponse:
    """Show who saw who a child is, when and why, lead to the trail, and close the review."""
    return review_one(request, IDENTIFIED, number, lambda _user, _access: None)
