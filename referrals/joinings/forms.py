"""What is typed to join two records, and to take them apart."""

from typing import Any, cast

from django import forms

from hub.recording.forms import RecordingForm
from hub.site.fields import choice, long_text, text
from referrals.joinings.rules import LONGEST


class OtherForm(forms.Form):
    """The other record, by its reference; it is sent, never written in an address."""

    use_required_attribute = False

    reference = text(
        "Reference of the other record",
        required="Enter the reference of the other record",
        hint="The whole of it, for example C-0412",
        longest=60,
    )


class JoinForm(RecordingForm):
    """Which record is kept, and why both are of one child."""

    kept = choice(
        "Which record is kept?",
        (),
        required="Choose which record is kept",
        hint="The child is then found under its reference, and who the child is counts as it says.",
    )
    reason = long_text(
        "Why are they one child?",
        required="Write why these two records are of one child",
        hint="What makes you sure, and who confirmed it. Name nobody here: it is on the trail",
        rows=3,
        longest=LONGEST,
    )

    def __init__(self, *args: Any, references: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        kept = cast(forms.ChoiceField, self.fields["kept"])
        kept.choices = [(reference, f"Keep {reference}") for reference in references]


class ApartForm(RecordingForm):
    """Why two records are taken apart."""

    reason = long_text(
        "Why are they taken apart?",
        required="Write why they are taken apart",
        hint="Kept on the trail. Name nobody here",
        rows=3,
        longest=LONGEST,
    )
