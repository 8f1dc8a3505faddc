"""What is typed to keep whom to call about a child."""

from django import forms

from hub.recording.forms import RecordingForm
from hub.site import fields
from referrals.contacts.rules import RELATIONS, Entry

NAMES = ("name", "relation", "from_date", "telephone", "safe_notes", "preferred", "ask_first")


class PersonToCallForm(RecordingForm):
    """A person or desk to call."""

    name = fields.text(
        "Name", required="Enter whom to call", hint="A person, or a desk such as the school office"
    )
    relation = fields.pick(
        "Who is this to the child?",
        RELATIONS.items(),
        required="Choose who this is to the child",
    )
    telephone = fields.text("Telephone", hint="For example 01632 960 001", longest=30)
    safe_notes = fields.text(
        "When and how is it safe to call?",
        hint="For example: school hours only, leave no message",
        longest=500,
        width=30,
    )
    preferred = fields.tick("Call this one first")
    ask_first = fields.tick(
        "Restricted: ask the lead worker before calling",
        hint="A call may put the child at risk. The number is shown, but not ready to be tapped",
    )
    from_date = fields.day(
        "To be called from",
        required="Enter the day from which to call them",
        hint="For example 29/3/2016, today or -1",
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # handed on as they come
        telephone: forms.Field = self.fields["telephone"]
        telephone.widget.attrs.update({"type": "tel", "autocomplete": "off"})

    @property
    def entry(self) -> Entry:
        """What the form says, once it is clean."""
        return Entry(**{name: self.cleaned_data[name] for name in NAMES})


class CorrectPersonToCallForm(PersonToCallForm):
    """An entry put right, and why."""

    reason = fields.text(
        "Why is it corrected?",
        required="Write why this is corrected: it is read beside the old version",
        longest=500,
        width=30,
    )


class EndPersonToCallForm(RecordingForm):
    """From when a person is called no longer."""

    to_date = fields.day(
        "Called no longer from",
        required="Enter the day from which to call no longer",
        hint="For example 29/3/2016, today or -1",
    )
