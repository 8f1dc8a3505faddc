"""The room's tables, gathered for Django."""

from partners.agencies.models import Agency, Post
from partners.machines.models import MachineToken, MachineUse
from partners.partnerships.models import BoundarySet, Partnership, Ward
from partners.people.models import Renewal
from partners.services.models import Service
from partners.sharing.models import SharingAgreement
from partners.staffing.models import Absence, NewlyQualified

__all__ = [
    "Absence",
    "Agency",
    "BoundarySet",
    "MachineToken",
    "MachineUse",
    "NewlyQualified",
    "Partnership",
    "Post",
    "Renewal",
    "Service",
    "SharingAgreement",
    "Ward",
]
