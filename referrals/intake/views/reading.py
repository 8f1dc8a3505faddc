"""One referral: for the hub all of it, for its referrer what they typed, its state, what they were told."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.access.gate import require, standing_of
from hub.access.rules import Permission, Standing
from hub.accounts.http import signed_in
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.codes.rules import code_list
from hub.days.rules import london_date
from hub.errors import NotAllowed
from hub.recording.http import Renewal, Sheet, Stored, record_by_form
from hub.recording.rules import Answers, in_words
from referrals.intake.actions import (
    NOT_YOURS,
    amend_referral,
    settle_referral,
    tell_referrer,
    withdraw_referral,
)
from referrals.intake.forms import (
    AmendForm,
    FeedbackForm,
    OutcomeForm,
    ReasonForm,
    amending,
    label_of,
)
from referrals.intake.models import Referral, ReferralVersion
from referrals.intake.queries import CameOfIt, came_of
from referrals.intake.rules import (
    CHILD,
    HOW_TOLD,
    PLACE,
    ROUTES,
    Concern,
    clock,
    rewritten,
    words_for_referrer,
)
from referrals.intake.views.asking import METHODS

PUT_FORWARD = Permission.PLACES_PUT_FORWARD


@dataclass(frozen=True)
class Fact:
    """A question and its answer."""

    label: str
    value: str


@dataclass(frozen=True)
class Told:
    """What the referrer was told."""

    words: str
    how: str
    on: date


@dataclass(frozen=True)
class Change:
    """A question that an amendment changed: before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Amendment:
    """A version after the first, with what it changed."""

    on: datetime
    by: str
    reason: str
    changes: list[Change]


@dataclass(frozen=True)
class Deed:
    """Something that the person may do with the referral."""

    words: str
    address: str


@dataclass(frozen=True)
class ReferralPage:
    """A referral as it is printed; `of_hub` is empty for one who sees no case."""

    reference: str
    state: str
    received_at: datetime
    facts: list[Fact]
    of_hub: list[Fact]
    child_address: str
    child: str
    told: list[Told]
    told_by: date
    amendments: list[Amendment]
    withdrawn: str
    deeds: list[Deed]
    sent: bool
    back: str


@require_safe
def referral(request: HttpRequest, number: int) -> HttpResponse:
    """Show one referral, and put that on the trail."""
    user, row = _opened(request, number)
    page = referral_page(user, row, sent="sent" in request.GET)
    _note_view(user, row, "referral")
    return render(request, "intake/referral.html", {"page": page, "referral": row})


def _opened(request: HttpRequest, number: int) -> tuple[User, Referral]:
    user = signed_in(request)
    rows = Referral.objects.visible_to(user)
    row = rows.select_related("child", "episode", "recorded_by").filter(pk=number).first()
    if row is None:
        raise Http404
    return user, row


def _note_view(user: User, row: Referral, page: str) -> None:
    about = [row.child.reference] if row.child and _sees_cases(user) else []
    record(
        event="referral.viewed",
        verb=Verb.CONSULTATION,
        what="referral",
        reference=row.reference,
        at=timezone.now(),
        by=user,
        partnership_id=row.partnership_id,
        after={"page": page},
        about=about,
    )


def _sees_cases(user: User) -> bool:
    standing = standing_of(user)
    return standing is not None and standing.may(Permission.CASES_VIEW)


def referral_page(user: User, row: Referral, *, sent: bool) -> ReferralPage:
    """Build the page."""
    standing = require(user, Permission.REFERRALS_MAKE)
    hub = standing.may(Permission.CASES_VIEW)
    versions = list(row.versions.select_related("recorded_by").order_by("number"))
    child = row.child if hub else None
    return ReferralPage(
        reference=row.reference,
        state=row.state,
        received_at=row.received_at,
        facts=facts_of(row.concern),
        of_hub=list(_of_hub(row)) if hub else [],
        child_address=reverse("risk-child-summary", args=[child.pk]) if child else "",
        child=f"{child.forenames} {child.surname}, {child.reference}" if child else "",
        told=[
            Told(one.words, HOW_TOLD.get(one.how, one.how), one.told_on)
            for one in row.feedback.order_by("told_on", "pk")
        ],
        told_by=row.feedback_by,
        amendments=list(_amendments(versions)),
        withdrawn=row.withdrawn_because if row.withdrawn_at else "",
        deeds=list(_deeds(row, standing)),
        sent=sent and row.recorded_by_id == user.pk,
        back=reverse("referrals-waiting" if hub else "referrals-mine"),
    )


def facts_of(concern: Concern) -> list[Fact]:
    """Give what was said, question by question, without those that were not answered."""
    return [
        Fact(label_of(name), _words(name, value))
        for name, value in vars(concern).items()
        if value not in (None, "", (), [])
    ]


CODED = {"source": "referral_sources", "exploitation_types": "exploitation_types"}


def _words(name: str, value: Any) -> str:
    if name in CODED:
        choices = {code: entry.label for code, entry in code_list(CODED[name]).items()}
        return in_words(value, choices)
    choices = dict(getattr(Referral._meta.get_field(name), "choices", None) or [])
    return in_words(value, {str(code): str(words) for code, words in choices.items()})


def _of_hub(row: Referral) -> Iterator[Fact]:
    yield Fact("Route", ROUTES[row.route])
    yield Fact("Taken down by" if row.route != "form" else "Sent by", row.recorded_by.name)
    if row.decided_at is None and row.withdrawn_at is None:
        due = f"{row.decide_by.day} {row.decide_by:%b %Y}"
        today = london_date(timezone.now())
        yield Fact("Decision due", f"{due} ({clock(row.decide_by, today)})")
    if row.episode is not None:
        yield Fact("Episode", row.episode.reference)
    if row.outcome:
        yield Fact("What was done with it", row.outcome)


def _amendments(versions: list[ReferralVersion]) -> Iterator[Amendment]:
    for before, after in pairwise(versions):
        changes = [
            Change(label_of(name), _words(name, before.said.get(name)), _words(name, value))
            for name, value in after.said.items()
            if value != before.said.get(name)
        ]
        yield Amendment(after.recorded_at, after.recorded_by.name, after.reason, changes)


def _deeds(row: Referral, standing: Standing) -> Iterator[Deed]:
    desk = standing.may(Permission.REFERRALS_RECEIVE)
    own = row.recorded_by_id == standing.user_id and row.child_id is None
    waits = row.child_id is None and row.decided_at is None
    if desk and row.about == CHILD and row.withdrawn_at is None:
        yield from _desk_deeds(row, waits=waits)
    if row.withdrawn_at is None and (desk or own):
        yield Deed("Amend it", reverse("referrals-amend", args=[row.pk]))
        if waits:
            yield Deed("Withdraw it", reverse("referrals-withdraw", args=[row.pk]))
    if desk and row.withdrawn_at is None:
        yield Deed("Tell the referrer", reverse("referrals-feedback", args=[row.pk]))
        if waits and row.about != CHILD:
            yield Deed("Say what was done with it", reverse("referrals-settle", args=[row.pk]))
    if row.about == PLACE and row.withdrawn_at is None and standing.may(PUT_FORWARD):
        number = urlencode({"referral": row.reference})
        yield Deed("Put it forward for a meeting", f"{reverse('risk-place-new')}?{number}")


def _desk_deeds(row: Referral, *, waits: bool) -> Iterator[Deed]:
    if waits:
        yield Deed("Find the child", reverse("referrals-triage-match", args=[row.pk]))
    elif row.child_id is not None:
        yield Deed("Take it off this child", reverse("referrals-triage-undo", args=[row.pk]))


# --- what is done with it --------------------------------------------------------------------------------


def _sheet(row: Referral, heading: str, button: str, done: str, lead: str = "") -> Sheet:
    back = reverse("referrals-referral", args=[row.pk])
    return Sheet(f"{row.reference} {heading}", heading, button, back, done, lead)


@require_http_methods(METHODS)
def feedback(request: HttpRequest, number: int) -> HttpResponse:
    """Enter what the referrer was told."""
    user, row = _opened(request, number)
    require(user, Permission.REFERRALS_RECEIVE, row)
    sheet = _sheet(row, "Tell the referrer", "Record what they were told", "Recorded.")

    def act(form: FeedbackForm) -> str:
        typed = form.cleaned_data
        tell_referrer(
            referral=row, words=typed["words"], how=typed["how"], told_on=typed["told_on"], by=user
        )
        return sheet.back

    def drafted() -> Stored:
        came = came_of(user, row.pk)
        at = came.changed_at.isoformat() if came.changed_at else "never"
        token = f"{'decided' if came.decided else 'waits'} {at}"
        return Stored({"words": _drafted(row, came)}, token, at=came.changed_at)

    def anew(answers: Answers) -> Answers:
        came = came_of(user, row.pk)
        typed = "".join(answers.get("words", []))
        words = rewritten(typed, _drafted(row, came), decided=came.decided)
        return {**answers, "words": [words]}

    renewal = Renewal("The decision", anew)
    return record_by_form(
        request, form=FeedbackForm, sheet=sheet, stored=drafted, act=act, renewal=renewal
    )


def _drafted(row: Referral, came: CameOfIt) -> str:
    received = london_date(row.received_at)
    return words_for_referrer(row.reference, received, decided=came.decided)


@require_http_methods(METHODS)
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Say what was done with a referral that is put to no child."""
    user, row = _opened(request, number)
    require(user, Permission.REFERRALS_RECEIVE, row)
    sheet = _sheet(row, "What was done with it", "Record it", "Recorded. It waits no more.")

    def act(form: OutcomeForm) -> str:
        settle_referral(referral=row, outcome=form.cleaned_data["outcome"], by=user)
        return sheet.back

    return record_by_form(request, form=OutcomeForm, sheet=sheet, stored=Stored, act=act)


@require_http_methods(METHODS)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw a referral that waits."""
    user, row = _opened(request, number)
    _require_own_or_desk(user, row)
    lead = "It stays readable, with who withdrew it and why."
    sheet = _sheet(row, "Withdraw the referral", "Withdraw it", "It is withdrawn.", lead)

    def act(form: ReasonForm) -> str:
        withdraw_referral(referral=row, reason=form.cleaned_data["reason"], by=user)
        return sheet.back

    return record_by_form(request, form=ReasonForm, sheet=sheet, stored=Stored, act=act)


@require_http_methods(METHODS)
def amend(request: HttpRequest, number: int) -> HttpResponse:
    """Say a referral anew, with the reason; what was said before stays beside it."""
    user, row = _opened(request, number)
    standing = _require_own_or_desk(user, row)
    form = amending(row.about, desk=standing.may(Permission.REFERRALS_RECEIVE))
    sheet = _sheet(row, "Amend the referral", "Amend it", "It is amended.")

    def stored() -> Stored:
        held = Referral.objects.visible_to(user).get(pk=row.pk)
        last = held.versions.select_related("recorded_by").order_by("number").last()
        values = {
            name: value for name, value in vars(held.concern).items() if name in form.base_fields
        }
        if last is None:
            return Stored(values)
        return Stored(values, str(last.number), last.recorded_by.name, last.recorded_at)

    def act(form: AmendForm) -> str:
        typed = {n: v for n, v in form.cleaned_data.items() if n in Concern.__dataclass_fields__}
        typed["exploitation_types"] = tuple(typed.get("exploitation_types", ()))
        said = replace(Referral.objects.visible_to(user).get(pk=row.pk).concern, **typed)
        seen, reason = int(form.cleaned_data["seen"] or 0), form.cleaned_data["reason"]
        amend_referral(referral=row, concern=said, seen=seen, reason=reason, by=user)
        return sheet.back

    return record_by_form(request, form=form, sheet=sheet, stored=stored, act=act)


def _require_own_or_desk(user: User, row: Referral) -> Standing:
    standing = require(user, Permission.REFERRALS_MAKE, row)
    own = row.recorded_by_id == user.pk and row.child_id is None
    if not own and not standing.may(Permission.REFERRALS_RECEIVE):
        raise NotAllowed(NOT_YOURS)
    return standing
