"""What every operation's input and output have in common.

Nothing is read loosely: a parameter that is unknown, empty or sent twice is refused, a day is
written in one way and a moment has its offset.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.http import QueryDict
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.interface.rules import LARGEST_PAGE, PLACE, REFERENCE, USUAL_PAGE, place_of

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
WHOLE = re.compile(r"0|-?[1-9]\d{0,8}", re.ASCII)
UNKNOWN = "There is no such parameter. There are: {names}."
TWICE = "Send this parameter once."


@extend_schema_field({"type": "string", "format": "date"})
class DayField(serializers.Field[date, str, str, Any]):
    """A day as 2016-03-29, and in no other way."""

    def to_internal_value(self, data: str) -> date:
        """Read the day."""
        try:
            if DAY.fullmatch(data):
                return date.fromisoformat(data)
        except ValueError:
            pass
        raise serializers.ValidationError("Send a day as 2016-03-29.")

    def to_representation(self, value: date) -> str:
        """Write the day."""
        return value.isoformat()


@extend_schema_field({"type": "string", "format": "date-time"})
class MomentField(serializers.Field[datetime, str, str, Any]):
    """A moment with its offset (RFC 3339): 2016-04-05T09:00:00+01:00."""

    def to_internal_value(self, data: str) -> datetime:
        """Read the moment."""
        try:
            if MOMENT.fullmatch(data):
                return _in_utc(datetime.fromisoformat(data.upper()))
        except ValueError:
            pass
        raise serializers.ValidationError(
            "Send a moment with its offset, as 2016-04-05T09:00:00+01:00."
        )

    def to_representation(self, value: datetime) -> str:
        """Write the moment."""
        return value.isoformat()


def _in_utc(moment: datetime) -> datetime:
    """Put a moment into UTC, for PostgreSQL knows no offset of 17 hours; at the ends of time, near enough."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


class WholeNumberField(serializers.IntegerField):
    """A whole number in plain figures: 1.0, a space before it and figures of other scripts are none."""

    def to_internal_value(self, data: Any) -> int:
        """Read the number."""
        if not WHOLE.fullmatch(str(data)):
            self.fail("invalid")
        return super().to_internal_value(data)


class ReferenceField(serializers.RegexField):
    """A record's own reference, exactly as it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(REFERENCE, required=False, trim_whitespace=False, **options)


class Query(serializers.Serializer[Any]):
    """The parameters of an address. Where an operation takes none, it is this."""

    def read(self) -> dict[str, Any]:
        """Give the parameters; raises ValidationError with a message for each that is wrong."""
        self.is_valid(raise_exception=True)
        found: dict[str, Any] = self.validated_data
        return found

    def to_internal_value(self, data: Mapping[str, Any]) -> Any:
        """Refuse what is unknown or sent twice before anything is read."""
        wrong: dict[str, list[str]] = {}
        names = ", ".join(self.fields) or "none"
        for name in data:
            if name not in self.fields:
                wrong[name] = [UNKNOWN.format(names=names)]
            elif isinstance(data, QueryDict) and len(data.getlist(name)) > 1:
                wrong[name] = [TWICE]
        if wrong:
            raise serializers.ValidationError(wrong)
        # Of a form DRF takes an empty field for an absent one; in an address it is a mistake.
        return super().to_internal_value({name: data[name] for name in data})


class PageQuery(Query):
    """The parameters of a list: how many rows, and after which place."""

    limit = WholeNumberField(
        min_value=1,
        max_value=LARGEST_PAGE,
        default=USUAL_PAGE,
        help_text="How many rows at most.",
    )
    after = serializers.RegexField(
        PLACE,
        required=False,
        trim_whitespace=False,
        error_messages={"invalid": "Send the `next` of the page before, as it was."},
        help_text="The `next` of the page before.",
    )


class PageSerializer(serializers.Serializer[Any]):
    """A page of a list: `next` is the place to go on from, null on the last page."""

    next = serializers.RegexField(PLACE, allow_null=True)


def page_out(items: list[Any], last: int | None) -> dict[str, Any]:
    """Give a page as its serializer takes it; `last` is the number of its last row where more follow."""
    return {"items": items, "next": None if last is None else place_of(last)}


class ProblemSerializer(serializers.Serializer[Any]):
    """What is wrong (RFC 9457): `detail` in words; `errors` by parameter, where parameters are wrong."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # a field: DRF keeps its own elsewhere
        child=serializers.ListField(child=serializers.CharField()), required=False
    )
