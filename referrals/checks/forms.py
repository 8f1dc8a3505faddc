"""What is typed to ask agencies about a child, to answer, and to change an answer."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields
from referrals.checks.rules import KNOWS, LONGEST, SOURCES_LONGEST, WHY, Answered
from referrals.notes.rules import CONDITIONS_LONGEST, SEEN_BY


class AskForm(RecordingForm):
    """Which agencies are asked, and why."""

    why = fields.choice(
        "Why are they asked?", WHY.items(), required="Choose why the agencies are asked"
    )
    agencies = fields.several("Agencies", (), required="Tick the agencies to ask")

    def __init__(
        self, *args: Any, agencies: Iterable[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        cast(forms.MultipleChoiceField, self.fields["agencies"]).choices = list(agencies)


class AnswerForm(RecordingForm):
    """An agency's answer in its own box."""

    knows = fields.choice(
        "What does your agency know?",
        KNOWS.items(),
        required="Choose whether your agency knows something",
    )
    text = fields.long_text(
        "What it knows", hint="Empty where nothing is held", rows=5, longest=LONGEST
    )
    sources = fields.text(
        "Where you looked",
        required="Write where your agency looked",
        hint="For example: crime records and missing records, the last two years",
        longest=SOURCES_LONGEST,
        width=30,
    )
    seen_by = fields.pick(
        "Who may see it", SEEN_BY.items(), required="Choose who may see this answer"
    )
    for_agencies = fields.several("Agencies that may see it", ())
    conditions = fields.text(
        "Conditions",
        hint="For example: do not act on this without asking us",
        longest=CONDITIONS_LONGEST,
        width=30,
    )
    source_protected = fields.tick(
        "Protect the source",
        hint="Others read your agency's name, not yours, and not where you looked",
    )

    def __init__(
        self, *args: Any, agencies: Iterable[tuple[str, str]] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["knows"].widget.attrs["autofocus"] = True
        cast(forms.MultipleChoiceField, self.fields["for_agencies"]).choices = list(agencies)

    @property
    def answered(self) -> Answered:
        """What the form says, once it is clean."""
        names = ("knows", "text", "sources", "seen_by", "conditions", "source_protected")
        named = tuple(sorted(map(int, self.cleaned_data["for_agencies"])))
        return Answered(**{name: self.cleaned_data[name] for name in names}, for_agencies=named)


class ChangeAnswerForm(AnswerForm):
    """An answer changed, and why."""

    reason = fields.text(
        "Why is it changed?",
        required="Write why it is changed: it is read beside the old answer",
        longest=500,
        width=30,
    )
