"""What a machine asks a report for, and what it is given."""

from datetime import date, timedelta
from typing import Any

from rest_framework import serializers

from hub.days.rules import add_months
from hub.interface.serializers import DayField, MomentField, Query
from reporting.appendix1.rules.parameters import FULL, PUBLISHED, Parameters

YEAR = r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-01\Z"
TYPES = r"^[A-Z][A-Z0-9_]{0,19}(,[A-Z][A-Z0-9_]{0,19}){0,9}\Z"


class ReportQuery(Query):
    """Which report: as the contract names its parameters. What is left out falls to the year."""

    year_start = serializers.RegexField(
        YEAR,
        trim_whitespace=False,
        error_messages={"invalid": "Send the first day of a month, as 2015-04-01."},
        help_text="The first of a month: the year is the twelve months from it.",
    )
    snapshot = DayField(required=False, help_text="Left out: the year's last day.")
    movement_to = DayField(required=False, help_text="Left out: no movement.")
    suspects_from = DayField(required=False, help_text="Left out: the year's first day.")
    suspects_to = DayField(required=False, help_text="Left out: the year's last day.")
    known_at = MomentField(required=False, help_text="Left out: as known now.")
    types = serializers.RegexField(
        TYPES,
        default="CSE",
        trim_whitespace=False,
        help_text="Types of exploitation by their codes, with commas between them.",
    )
    disclosure = serializers.ChoiceField(
        [PUBLISHED, FULL],
        default=PUBLISHED,
        help_text="`published`: the latest release with these dates. `full`: small numbers included.",
    )


def parameters_of(asked: dict[str, Any], partnership: str) -> Parameters:
    """Give the parameters of a report for one partnership."""
    start = date.fromisoformat(asked["year_start"])
    end = add_months(start, 12) - timedelta(1)
    return Parameters(
        year_start=start,
        year_end=end,
        snapshot=asked.get("snapshot", end),
        movement_to=asked.get("movement_to"),
        suspects_from=asked.get("suspects_from", start),
        suspects_to=asked.get("suspects_to", end),
        known_at=asked.get("known_at"),
        disclosure=asked["disclosure"],
        types=tuple(asked["types"].split(",")),
        partnerships=(partnership,),
    )


class ReportSerializer(serializers.Serializer[Any]):
    """The report: the parts are as its contract has them; a count that is not shown is the text c."""

    parameters = serializers.DictField()
    strategic = serializers.DictField()
    tactical = serializers.DictField()
    movement = serializers.DictField(allow_null=True)
    crimes = serializers.DictField()
    missing = serializers.DictField()
    suspect_management = serializers.DictField()
