"""The report on the screen, its publishing, and the files that leave the hub."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from reporting.appendix1.actions import Made, make_report, read_release, read_report
from reporting.appendix1.forms import address_of, fields_of
from reporting.appendix1.queries import latest_release
from reporting.appendix1.rules.checks import Check, checks
from reporting.appendix1.rules.labels import HIDDEN
from reporting.appendix1.rules.layout import Document, Section, pages
from reporting.appendix1.rules.names import Difference, differences
from reporting.appendix1.rules.order import in_order
from reporting.appendix1.rules.parameters import FULL, PUBLISHED, Parameters
from reporting.appendix1.rules.plan import SECTIONS
from reporting.appendix1.views.asked import Request, read_request
from reporting.disclosure.models import Release
from reporting.disclosure.rules.categories import coarsened

KINDS = {
    "pdf": ("PDF", "application/pdf"),
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": ("JSON", "application/json"),
}
POLICE_SECTIONS = {"crimes", "suspect_management"}


@dataclass(frozen=True)
class Link:
    """A way to go; `here` marks the page that is open."""

    label: str
    address: str
    here: bool = False


@dataclass(frozen=True)
class SectionView:
    """A section; `figures_at` is the address before a figure's path, empty where none may be opened."""

    anchor: str
    section: Section
    figures_at: str


@dataclass(frozen=True)
class Since:
    """The last release with these dates, and which of its counts would now be others."""

    published_on: str
    rows: list[Difference]


@dataclass(frozen=True)
class ReportPage:
    """The report as its page shows it; `document` is None where nothing was published with these dates.

    `publish` are the fields that publishing sends, empty where there is nothing to publish.
    """

    disclosure: str
    forms: list[Link]
    title: str
    document: Document | None
    sections: list[SectionView]
    downloads: list[Link]
    publish: dict[str, str]
    checks: list[Check]
    wrong: int
    since: Since | None
    hidden: int
    published_on: str

    @property
    def full(self) -> bool:
        """Say whether this is the full form."""
        return self.disclosure == FULL


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Show the full report, or the one published with these dates: a look never publishes."""
    asked = read_request(request)
    if not asked.form.is_valid():
        return _refused(request, asked)
    page = _full_page(asked) if asked.disclosure == FULL else _published_page(asked)
    return render(request, "appendix1/report.html", {"page": page, "form": asked.form})


def _refused(request: HttpRequest, asked: Request) -> HttpResponse:
    page = {"form": asked.form, "disclosure": asked.disclosure}
    return render(request, "appendix1/refused.html", page, status=422)


def _full_page(asked: Request) -> ReportPage:
    made = read_report(asked=asked.parameters, now=asked.now, by=asked.user)
    document, checked = pages(made.report), checks(made.report)
    wrong = sum(check.apart > 0 for check in checked)
    return ReportPage(
        disclosure=FULL,
        forms=_forms(asked),
        title=document.subtitle,
        document=document,
        sections=_sections(document, made.asked, asked.user),
        downloads=_downloads(made.asked),
        publish={} if wrong else fields_of(made.asked),
        checks=checked,
        wrong=wrong,
        since=_since(asked, made),
        hidden=0,
        published_on="",
    )


def _published_page(asked: Request) -> ReportPage:
    release = read_release(asked=asked.parameters, now=asked.now, by=asked.user)
    published = in_order(release.published) if release else None
    document = pages(published) if published else None
    return ReportPage(
        disclosure=PUBLISHED,
        forms=_forms(asked),
        title=document.subtitle if document else "",
        document=document,
        sections=_sections(document, None, asked.user) if document else [],
        downloads=_downloads(asked.parameters) if document else [],
        publish={} if document else fields_of(asked.parameters),
        checks=[],
        wrong=0,
        since=None,
        hidden=_hidden(published),
        published_on=_published_on(release) if release else "",
    )


def _forms(asked: Request) -> list[Link]:
    """The two forms of the report, with the same dates; who may not have the full one sees no link to it."""
    names = [("Full", FULL)] if asked.may_full else []
    return [
        Link(name, f"?{address_of(asked.parameters, disclosure=form)}", form == asked.disclosure)
        for name, form in (*names, ("Published", PUBLISHED))
    ]


def _sections(document: Document, pinned: Parameters | None, user: User) -> list[SectionView]:
    figures_at = f"{reverse('appendix1-figure')}?{address_of(pinned)}&figure=" if pinned else ""
    return [
        SectionView(plan.key, section, figures_at if _may_open(user, plan.key) else "")
        for plan, section in zip(SECTIONS, document.sections, strict=True)
    ]


def _may_open(user: User, section: str) -> bool:
    standing = standing_of(user)
    police = section in POLICE_SECTIONS
    needed = Permission.POLICE_RECORDS_VIEW if police else Permission.CASES_VIEW
    held = (needed, Permission.CASES_BY_REFERENCE)
    return standing is not None and any(standing.may(permission) for permission in held)


def _downloads(asked: Parameters) -> list[Link]:
    at = reverse("appendix1-download")
    query = address_of(asked, disclosure=asked.disclosure)
    return [Link(name, f"{at}?{query}&format={kind}") for kind, (name, _type) in KINDS.items()]


def _since(asked: Request, made: Made) -> Since | None:
    release = latest_release(asked.parameters, asked.user)
    if release is None:
        return None
    now = coarsened(made.report, geography=dict(made.cases.wards.values()))
    return Since(_published_on(release), differences(release.published, now))


def _published_on(release: Release) -> str:
    at = timezone.localtime(release.made_at)
    return f"{at.day} {at:%B %Y, %H:%M} by {release.made_by.name}"


def _hidden(node: Any) -> int:
    """How many counts of a published report are hidden."""
    if isinstance(node, dict | list):
        return sum(_hidden(part) for part in (node.values() if isinstance(node, dict) else node))
    return int(node == HIDDEN)


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish the report with these dates: disclosure control, and the register."""
    asked = read_request(request)
    if not asked.form.is_valid():
        return _refused(request, asked)
    wanted = asked.form.parameters(asked.parameters.partnerships[0], PUBLISHED)
    make_report(asked=wanted, now=asked.now, by=asked.user)
    messages.success(request, "The report is published and stands in the register.")
    return redirect(f"{reverse('appendix1')}?{address_of(wanted, disclosure=PUBLISHED)}")


@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Hand the report out as a file; each is on the trail as a disclosure."""
    asked, kind = read_request(request), request.GET.get("format", "json")
    if kind not in KINDS:
        raise Http404
    from reporting.appendix1.documents import document

    content = document(_handed_out(asked, kind), kind)
    year = asked.parameters.year_start
    name = f"appendix1-{asked.parameters.partnerships[0]}-{year}-{asked.disclosure}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=KINDS[kind][1], headers=headers)


def _handed_out(asked: Request, kind: str) -> dict[str, Any]:
    wanted = asked.parameters_or_404
    if asked.disclosure == FULL:
        return read_report(asked=wanted, now=asked.now, by=asked.user, file=kind).report
    release = read_release(asked=wanted, now=asked.now, by=asked.user, file=kind)
    if release is None:
        raise Http404
    return in_order(release.published)
