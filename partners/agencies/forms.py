"""The choice between one's own posts, and what a form that asks for an agency shares."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields


class AgencyForm(RecordingForm):
    """A recording about one of the agencies that the person may name."""

    agency = fields.pick("Agency", (), required="Choose the agency")

    def __init__(
        self, *args: Any, agencies: Iterable[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        agency = cast(forms.ChoiceField, self.fields["agency"])
        agency.choices = [("", "Choose one"), *agencies]


class PostForm(forms.Form):
    """In which of several posts a person acts; nothing is preselected."""

    use_required_attribute = False

    def __init__(self, *args: Any, posts: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"] = forms.TypedChoiceField(
            label="In which post are you at work now?",
            choices=posts,
            coerce=int,
            widget=forms.RadioSelect(attrs={"class": "govuk-radios__input"}),
            error_messages={
                "required": "Choose a post",
                "invalid_choice": "You do not hold that post today. Choose one of these",
            },
        )
