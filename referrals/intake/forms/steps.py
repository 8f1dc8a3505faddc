"""The pages of a referral: one question or a short group each, and what is typed beside a referral later."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.validators import EmailValidator

from hub.codes.rules import code_list
from hub.days.rules import LONDON
from hub.recording.forms import RecordingForm
from hub.site import fields
from referrals.children.rules.details import nhs_number_problem, plain_number, upn_problem
from referrals.intake.rules import (
    ABOUT,
    ANSWERS,
    CONSENT,
    GENDERS,
    GIVEN,
    KNOWS,
    OLDEST_AGE,
    ROUTES,
    TAKEN_DOWN,
)

UNKNOWN_STAYS_EMPTY = "Leave empty what you do not know"
TELEPHONE = "Telephone"


def _codes(name: str) -> list[tuple[str, str]]:
    return [(code, entry.label) for code, entry in code_list(name).items()]


def email_field(label: str, *, required: str = "", hint: str = "") -> forms.CharField:
    """Ask for an e-mail address."""
    field = fields.text(label, required=required, hint=hint, longest=254, width=30)
    message = "Enter an e-mail address, like name@school.example"
    field.validators.append(EmailValidator(message))
    return field


class StepForm(RecordingForm):
    """A page of a referral; `title` is its heading, `lead` what is said above its questions."""

    title = ""
    lead = ""


class SafetyForm(StepForm):
    """Asked before anything else."""

    title = "Is anybody in danger now?"
    in_danger = fields.choice(
        "Is a child, or anybody else, in danger at this moment?",
        ANSWERS.items(),
        required="Say whether anybody is in danger now",
        hint="For example: missing now, with somebody who may harm them now, hurt now",
    )


class DangerForm(StepForm):
    """After the emergency route: what was done."""

    title = "Call 999 now"
    danger_action = fields.long_text(
        "What was done about the danger?",
        required="Write what was done about the danger",
        hint="For example: 999 called at 15:20, the reference they gave",
    )


class CallForm(StepForm):
    """How a call came, which the hub takes down."""

    title = "How did the concern arrive?"
    route = fields.choice(
        "Route",
        [(code, ROUTES[code]) for code in TAKEN_DOWN],
        required="Choose how the concern arrived",
    )
    received_on = fields.day("Day of the call", required="Enter the day of the call")
    received_time = fields.text(
        "Time of the call",
        required="Enter the time of the call, like 15:20",
        hint="On 24 hours, like 15:20",
        longest=5,
        width=5,
    )

    def clean_received_time(self) -> time:
        """Read the time."""
        try:
            return time.fromisoformat(self.cleaned_data["received_time"].replace(".", ":"))
        except ValueError:
            raise forms.ValidationError("Enter the time of the call, like 15:20") from None

    @property
    def received_at(self) -> datetime:
        """The moment of the call, once the form is clean."""
        typed = self.cleaned_data
        return datetime.combine(typed["received_on"], typed["received_time"], LONDON)


class OwnForm(StepForm):
    """Who is worried, of one who signs in: what the hub does not know by itself."""

    title = "How can the hub reach you?"
    referrer_name = fields.text("Your name", required="Enter your name", width=30)
    referrer_post = fields.text("Your post", required="Enter your post", width=30)
    referrer_telephone = fields.text(TELEPHONE, longest=40, width=20)
    referrer_email = email_field("E-mail address")


class CallerForm(StepForm):
    """Who is worried, of one on the telephone: they may give no name."""

    title = "Who is worried?"
    lead = "A caller may give no name. Leave empty what they do not say."
    source = fields.pick(
        "Who they are",
        lambda: _codes("referral_sources"),
        required="Choose who is worried. If nobody knows, choose Unknown",
    )
    agency = fields.text("Agency", hint="For example the school, if they call from one", width=30)
    referrer_name = fields.text("Name", width=30)
    referrer_post = fields.text("Post, or what they are to the child", width=30)
    referrer_telephone = fields.text(TELEPHONE, longest=40, width=20)
    referrer_email = email_field("E-mail address")


class HolderForm(StepForm):
    """Who is worried, of one with a one-time link."""

    title = "Who are you?"
    referrer_name = fields.text("Your name", required="Enter your name", width=30)
    referrer_post = fields.text("Your post", required="Enter your post", width=30)
    agency = fields.text(
        "Your school, practice or agency",
        required="Enter your school, practice or agency",
        width=30,
    )
    source = fields.pick(
        "Kind of work",
        lambda: _codes("referral_sources"),
        required="Choose the kind of work. If none fits, choose Other",
    )
    referrer_telephone = fields.text(
        TELEPHONE,
        required="Enter a telephone number, so that the hub can ask",
        longest=40,
        width=20,
    )


class AboutForm(StepForm):
    """What the concern is about."""

    title = "What is your concern about?"
    about = fields.choice(
        "The concern is about",
        ABOUT.items(),
        required="Choose what the concern is about",
    )


class ChildForm(StepForm):
    """The child's names."""

    title = "Who is the child?"
    lead = f"{UNKNOWN_STAYS_EMPTY}. The hub will check its records."
    forenames = fields.text("Forenames", width=30)
    surname = fields.text("Surname", width=30)
    other_names = fields.text(
        "Other names", hint="Nicknames, another spelling, a name used online", longest=200, width=30
    )
    gender = fields.choice("Gender", GENDERS.items(), required="Choose the gender, or Unknown")
    description = fields.long_text(
        "What else helps to find the child?",
        hint="If you know no name: what they look like, whom they are with, where they are",
        rows=3,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a name, or for words in its place."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        names = ("forenames", "surname", "other_names", "description")
        if not self.errors and not any(typed.get(name, "").strip() for name in names):
            self.add_error("forenames", "Enter a name, or describe the child if you know none")
        return typed


class BirthForm(StepForm):
    """How old the child is."""

    title = "How old is the child?"
    lead = UNKNOWN_STAYS_EMPTY + "."
    date_of_birth = fields.day("Date of birth", hint="For example 3/5/2010 or 3 May 2010")
    age_about = forms.IntegerField(
        label="Age, about",
        required=False,
        min_value=0,
        max_value=OLDEST_AGE,
        help_text="If you do not know the date of birth",
        error_messages={
            "invalid": "Enter the age as a number, like 14",
            "min_value": f"The age must be a number from 0 to {OLDEST_AGE}",
            "max_value": f"The age must be a number from 0 to {OLDEST_AGE}",
        },
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input govuk-input--width-2",
                "autocomplete": "off",
                "inputmode": "numeric",
            }
        ),
    )


class WhereForm(StepForm):
    """Where the child lives and learns."""

    title = "Where does the child live, and go to school?"
    lead = UNKNOWN_STAYS_EMPTY + "."
    address = fields.text("Address", longest=200, width=30)
    postcode = fields.text("Postcode", longest=10, width=10)
    school = fields.text("School or college", width=30)


class NumbersForm(StepForm):
    """The numbers that follow a child from system to system."""

    title = "Does the child have a number that you know?"
    lead = UNKNOWN_STAYS_EMPTY + "."
    nhs_number = fields.text("NHS number", hint="Ten digits", longest=20, width=20)
    upn = fields.text(
        "Pupil number (UPN)",
        hint="A letter, eleven digits, and a digit or a letter",
        longest=20,
        width=20,
    )

    def clean_nhs_number(self) -> str:
        """Read the number without its spaces."""
        return _number(self.cleaned_data["nhs_number"], nhs_number_problem)

    def clean_upn(self) -> str:
        """Read the number without its spaces."""
        return _number(self.cleaned_data["upn"], upn_problem)


def _number(typed: str, problem: Any) -> str:
    plain = plain_number(typed)
    if plain and problem(plain):
        raise forms.ValidationError(problem(plain))
    return plain


class DescribedForm(StepForm):
    """A person or a place, in words."""

    title = "Who or where is it?"
    description = fields.long_text(
        "Describe the person or the place",
        required="Describe the person or the place",
        hint="Names, what they look like, vehicles, an address: what you know",
    )


class TypesForm(StepForm):
    """What is feared."""

    title = "What kind of exploitation do you fear?"
    exploitation_types = fields.several(
        "Choose all that may apply",
        lambda: _codes("exploitation_types"),
        required="Choose the kinds of exploitation that are feared: at least one",
    )


class HappenedForm(StepForm):
    """What happened."""

    title = "What happened?"
    what_happened = fields.long_text(
        "What happened, or what worries you?",
        required="Write what happened, or what worries you",
        hint="What you saw and heard, in their words where you can. What you think of it, as your opinion",
        rows=8,
    )
    since = fields.text(
        "Since when?", hint="A day, or words such as: since the summer", longest=200, width=30
    )


class HealthForm(StepForm):
    """Whether there are health needs (audits of referrals look for the answer)."""

    title = "Does the child have health needs?"
    health_needs = fields.choice(
        "Health needs that you know of",
        ANSWERS.items(),
        required="Say whether there are health needs, or that it is unknown",
        hint="Injuries, mental health, substances, sexual health, a disability",
    )
    health_detail = fields.long_text("Which?", rows=3)


class ConsentForm(StepForm):
    """Who agrees, and who knows."""

    title = "Do the child and the family agree to this referral?"
    lead = "A concern may be shared without consent where a child may be at risk. The hub must know why."
    consent = fields.choice(
        "Do they agree?", CONSENT.items(), required="Say whether they agree to the referral"
    )
    no_consent_reason = fields.long_text(
        "If not: why is it shared without?",
        hint="For example: asking would put the child at more risk",
        rows=3,
    )
    family_knows = fields.choice(
        "Who knows of the referral?",
        KNOWS.items(),
        required="Say who knows of the referral, or that it is unknown",
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason where there is no consent."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        without = typed.get("consent") not in (None, GIVEN)
        if without and not typed.get("no_consent_reason", "").strip():
            self.add_error("no_consent_reason", "Write why it is shared without consent")
        return typed


STEPS: dict[str, type[StepForm]] = {
    "safety": SafetyForm,
    "danger": DangerForm,
    "call": CallForm,
    "who": OwnForm,
    "about": AboutForm,
    "child": ChildForm,
    "birth": BirthForm,
    "where": WhereForm,
    "numbers": NumbersForm,
    "described": DescribedForm,
    "types": TypesForm,
    "happened": HappenedForm,
    "health": HealthForm,
    "consent": ConsentForm,
}
