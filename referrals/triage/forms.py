"""What is asked where a referral is put to a child."""

from typing import Any, cast

from django import forms

from hub.recording.forms import RecordingForm
from hub.site.fields import choice, long_text

ANEW = "new"
IN_ERROR, GOES_ON = "error", "stays"


class SameChildForm(RecordingForm):
    """What the referral is to a child who is known; asked where an episode is open.

    The action says whether it had to be answered: what is open may change between two presses.
    """

    onto = choice("What is this referral?", [])

    def __init__(self, *args: Any, episodes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        onto = cast(forms.ChoiceField, self.fields["onto"])
        onto.choices = [*episodes, (ANEW, "Another concern: open a new episode")]
        if not episodes:
            onto.widget = forms.HiddenInput()

    @property
    def anew(self) -> bool:
        """Whether it was said to be another concern."""
        return bool(self.cleaned_data["onto"] == ANEW)


class UndoForm(RecordingForm):
    """Why a referral is taken off a child, and what becomes of the episode."""

    episode = choice(
        "What becomes of the episode?",
        [
            (IN_ERROR, "It was opened for this referral: close it as recorded in error"),
            (GOES_ON, "It goes on: it stands for other concerns too"),
        ],
        required="Choose what becomes of the episode",
    )
    reason = long_text(
        "Why is it not this child?",
        required="Write why it is not this child",
        hint="It stays on the trail of both.",
        rows=3,
        longest=1000,
    )
