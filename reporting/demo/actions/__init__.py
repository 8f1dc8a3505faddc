"""Making the demo: the districts, their people and history, and what the panel and the morning must see."""

from reporting.demo.actions.loading import (
    DISTRICTS,
    bring_up_to_date,
    propose_changes,
    set_up_partners,
    write_notes,
)
from reporting.demo.actions.morning import prepare_morning

__all__ = [
    "DISTRICTS",
    "bring_up_to_date",
    "prepare_morning",
    "propose_changes",
    "set_up_partners",
    "write_notes",
]
