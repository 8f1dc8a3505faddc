"""The room's tables, gathered for Django."""

from risk.crimes.models import Crime, CrimeFact, CrimeOutcome
from risk.intelligence.models import IntelligenceLog, IntelligenceRelease
from risk.levels.models import RiskLevel, RiskScale, ScaleLevel
from risk.reviews.models import Review
from risk.suspects.models import (
    CrimeSuspect,
    OccurrenceFact,
    Suspect,
    SuspectDetails,
    SuspectLevel,
    SuspectOccurrence,
)

__all__ = [
    "Crime",
    "CrimeFact",
    "CrimeOutcome",
    "CrimeSuspect",
    "IntelligenceLog",
    "IntelligenceRelease",
    "OccurrenceFact",
    "Review",
    "RiskLevel",
    "RiskScale",
    "ScaleLevel",
    "Suspect",
    "SuspectDetails",
    "SuspectLevel",
    "SuspectOccurrence",
]
