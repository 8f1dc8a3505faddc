"""Whether the hub can do its work."""

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.health.queries import readiness


@transaction.non_atomic_requests
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Say of each part, in words, whether it works: 200 if all do, else 503; to anybody.

    It stands outside a transaction: one could not be opened where the database is away.
    """
    found = readiness(timezone.now())
    page = {"status": "ready" if found.whole else "not ready", "parts": found.parts()}
    return JsonResponse(page, status=200 if found.whole else 503)
