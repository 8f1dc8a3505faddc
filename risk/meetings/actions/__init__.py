"""Every write of meetings, by what it is for; each module has a few of them."""

from risk.meetings.actions.arrange import arrange
from risk.meetings.actions.decide import Agreed, Given, record_decision
from risk.meetings.actions.hold import (
    IDLE,
    add_to_agenda,
    attend,
    carry,
    finish_meeting,
    open_meeting,
    take_chair,
    take_over,
)
from risk.meetings.actions.paper import take_out
from risk.meetings.actions.places import note_discussed
from risk.meetings.actions.settle import settle
from risk.meetings.actions.take_back import take_back
from risk.meetings.actions.tasks import end_task

__all__ = [
    "IDLE",
    "Agreed",
    "Given",
    "add_to_agenda",
    "arrange",
    "attend",
    "carry",
    "end_task",
    "finish_meeting",
    "note_discussed",
    "open_meeting",
    "record_decision",
    "settle",
    "take_back",
    "take_chair",
    "take_out",
    "take_over",
]
