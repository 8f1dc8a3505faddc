"""What is typed to say who is away and who covers for them."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields

People = Iterable[tuple[str, str]]


class AbsenceForm(RecordingForm):
    """Who is away (oneself, for whoever says it only of themselves), from when to when, and who covers."""

    away = fields.pick("Who is away?", (), required="Choose who is away")
    starts_on = fields.day("First day away", required="Enter the first day")
    ends_on = fields.day("Last day away", required="Enter the last day")
    cover = fields.pick(
        "Who covers?",
        (),
        required="Choose who covers",
        hint="A colleague of the same agency. Their list of work shows this work too",
    )

    def __init__(
        self, *args: Any, away: People | None = None, covers: People = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["cover"]).choices = [("", "Choose one"), *covers]
        if away is None:
            del self.fields["away"]
        else:
            cast(forms.ChoiceField, self.fields["away"]).choices = [("", "Choose one"), *away]
