"""What is typed about the partnership: how soon levels are reviewed, and a new service."""

from django import forms
from django.utils.text import slugify

from hub.recording.forms import RecordingForm
from hub.site import fields
from partners.agencies.forms import AgencyForm
from partners.partnerships.rules import LEVELS, LONGEST_REVIEW


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
