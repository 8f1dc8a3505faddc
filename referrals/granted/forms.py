"""Which colleague a manager asks about, or which child."""

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


class ChildForm(forms.Form):
    """One child, by the reference."""

    use_required_attribute = False

    reference = fields.text(
        "Reference of the child",
        required="Enter the reference of a child",
        hint="For example C-0001",
        longest=60,
        width=10,
    )
