"""Reading the log of what left the hub, with where each request to have it back stands."""

from django.db.models import OuterRef, QuerySet, Subquery

from hub.accounts.models import User
from referrals.disclosures.models import Disclosure, DisclosureRecall


def log_of(user: User) -> QuerySet[Disclosure]:
    """Give what the person may read of, the latest first, with the last answer as `answered`."""
    recalls = DisclosureRecall.objects.visible_to(user).filter(disclosure=OuterRef("pk"))
    last = Subquery(recalls.order_by("-pk").values("answer")[:1])
    rows = Disclosure.objects.visible_to(user).annotate(answered=last)
    return rows.select_related("recorded_by").order_by("-disclosed_on", "-pk")
