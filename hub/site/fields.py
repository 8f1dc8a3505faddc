"""Form fields in GOV.UK dress: one function for each kind of question, with its message where it is required.

`required` is the message for an empty answer ("Enter the surname"); without it the field may stay empty.
Choices are never preselected. components/field.html draws them all.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from hub.days.rules import london_date, read_typed_day

Choices = Iterable[tuple[str, str]] | Callable[[], Iterable[tuple[str, str]]]

EARLIEST, LATEST = 1900, 2100
AS_TYPED = {"autocomplete": "off", "spellcheck": "false"}
NOT_LISTED = "Choose one that is in the list"


def text(
    label: str, *, required: str = "", hint: str = "", longest: int = 120, width: int = 20
) -> forms.CharField:
    """Ask for a line."""
    dress = {"class": f"govuk-input govuk-input--width-{width}", **AS_TYPED}
    return _line(label, required, hint, longest, forms.TextInput(attrs=dress))


def long_text(
    label: str, *, required: str = "", hint: str = "", rows: int = 5, longest: int = 5000
) -> forms.CharField:
    """Ask for some sentences."""
    dress = {"class": "govuk-textarea", "rows": str(rows)}
    return _line(label, required, hint, longest, forms.Textarea(attrs=dress))


def _line(
    label: str, required: str, hint: str, longest: int, widget: forms.Widget
) -> forms.CharField:
    too_long = f"{label} must have {longest} characters or fewer"
    return forms.CharField(
        label=label,
        required=bool(required),
        help_text=hint,
        max_length=longest,
        error_messages={"required": required, "max_length": too_long},
        widget=widget,
    )


class DayField(forms.CharField):
    """A day as people type it: 3/5/16, 3 May 2016, today, +28, -7; None where it may stay empty and does."""

    def __init__(self, **options: Any) -> None:
        dress = {"class": "govuk-input govuk-input--width-10", **AS_TYPED}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=dress), **options)

    def prepare_value(self, value: Any) -> Any:
        """Write a stored day as people read it."""
        return f"{value.day} {value:%B %Y}" if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        """Read the day; its message shows how one is typed."""
        typed = super().clean(value)
        if not typed:
            return None
        day = read_typed_day(typed, london_date(timezone.now()))
        if day is None or not EARLIEST <= day.year <= LATEST:
            message = f"{self.label} must be a real date, such as 29/3/2016 or 29 March 2016"
            raise forms.ValidationError(message)
        return day

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare days, not the ways of typing them."""
        return super().has_changed(self.prepare_value(initial), data)


def day(label: str, *, required: str = "", hint: str = "") -> DayField:
    """Ask for a day."""
    return DayField(
        label=label,
        required=bool(required),
        help_text=hint or "For example 29/3/2016, today, -1 or +28 (days from today)",
        error_messages={"required": required},
    )


def choice(
    label: str, choices: Choices, *, required: str = "", hint: str = ""
) -> forms.ChoiceField:
    """Ask for one of a few, all in sight."""
    widget = forms.RadioSelect(attrs={"class": "govuk-radios__input"})
    return _one_of(label, choices, required, hint, widget)


def pick(label: str, choices: Choices, *, required: str = "", hint: str = "") -> forms.ChoiceField:
    """Ask for one of many; the list opens with an empty line."""
    widget = forms.Select(attrs={"class": "govuk-select"})
    return _one_of(label, _with_none(choices), required, hint, widget)


def _with_none(choices: Choices) -> Choices:
    def listed() -> Iterable[tuple[str, str]]:
        yield "", "Choose one"
        yield from choices() if callable(choices) else choices

    return listed


def _one_of(
    label: str, choices: Choices, required: str, hint: str, widget: forms.Widget
) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices if callable(choices) else list(choices),
        required=bool(required),
        help_text=hint,
        error_messages={"required": required, "invalid_choice": NOT_LISTED},
        widget=widget,
    )


def several(
    label: str, choices: Choices, *, required: str = "", hint: str = ""
) -> forms.MultipleChoiceField:
    """Ask for any number of a list."""
    return forms.MultipleChoiceField(
        label=label,
        choices=choices if callable(choices) else list(choices),
        required=bool(required),
        help_text=hint,
        error_messages={"required": required, "invalid_choice": NOT_LISTED},
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes__input"}),
    )


def tick(label: str, *, hint: str = "") -> forms.BooleanField:
    """Ask for a yes; no tick is no."""
    widget = forms.CheckboxInput(attrs={"class": "govuk-checkboxes__input"})
    return forms.BooleanField(label=label, required=False, help_text=hint, widget=widget)
