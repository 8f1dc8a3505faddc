"""Opening a child's case to record something on it: the way each recording page begins."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from referrals.children.models import Child
from risk.casefile.rules import looking_at
from risk.casefile.views.frame import Frame, frame_for_recording
from risk.casefile.views.reading import Case, find, read_case, sees_all


@dataclass(frozen=True)
class OpenCase:
    """A child whom the person sees and may record on, with the case as at today and its frame.

    `record`: the one that the address names. It is another than the child's own where that is joined to it:
    what is new is recorded on the child's own, what stands on the other is corrected there.
    """

    user: User
    child: Child
    record: Child
    case: Case
    frame: Frame
    now: datetime


def open_case(
    request: HttpRequest, child_id: int, *, needs: Permission, title: str, apart: bool = False
) -> OpenCase:
    """Fetch the child and what stands around it; `title` names the page after the child's reference.

    `apart`: a joined record is opened by itself, for what is said of each record alone. 404 where the child
    is not the person's to see, NotAllowed where they may not record. The view is put on the trail when a
    page is shown; what is sent puts its own deed there.
    """
    user, now = signed_in(request), timezone.now()
    looking = looking_at(now=now, whole=sees_all(user))
    found = find(user, child_id, looking)
    if found is None:
        raise Http404
    named = found[1]
    child = named if apart else found[0]
    require(user, needs, child)
    case = read_case(user, child, looking)
    frame = frame_for_recording(case, title)
    if request.method != "POST":
        record(
            event="child.viewed",
            verb=Verb.CONSULTATION,
            what="child",
            reference=child.reference,
            at=now,
            by=user,
            partnership_id=child.partnership_id,
            after={"page": title},
            about=[joined.reference for joined, _said in case.joined],
        )
    return OpenCase(user, child, named, case, frame, now)


def led_to_kept(request: HttpRequest, page: str, *where: int) -> HttpResponse:
    """Lead from a page of a joined record to the same page of the one that is kept, as it was asked."""
    asked = f"?{request.GET.urlencode()}" if request.GET else ""
    return HttpResponseRedirect(f"{reverse(page, args=where)}{asked}")
