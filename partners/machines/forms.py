"""What is typed to make a token, and to end one."""

from hub.access.rules import ROLES, Role
from hub.interface.rules import SCOPES, scopes_of
from hub.recording.forms import RecordingForm
from hub.site import fields
from partners.agencies.forms import AgencyForm
from partners.machines.rules import LONGEST_NAME, REASON_LONGEST, Asked

ROLES_OF_MACHINES = [(role, ROLES[role].title) for role in Role if scopes_of(role)]


class TokenForm(AgencyForm):
    """For which account, as what, for what and until when."""

    name = fields.text(
        "Name of the service account",
        required="Enter a name",
        hint="What the machine is, such as Case transfer. A name that is there already gets one more token.",
        longest=LONGEST_NAME,
    )
    role = fields.pick(
        "Role",
        [(role, title) for role, title in ROLES_OF_MACHINES if role != Role.OPERATOR],
        required="Choose the role",
        hint="The token never does more than this role may.",
    )
    scopes = fields.several(
        "What the token is for",
        [(scope, f"{words} ({scope})") for scope, words in SCOPES.items()],
        required="Tick what the token is for",
    )
    expires_on = fields.day(
        "Last day", required="Enter the last day", hint="Within a year, for example +90."
    )

    @property
    def asked(self) -> Asked:
        """What the form says, once it is clean."""
        typed = self.cleaned_data
        return Asked(typed["name"], typed["role"], tuple(typed["scopes"]), typed["expires_on"])


class EndTokenForm(RecordingForm):
    """Why a token ends."""

    reason = fields.long_text(
        "Why does it end?", required="Write why it ends", rows=3, longest=REASON_LONGEST
    )
