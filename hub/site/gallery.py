"""What the gallery shows in the components: made-up content for each of their states."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.paginator import Paginator

from hub.recording.forms import RecordingForm
from hub.recording.rules import Side
from hub.site import fields
from hub.site.context import NavigationEntry
from hub.site.paging import Paging, paging

NOWHERE = "#main-content"
FEW = [("a", "The first"), ("b", "The second")]


class SampleForm(RecordingForm):
    """A form with a field of each kind."""

    name = fields.text("A line to write in", required="Enter a line")
    account = fields.long_text(
        "Some sentences to write", hint="What happened, in plain words", rows=3
    )
    day = fields.day("A day", required="Enter a day")
    one = fields.choice("One of a few", FEW, required="Choose one")
    of_many = fields.pick("One of many", FEW)
    any_of = fields.several("Any number of a list", FEW)
    yes = fields.tick("A yes; no tick is no")


class SampleFilter(forms.Form):
    """A filter to choose from and one to write in, as they stand under a heading."""

    level = forms.ChoiceField(
        label="Level",
        required=False,
        choices=[("", "Any level"), ("HIGH", "High")],
        widget=forms.Select(attrs={"class": "govuk-select hub-filter__control"}),
    )
    since = forms.CharField(
        label="Referred since",
        error_messages={"required": "Enter a day"},
        widget=forms.TextInput(attrs={"class": "govuk-input hub-filter__control"}),
    )


@dataclass(frozen=True)
class Link:
    """A link of a component that has words, a number or an order beside it."""

    link: str = NOWHERE
    words: str = ""
    label: str = ""
    order: str = ""
    number: int = 0
    here: bool = False


@dataclass(frozen=True)
class Due:
    """A day on which something is due, as the review's cell shows it."""

    on: date | None
    note: str = ""
    overdue: bool = False


@dataclass(frozen=True)
class Conflict:
    """Two versions of one thing, and who recorded the one that stands."""

    sides: tuple[Side, ...]
    stored_by: str
    stored_at: str


@dataclass(frozen=True)
class Gallery:
    """Made-up content for the components: one value for each state."""

    levels: list[str]
    form: SampleForm
    wrong_form: SampleForm
    conflict: Conflict
    filters: SampleFilter
    wrong_filters: SampleFilter
    entries: list[NavigationEntry]
    headings: list[Link]
    tags: list[Link]
    sizes: list[Link]
    figures: list[Link]
    reviews: list[Due]
    first_page: Paging
    middle_page: Paging
    last_page: Paging


def gallery() -> Gallery:
    """Make the content; it is the same for everybody and names nobody."""
    pages = Paginator(range(1, 1201), 50)
    return Gallery(
        levels=["HIGH", "MEDIUM", "LOW", "NO_RISK", "", "OF_ANOTHER_SCALE"],
        form=SampleForm(auto_id="right_%s"),
        wrong_form=SampleForm(
            {"account": "What was typed stays", "day": "soon"}, auto_id="wrong_%s"
        ),
        conflict=Conflict(
            (
                Side("A line to write in", "Theirs", "Yours"),
                Side("One of a few", "The first", "The first"),
            ),
            "A colleague",
            "3 April 2026 at 09:41",
        ),
        filters=SampleFilter(auto_id="filter_%s"),
        wrong_filters=SampleFilter({"level": "HIGH", "since": ""}, auto_id="wrong_filter_%s"),
        entries=[NavigationEntry("Here", NOWHERE, True), NavigationEntry("There", NOWHERE, False)],
        headings=[
            Link(label="Not sorted"),
            Link(label="Upward", order="ascending"),
            Link(label="Downward", order="descending"),
        ],
        tags=[Link(words="Level: High"), Link(words="Review due: Overdue")],
        sizes=[Link(number=25), Link(number=50, here=True), Link(number=100)],
        figures=[
            Link(number=12, words="reviews overdue"),
            Link(number=0, words="and this is empty"),
        ],
        reviews=[
            Due(date(2026, 3, 29), "3 working days over", overdue=True),
            Due(date(2026, 4, 3), "due tomorrow"),
            Due(date(2026, 5, 3)),
            Due(None),
        ],
        first_page=paging(pages.page(1), "things"),
        middle_page=paging(pages.page(12), "things", "level=HIGH"),
        last_page=paging(pages.page(24), "things"),
    )
