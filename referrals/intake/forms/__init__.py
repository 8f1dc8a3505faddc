"""The forms of a referral: its pages, and what is typed beside it later."""

from referrals.intake.forms.deeds import (
    AmendForm,
    FeedbackForm,
    OutcomeForm,
    ReasonForm,
    SendForm,
    amending,
    label_of,
)
from referrals.intake.forms.links import AskForm, LinkForm
from referrals.intake.forms.steps import (
    STEPS,
    CallerForm,
    CallForm,
    HolderForm,
    StepForm,
)

__all__ = [
    "STEPS",
    "AmendForm",
    "AskForm",
    "CallForm",
    "CallerForm",
    "FeedbackForm",
    "HolderForm",
    "LinkForm",
    "OutcomeForm",
    "ReasonForm",
    "SendForm",
    "StepForm",
    "amending",
    "label_of",
]
