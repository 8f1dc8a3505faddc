"""What is typed to log what left the hub, and to ask for it back."""

from hub.recording.forms import RecordingForm
from hub.site import fields
from referrals.disclosures.rules import ANSWERS, BASES, BY_HAND, Told

NAMES = ("kind", "what", "recipient", "basis", "conditions", "disclosed_on")


class DisclosureForm(RecordingForm):
    """Something that was told or sent."""

    kind = fields.choice(
        "How was it disclosed?", BY_HAND.items(), required="Choose how it was disclosed"
    )
    what = fields.text(
        "What was disclosed?",
        required="Write what was disclosed",
        hint="What kind of information, in a few words",
        longest=500,
        width=30,
    )
    recipient = fields.text(
        "To whom?",
        required="Enter to whom",
        hint="Name and agency of each",
        longest=200,
        width=30,
    )
    basis = fields.pick("Lawful basis", BASES.items(), required="Choose the lawful basis")
    conditions = fields.text(
        "Conditions", hint="For example: not to be passed on", longest=500, width=30
    )
    disclosed_on = fields.day("Day", required="Enter the day on which it was disclosed")

    @property
    def told(self) -> Told:
        """What the form says, once it is clean."""
        return Told(**{name: self.cleaned_data[name] for name in NAMES})


class RecallForm(RecordingForm):
    """Why something is asked for back, and what was answered."""

    reason = fields.text(
        "Why is it asked for back?",
        required="Write why it is asked for back",
        hint="For example: it was about another child. Name nobody here",
        longest=500,
        width=30,
    )
    answer = fields.choice("Answer", ANSWERS.items(), required="Choose what was answered")
