"""What is typed beside a referral later: amended, withdrawn, settled, its referrer told."""

from copy import deepcopy

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields
from referrals.intake.forms.steps import STEPS, CallerForm, HolderForm, StepForm
from referrals.intake.rules import DESK, HOW_TOLD, PARTNER, YES, steps_of


class SendForm(RecordingForm):
    """Sending what was checked: nothing more is asked."""


class ReasonForm(RecordingForm):
    """Why a referral is withdrawn."""

    reason = fields.text("Reason", required="Write the reason", longest=500, width=30)


class FeedbackForm(RecordingForm):
    """What the referrer was told."""

    words = fields.long_text(
        "What was the referrer told?",
        required="Write what the referrer was told",
        hint="What is done with the concern. No level, and nothing that they need not know",
    )
    how = fields.choice("How?", HOW_TOLD.items(), required="Choose how they were told")
    told_on = fields.day("Day", required="Enter the day on which they were told")


class OutcomeForm(RecordingForm):
    """What was done with a referral that is put to no child."""

    outcome = fields.long_text(
        "What was done with it?",
        required="Write what was done with it",
        hint="For example: passed to licensing, who visit the place this week",
    )


class AmendForm(RecordingForm):
    """A referral said anew, whole, with the reason."""

    reason = fields.text("Why is it amended?", required="Write the reason", longest=500, width=30)


def amending(about: str, *, desk: bool) -> type[AmendForm]:
    """Make the form that holds every question of a referral of that kind, the reason last."""
    writer = DESK if desk else PARTNER
    asked: dict[str, forms.Field] = {}
    for step in steps_of(writer, about=about, in_danger=YES):
        if step not in ("call", "about"):
            form = CallerForm if desk and step == "who" else STEPS[step]
            asked |= {name: deepcopy(q) for name, q in form.base_fields.items() if name not in KEPT}
    if "danger_action" in asked:
        asked["danger_action"].required = False
    return type("AmendForm", (AmendForm,), {**asked, "__module__": __name__})


KEPT = {"seen", "once"}
ALL: list[type[StepForm]] = [*STEPS.values(), CallerForm, HolderForm]
LABELS = {name: str(question.label) for form in ALL for name, question in form.base_fields.items()}


def label_of(name: str) -> str:
    """Give the words of a question, as the hub reads them."""
    return READ_AS.get(name, LABELS.get(name, name))


READ_AS = {
    "about": "About",
    "what_happened": "What happened",
    "in_danger": "In danger when sent",
    "danger_action": "Done about the danger",
    "source": "Kind of referrer",
    "agency": "Referring agency",
    "referrer_name": "Referrer",
    "referrer_post": "Referrer's post",
    "referrer_telephone": "Referrer's telephone",
    "referrer_email": "Referrer's e-mail",
    "exploitation_types": "Exploitation feared",
    "description": "Description",
    "health_needs": "Health needs",
    "health_detail": "Which health needs",
    "consent": "Child and family agree",
    "no_consent_reason": "Why shared without consent",
    "family_knows": "Who knows of the referral",
}
