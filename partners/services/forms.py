"""What is typed about the partnership: its days and times, how agencies are asked, and a new service."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.text import slugify

from hub.recording.forms import RecordingForm
from hub.site import fields
from partners.agencies.forms import AgencyForm
from partners.agencies.rules import Asking
from partners.partnerships.rules import (
    BOUNDS,
    LADDER,
    LEVELS,
    LONGEST_DECISION,
    LONGEST_FEEDBACK,
    LONGEST_REVIEW,
    Practice,
    Terms,
    domains_of,
    out_of_bounds,
)


def _days(label: str) -> forms.IntegerField:
    wrong = f"Enter a number of days from 1 to {LONGEST_REVIEW}"
    return forms.IntegerField(
        label=f"{label}: days until the review",
        min_value=1,
        max_value=LONGEST_REVIEW,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        widget=forms.TextInput(
            attrs={"class": "govuk-input govuk-input--width-4", "inputmode": "numeric"}
        ),
    )


class ReviewDaysForm(RecordingForm):
    """Within how many days each level is reviewed."""

    high = _days(LEVELS["HIGH"])
    medium = _days(LEVELS["MEDIUM"])
    low = _days(LEVELS["LOW"])
    reason = fields.long_text("Why?", required="Write the reason", rows=3, longest=500)

    @property
    def days(self) -> dict[str, int]:
        """What was typed, by level."""
        return {level: self.cleaned_data[level.lower()] for level in LEVELS}


def _working_days(label: str, most: int) -> forms.IntegerField:
    wrong = f"Enter a number of working days from 1 to {most}"
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        widget=forms.TextInput(
            attrs={"class": "govuk-input govuk-input--width-4", "inputmode": "numeric"}
        ),
    )


class TermsForm(RecordingForm):
    """How soon a referral is decided and its referrer told, and to whose addresses a link goes."""

    decision_days = _working_days(
        "Working days from a referral to the decision on it", LONGEST_DECISION
    )
    feedback_days = _working_days(
        "Working days from a referral until its referrer is told", LONGEST_FEEDBACK
    )
    domains = fields.long_text(
        "Domains to whose addresses a link goes for the asking",
        hint="One a line, for example school.example. Empty: to any address",
        rows=4,
        longest=4000,
    )
    reason = fields.long_text("Why?", required="Write the reason", rows=3, longest=500)

    @property
    def terms(self) -> Terms:
        """What was typed, once the form is clean."""
        typed = self.cleaned_data
        return Terms(typed["decision_days"], typed["feedback_days"], domains_of(typed["domains"]))


def _within(field: str, label: str, hint: str = "") -> forms.IntegerField:
    least, most, _unit = BOUNDS[field]
    wrong = out_of_bounds(field)
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=hint,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        widget=forms.TextInput(
            attrs={"class": "govuk-input govuk-input--width-4", "inputmode": "numeric"}
        ),
    )


def _of_level(number: int) -> forms.IntegerField:
    who = LADDER[number - 1].lower()
    return _within(
        f"level_{number}_days", f"Working days in which {who} answer a professional disagreement"
    )


class PracticeForm(RecordingForm):
    """How early and how long the hub looks at things, where no law says it."""

    adult_weeks = _within(
        "adult_weeks",
        "Weeks before the 18th birthday",
        "From then on the child's pages and the caseload say that the child turns 18",
    )
    missing_days = _within(
        "missing_days", "Days over which a meeting counts how often a child went missing"
    )
    interview_days = _within(
        "interview_days",
        "Days after a return on which an interview that is owed is still listed",
        "By law it is held within 72 hours; the list is for those that were not",
    )
    link_days = _within("link_days", "Days for which a one-time link to refer a child works")
    level_1_days = _of_level(1)
    level_2_days = _of_level(2)
    level_3_days = _of_level(3)
    level_4_days = _of_level(4)
    reason = fields.long_text("Why?", required="Write the reason", rows=3, longest=500)

    @property
    def practice(self) -> Practice:
        """What was typed, once the form is clean."""
        return Practice(**{name: self.cleaned_data[name] for name in BOUNDS})


def _time(label: str) -> forms.TimeField:
    wrong = "Enter a time as 09:30"
    return forms.TimeField(
        label=label,
        input_formats=("%H:%M", "%H.%M", "%H%M"),
        error_messages=dict.fromkeys(("required", "invalid"), wrong),
        widget=forms.TimeInput(attrs={"class": "govuk-input govuk-input--width-5"}, format="%H:%M"),
    )


class AskingForm(RecordingForm):
    """How agencies are asked what they know: by when, which, and where they are reminded."""

    meets_at = _time("When the daily meeting begins")
    due_at = _time("By when answers are due, on the next working day")
    asked = fields.several(
        "Agencies that are asked unless somebody says otherwise",
        (),
        hint="Only about a child whom their people may see",
    )
    reason = fields.long_text("Why?", required="Write the reason", rows=3, longest=500)

    def __init__(
        self, *args: Any, agencies: Iterable[tuple[int, str]] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        named = list(agencies)
        asked = cast(forms.MultipleChoiceField, self.fields["asked"])
        asked.choices = [(f"{number}", name) for number, name in named]
        self.mailboxes = {f"mailbox_{number}": number for number, _name in named}
        for number, name in named:
            self.fields[f"mailbox_{number}"] = _mailbox(name)
        self.order_fields(["meets_at", "due_at", "asked", *self.mailboxes, "reason"])

    @property
    def asking(self) -> Asking:
        """What was typed, once the form is clean."""
        typed = self.cleaned_data
        return Asking(
            typed["meets_at"],
            typed["due_at"],
            frozenset(map(int, typed["asked"])),
            tuple((number, typed[name]) for name, number in self.mailboxes.items()),
        )


def _mailbox(name: str) -> forms.EmailField:
    return forms.EmailField(
        label=f"Mailbox of {name} for reminders",
        required=False,
        help_text="The team's, nobody's own. Empty: no reminder is sent",
        error_messages={"invalid": "Enter an e-mail address, like team@example.org"},
        widget=forms.EmailInput(
            attrs={"class": "govuk-input govuk-input--width-20", "autocomplete": "off"}
        ),
    )


class ServiceForm(AgencyForm):
    """A new service: whose, and what it is called."""

    name = fields.text("Name of the service", required="Enter the name", longest=80, width=20)

    def clean_name(self) -> str:
        """Take a name of which a code can be made."""
        name: str = self.cleaned_data["name"]
        if not slugify(name):
            raise forms.ValidationError("Enter a name with letters or digits")
        return name

    @property
    def code(self) -> str:
        """Give the code by which referrals name the service."""
        return str(slugify(self.cleaned_data["name"]))
