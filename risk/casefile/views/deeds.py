"""What a person may record on a child's case: the menu on each of its pages, drawn as at today alone."""

from dataclasses import dataclass

from django.urls import reverse

from hub.access.gate import standing_of
from hub.access.rules import Permission
from risk.casefile.views.reading import Case

# Its words, its address (of the child), the right that it needs; in the order of how often they are done.
DEEDS: tuple[tuple[str, str, Permission], ...] = (
    ("Add a note", "risk-child-note-new", Permission.NOTES_RECORD),
    ("Add a note", "risk-child-note-new", Permission.SHARED_NOTES_RECORD),
    ("Agency checks", "risk-child-checks", Permission.CHECKS_ANSWER),
    ("Raise a disagreement", "risk-child-disagree", Permission.DISAGREEMENTS_RAISE),
    ("Record a level", "risk-child-level", Permission.LEVELS_RECORD),
    ("Log intelligence", "risk-child-intelligence-new", Permission.INTELLIGENCE_RECORD),
    ("Open a new episode", "risk-child-episode-new", Permission.CASES_RECORD),
    ("Add a person to call", "risk-child-call-new", Permission.NOTES_RECORD),
    ("New address", "risk-child-address-new", Permission.CASES_RECORD),
    ("New status in social care", "risk-child-status-new", Permission.CASES_RECORD),
    ("Add another name", "risk-child-name-new", Permission.CASES_RECORD),
    ("Disclosures", "risk-child-disclosures", Permission.NOTES_RECORD),
    ("Correct the child's details", "risk-child-details", Permission.CASES_RECORD),
    ("Join with another record of this child", "risk-child-join", Permission.RECORDS_JOIN),
)


# The key that follows g, for what is done most often.
KEYS = {"risk-child-note-new": "n"}


@dataclass(frozen=True)
class Deed:
    """A thing that can be done on this case, and where; `key` follows g to go there."""

    label: str
    address: str
    key: str = ""


def deeds_of(case: Case) -> list[Deed]:
    """List what the person may do here; what they may not is absent, and the past is not written to."""
    deeds = [
        Deed(label, reverse(to, args=[case.child.pk]), KEYS.get(to, ""))
        for label, to, needed in DEEDS
        if may_record(case, needed)
    ]
    if _says_who_sees(case):
        to = "risk-child-access"
        deeds.append(Deed("Who can see this child", reverse(to, args=[case.child.pk])))
        deeds.append(Deed("Who has looked", reverse("risk-child-looked", args=[case.child.pk])))
    return deeds


def _says_who_sees(case: Case) -> bool:
    """The hub's manager does of any child, the lead worker of theirs."""
    leads = any(held.lead and held.worker == case.user.username for held in case.held_by)
    of_those_led = leads and may_record(case, Permission.GRANTS_MANAGE_LED)
    return of_those_led or may_record(case, Permission.GRANTS_MANAGE)


def may_record(case: Case, needed: Permission) -> bool:
    """Say whether the person may do what needs this right, on the page that is drawn."""
    standing = standing_of(case.user)
    return standing is not None and not case.looking.past and standing.may(needed)
