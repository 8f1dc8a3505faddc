"""Who asks for which report: what every page of it reads from its address."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import Http404, HttpRequest
from django.utils import timezone

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from partners.partnerships.models import Partnership
from reporting.appendix1.forms import ReportForm
from reporting.appendix1.rules.parameters import FULL, PUBLISHED, Parameters


@dataclass(frozen=True)
class Request:
    """A person's request for a report of their own partnership, in one of its two forms."""

    user: User
    now: datetime
    may_full: bool
    disclosure: str
    form: ReportForm

    @cached_property
    def parameters(self) -> Parameters:
        """Give what the valid form asks for."""
        codes = Partnership.objects.visible_to(self.user).values_list("code", flat=True)
        return self.form.parameters(codes.first() or "", self.disclosure)

    @property
    def parameters_or_404(self) -> Parameters:
        """Give what is asked for by an address that the hub made itself; one that it did not is none."""
        if not self.form.is_valid():
            raise Http404
        return self.parameters


def read_request(request: HttpRequest) -> Request:
    """Read who asks for what; raises NotAllowed for one who may not have that form of the report."""
    user = signed_in(request)
    may_full = require(user, Permission.REPORT_PUBLISH).may(Permission.REPORT_FULL)
    given = request.POST if request.method == "POST" else request.GET
    wanted = given.get("disclosure")
    if wanted not in (FULL, PUBLISHED):
        wanted = FULL if may_full else PUBLISHED
    if wanted == FULL:
        require(user, Permission.REPORT_FULL)
    now = timezone.now()
    return Request(user, now, may_full, wanted, ReportForm(given, now=now))
