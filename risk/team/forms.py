"""What is chosen to give cases out."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields


class GiveOutForm(RecordingForm):
    """Which of the cases that nobody leads, to whom, and from when."""

    episodes = fields.several("Cases", (), required="Choose at least one case")
    worker = fields.pick("Who leads them?", (), required="Choose a person")
    from_date = fields.day("From", required="Enter the first day")

    def __init__(
        self,
        *args: Any,
        cases: Iterable[tuple[str, str]] = (),
        people: Iterable[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        cast(forms.MultipleChoiceField, self.fields["episodes"]).choices = list(cases)
        cast(forms.ChoiceField, self.fields["worker"]).choices = [("", "Choose one"), *people]
