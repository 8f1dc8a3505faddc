"""The floor's tables, gathered for Django."""

from hub.accounts.models import Remembered, User
from hub.audit.models import AuditEvent, Change
from hub.facts.models import FactSource
from hub.health.models import Heartbeat
from hub.preferences.models import Preferences
from hub.recording.models import Draft, SentForm
from hub.seals.models import Seal

__all__ = [
    "AuditEvent",
    "Change",
    "Draft",
    "FactSource",
    "Heartbeat",
    "Preferences",
    "Remembered",
    "Seal",
    "SentForm",
    "User",
]
