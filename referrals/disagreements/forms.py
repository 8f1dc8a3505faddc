"""What is typed to raise a disagreement, to take it up, and to settle it."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields
from referrals.disagreements.rules import LONGEST, NO_ISSUE, NO_OUTCOME, NO_WORDS, OUTCOMES, STATES


class RaiseForm(RecordingForm):
    """With which agency, and about what."""

    against = fields.pick("With which agency?", (), required="Choose the agency")
    issue = fields.long_text(
        "What do you disagree about?",
        required=NO_ISSUE,
        hint="Say what was decided or done, why you think otherwise, and what the child needs",
        longest=LONGEST,
    )

    def __init__(
        self, *args: Any, agencies: Iterable[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["against"]).choices = [("", "Choose one"), *agencies]


class RaiseWithHubForm(RecordingForm):
    """About what an agency outside the hub disagrees with it."""

    issue = fields.long_text(
        "What do you disagree about?",
        required=NO_ISSUE,
        hint="Say what was decided or done, why you think otherwise, and what the child needs",
        longest=LONGEST,
    )


class TakeUpForm(RecordingForm):
    """Why it goes a level up."""

    words = fields.long_text(
        "Why?",
        required=NO_WORDS,
        hint="Say what was talked about and what could not be agreed",
        longest=LONGEST,
    )


class SettleForm(RecordingForm):
    """How it ends, and why."""

    outcome = fields.choice("How does it end?", (), required=NO_OUTCOME)
    words = fields.long_text(
        "What was agreed or decided, and why?", required=NO_WORDS, longest=LONGEST
    )

    def __init__(self, *args: Any, outcomes: Iterable[str] = OUTCOMES, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = cast(forms.ChoiceField, self.fields["outcome"])
        asked.choices = [(code, STATES[code]) for code in outcomes]
