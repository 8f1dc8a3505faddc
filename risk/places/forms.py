"""What is typed to put a place forward for a meeting, to say what it said, and to take a place back."""

from hub.recording.forms import RecordingForm
from hub.site import fields
from risk.places.rules import LONGEST


class PlaceForwardForm(RecordingForm):
    """Which place, for which day, and why."""

    referral = fields.text(
        "Referral about the place",
        required="Enter the referral's number",
        hint="Its number, for example R-0012. If nobody referred the place, take it down first",
        longest=60,
        width=10,
    )
    for_day = fields.day("For the meeting of", required="Enter the day of the meeting")
    because = fields.long_text(
        "Why?",
        required="Write why the meeting should look at this place",
        hint="Name no child here: every agency of the hub reads it",
        rows=4,
        longest=LONGEST,
    )


class DiscussedForm(RecordingForm):
    """What a meeting said of a place."""

    discussed_on = fields.day("At the meeting of", required="Enter the day of the meeting")
    came_of_it = fields.long_text(
        "What did the meeting say?",
        required="Write what the meeting said of it",
        hint="What is done, by which agency and by when. It stands in the minutes",
        rows=4,
        longest=LONGEST,
    )


class TakePlaceBackForm(RecordingForm):
    """Why a place is taken off the list."""

    reason = fields.long_text(
        "Why?", required="Write why", hint="Kept on the trail. Name nobody here", rows=3
    )
