"""What is typed to close a finding's review."""

from django import forms

from hub.recording.forms import RecordingForm
from hub.site.fields import choice, long_text
from referrals.vigilance.models import UnusualAccessReview
from referrals.vigilance.rules import NO_WORDS


class FindingForm(RecordingForm):
    """What the reviewer found, in one word and in several."""

    outcome: forms.ChoiceField = choice(
        "What you found", UnusualAccessReview.Outcome.choices, required="Choose what you found"
    )
    words = long_text(
        "In words",
        required=NO_WORDS,
        hint="Why, and what is to be done by whom. Write no child's name.",
    )
