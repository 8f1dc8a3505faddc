"""The room's tables, gathered for Django."""

from risk.agenda.models import PutForward
from risk.crimes.models import Crime, CrimeFact, CrimeOutcome
from risk.intelligence.models import IntelligenceLog, IntelligenceRelease
from risk.levels.models import RiskLevel, RiskScale, ScaleLevel
from risk.meetings.models import (
    Attendance,
    Meeting,
    MeetingDecision,
    MeetingItem,
    MeetingSeries,
    MeetingTask,
)
from risk.places.models import PlaceForward
from risk.proposals.models import AgencyView, Proposal
from risk.reviews.models import Review
from risk.suspects.models import (
    CrimeSuspect,
    OccurrenceFact,
    Suspect,
    SuspectDetails,
    SuspectLevel,
    SuspectOccurrence,
)
from risk.tools.models import Tool, ToolVersion

__all__ = [
    "AgencyView",
    "Attendance",
    "Crime",
    "CrimeFact",
    "CrimeOutcome",
    "CrimeSuspect",
    "IntelligenceLog",
    "IntelligenceRelease",
    "Meeting",
    "MeetingDecision",
    "MeetingItem",
    "MeetingSeries",
    "MeetingTask",
    "OccurrenceFact",
    "PlaceForward",
    "Proposal",
    "PutForward",
    "Review",
    "RiskLevel",
    "RiskScale",
    "ScaleLevel",
    "Suspect",
    "SuspectDetails",
    "SuspectLevel",
    "SuspectOccurrence",
    "Tool",
    "ToolVersion",
]
