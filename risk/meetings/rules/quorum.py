"""Who must be at the table: police, social care and health, unless the meeting is set up otherwise."""

from collections.abc import Collection, Iterable

QUORUM = ("social_care", "police", "health")


def absent(asked: Iterable[str], present: Collection[str]) -> list[str]:
    """Give the kinds of agency that the quorum asks for and nobody is there of."""
    return [kind for kind in asked if kind not in present]
