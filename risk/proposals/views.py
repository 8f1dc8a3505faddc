"""What waits for the panel, and what one's own agency says of it beforehand."""

from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site.paging import Paging, nearest_page, paging
from risk.levels.actions import CURRENT_SCALE
from risk.levels.models import choices_on
from risk.proposals.actions import give_view
from risk.proposals.forms import ViewForm
from risk.proposals.models import AgencyView, Proposal, ProposalQuerySet
from risk.proposals.queries import Proposed, proposed_of

PAGE = 25


@dataclass(frozen=True)
class ProposalRow:
    """A proposal with its child; `said` whether the reader's agency has said something."""

    name: str
    reference: str
    child_address: str
    proposed: Proposed
    said: bool
    view_address: str


@dataclass(frozen=True)
class ProposalsPage:
    """The page; `gives` says whether the reader speaks for an agency."""

    rows: list[ProposalRow]
    paging: Paging
    gives: bool


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """List what waits for the panel, as the panel takes it."""
    user = signed_in(request)
    require(user, Permission.CASES_VIEW)
    page = nearest_page(_waiting(user), PAGE, request.GET.get("page", ""))
    rows = _rows(list(page.object_list), user)
    standing = standing_of(user)
    gives = standing is not None and standing.may(Permission.VIEWS_GIVE)
    record(
        event="proposals.viewed",
        verb=Verb.CONSULTATION,
        what="proposals",
        reference="waiting for the panel",
        at=timezone.now(),
        by=user,
        about=[row.reference for row in rows],
    )
    context = ProposalsPage(rows, paging(page, "changes wait for the panel"), gives)
    return render(request, "proposals/list.html", {"page": context})


def _waiting(user: User) -> ProposalQuerySet:
    waiting = Proposal.objects.visible_to(user).open().in_panel_order()
    return waiting.select_related("child", "episode", "proposed_by")


def _rows(listed: list[Proposal], user: User) -> list[ProposalRow]:
    standing = standing_of(user)
    own = standing.agency_id if standing else None
    views = AgencyView.objects.visible_to(user).known().filter(proposal__in=listed, agency=own)
    said = set(views.values_list("proposal_id", flat=True))
    described = proposed_of(listed, user)
    return [
        ProposalRow(
            name=f"{proposal.child.surname}, {proposal.child.forenames}",
            reference=proposal.child.reference,
            child_address=reverse("risk-child-summary", args=[proposal.child_id]),
            proposed=proposed,
            said=proposal.pk in said,
            view_address=reverse("risk-proposal-view", args=[proposal.pk]),
        )
        for proposal, proposed in zip(listed, described, strict=True)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, number: int) -> HttpResponse:
    """Say what one's own agency thinks of a proposal, or change what it said."""
    user = signed_in(request)
    proposal = _waiting(user).filter(pk=number).first()
    if proposal is None:
        raise Http404
    standing = require(user, Permission.VIEWS_GIVE, proposal)
    [row] = _rows([proposal], user)

    def act(form: ViewForm) -> str:
        give_view(proposal=proposal, view=form.view, by=user)
        return reverse("risk-proposals")

    sheet = Sheet(
        title=f"{row.reference} Your agency's view",
        heading=f"{standing.agency}: what do you say?",
        button="Record what we say",
        back=reverse("risk-proposals"),
        done="What your agency says is recorded.",
        template="proposals/view.html",
        context={"row": row},
    )
    return record_by_form(
        request,
        form=partial(ViewForm, levels=choices_on(CURRENT_SCALE)),
        sheet=sheet,
        stored=lambda: _stored(proposal, user, standing.agency_id),
        act=act,
    )


def _stored(proposal: Proposal, user: User, agency_id: int | None) -> Stored:
    views = AgencyView.objects.visible_to(user).known()
    said = views.filter(proposal=proposal, agency=agency_id).select_related("recorded_by").first()
    if said is None:
        return Stored()
    values = {name: getattr(said, name) for name in ("opinion", "level", "words")}
    by = said.recorded_by.name if said.recorded_by else ""
    return Stored(values, str(said.pk), by, said.known_from)
