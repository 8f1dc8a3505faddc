"""What is typed to find a child by reference, and to see who it is."""

from typing import Any

from django import forms
from django.utils import timezone

from hub.days.rules import london_date
from hub.recording.forms import RecordingForm
from hub.site.fields import long_text, text
from referrals.identities.rules import LONGEST_REASON, NO_REASON
from risk.references.rules import EMPTY, LONGEST, problem_with


class ReferenceForm(forms.Form):
    """A child's or an episode's reference; it is sent, never written in an address."""

    use_required_attribute = False

    reference = text(
        "Reference of a child or of an episode",
        required=EMPTY,
        hint="The whole of it, for example C-0412",
        longest=LONGEST,
    )

    def clean_reference(self) -> str:
        """Refuse a name or a day of birth."""
        typed: Any = self.cleaned_data["reference"].strip()
        problem = problem_with(typed, london_date(timezone.now()))
        if problem:
            raise forms.ValidationError(problem)
        return str(typed)


class IdentifyForm(RecordingForm):
    """Why somebody must see who a child is."""

    because = long_text(
        "What you must check against this child",
        required=NO_REASON,
        hint="For example the number of the conflict, or the figure. The auditor reads it.",
        longest=LONGEST_REASON,
    )
