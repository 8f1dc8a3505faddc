"""Raising that one's own agency disagrees with another on an episode."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.days.rules import counted
from hub.recording.http import Sheet, Stored, record_by_form
from partners.agencies.models import Agency
from referrals.disagreements.actions import raise_disagreement, raise_with_hub
from referrals.disagreements.forms import RaiseForm, RaiseWithHubForm
from risk.casefile.views.opening import open_case
from risk.casefile.views.record_episode import METHODS, sheet_of, take_up

LEAD = (
    "It goes to the {who} of both agencies first, who answer within {days}."
    " What is not settled is taken up a level. It is kept for ever."
)

WITH_HUB = (
    "The hub's social care answers within {days}. Everybody at the hub who may see the child reads it."
    " You see what becomes of it here, and take it up a level if you cannot agree."
)


@require_http_methods(METHODS)
def new(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Raise a disagreement on an episode, open or closed."""
    taken = take_up(
        request, child_id, episode_id, needs=Permission.VIEWS_GIVE, title="Raise a disagreement"
    )
    user = taken.opened.user
    standing = standing_of(user)
    own = (standing.agency_id if standing else None) or 0
    rows = Agency.objects.visible_to(user).filter(partnership=taken.opened.child.partnership_id)
    others = {f"{agency.pk}": agency for agency in rows.exclude(pk=own).order_by("name")}

    def act(form: RaiseForm) -> str:
        said = form.cleaned_data
        made = raise_disagreement(
            episode=taken.episode, issue=said["issue"], against=others[said["against"]], by=user
        )
        return reverse("referrals-disagreement", args=[made.pk])

    who, days = taken.opened.child.partnership.practice.ladder[0]
    lead = LEAD.format(who=who.lower(), days=counted(days, "working day"))
    agencies = [(number, agency.name) for number, agency in others.items()]
    return record_by_form(
        request,
        form=partial(RaiseForm, agencies=agencies),
        sheet=sheet_of(taken, "raise a disagreement", "Raise it", "It is raised.", lead),
        stored=Stored,
        act=act,
    )


@require_http_methods(METHODS)
def with_hub(request: HttpRequest, child_id: int) -> HttpResponse:
    """Raise a disagreement with the hub about a child who was referred to one's own service."""
    opened = open_case(
        request, child_id, needs=Permission.DISAGREEMENTS_RAISE, title="Raise a disagreement"
    )

    def act(form: RaiseWithHubForm) -> str:
        issue = form.cleaned_data["issue"]
        made = raise_with_hub(child=opened.child, issue=issue, by=opened.user)
        return reverse("referrals-disagreement", args=[made.pk])

    _who, days = opened.child.partnership.practice.ladder[0]
    sheet = Sheet(
        title=opened.frame.title,
        heading="Raise a disagreement with the hub",
        button="Raise it",
        back=opened.frame.here,
        done="It is raised.",
        lead=WITH_HUB.format(days=counted(days, "working day")),
        template="children/record.html",
        context={"frame": opened.frame},
    )
    return record_by_form(request, form=RaiseWithHubForm, sheet=sheet, stored=Stored, act=act)
