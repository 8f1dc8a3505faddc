"""What is typed to keep the assessment tools."""

from hub.codes.rules import code_list
from hub.recording.forms import RecordingForm
from hub.site import fields
from risk.tools.rules import NO_NAME, NO_VERSION, NO_WHY, Entry

EARLIER = "A day in the past is right for what was in use before it was entered here"


def _kinds() -> list[tuple[str, str]]:
    return [(code, entry.label) for code, entry in code_list("exploitation_types").items()]


class VersionForm(RecordingForm):
    """A version, and from when it is used."""

    version = fields.text(
        "Version",
        required=NO_VERSION.rstrip("."),
        hint="As it stands on the form, for example 2.1",
        longest=20,
        width=10,
    )
    from_day = fields.day(
        "In use from", required="Enter the day from which it is used", hint=EARLIER
    )

    @property
    def entry(self) -> Entry:
        """What the form says, once it is clean."""
        return Entry(self.cleaned_data["version"], self.cleaned_data["from_day"])


class ToolForm(VersionForm):
    """A new tool with its version."""

    name = fields.text("Name of the tool", required=NO_NAME.rstrip("."), longest=80, width=30)
    kinds = fields.several(
        "What is it for?", _kinds, hint="Tick none if it is for every kind of exploitation"
    )
    field_order = ("name", "kinds", "version", "from_day")


class EndToolForm(RecordingForm):
    """From when a tool is used no more, and why."""

    from_day = fields.day(
        "Used no more from", required="Enter the first day on which it is not used"
    )
    reason = fields.long_text(
        "Why?",
        required=NO_WHY.rstrip("."),
        hint="Read beside the tool's versions",
        rows=3,
        longest=500,
    )


class TakeBackVersionForm(RecordingForm):
    """Why an entry is taken back."""

    reason = fields.long_text(
        "Why is it taken back?",
        required="Write why this is taken back",
        hint="For example: the wrong day was typed",
        rows=3,
        longest=500,
    )
