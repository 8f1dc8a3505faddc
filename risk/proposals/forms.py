"""What is typed to say what one's agency thinks of a proposal."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields
from risk.proposals.rules import Opinion, View

OPINIONS = (
    (Opinion.AGREE.value, "We agree"),
    (Opinion.OTHER.value, "We would set another level"),
    (Opinion.NONE.value, "We have no view"),
)


class ViewForm(RecordingForm):
    """What one's agency says of a proposal."""

    opinion = fields.choice("What does your agency say?", OPINIONS, required="Choose one")
    level = fields.pick("The level that you would set", ())
    words = fields.long_text("Why", hint="Needed where you would set another level", rows=3)

    def __init__(self, *args: Any, levels: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        listed = [("", "Choose one"), *levels]
        cast(forms.ChoiceField, self.fields["level"]).choices = listed

    @property
    def view(self) -> View:
        """What the form says, once it is clean."""
        typed = self.cleaned_data
        opinion = Opinion(typed["opinion"])
        return View(opinion, typed["level"] if opinion is Opinion.OTHER else "", typed["words"])
