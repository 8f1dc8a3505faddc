"""Which colleague a manager asks about."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from hub.site import fields


class ColleagueForm(forms.Form):
    """One colleague of those who hold a post today."""

    use_required_attribute = False

    person = fields.pick("Colleague", (), required="Choose a colleague")

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        person = cast(forms.ChoiceField, self.fields["person"])
        person.choices = [("", "Choose one"), *people]
