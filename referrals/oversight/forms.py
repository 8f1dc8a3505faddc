"""What is typed to close a review."""

from typing import Any

from hub.recording.forms import RecordingForm
from hub.site.fields import Choices, choice, long_text
from referrals.oversight.rules import NO_WORDS


class ReviewForm(RecordingForm):
    """What the reviewer found, in one word of those given and in several."""

    words = long_text(
        "In words",
        required=NO_WORDS,
        hint="Why, and what is to be done by whom. Write no child's name.",
    )

    def __init__(self, *args: Any, outcomes: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        found = choice("What you found", outcomes, required="Choose what you found")
        self.fields = {"outcome": found, **self.fields}
