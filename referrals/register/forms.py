"""What is typed to register a child."""

from typing import Any

from django import forms

from hub.site.fields import long_text
from referrals.children.forms import DetailsForm, WhereForm
from referrals.register.actions import NewChild

MOST_NAMES = 10


class NoneOfThese(forms.MultipleChoiceField):
    """What was said of the children who were shown. Others may have been found since: the action looks."""

    def valid_value(self, value: str) -> bool:
        """Take what was said of others too: a second press of the button must lead where the first led."""
        return all(number.isdecimal() for number in value.split())


class RegisterForm(DetailsForm, WhereForm):
    """A child who is not known yet. `alike`: which children may be the same, if any were found."""

    other_names = long_text(
        "Other names",
        hint="Names the child is also known by, one on each line",
        rows=3,
        longest=600,
    )
    field_order = (
        "none_of_these", *DetailsForm.base_fields, "other_names", *WhereForm.base_fields,
    )  # fmt: skip

    def __init__(self, *args: Any, alike: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_date"].required = False
        if alike:
            self.fields["none_of_these"] = NoneOfThese(
                label="Is it one of these children?",
                choices=[(alike, "None of these is the child: register a new one")],
                required=False,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes__input"}),
            )
            self.order_fields(self.field_order)

    def clean_other_names(self) -> tuple[str, ...]:
        """Read a name from each line, each once."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["other_names"].splitlines())
        names = tuple(dict.fromkeys(line for line in lines if line))
        if len(names) > MOST_NAMES or any(len(name) > 120 for name in names):
            raise forms.ValidationError(
                f"Other names: at most {MOST_NAMES}, each of at most 120 letters"
            )
        return names

    def clean(self) -> dict[str, Any]:
        """Ask from when, where an address is given; an address is no duty."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if self._lives_somewhere and not typed.get("from_date") and "from_date" not in self.errors:
            self.add_error("from_date", "Enter the day from which the child lived there")
        return typed

    @property
    def _lives_somewhere(self) -> bool:
        asked = ("line", "postcode", "ward", "out_of_area", "confidential", "from_date")
        return any(self.cleaned_data.get(name) for name in asked)

    @property
    def new_child(self) -> NewChild:
        """What was typed, as the action takes it."""
        address = self.where if self._lives_somewhere else None
        return NewChild(self.details, self.cleaned_data["other_names"], address)

    @property
    def not_these(self) -> list[int]:
        """The children of whom it was said that none is this one."""
        said = " ".join(self.cleaned_data.get("none_of_these", []))
        return [int(number) for number in said.split()]
