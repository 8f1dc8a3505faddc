"""What is typed to move a review."""

from hub.recording.forms import RecordingForm
from hub.site import fields


class MoveReviewForm(RecordingForm):
    """The new day of a review, and why."""

    due_on = fields.day("Review by", required="Enter the new day of the review")
    reason = fields.long_text("Why is it moved?", required="Write why the review is moved", rows=2)
