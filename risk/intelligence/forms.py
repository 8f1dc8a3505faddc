"""What is typed to log intelligence, to correct it, to release it and to recall it."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields
from risk.intelligence.rules import (
    ASSESSMENTS,
    CONDITIONS_LONGEST,
    HANDLING,
    LONGEST,
    SOURCES,
    Logged,
)


class LogForm(RecordingForm):
    """An intelligence log with its grading."""

    text = fields.long_text(
        "What it says",
        required="Write what the intelligence says",
        hint="Sanitised: nothing here may tell who the source is",
        longest=LONGEST,
    )
    happened_on = fields.day("Day it is of", required="Enter the day it is of")
    evaluation = fields.choice(
        "Source evaluation", SOURCES.items(), required="Choose how reliable the source is"
    )
    assessment = fields.choice(
        "Intelligence assessment",
        ASSESSMENTS.items(),
        required="Choose how the intelligence is known",
    )
    handling = fields.choice("Handling code", HANDLING.items(), required="Choose the handling code")
    conditions = fields.text(
        "Conditions",
        hint="Needed for handling code C. For example: do not act on this without asking us",
        longest=CONDITIONS_LONGEST,
    )
    suspect = fields.text(
        "Suspect", hint="The police's reference, if it is about one. The police alone see it"
    )

    @property
    def logged(self) -> Logged:
        """What the form says, once it is clean."""
        return Logged(**{name: self.cleaned_data[name] for name in Logged.__dataclass_fields__})


class CorrectLogForm(LogForm):
    """A log put right, and why."""

    reason = fields.long_text(
        "Why is it corrected?",
        required="Write why this is corrected: it is read beside the old version",
        rows=2,
    )


class ReleaseForm(RecordingForm):
    """To whom a log is released, why and under which conditions."""

    agency = fields.pick("Agency", (), required="Choose the agency")
    because = fields.long_text(
        "Why is it released?",
        required="Write why it is released",
        hint="Kept on the trail. Name nobody here",
        rows=2,
        longest=500,
    )
    conditions = fields.text(
        "Conditions",
        required="Write what the agency may do with it, and what not",
        hint="For example: for the safety plan only, do not pass on",
        longest=CONDITIONS_LONGEST,
    )

    def __init__(
        self, *args: Any, agencies: Iterable[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        agency = cast(forms.ChoiceField, self.fields["agency"])
        agency.choices = [("", "Choose one"), *agencies]


class ReasonForm(RecordingForm):
    """Why a log is withdrawn, or a release recalled."""

    reason = fields.long_text(
        "Why?", required="Write why", hint="Kept on the trail. Name nobody here", rows=3
    )
