"""Opening a child's case to record something on it: the way each recording page begins."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest
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
from risk.casefile.views.reading import Case, children_of, read_case, sees_all


@dataclass(frozen=True)
class OpenCase:
    """A child whom the person sees and may record on, with the case as at today and its frame."""

    user: User
    child: Child
    case: Case
    frame: Frame
    now: datetime


def open_case(request: HttpRequest, child_id: int, *, needs: Permission, title: str) -> OpenCase:
    """Fetch the child and what stands around it; `title` names the page after the child's reference.

    404 where the child is not the person's to see, NotAllowed where they may not record. The view is put
    on the trail when a page is shown; what is sent puts its own deed there.
    """
    user, now = signed_in(request), timezone.now()
    looking = looking_at(now=now, whole=sees_all(user))
    child = children_of(user, looking).filter(pk=child_id).first()
    if child is None:
        raise Http404
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
        )
    return OpenCase(user, child, case, frame, now)
