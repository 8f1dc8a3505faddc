"""What is typed to record a measure on an episode, and to take one back."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields
from referrals.episodes.forms import CloseForm
from referrals.measures.rules import LONGEST, Taken


class MeasureForm(RecordingForm):
    """How a matter stands from a day on, and why; `states` are those that may follow."""

    state = fields.choice("How it stands", (), required="Choose how it stands")
    on = fields.day("Since", required="Enter the day", hint="For example 29/3/2016, today or -1")
    because = fields.long_text(
        "Why", hint="In words that may be read later", rows=3, longest=LONGEST
    )
    agencies = fields.several("Agencies that take part", ())

    def __init__(
        self,
        *args: Any,
        states: Iterable[tuple[str, str]] = (),
        agencies: Iterable[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["state"]).choices = list(states)
        cast(forms.MultipleChoiceField, self.fields["agencies"]).choices = list(agencies)
        if not agencies:
            del self.fields["agencies"]

    def taken(self, matter: str) -> Taken:
        """What the form says of a matter, once it is clean."""
        typed = self.cleaned_data
        named = tuple(sorted(map(int, typed.get("agencies", ()))))
        return Taken(matter, typed["state"], typed["on"], typed["because"], named)


class CloseAndTellForm(CloseForm):
    """A closing; of a child who moved or turned 18 it asks who was told."""

    told = fields.long_text(
        "Who was told?",
        hint="If the child moved: which authority, whom there, and when. At 18: who leads in adult "
        "services, and what the plan is",
        rows=2,
        longest=LONGEST,
    )


class WithdrawMeasureForm(RecordingForm):
    """Why a measure is taken back."""

    reason = fields.long_text(
        "Why is it taken back?",
        required="Write why it is taken back",
        hint="Kept on the trail. Name nobody here",
        rows=3,
    )
