"""What is typed to write a note, to correct one and to withdraw one."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, cast

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields
from referrals.notes.rules import (
    CONDITIONS_LONGEST,
    KINDS,
    LONGEST,
    NEW_INFORMATION,
    SEEN_BY,
    WITH_LONGEST,
    Written,
)

TIMES = ("%H:%M", "%H.%M", "%H%M", "%H")
CHOSEN = {code: label for code, label in KINDS.items() if code != NEW_INFORMATION}
NO_TIME = "Enter a time as 14:30, or leave it empty"


class NoteForm(RecordingForm):
    """A note in one screen: the words first, what stands beside them after."""

    text = fields.long_text(
        "What happened", hint="What was seen, said and done", rows=6, longest=LONGEST
    )
    own_words = fields.long_text(
        "In the child's own words",
        hint="As the child said it. Empty where you did not speak",
        rows=6,
        longest=LONGEST,
    )
    kind = fields.pick("Kind", CHOSEN.items(), required="Choose what kind of note this is")
    with_whom = fields.text("With", hint="For example the GP", longest=WITH_LONGEST)
    happened_on = fields.day("Day", required="Enter the day it happened", hint="Or today, -1")
    happened_time = fields.text("Time", hint="If known: 14:30", longest=10, width=5)
    episode = fields.pick("Episode", ())
    seen_by = fields.pick(
        "Who may see it", SEEN_BY.items(), required="Choose who may see this note"
    )
    conditions = fields.text(
        "Conditions",
        hint="For example: do not act on this without asking us",
        longest=CONDITIONS_LONGEST,
    )
    for_agencies = fields.several("Agencies that may see it", ())
    source_protected = fields.tick(
        "Protect the source",
        hint="Others read your agency's name, not yours, and not with whom. Name nobody in the words",
    )

    def __init__(
        self,
        *args: Any,
        episodes: Iterable[tuple[str, str]] = (),
        agencies: Iterable[tuple[str, str]] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["text"].widget.attrs["autofocus"] = True
        episode = cast(forms.ChoiceField, self.fields["episode"])
        episode.choices = [("", "None"), *episodes]
        named = cast(forms.MultipleChoiceField, self.fields["for_agencies"])
        named.choices = list(agencies)

    def clean_happened_time(self) -> time | None:
        """Read the time as people type it: 14:30, 14.30, 1430 or 14."""
        typed = self.cleaned_data["happened_time"].strip()
        if not typed:
            return None
        for form in TIMES:
            try:
                return datetime.strptime(typed, form).time()  # noqa: DTZ007  # a time of day has no zone
            except ValueError:
                continue
        raise forms.ValidationError(NO_TIME)

    @property
    def written(self) -> Written:
        """What the form says, once it is clean."""
        names = ("text", "own_words", "with_whom", "happened_on", "happened_time")
        marking = ("seen_by", "conditions", "source_protected")
        named = tuple(sorted(map(int, self.cleaned_data["for_agencies"])))
        said = {name: self.cleaned_data[name] for name in (*names, *marking)}
        return Written(**said, kind=self.note_kind(), for_agencies=named)

    def note_kind(self) -> str:
        """The kind of note: as it was chosen."""
        kind: str = self.cleaned_data["kind"]
        return kind


class CorrectNoteForm(NoteForm):
    """A note put right, and why; one that brought new information stays of that kind."""

    kind = fields.pick("Kind", KINDS.items(), required="Choose what kind of note this is")

    reason = fields.long_text(
        "Why is it corrected?",
        required="Write why this is corrected: it is read beside the old version",
        rows=2,
    )


class WithdrawNoteForm(RecordingForm):
    """Why a note is taken back."""

    reason = fields.long_text(
        "Why is it withdrawn?",
        required="Write why this note is withdrawn",
        hint="For example: it was about another child. Name nobody here",
        rows=3,
    )
