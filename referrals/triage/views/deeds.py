"""Same child, none of these, and the undoing of a wrong match."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hub.days.rules import london_date
from hub.recording.http import Sheet, Stored, record_by_form
from hub.templatetags.hub import day
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.intake.models import Referral, ReferralVersion
from referrals.joinings.queries import all_kept, records_of
from referrals.matching.queries import people
from referrals.matching.rules.likeness import likeness
from referrals.register.forms import RegisterForm
from referrals.triage.actions import match_referral, register_from_referral, undo_match
from referrals.triage.forms import IN_ERROR, SameChildForm, UndoForm
from referrals.triage.rules import compared, other_names_of
from referrals.triage.views import look, typed_of
from referrals.triage.views.taking import Taken, take_up

METHODS = ["GET", "HEAD", "POST"]
TITLE = "Referral {}"


@require_http_methods(METHODS)
def same(request: HttpRequest, number: int, child_id: int) -> HttpResponse:
    """Lay the referral and a child who is known side by side, and put the one to the other."""
    taken = take_up(request, number)
    seen = Child.objects.visible_to(taken.user).filter(partnership=taken.referral.partnership_id)
    record = get_object_or_404(seen, pk=child_id)
    kept = all_kept(taken.user)
    child = seen.get(pk=kept.get(record.pk, record.pk))
    mine = Episode.objects.visible_to(taken.user).filter(child__in=records_of(kept, [child.pk]))
    still_open = list(mine.filter(closed_on=None).order_by("-referred_on", "-pk"))

    def act(form: SameChildForm) -> str:
        chosen = form.cleaned_data["onto"]
        onto = next((one for one in still_open if str(one.pk) == chosen), None)
        episode = match_referral(
            referral=taken.referral, child=child, onto=onto, anew=form.anew, by=taken.user
        )
        return _case(episode)

    return record_by_form(
        request,
        form=partial(SameChildForm, episodes=[_choice(one) for one in still_open]),
        sheet=_same_sheet(taken, child, bool(still_open)),
        stored=_stored(taken),
        act=act,
    )


def _choice(episode: Episode) -> tuple[str, str]:
    since = f"open since {day(episode.referred_on)}"
    return str(episode.pk), f"New information on episode {episode.reference}, {since}"


def _same_sheet(taken: Taken, child: Child, asks: bool) -> Sheet:
    known = people(taken.user, [child])[child.pk]
    found = likeness(taken.person, known)
    lead = "" if asks else "No episode of this child is open: the referral opens a new one."
    return Sheet(
        title=TITLE.format(taken.referral.reference),
        heading=f"Is it {child.forenames} {child.surname}, {child.reference}?",
        button="Same child: put the referral to it",
        back=reverse("referrals-triage-match", args=[taken.referral.pk]),
        done="The referral is put to the child, and the agencies are asked what they know.",
        lead=lead,
        template="triage/same.html",
        context={
            "child": child,
            "rows": compared(taken.person, known),
            "why": found.why,
            "differs": found.differs,
            "referral": taken.referral,
        },
    )


@require_http_methods(METHODS)
def none_of_these(request: HttpRequest, number: int) -> HttpResponse:
    """Register the child of a referral with what was typed there."""
    taken = take_up(request, number)
    alike = look(taken)
    make = partial(RegisterForm, wards=taken.referral.partnership.wards(), alike=alike.key)

    def act(form: RegisterForm) -> str:
        episode = register_from_referral(
            referral=taken.referral, new=form.new_child, not_these=form.not_these, by=taken.user
        )
        return _case(episode)

    # Who comes here has just said it of those who were shown, by pressing "None of these".
    said = [alike.key] if request.GET.get("none") == alike.key else []
    values = _values(taken.referral) | ({"none_of_these": said} if alike.rows else {})
    return record_by_form(
        request,
        form=make,
        sheet=Sheet(
            title=TITLE.format(taken.referral.reference),
            heading="Register the child of this referral",
            button="Register the child and open its episode",
            back=reverse("referrals-triage-match", args=[taken.referral.pk]),
            done="The child is registered with an episode, and the agencies are asked what they know.",
            template="register/new.html",
            context={"alike": alike},
        ),
        stored=_stored(taken, lambda: values),
        act=act,
    )


def _values(referral: Referral) -> dict[str, object]:
    """Write what a referral says as the form has it: nothing is typed twice."""
    said = referral.concern
    lives = bool(said.address or said.postcode)
    return {
        "forenames": said.forenames,
        "surname": said.surname,
        "date_of_birth": said.date_of_birth,
        "gender": said.gender,
        "nhs_number": said.nhs_number,
        "upn": said.upn,
        "other_names": "\n".join(other_names_of(said)),
        "line": said.address,
        "postcode": said.postcode,
        "from_date": london_date(referral.received_at) if lives else None,
    }


@require_http_methods(METHODS)
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take a referral off the child to whom it was put wrongly."""
    taken = take_up(request, number, waits=False)

    def act(form: UndoForm) -> str:
        undo_match(
            referral=taken.referral,
            in_error=form.cleaned_data["episode"] == IN_ERROR,
            reason=form.cleaned_data["reason"],
            by=taken.user,
        )
        return reverse("referrals-triage-match", args=[taken.referral.pk])

    return record_by_form(
        request,
        form=UndoForm,
        sheet=Sheet(
            title=TITLE.format(taken.referral.reference),
            heading="Take the referral off this child",
            button="Take it off",
            back=reverse("referrals-referral", args=[taken.referral.pk]),
            done="The referral waits for its child again.",
            template="triage/undo.html",
            context={"referral": taken.referral, "typed": typed_of(taken.referral)},
        ),
        stored=_stored(taken),
        act=act,
    )


def _stored(taken: Taken, values: Callable[[], dict[str, object]] = dict) -> Callable[[], Stored]:
    """Say which version of the referral a person sees: an amendment meanwhile is a conflict."""

    def read() -> Stored:
        versions = ReferralVersion.objects.visible_to(taken.user).filter(referral=taken.referral)
        return Stored(values=values(), token=str(versions.count()))

    return read


def _case(episode: Episode) -> str:
    return reverse("risk-child-episode", args=[episode.child_id, episode.pk])
