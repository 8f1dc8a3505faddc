"""What a person owes, on one page: overdue first, each row opens its deed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.site.paging import Paging, nearest_page, page_number, paging
from partners.staffing.models import Absence
from referrals.caseload.rules import LEVELS
from referrals.checks.rules import WHY
from referrals.disagreements.rules import LEVELS as LEVELS_OF_DISAGREEMENTS
from referrals.intake.rules import ABOUT, CHILD
from risk.owed.queries import Owed, Whom, Work, by_of, whom_of, work_of
from risk.owed.rules import WORDS, Due, Kind, due_of, kind_of
from risk.proposals.rules import WORDS as PROPOSED

PAGE_SIZE = 25
OF_PROPOSALS = {kind.value: words for kind, words in PROPOSED.items()}
NOT_SHOWN = "Your role opens no case. Ask your agency's administrator."


@dataclass(frozen=True)
class Row:
    """Something owed: what, about whom, by when, and the deed that it opens.

    `covering` names a colleague who is away and whose it is; empty where it is one's own.
    """

    what: str
    name: str
    reference: str
    due: Due
    covering: str
    verb: str
    address: str


@dataclass(frozen=True)
class Tab:
    """The list of one kind, or of all."""

    label: str
    address: str
    here: bool


@dataclass(frozen=True)
class WorkPage:
    """The page; `late` says in words how much of the list is late, `answers` whether checks are one's own.

    `away` where the person is away today: who covers meanwhile.
    """

    tabs: list[Tab]
    rows: list[Row]
    paging: Paging
    late: str
    answers: bool
    disagrees: bool
    away: Absence | None


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """List what the person owes; the children on the page are put on the trail."""
    user, now = signed_in(request), timezone.now()
    _require_cases(user)
    page = work_page(user, now, request.GET.get("kind", ""), request.GET.get("page", "1"))
    record(
        event="work.listed",
        verb=Verb.CONSULTATION,
        what="work",
        reference="own",
        at=now,
        by=user,
        about=[row.reference for row in page.rows],
    )
    return render(request, "owed/mine.html", {"page": page})


def _require_cases(user: User) -> None:
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.SHARED_CASES_VIEW):
        require(user, Permission.CASES_VIEW)


def work_page(user: User, now: datetime, typed: str, number: str) -> WorkPage:
    """Build the page, with the same number of queries for many as for few."""
    kind, by = kind_of(typed), by_of(user, now)
    work = work_of(by, now, kind, page_number(number), PAGE_SIZE) if by else Work({}, [])
    here = [work.owed[each] for each in work.owed if kind in (None, each)]
    page = nearest_page(range(sum(each.number for each in here)), PAGE_SIZE, number)
    covered = by.covered if by else {}
    pairs = zip(work.rows, whom_of(by, work.rows) if by else [], strict=True)
    things = "thing to do" if page.paginator.count == 1 else "things to do"
    standing = standing_of(user)
    return WorkPage(
        tabs=_tabs(work.owed, kind),
        rows=[_row(row, whom, covered, now) for row, whom in pairs if whom is not None],
        paging=paging(page, things, f"kind={kind}" if kind else ""),
        late=_late(sum(each.late for each in here)),
        answers=standing is not None and standing.may(Permission.CHECKS_ANSWER),
        disagrees=standing is not None
        and (standing.may(Permission.CASES_VIEW) or standing.may(Permission.DISAGREEMENTS_RAISE)),
        away=by.away if by else None,
    )


def _tabs(owed: Mapping[Kind, Owed], kind: Kind | None) -> list[Tab]:
    """Offer the kinds of which something is owed, and the one that is open."""
    here = reverse("risk-my-work")
    every = Tab(f"All ({sum(each.number for each in owed.values())})", here, kind is None)
    return [
        every,
        *(
            Tab(f"{WORDS[each].many} ({_number(owed, each)})", f"{here}?kind={each}", each is kind)
            for each in Kind
            if each in owed or each is kind
        ),
    ]


def _number(owed: Mapping[Kind, Owed], kind: Kind) -> int:
    return owed[kind].number if kind in owed else 0


def _late(number: int) -> str:
    return f"{number} overdue." if number else "Nothing is overdue."


def _row(row: Mapping[str, Any], whom: Whom, covered: Mapping[str, str], now: datetime) -> Row:
    kind = Kind(row["w_kind"])
    verb, address = _deed(kind, row)
    return Row(
        what=_what(kind, row["w_what"]),
        name=whom.name,
        reference=whom.reference,
        due=due_of(row["w_due"], now),
        covering=covered.get(whom.holder, ""),
        verb=verb,
        address=address,
    )


def _what(kind: Kind, said: str) -> str:
    """Say what is owed: a code in its words, what people wrote as it stands."""
    if kind is Kind.DISAGREEMENT:
        number, _space, level = said.partition(" ")
        return f"Disagreement {number}: {LEVELS_OF_DISAGREEMENTS[int(level)].lower()}"
    return {
        Kind.CHECK: f"Check: {WHY.get(said, said).lower()}",
        Kind.ACTION: f"Action: {said}",
        Kind.REFERRAL: f"Referral that waits: {ABOUT.get(said, said).lower()}",
        Kind.DECISION: f"Nobody has decided yet, {said}",
        Kind.FEEDBACK: "The referrer is to be told",
        Kind.VIEW: f"For the panel: {OF_PROPOSALS.get(said, said).lower()}",
        Kind.REVIEW: f"Review of the level: {LEVELS.get(said, said)}",
    }[kind]


def _deed(kind: Kind, row: Mapping[str, Any]) -> tuple[str, str]:
    """Say what is done about it, and where."""
    child, episode, number = row["w_child"], row["w_episode"], row["w_number"]
    if kind is Kind.CHECK:
        address = reverse("risk-child-check", args=[child, number])
    elif kind is Kind.ACTION:
        address = reverse("risk-meeting-task", args=[number])
    elif kind is Kind.REFERRAL:
        return _of_referral(row["w_what"], number)
    elif kind is Kind.FEEDBACK:
        address = reverse("referrals-feedback", args=[number])
    elif kind is Kind.DISAGREEMENT:
        address = reverse("referrals-disagreement", args=[number])
    elif kind is Kind.VIEW:
        address = reverse("risk-proposal-view", args=[number])
    else:
        address = reverse("risk-child-level-new", args=[child, episode])
    return WORDS[kind].verb, address


def _of_referral(about: str, number: int) -> tuple[str, str]:
    """A child is looked for among those known; of a person or a place one says what was done."""
    if about == CHILD:
        return WORDS[Kind.REFERRAL].verb, reverse("referrals-triage-match", args=[number])
    return "Say what was done", reverse("referrals-settle", args=[number])
