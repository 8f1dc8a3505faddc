"""What can be asked of a caseload, and the name a filter is kept under."""

from datetime import date
from typing import Any

from django import forms

from hub.days.rules import read_day
from hub.templatetags.hub import day
from referrals.caseload.rules import (
    LEVELS,
    MINE,
    NOBODY,
    REVIEWS,
    SERVICES,
    SIZES,
    SORTS,
    USUAL_SIZE,
    USUAL_SORT,
    Filters,
    View,
    ages_in_words,
)

SELECT = {"class": "govuk-select hub-filter__control"}
TEXT = {"class": "govuk-input hub-filter__control", "autocomplete": "off", "spellcheck": "false"}
NO_DAY = "Enter a day, such as 3/5/2026"
NO_SUCH = "This is not in the list any more. Choose another"


def _choice(label: str, choices: dict[str, str], any_of: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", any_of), *choices.items()],
        error_messages={"invalid_choice": NO_SUCH},
        widget=forms.Select(attrs=SELECT),
    )


def _day_field(label: str, hint: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=30,
        error_messages={"max_length": NO_DAY},
        widget=forms.TextInput(attrs={**TEXT, "placeholder": hint}),
    )


class CaseloadForm(forms.Form):
    """The row of filters under the headings; all of it stands in the address.

    A value that makes no sense is left out of `view()`, and its message stands beside its field. The
    order and the page's size come from links: what makes no sense there gives the usual.
    """

    reference = forms.CharField(
        label="Reference",
        required=False,
        max_length=60,
        error_messages={"max_length": "References have at most 60 characters"},
        widget=forms.TextInput(attrs=TEXT),
    )
    age = _choice("Age", {}, "Any age")
    level = _choice("Level", LEVELS, "Any level")
    set_before = _day_field("Level set before", "before d/m/yyyy")
    since = _day_field("Referred since", "since d/m/yyyy")
    review = _choice("Review due", REVIEWS, "Any time")
    worker = _choice("Lead worker", {}, "Anybody")
    service = _choice("Service", SERVICES, "Any")

    def __init__(
        self, data: Any, *, today: date, adult_weeks: int, workers: dict[str, str] | None = None
    ) -> None:
        super().__init__(data)
        self.today = today
        ages: Any = self.fields["age"]
        ages.choices = [("", "Any age"), *ages_in_words(adult_weeks).items()]
        self.offer(workers or {})

    def offer(self, workers: dict[str, str]) -> None:
        """Offer these lead workers, by their codes."""
        self.workers = workers
        asked: Any = self.fields["worker"]
        asked.choices = [
            ("", "Anybody"),
            (MINE, "Mine"),
            (NOBODY, "Not allocated"),
            *workers.items(),
        ]

    def clean_since(self) -> date | None:
        """Read the day as people type it."""
        return self._day("since")

    def clean_set_before(self) -> date | None:
        """Read the day as people type it."""
        return self._day("set_before")

    def _day(self, name: str) -> date | None:
        typed = self.cleaned_data[name].strip()
        found = read_day(typed, self.today)
        if typed and found is None:
            raise forms.ValidationError(NO_DAY)
        return found

    def view(self) -> View:
        """Give what was asked for, as far as it makes sense."""
        self.full_clean()
        chosen = {name: self.cleaned_data.get(name) for name in self.fields}
        kept = {name: value for name, value in chosen.items() if value}
        sort, size = str(self.data.get("sort", "")), str(self.data.get("size", ""))
        return View(
            filters=Filters(**kept),
            sort=sort if sort.removeprefix("-") in SORTS else USUAL_SORT,
            size=int(size) if size in map(str, SIZES) else USUAL_SIZE,
        )

    def kept(self) -> list[tuple[str, str]]:
        """Give what a new filter leaves as it is: the order and the page's size, for hidden fields."""
        return [(name, self.data[name]) for name in ("sort", "size") if self.data.get(name)]

    def in_words(self, filters: Filters) -> list[tuple[str, str]]:
        """Give each filter that is on: its name and what it says, in the order of the columns."""
        chosen = {name: getattr(filters, name) for name in self.fields}
        return [
            (name, f"{self.fields[name].label}: {self._words(name, value)}")
            for name, value in chosen.items()
            if value
        ]

    def _words(self, name: str, value: Any) -> str:
        if isinstance(value, date):
            return day(value)
        choices: Any = getattr(self.fields[name], "choices", [])
        return str(dict(choices).get(value, value))


class SaveFilterForm(forms.Form):
    """The name of a filter to keep."""

    use_required_attribute = False

    name = forms.CharField(
        label="Save these filters as",
        max_length=60,
        error_messages={
            "required": "Enter a name for these filters",
            "max_length": "Names of filters have at most 60 characters",
        },
        widget=forms.TextInput(
            attrs={"class": "govuk-input govuk-input--width-20", "autocomplete": "off"}
        ),
    )
