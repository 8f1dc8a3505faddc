"""What is typed to give new information on an episode."""

from typing import Any

from hub.codes.rules import code_list
from hub.site import fields
from referrals.information.rules import KINDS, Told
from referrals.notes.forms import NoteForm
from referrals.notes.rules import NEW_INFORMATION


class InformationForm(NoteForm):
    """New information: a note with what kind it is and who told it."""

    what = fields.pick(
        "What kind of information", KINDS.items(), required="Choose what kind of information it is"
    )
    source = fields.pick(
        "Who told it",
        [(entry.code, entry.label) for entry in code_list("referral_sources").values()],
        required="Choose who told it",
    )
    ask_again = fields.tick(
        "Ask the agencies anew what they know",
        hint="Those that have answered before are asked again; who still owes an answer is not asked twice",
    )
    field_order = (
        "what",
        "source",
        "text",
        "own_words",
        "with_whom",
        "happened_on",
        "happened_time",
    )

    def __init__(self, *args: Any, may_ask: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("kind", "episode", *([] if may_ask else ["ask_again"])):
            del self.fields[name]

    @property
    def told(self) -> Told:
        """What kind it is and who told it, once the form is clean."""
        return Told(self.cleaned_data["what"], self.cleaned_data["source"])

    def note_kind(self) -> str:
        """New information is a kind of its own."""
        return NEW_INFORMATION
