"""The references that the hub gives."""

PREFIX = "H-"
"""Begins the reference of a child registered in the hub; an extract's ids are the partnership's own."""


def reference_after(last: int) -> str:
    """Give the next reference of a child registered in the hub: H-0001, H-0002, ..."""
    return f"{PREFIX}{last + 1:04}"
