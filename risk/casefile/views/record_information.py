"""Giving new information on an open episode."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.days.rules import london_date
from hub.recording.http import Stored, record_by_form
from referrals.information.actions import add_information
from referrals.information.forms import InformationForm
from referrals.notes.rules import HUB
from risk.casefile.views.record_episode import METHODS, sheet_of, take_up
from risk.casefile.views.record_note import agencies_besides

ON_THE_LIST = "It is kept as a note, and puts the case on the list of the next meeting."


@require_http_methods(METHODS)
def new(request: HttpRequest, child_id: int, episode_id: int) -> HttpResponse:
    """Give new information: of today, unless the person says otherwise."""
    taken = take_up(
        request, child_id, episode_id, needs=Permission.NOTES_RECORD, title="New information"
    )
    user = taken.opened.user
    standing = standing_of(user)

    def act(form: InformationForm) -> str:
        add_information(
            episode=taken.episode,
            told=form.told,
            written=form.written,
            ask_again=form.cleaned_data.get("ask_again", False),
            by=user,
        )
        return f"{reverse('risk-child-timeline', args=[child_id])}?kind=notes"

    heading = f"New information: {taken.fact.episode.reference}"
    return record_by_form(
        request,
        form=partial(
            InformationForm,
            agencies=agencies_besides(taken.opened),
            may_ask=standing is not None and standing.may(Permission.CASES_RECORD),
        ),
        sheet=sheet_of(taken, heading, "Record", "The information is recorded.", ON_THE_LIST),
        stored=lambda: Stored({"happened_on": london_date(taken.opened.now), "seen_by": HUB}),
        act=act,
    )
