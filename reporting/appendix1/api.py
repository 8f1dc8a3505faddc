"""Reading the Appendix 1 report by machine. Nothing is published by reading."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.models import User
from hub.errors import RuleBroken
from hub.interface.api import NOT_ANSWERED, NOT_THERE, Operation, described, note
from hub.interface.rules import Scope
from partners.partnerships.models import Partnership
from reporting.appendix1.actions import read_release, read_report
from reporting.appendix1.rules.order import in_order
from reporting.appendix1.rules.parameters import FULL, ParameterError, Parameters
from reporting.appendix1.serializers import ReportQuery, ReportSerializer, parameters_of

KIND = "json"


class ReadReport(Operation):
    """The report of the account's own partnership, as the file that the page hands out."""

    scope = Scope.REPORT_READ
    asks = ReportQuery

    @described(
        "readAppendix1",
        "Read the Appendix 1 report",
        ReportSerializer,
        asks=asks,
        refusals=NOT_THERE | NOT_ANSWERED,
    )
    def get(self, request: Request) -> Response:
        """Give the form of the report that was asked for."""
        asked, user = self.read(request), self.machine.user
        codes = Partnership.objects.visible_to(user).values_list("code", flat=True)
        wanted = parameters_of(asked, codes.first() or "")
        report = _report(wanted, user)
        note(
            self.machine,
            f"api.appendix1.{wanted.disclosure}",
            "appendix1",
            f"{wanted.year_start} to {wanted.year_end}",
            after=wanted.as_json(),
        )
        return Response(report)


def _report(wanted: Parameters, user: User) -> dict[str, Any]:
    now = timezone.now()
    try:
        wanted.checked(now)
    except ParameterError as error:
        raise RuleBroken("report.parameters", str(error)) from error
    if wanted.disclosure == FULL:
        return read_report(asked=wanted, now=now, by=user, file=KIND).report
    release = read_release(asked=wanted, now=now, by=user, file=KIND)
    if release is None:
        raise Http404
    return in_order(release.published)
