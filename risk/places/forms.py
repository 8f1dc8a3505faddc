"""What is typed to put a place forward for a meeting, to say what it said, and to take a place back."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

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
    """What a meeting said of a place: which of those that were held since it was put forward."""

    discussed_on = fields.pick("At which meeting?", (), required="Choose the meeting")
    came_of_it = fields.long_text(
        "What did the meeting say?",
        required="Write what the meeting said of it",
        hint="What is done, by which agency and by when. It stands in the minutes",
        rows=4,
        longest=LONGEST,
    )

    def __init__(
        self, *args: Any, meetings: Iterable[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["discussed_on"]).choices = [
            ("", "Choose one"),
            *meetings,
        ]


class CorrectDiscussedForm(DiscussedForm):
    """What was recorded of it wrongly, and why it is put right."""

    reason = fields.long_text(
        "Why is it corrected?", required="Write why", hint="Kept beside the old version", rows=3
    )


class TakePlaceBackForm(RecordingForm):
    """Why a place is taken off the list."""

    reason = fields.long_text(
        "Why?", required="Write why", hint="Kept on the trail. Name nobody here", rows=3
    )
