"""What the agencies were asked about a child, and what each answered, in its own box."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from hub.access.gate import standing_of
from hub.access.rules import Permission
from referrals.checks.models import AgencyCheck, CheckAnswer
from referrals.checks.rules import ANSWER, ANSWERED, CHANGE, HELD, OPEN_TO, OVERDUE, state_of
from referrals.notes.rules import PROTECTED, tag_of
from risk.casefile.views.deeds import may_record
from risk.casefile.views.opening import OpenCase, open_case

VERBS = {ANSWER: "Answer", CHANGE: "Change the answer"}
NOT_SHARED = "Answered. The words are not shared with your agency."


@dataclass(frozen=True)
class Said:
    """A version of an answer; `by` and `sources` are empty where the source is protected from others."""

    held: bool
    text: str
    sources: str
    by: str
    at: datetime
    tag: str
    conditions: str
    why: str


@dataclass(frozen=True)
class Box:
    """One agency's box: how its check stands, what it says, and what can be done with it."""

    agency: str
    state: str
    overdue: bool
    answer: Said | None
    unshared: str
    earlier: list[Said]
    verb: str = ""
    address: str = ""


@dataclass(frozen=True)
class Round:
    """What was asked together; `by` is who asked, `episode` is empty where it is not shared."""

    why: str
    asked_at: datetime
    due_at: datetime
    by: str
    episode: str
    back: str
    boxes: list[Box]


@dataclass(frozen=True)
class ChecksPage:
    """The page: the latest round first.

    `told` are answers of others to a charity, which sees no more than its own checks. `ask` are the open
    episodes on which the person may ask, with the address.
    """

    rounds: list[Round]
    told: list[Box]
    ask: list[tuple[str, str]]


@require_safe
def checks(request: HttpRequest, child_id: int) -> HttpResponse:
    """Show what was asked and answered, as at now."""
    opened = open_case(request, child_id, needs=Permission.CHECKS_ANSWER, title="Agency checks")
    page = {"frame": opened.frame, "page": checks_page(opened)}
    return render(request, "children/checks.html", page)


def checks_page(opened: OpenCase) -> ChecksPage:
    """Build the page, with the same number of queries for many as for few."""
    asked = (
        AgencyCheck.objects.visible_to(opened.user)
        .filter(child__in=opened.case.numbers)
        .with_decided()
    )
    rows = asked.select_related("agency", "asked_by").order_by("-asked_at", "agency__name", "pk")
    answers = _answers(opened)
    seen = list(rows)
    together = groupby(seen, key=lambda check: (check.asked_at, check.episode_id))
    of_others = set(answers) - {check.pk for check in seen}
    return ChecksPage(
        rounds=[_round(opened, list(group), answers) for _key, group in together],
        told=[_told(opened, answers[number]) for number in sorted(of_others)],
        ask=_ask(opened),
    )


def _answers(opened: OpenCase) -> dict[int, list[CheckAnswer]]:
    """Give the versions of each answer that the person may read, the standing one last."""
    rows = (
        CheckAnswer.objects.visible_to(opened.user)
        .filter(child__in=opened.case.numbers)
        .with_names()
    )
    rows = rows.select_related("agency", "author", "recorded_by").order_by(
        "asked", "known_from", "pk"
    )
    return {number: list(group) for number, group in groupby(rows, key=lambda row: row.asked_id)}


def _round(
    opened: OpenCase, group: list[AgencyCheck], answers: dict[int, list[CheckAnswer]]
) -> Round:
    first = group[0]
    back = sum(1 for check in group if check.answered_at)
    asked = sum(1 for check in group if not check.withdrawn_at)
    whole = opened.case.sees_all
    return Round(
        why=first.get_why_display(),
        asked_at=first.asked_at,
        due_at=first.due_at,
        by=first.asked_by.name,
        episode=_reference(opened, first.episode_id),
        back=f"{back} of {asked} back" if whole and asked else "",
        boxes=[_box(opened, check, answers.get(check.pk, [])) for check in group],
    )


def _reference(opened: OpenCase, number: int) -> str:
    named = (one.reference for one in opened.case.episodes if one.fact.episode_id == number)
    return next(named, "")


def _box(opened: OpenCase, check: AgencyCheck, versions: list[CheckAnswer]) -> Box:
    standing = standing_of(opened.user)
    state = state_of(
        answered=check.answered_at is not None,
        decided=check.decided,
        due=check.due_at,
        now=opened.now,
        withdrawn=check.withdrawn_at is not None,
    )
    mine = standing is not None and standing.agency_id == check.agency_id
    verb = VERBS.get(OPEN_TO[state], "") if mine else ""
    standing_one = next((row for row in versions if row.superseded_at is None), None)
    return Box(
        agency=check.agency.name,
        state=state,
        overdue=state == OVERDUE,
        answer=_said(opened, standing_one) if standing_one else None,
        unshared=NOT_SHARED if check.answered_at and not standing_one else "",
        earlier=[_said(opened, row) for row in versions if row.superseded_at][::-1],
        verb=verb,
        address=reverse("risk-child-check", args=[check.child_id, check.pk]) if verb else "",
    )


def _told(opened: OpenCase, versions: list[CheckAnswer]) -> Box:
    """Another agency's answer that its marking shows to a charity, without how its check stands."""
    *earlier, last = [_said(opened, row) for row in versions]
    return Box(versions[-1].agency.name, ANSWERED, False, last, "", earlier[::-1])


def _said(opened: OpenCase, row: CheckAnswer) -> Said:
    standing = standing_of(opened.user)
    mine = standing is not None and standing.agency_id == row.agency_id
    hidden = row.source_protected and not mine
    tag = tag_of(row.seen_by, row.agency.name, row.named)
    return Said(
        held=row.knows == HELD,
        text=row.text,
        sources="" if hidden else row.sources,
        by="" if hidden or row.recorded_by is None else row.recorded_by.name,
        at=row.known_from,
        tag=f"{tag}. {PROTECTED}" if row.source_protected else tag,
        conditions=row.conditions,
        why=row.reason,
    )


def _ask(opened: OpenCase) -> list[tuple[str, str]]:
    if not may_record(opened.case, Permission.CASES_RECORD):
        return []
    child = opened.child.pk
    return [
        (one.reference, reverse("risk-child-checks-ask", args=[child, one.fact.episode_id]))
        for one in opened.case.open
    ]
