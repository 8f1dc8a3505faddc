"""Deciding one child: who it is, what is known, what was said, what is decided."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.access.gate import require
from hub.access.rules import Permission
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.recording.forms import RecordingForm
from hub.recording.http import Sheet, Stored, record_by_form
from partners.agencies.models import Agency
from risk.meetings.actions import record_decision, settle, take_back
from risk.meetings.forms import DecisionForm, TakeBackForm, VerdictForm
from risk.meetings.models import MeetingDecision, MeetingItem
from risk.meetings.rules.others import unsettled
from risk.meetings.views.frame import Room, enter_item
from risk.meetings.views.item import Weighed, item_page, weigh

METHODS = ("GET", "HEAD", "POST")


@require_http_methods(METHODS)
def item(request: HttpRequest, number: int) -> HttpResponse:
    """Show a child's item, and record what is decided of it by whoever records the meeting."""
    room, opened = enter_item(request, number)
    _on_trail(room, opened)
    weighed = weigh(room, opened)
    sheet = Sheet(
        title=f"{opened.child.reference} {room.meeting.series.name}",
        heading="Decision",
        button="Record decision and next",
        back=reverse("risk-meeting", args=[room.meeting.pk]),
        done="The decision is recorded.",
        template="meetings/item.html",
        context={"item": item_page(room, opened, weighed)},
    )
    return record_by_form(
        request,
        form=_form_of(room, opened, weighed),
        sheet=sheet,
        stored=lambda: _stored(room, opened, anew=request.method == "POST"),
        act=lambda form: _act(room, opened, form),
    )


def _form_of(
    room: Room, opened: MeetingItem, weighed: Weighed
) -> "partial[VerdictForm] | partial[DecisionForm]":
    matters = unsettled(weighed.ground)
    if opened.proposal_id is not None:
        return partial(VerdictForm, levels=weighed.scale.choices, matters=matters)
    agencies = Agency.objects.visible_to(room.user).filter(partnership=room.meeting.partnership_id)
    named = agencies.order_by("name").values_list("pk", "name")
    return partial(
        DecisionForm,
        matters=matters,
        outcomes=[(each.code, each.label) for each in weighed.outcomes],
        agencies=[(str(pk), name) for pk, name in named],
    )


def _act(room: Room, opened: MeetingItem, form: RecordingForm) -> str:
    """Record it, and lead to the next child that waits, else to the agenda."""
    require(room.user, Permission.LEVELS_RECORD, opened)
    if isinstance(form, VerdictForm):
        settle(
            item=opened,
            verdict=form.verdict,
            others=form.others,
            decided_at=form.cleaned_data["decided_at"],
            seen_version=opened.version,
            by=room.user,
        )
    elif isinstance(form, DecisionForm):
        record_decision(item=opened, given=form.given, seen_version=opened.version, by=room.user)
    return next_address(room, opened)


def next_address(room: Room, after: MeetingItem) -> str:
    """Give the address of the next item that waits behind this one, then before it, else the agenda's."""
    waiting = [
        item.pk
        for item in (*_behind(room, after), *room.items)
        if item.state == MeetingItem.State.WAITING and item.pk != after.pk
    ]
    if not waiting:
        return reverse("risk-meeting", args=[room.meeting.pk])
    return reverse("risk-meeting-item", args=[waiting[0]])


def _behind(room: Room, after: MeetingItem) -> list[MeetingItem]:
    return [item for item in room.items if item.number > after.number]


def _stored(room: Room, opened: MeetingItem, *, anew: bool) -> Stored:
    """Give the version that stands; of one that was decided meanwhile, what was decided and by whom.

    Where something is sent it is read `anew`, also beneath the lock: what the page has read is old by then.
    """
    present, decision = opened, room.decisions.get(opened.pk)
    if anew:
        present = MeetingItem.objects.visible_to(room.user).get(pk=opened.pk)
        said = MeetingDecision.objects.visible_to(room.user).known().filter(item=present)
        decision = said.select_related("recorded_by").first()
    token = f"{present.pk}.{present.version}"
    if decision is None:
        return Stored({}, token)
    values = {"outcome": decision.outcome, "rationale": decision.rationale}
    by = decision.recorded_by.name if decision.recorded_by else ""
    return Stored(values, token, by, decision.decided_at)


def _on_trail(room: Room, opened: MeetingItem) -> None:
    record(
        event="meeting.item_viewed",
        verb=Verb.CONSULTATION,
        what="child",
        reference=opened.child.reference,
        at=room.now,
        by=room.user,
        after={"episodes": [opened.episode.reference]},
    )


@require_http_methods(METHODS)
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take the decision of an item back, with the reason; it waits again."""
    room, opened = enter_item(request, number)
    require(room.user, Permission.LEVELS_RECORD, opened)
    decisions = MeetingDecision.objects.visible_to(room.user).known().filter(item=opened)
    address = reverse("risk-meeting-item", args=[number])

    def act(form: TakeBackForm) -> str:
        decision = decisions.select_related("item__meeting__series", "proposal", "level").get()
        take_back(decision=decision, reason=form.cleaned_data["reason"], by=room.user)
        return address

    sheet = Sheet(
        title=f"{opened.child.reference} Correct a decision",
        heading=f"Correct the decision on {opened.child.reference}",
        button="Take the decision back",
        back=address,
        done="The decision is taken back. Decide anew.",
        lead="The old decision stays readable. The level, closing or proposal that it made goes with it.",
    )
    initial = {"reason": "Recorded in error."}
    return record_by_form(
        request,
        form=TakeBackForm,
        sheet=sheet,
        stored=lambda: Stored(
            initial if decisions.exists() else {},
            f"{decisions.values_list('pk', flat=True).first()}",
        ),
        act=act,
    )
