"""What is typed to put a suspect forward for a meeting, and to take one back."""

from hub.recording.forms import RecordingForm
from hub.site import fields


class PutForwardForm(RecordingForm):
    """Which suspect, for which day, and why."""

    suspect = fields.text(
        "Suspect", required="Enter the suspect's reference", hint="The police's reference, no name"
    )
    for_day = fields.day("For the meeting of", required="Enter the day of the meeting")
    because = fields.long_text(
        "Why?", required="Write why the meeting should look at this suspect", rows=4, longest=2000
    )


class TakeBackForm(RecordingForm):
    """Why a suspect is taken off the list."""

    reason = fields.long_text(
        "Why?", required="Write why", hint="Kept on the trail. Name nobody here", rows=3
    )
