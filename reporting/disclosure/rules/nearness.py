"""Two pictures of nearly the same day: laid side by side they show who moved in between."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from .register import Release
from .suppress import PublishingRefused

NEAR = 28  # days: a net change over less is mostly a few children, over more it is many moves mixed
PICTURES = (("tactical", "snapshot"), ("movement", "movement_to"))


def refuse_near(asked: Mapping[str, Any], register: Sequence[Release]) -> None:
    """Refuse a day of open cases less than 28 days from that of an earlier release, the same day aside.

    The counts of two days are not one system of sums, so the audit cannot tell what their difference
    gives away. Raises PublishingRefused.
    """
    for release in register:
        if not set(asked["partnerships"]) & set(release.parameters["partnerships"]):
            continue
        for table, name in PICTURES:
            apart = _days_apart(asked[name], release.parameters[name])
            if 0 < apart < NEAR:
                reason = f"a release with a {name.replace('_', ' ')} {apart} days away is out"
                raise PublishingRefused(
                    table, f"{reason}; give the same day, or one {NEAR} days from it"
                )


def _days_apart(one: str | None, other: str | None) -> int:
    if one is None or other is None:
        return 0
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
