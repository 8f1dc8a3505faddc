"""How long the session lasts, for the dialog that warns two minutes before its end."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.sessions.clock import left, note_deed


@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest) -> JsonResponse:
    """Give the seconds left; being asked is no deed, being sent ("Stay signed in") is one."""
    now = timezone.now()
    if request.method == "POST":
        note_deed(request.session, now)
    return JsonResponse({"seconds": left(request.session, now)})
