"""The queue of findings, and one finding with its review."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.rules import ROLES, Permission, Role
from hub.accounts.models import User
from referrals.oversight.views import METHODS, Queue, list_reviews, review_one
from referrals.vigilance.actions import review_unusual_access
from referrals.vigilance.models import UnusualAccess, UnusualAccessReview
from referrals.vigilance.rules import SENTENCES, Rule


def _told(access: UnusualAccess) -> tuple[str, str]:
    return f"{access.day.day} {access.day:%b %Y}", access.get_rule_display()


UNUSUAL = Queue(
    accesses=UnusualAccess,
    reviews=UnusualAccessReview,
    right=Permission.ACCESS_REVIEW,
    outcomes=UnusualAccessReview.Outcome.choices,
    event="unusual_access",
    title="Unusual access",
    lead="What the night's look through the trail found. A finding asks a question; it says of nobody that"
    " they did wrong.",
    columns=("Day", "What was unusual"),
    told=_told,
    all="referrals-findings",
    one="referrals-finding",
    facts="vigilance/facts.html",
    beneath="oversight/to_the_trail.html",
    close=review_unusual_access,
)


@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """List the findings of the partnership to those who review them."""
    return list_reviews(request, UNUSUAL)


@require_http_methods(METHODS)
def finding(request: HttpRequest, number: int) -> HttpResponse:
    """Show what was unusual and why, lead to the trail, and close the review."""
    return review_one(request, UNUSUAL, number, _in_words)


@dataclass(frozen=True)
class InWords:
    """A finding's role and rule in words; empty where the hub no longer knows them."""

    role: str
    sentence: str


def _in_words(user: User, finding: UnusualAccess) -> InWords:
    return InWords(
        role=ROLES[Role(finding.role)].title if finding.role in set(Role) else "",
        sentence=SENTENCES[Rule(finding.rule)] if finding.rule in set(Rule) else "",
    )
