"""What a report is asked for, as people type it; and its address, in which nothing personal stands."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms

from hub.days.rules import add_months, london_date, parse_moment
from hub.site import fields
from reporting.appendix1.rules.parameters import TYPE, Parameters

FIRST_YEAR = 1990
YEAR_STARTS_IN = 4  # the hub's year is the financial year, as in the report of 2016


class ReportForm(forms.Form):
    """The dates of a report. Every field may be empty: each then falls to the year, or is not asked for."""

    use_required_attribute = False

    year_start = fields.day(
        "Year starts on", hint="The first of a month. Empty: the last whole year."
    )
    snapshot = fields.day("Open cases on", hint="Empty: the year's last day.")
    movement_to = fields.day("Movement of levels to", hint="A later day. Empty: no movement.")
    suspects_from = fields.day("Suspects from", hint="Empty: the year's first day.")
    suspects_to = fields.day("Suspects to", hint="Empty: the year's last day.")
    known_at = fields.text(
        "As known at",
        hint="For example 2016-04-05 09:00. Empty: as known now.",
        longest=40,
    )
    types = fields.text(
        "Types of exploitation",
        hint="Codes with commas between them. Empty: CSE.",
        longest=200,
        width=10,
    )

    def __init__(self, data: Any, *, now: datetime) -> None:
        self.now = now
        super().__init__(data)

    def clean_year_start(self) -> date:
        """Refuse a year that begins within a month; empty is the last whole year."""
        start: date | None = self.cleaned_data["year_start"]
        if start is not None and start.day != 1:
            raise forms.ValidationError(
                "The year must start on the first of a month, for example 1/4/2015"
            )
        return start or last_whole_year(london_date(self.now))

    def clean_known_at(self) -> datetime | None:
        """Read the moment; one that lies ahead is refused, for nobody knows what will be known."""
        typed = self.cleaned_data["known_at"]
        if not typed:
            return None
        try:
            moment = parse_moment(typed)
        except ValueError as error:
            message = "Enter the moment as a date and time, for example 2016-04-05 09:00"
            raise forms.ValidationError(message) from error
        if moment.year < FIRST_YEAR or moment > self.now:
            raise forms.ValidationError(
                "The moment must lie in the past, for example 2016-04-05 09:00"
            )
        return moment

    def clean_types(self) -> tuple[str, ...]:
        """Read the codes; empty is CSE."""
        codes = [code.strip().upper() for code in self.cleaned_data["types"].split(",")]
        found = tuple(dict.fromkeys(code for code in codes if code)) or ("CSE",)
        if not all(TYPE.fullmatch(code) for code in found):
            raise forms.ValidationError("Enter types as codes, for example CSE, CCE")
        return found

    def clean(self) -> None:
        """Refuse windows that end before they begin, beside the field that ends them."""
        given = self.cleaned_data
        if "year_start" not in given:
            return
        start, end = given["year_start"], year_end(given["year_start"])
        snapshot, second = given.get("snapshot") or end, given.get("movement_to")
        if second is not None and second < snapshot:
            self.add_error(
                "movement_to", "The second day must lie on or after the day of open cases"
            )
        first = given.get("suspects_from") or start
        if (given.get("suspects_to") or end) < first:
            field = "suspects_to" if given.get("suspects_to") else "suspects_from"
            self.add_error(field, "The suspects' window must end after it begins")

    def parameters(self, partnership: str, disclosure: str) -> Parameters:
        """Give the parameters of a valid form."""
        given = self.cleaned_data
        start, end = given["year_start"], year_end(given["year_start"])
        return Parameters(
            year_start=start,
            year_end=end,
            snapshot=given["snapshot"] or end,
            movement_to=given["movement_to"],
            suspects_from=given["suspects_from"] or start,
            suspects_to=given["suspects_to"] or end,
            known_at=given["known_at"],
            disclosure=disclosure,
            types=given["types"],
            partnerships=(partnership,),
        )


def year_end(start: date) -> date:
    """Give the last day of the year that starts on the first of a month."""
    return add_months(start, 12) - timedelta(1)


def last_whole_year(today: date) -> date:
    """Give the first day of the last financial year that was over by yesterday."""
    start = date(today.year, YEAR_STARTS_IN, 1)
    return add_months(start, -12) if start <= today else add_months(start, -24)


def fields_of(asked: Parameters) -> dict[str, str]:
    """Give the form's fields that ask for these parameters; what falls to the year is left out."""
    by_year = {
        "snapshot": asked.year_end,
        "suspects_from": asked.year_start,
        "suspects_to": asked.year_end,
        "movement_to": None,
    }
    days = {name: getattr(asked, name) for name in by_year}
    given = {name: day.isoformat() for name, day in days.items() if day != by_year[name]}
    if asked.known_at is not None:
        given["known_at"] = asked.known_at.isoformat()
    if asked.types != ("CSE",):
        given["types"] = ",".join(asked.types)
    return {"year_start": asked.year_start.isoformat(), **given}


def address_of(asked: Parameters, **more: str) -> str:
    """Give the query of an address that asks for these parameters."""
    return urlencode({**fields_of(asked), **more})
