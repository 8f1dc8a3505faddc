"""The room's tables, gathered for Django."""

from referrals.caseload.models import SavedFilter
from referrals.checks.models import AgencyCheck, CheckAnswer, CheckReminder
from referrals.children.models import Address, Alias, CareStatus, Child, ChildDetails
from referrals.contacts.models import PersonToCall
from referrals.disagreements.models import Disagreement
from referrals.disclosures.models import Disclosure, DisclosureRecall
from referrals.emergencies.models import EmergencyAccess, EmergencyAlert, EmergencyReview
from referrals.episodes.models import Allocation, Episode, EpisodeFact
from referrals.grants.models import GroupGrant, PersonGrant, Restriction, Sight
from referrals.identities.models import Identification, IdentificationReview
from referrals.information.models import Information
from referrals.intake.models import (
    Referral,
    ReferralFeedback,
    ReferralLink,
    ReferralVersion,
)
from referrals.joinings.models import Joining
from referrals.matching.models import MatchKey
from referrals.measures.models import Measure
from referrals.missing.models import MissingEpisode
from referrals.notes.models import Note
from referrals.support.models import ServiceReferral
from referrals.vigilance.models import UnusualAccess, UnusualAccessReview

__all__ = [
    "Address",
    "AgencyCheck",
    "Alias",
    "Allocation",
    "CareStatus",
    "CheckAnswer",
    "CheckReminder",
    "Child",
    "ChildDetails",
    "Disagreement",
    "Disclosure",
    "DisclosureRecall",
    "EmergencyAccess",
    "EmergencyAlert",
    "EmergencyReview",
    "Episode",
    "EpisodeFact",
    "GroupGrant",
    "Identification",
    "IdentificationReview",
    "Information",
    "Joining",
    "MatchKey",
    "Measure",
    "MissingEpisode",
    "Note",
    "PersonGrant",
    "PersonToCall",
    "Referral",
    "ReferralFeedback",
    "ReferralLink",
    "ReferralVersion",
    "Restriction",
    "SavedFilter",
    "ServiceReferral",
    "Sight",
    "UnusualAccess",
    "UnusualAccessReview",
]
