"""Releasing a report: disclosure control against what was released before, then the register."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from django.db import connection, transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.errors import RuleBroken
from partners.partnerships.models import Ward
from reporting.disclosure.models import Release
from reporting.disclosure.rules import register
from reporting.disclosure.rules.publish import publish
from reporting.disclosure.rules.suppress import PublishingRefused

REGISTER_LOCK = 7_312


class Asked(Protocol):
    """What a release must know of a report's parameters, whichever report it is."""

    @property
    def partnerships(self) -> Sequence[str]:
        """Give the codes of the partnerships that the report speaks of."""

    @property
    def known_at(self) -> datetime | None:
        """Give the moment as of which it was asked, or None for what is known now."""

    def covers(self) -> tuple[date, date]:
        """Give the first and last day that any of its tables speaks of."""

    def as_json(self) -> dict[str, Any]:
        """Give the parameters as the register keeps them."""


@transaction.atomic
def release(
    *,
    full: Mapping[str, Any],
    geography: Mapping[str, str],
    asked: Asked,
    now: datetime,
    by: User,
) -> dict[str, Any]:
    """Give the published form of a full report and enter it in the register, once.

    A release with the same parameters and the same known-at is given back as it was published.
    Raises RuleBroken naming the table that stands in the way where publishing would disclose.
    """
    require(by, Permission.REPORT_PUBLISH)
    with connection.cursor() as cursor:  # two releases at once must know of each other
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGISTER_LOCK])
    earlier = Release.objects.overlapping(asked.partnerships, *asked.covers())
    if asked.known_at is not None:
        same = earlier.filter(parameters=asked.as_json()).first()
        if same is not None:
            return dict(same.published)
    published = _audited(full, geography, [_entry(row) for row in earlier.order_by("pk")])
    if not earlier.filter(parameters=asked.as_json(), published=published).exists():
        _enter(published, asked, now=now, by=by)
    return published


def _audited(
    full: Mapping[str, Any], geography: Mapping[str, str], earlier: list[register.Release]
) -> dict[str, Any]:
    try:
        return publish(full, geography=geography, register=earlier)
    except PublishingRefused as refused:
        message = f"publishing is refused: {refused}. Choose other dates."
        raise RuleBroken("report.disclosure", message) from refused


def _entry(row: Release) -> register.Release:
    wards = Ward.objects.filter(boundary_set__partnerships__code__in=row.partnerships)
    own = dict(wards.order_by("boundary_set__valid_from").values_list("name", "constituency"))
    return register.Release(row.parameters, row.published, row.parameters.get("known_at"), own)


def _enter(published: dict[str, Any], asked: Asked, *, now: datetime, by: User) -> None:
    first, last = asked.covers()
    Release.objects.create(
        partnerships=list(asked.partnerships),
        parameters=asked.as_json(),
        published=published,
        covers_from=first,
        covers_to=last,
        made_at=now,
        made_by=by,
    )
