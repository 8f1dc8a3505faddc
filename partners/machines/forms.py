"""What is typed to make a token, and to end one."""

from typing import Any, cast

from django import forms

from hub.access.rules import Role
from hub.interface.rules import SCOPES, scopes_of
from hub.recording.forms import RecordingForm
from hub.site import fields
from partners.machines.rules import LONGEST_NAME, REASON_LONGEST, Asked


class TokenForm(RecordingForm):
    """For which account, for what and until when; as what, was chosen before, and says what can be ticked."""

    place = forms.CharField(required=False, widget=forms.HiddenInput)  # read by the page before
    name = fields.text(
        "Name of the service account",
        required="Enter a name",
        hint="What the machine is, such as Case transfer. A name that is there already gets one more token.",
        longest=LONGEST_NAME,
    )
    scopes = fields.several(
        "What the token is for",
        [(scope, f"{words} ({scope})") for scope, words in SCOPES.items()],
        required="Tick what the token is for",
    )
    expires_on = fields.day(
        "Last day", required="Enter the last day", hint="Within a year, for example +90."
    )

    def __init__(self, *args: Any, role: Role, **options: Any) -> None:
        super().__init__(*args, **options)
        self.role, usable = role, scopes_of(role)
        scopes = cast(forms.MultipleChoiceField, self.fields["scopes"])
        scopes.choices = [(scope, f"{SCOPES[scope]} ({scope})") for scope in usable]

    @property
    def asked(self) -> Asked:
        """What the form says, once it is clean."""
        typed = self.cleaned_data
        return Asked(typed["name"], self.role, tuple(typed["scopes"]), typed["expires_on"])


class EndTokenForm(RecordingForm):
    """Why a token ends."""

    reason = fields.long_text(
        "Why does it end?", required="Write why it ends", rows=3, longest=REASON_LONGEST
    )
