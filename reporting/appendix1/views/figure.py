"""The cases behind a figure of the full report, each with the sentence that says why it counts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.site.paging import Paging, nearest_page, paging
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.missing.models import MissingEpisode
from reporting.appendix1.actions import Made, read_cases_behind
from reporting.appendix1.forms import address_of
from reporting.appendix1.queries import by_reference
from reporting.appendix1.rules import tracing
from reporting.appendix1.rules.definitions import (
    CHILDREN,
    CRIMES,
    DEFINITIONS,
    EPISODES,
    LINKS,
    MISSING,
    OCCURRENCES,
    Definition,
)
from reporting.appendix1.rules.labels import moment
from reporting.appendix1.rules.names import name_of, table_of
from reporting.appendix1.rules.tracing import Id
from reporting.appendix1.views.asked import read_request
from risk.crimes.models import Crime
from risk.suspects.models import SuspectOccurrence

PAGE_SIZE = 50
NOT_SHOWN = "Not shown to you"


@dataclass(frozen=True)
class Shown:
    """What is shown of a case: its reference, and the child whom it is of, with the way there.

    `child` is the name; for one who works by reference, the reference.
    """

    reference: str
    child: str = ""
    child_at: str = ""


HIDDEN = Shown(NOT_SHOWN, NOT_SHOWN)
Names = Mapping[int, Shown]


@dataclass(frozen=True)
class Kind:
    """A kind of case: its heading, who may see it, and how its references are found."""

    heading: str
    seen_with: Permission
    find: Callable[[User, Iterable[int]], Names]
    of_child: bool = False


@dataclass(frozen=True)
class FigureRow:
    """A case behind the figure, and why it counts."""

    shown: Shown
    why: str


@dataclass(frozen=True)
class FigurePage:
    """A page of the cases behind a figure; `count` is the figure itself.

    `of_child` heads the column of the children, and is empty where the kind is of none.
    """

    heading: str
    of_child: str
    definition: Definition
    count: int
    known_at: str
    kind: Kind
    rows: list[FigureRow]
    paging: Paging
    back: str


def _episodes(user: User, ids: Iterable[int]) -> Names:
    found = Episode.objects.visible_to(user).filter(pk__in=ids).select_related("child")
    return {row.pk: _shown(row.reference, row.child) for row in found}


def _children(user: User, ids: Iterable[int]) -> Names:
    found = Child.objects.visible_to(user).filter(pk__in=ids)
    return {row.pk: _shown(row.reference, row) for row in found}


def _missing(user: User, ids: Iterable[int]) -> Names:
    found = MissingEpisode.objects.visible_to(user).filter(pk__in=ids).select_related("child")
    return {row.pk: _shown(row.reference, row.child) for row in found}


def _crimes(user: User, ids: Iterable[int]) -> Names:
    found = Crime.objects.visible_to(user).filter(pk__in=ids)
    return {row.pk: Shown(row.reference) for row in found}


def _occurrences(user: User, ids: Iterable[int]) -> Names:
    found = SuspectOccurrence.objects.visible_to(user).filter(pk__in=ids)
    return {row.pk: Shown(row.reference) for row in found}


def _shown(reference: str, child: Child) -> Shown:
    there = reverse("risk-child-summary", args=[child.pk])
    return Shown(reference, f"{child.surname}, {child.forenames}", there)


def _by_reference(unit: str, ids: Iterable[int]) -> Names:
    return {
        number: Shown(
            reference, child or "", reverse("risk-reference-case", args=[of]) if of else ""
        )
        for number, reference, child, of in by_reference(REFERENCED[unit], ids)
    }


CASES, POLICE = Permission.CASES_VIEW, Permission.POLICE_RECORDS_VIEW
KINDS = {
    EPISODES: Kind("Episode", CASES, _episodes, of_child=True),
    CHILDREN: Kind("Child", CASES, _children, of_child=True),
    MISSING: Kind("Missing episode", CASES, _missing, of_child=True),
    CRIMES: Kind("Crime", POLICE, _crimes),
    LINKS: Kind("Crime", POLICE, _crimes),
    OCCURRENCES: Kind("Occurrence", POLICE, _occurrences),
}
# What the database's function calls each kind (reporting/migrations/0006).
REFERENCED = {
    EPISODES: "episodes",
    CHILDREN: "children",
    MISSING: "missing",
    CRIMES: "crimes",
    LINKS: "crimes",
    OCCURRENCES: "occurrences",
}


def opens_by_reference(user: User) -> bool:
    """Say whether the person opens the cases behind every figure, each by reference alone."""
    standing = standing_of(user)
    return standing is not None and standing.may(Permission.CASES_BY_REFERENCE)


@require_safe
def figure(request: HttpRequest) -> HttpResponse:
    """List the cases that a figure counts, by the figure's path in the report."""
    asked, path = read_request(request), request.GET.get("figure", "")
    require(asked.user, Permission.REPORT_FULL)
    kind = KINDS[_definition(path).unit]
    wanted = asked.parameters_or_404
    seen_with = Permission.CASES_BY_REFERENCE if opens_by_reference(asked.user) else kind.seen_with
    made = read_cases_behind(asked=wanted, seen_with=seen_with, now=asked.now, by=asked.user)
    page = figure_page(made, path, asked.user, request.GET.get("page", "1"))
    record(
        event="appendix1.cases_seen",
        verb=Verb.CONSULTATION,
        what="appendix1",
        reference=f"{', '.join(wanted.partnerships)} {wanted.year_start} to {wanted.year_end}",
        at=asked.now,
        by=asked.user,
        after={
            "figure": path,
            "kind": kind.heading,
            "cases": [row.shown.reference for row in page.rows],
        },
    )
    return render(request, "appendix1/figure.html", {"page": page})


def _definition(path: str) -> Definition:
    """Give the definition of what counts cases; anything else is no page."""
    try:
        definition = DEFINITIONS[table_of(path)]
    except KeyError as error:
        raise Http404 from error
    if definition.unit not in KINDS:
        raise Http404
    return definition


def figure_page(made: Made, path: str, user: User, number: str) -> FigurePage:
    """Build a page of the cases; Http404 for a path that is no figure of this report."""
    count = tracing.figures(made.report).get(path)
    if count is None:
        raise Http404
    definition, behind = _definition(path), tracing.behind(path, made.cases, made.asked)
    kind = KINDS[definition.unit]
    page = nearest_page(behind.ids, PAGE_SIZE, number)
    ids, named = {case[0] for case in page}, not opens_by_reference(user)
    names = kind.find(user, ids) if named else _by_reference(definition.unit, ids)
    query = address_of(made.asked)
    return FigurePage(
        heading=name_of(path),
        of_child=("Name of the child" if named else "Child") if kind.of_child else "",
        definition=definition,
        count=count,
        known_at=moment(made.report["parameters"]["known_at"]),
        kind=kind,
        rows=[_row(case, behind, names) for case in page],
        paging=paging(page, definition.unit, address_of(made.asked, figure=path)),
        back=f"{reverse('appendix1')}?{query}#{path.partition('.')[0]}",
    )


def _row(case: Id, behind: tracing.Behind[Any], names: Names) -> FigureRow:
    return FigureRow(names.get(case[0], HIDDEN), behind.why(behind.cases[case]))
