"""What a record's words may be met by whom: kinds of record, parts of it, and which table is of which part.

Reckoned by hand, and not by `visible_to`.
"""

import re
from enum import StrEnum
from itertools import count
from typing import Any

from django.db import models


class Kind(StrEnum):
    """A kind of record, with the letter that its words bear."""

    PLAIN = "a"
    SHARED = "b"
    BY_NAME = "c"
    RESTRICTED = "d"
    SHUT_OUT = "e"
    CLOSED = "f"
    ENDED = "g"
    ELSEWHERE = "h"


class Part(StrEnum):
    """What a text belongs to, with its letter."""

    SHOWN = "s"
    WHOLE = "w"
    POLICE = "p"
    CONFLICTS = "i"
    UPLOADS = "u"
    EMERGENCIES = "r"
    OWN = "o"
    INTELLIGENCE = "c"
    RELEASES = "l"
    SHARING = "g"
    MEETINGS = "m"
    OF_NORTHLIGHT = "d"
    OF_LARKFIELD = "k"


BRADFORD = frozenset({"amira", "ben", "dev", "nora"})
# Whoever works by reference meets a record's number and no other word of it.
BY_REFERENCE = frozenset({"ana"})
# Who sees the whole case: two are restricted to people named, from two people are shut out.
WHOLE: dict[Kind, frozenset[str]] = {
    Kind.PLAIN: BRADFORD,
    Kind.SHARED: BRADFORD - {"ben"},
    Kind.BY_NAME: frozenset({"amira", "dev", "nora"}),
    Kind.RESTRICTED: frozenset({"amira", "dev"}),
    Kind.SHUT_OUT: BRADFORD - {"ben"},
    Kind.CLOSED: BRADFORD,
    Kind.ENDED: BRADFORD,
    Kind.ELSEWHERE: frozenset({"erin"}),
}
# Who is shown a part of it by a grant in force; nobody else who does not see the whole.
GRANTED = {Kind.SHARED: frozenset({"chloe", "femi"}), Kind.BY_NAME: frozenset({"femi", "chloe"})}
# Who works for which charity.
CHARITIES = {"northlight": Part.OF_NORTHLIGHT, "larkfield": Part.OF_LARKFIELD}
POLICE = frozenset({"ben", "dev"})
IMPORTERS = frozenset({"ana"})
# Who is of the agency that writes each case: what it marks as its own is for them.
WRITERS_AGENCY = frozenset({"amira", "dev", "erin"})
# The auditor of Bradford reads on the trail what a record is called, and why something was done.
AUDITORS = frozenset({"otto"})
REFERENCE = "reference"
ON_THE_TRAIL = {
    REFERENCE,
    "recipient",
    "reason",
    "because",
    "ended_because",
    "withdrawn_because",
    "outcome",
}


# From whom it is hidden as well.
HIDDEN_FROM_ANA = frozenset({Kind.BY_NAME, Kind.RESTRICTED, Kind.ELSEWHERE})


def may_meet(kind: Kind, part: Part, *, on_the_trail: bool, number: bool = False) -> frozenset[str]:
    """Who may meet a word of that part of such a record; `number` where it is a reference."""
    elsewhere = kind is Kind.ELSEWHERE
    seen = {
        Part.SHOWN: WHOLE[kind] | GRANTED.get(kind, frozenset()),
        Part.WHOLE: WHOLE[kind],
        Part.POLICE: frozenset() if elsewhere else POLICE,
        Part.CONFLICTS: frozenset() if kind in HIDDEN_FROM_ANA else IMPORTERS,
        Part.UPLOADS: frozenset()
        if elsewhere
        else IMPORTERS,  # a whole extract, about nobody in particular
        Part.OF_NORTHLIGHT: WHOLE[kind] | (GRANTED.get(kind, frozenset()) & {"chloe"}),
        Part.OF_LARKFIELD: WHOLE[kind] | (GRANTED.get(kind, frozenset()) & {"femi"}),
        Part.OWN: WHOLE[kind] & WRITERS_AGENCY,
        Part.INTELLIGENCE: WHOLE[kind] & POLICE,
        Part.RELEASES: WHOLE[kind] & (POLICE | WRITERS_AGENCY),
        Part.SHARING: frozenset() if elsewhere else frozenset({"dev"}),
        Part.MEETINGS: frozenset({"erin"}) if elsewhere else BRADFORD,  # whoever it is about
        Part.EMERGENCIES: frozenset() if elsewhere else AUDITORS,  # who reviews them
    }[part]
    hidden = elsewhere if part is Part.POLICE else kind in HIDDEN_FROM_ANA
    if number and not hidden and part in NUMBERED:
        seen = seen | BY_REFERENCE
    return seen | AUDITORS if on_the_trail and not elsewhere else seen


# Which parts have numbers that whoever works by reference meets.
NUMBERED = frozenset({Part.SHOWN, Part.WHOLE, Part.POLICE})


# Which part a table's rows are; one that is not named here is the whole case's.
PARTS: dict[str, Part] = {
    **dict.fromkeys(
        ("referrals_child", "referrals_episode", "referrals_episodefact", "risk_risklevel", "risk_review"),
        Part.SHOWN,
    ),
    **dict.fromkeys(
        ("risk_crime", "risk_crimeoutcome", "risk_crimesuspect", "risk_suspect", "risk_suspectdetails",
         "risk_suspectoccurrence", "risk_occurrencefact", "risk_suspectlevel", "risk_putforward"),
        Part.POLICE,
    ),
    **dict.fromkeys(
        ("reporting_importconflict", "reporting_conflictsettlement"),
        Part.CONFLICTS,
    ),
    "reporting_extractupload": Part.UPLOADS,
    "risk_intelligencerelease": Part.RELEASES,
    "partners_sharingagreement": Part.SHARING,
    **dict.fromkeys(
        ("risk_meetingseries", "risk_meeting", "risk_attendance", "risk_tool", "risk_toolversion"),
        Part.MEETINGS,
    ),
    **dict.fromkeys(
        ("referrals_emergencyaccess", "referrals_emergencyalert", "referrals_emergencyreview",
         "referrals_identification", "referrals_identificationreview", "referrals_unusualaccess",
         "referrals_unusualaccessreview"),
        Part.EMERGENCIES,
    ),
}  # fmt: skip
# Rows of these tables are shown or not, each for itself.
SHOWN_ROWS: dict[str, Any] = {
    "referrals_address": lambda row: not row.confidential,
    "referrals_allocation": lambda row: row.lead,
    "referrals_servicereferral": lambda row: row.outcome == "ACCEPTED" and row.service == "northlight",
}  # fmt: skip
# Of these each row's marking says for whom it is.
MARKED_ROWS: dict[str, Any] = {
    "referrals_note": lambda row: Part.OWN if row.seen_by == "own" else Part.WHOLE,
    # "Charities too": a charity to which the child is shown reads it, where its agreement has notes.
    "referrals_checkanswer": lambda row: {"own": Part.OWN, "everybody": Part.SHOWN}.get(
        row.seen_by, Part.WHOLE
    ),
    # What a charity raises from outside the hub, its workers read.
    "referrals_disagreement": lambda row: (
        CHARITIES.get(row.raised_by.code, Part.WHOLE) if row.outside else Part.WHOLE
    ),
    "risk_intelligencelog": lambda row: Part.INTELLIGENCE if row.handling == "C" else Part.WHOLE,
}
# A police record that names its victim is hidden with the child.
OF_A_VICTIM = "risk_crimefact"

# Texts that hold no free words, and why.
CODED = {
    "gender": "one letter",
    "seen_by": "a code of the marking",
    "matter": "a code",
    "evaluation": "one figure of a grading",
    "assessment": "one letter of a grading",
    "handling": "one letter of a grading",
    "level": "a level of a scale",
    "ethnicity": "a code",
    "ward": "a code",
    "referral_source": "a code",
    "closure_reason": "a code",
    "kind": "a code",
    "relation": "a code",
    "service": "a service's code",
    "worker": "who signs in so",
    "how": "a code",
    "source": "a code",
    "offence_code": "a code",
    "victim_gender": "one letter",
    "outcome": "a code",
    "table": "a table's name",
    "fact_table": "a table's name",
    "state": "a state",
    "from_level": "a level of a scale",
    "to_level": "a level of a scale",
    "opinion": "a code",
    "group": "a code",
    "code": "a code",
    "stored_as": "the name of a file on the disk",
    "faults_in": "the name of a file on the disk",
    "partnership_code": "a hub's code",
    "query": "a filter's address",
}
# What the floor keeps of a person's own work, and the trail, is written from what is said above.
DERIVED = ("hub_auditevent", "hub_change", "hub_draft", "hub_sentform", "hub_preferences", "hub_factsource",
           "referrals_savedfilter", "referrals_referrallink",
           "reporting_release", "referrals_sight", "referrals_matchkey")  # fmt: skip
# A word ends with a number, so that what somebody searches for is not taken for what was found.
CANARY = re.compile(r"zqx([a-h])([swpiurocglmdk])([tyn])\d", re.IGNORECASE)
_numbers = count(10)


def texts_of(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The fields of a table that hold free words."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        if not field.choices and field.name not in CODED
    ]


def word_of(kind: Kind, row: models.Model, name: str) -> str:
    """A word of such a record for a field of a row, never the same twice."""
    trail = "n" if name == REFERENCE else "t" if name in ON_THE_TRAIL else "y"
    return f"Zqx{kind}{part_of(row)}{trail}{_short(next(_numbers))}"


def _short(number: int) -> str:
    """Write a number in few signs, a figure first, so that a word fits where ten figures do."""
    signs, rest, written = "0123456789abcdefghijklmnopqrstuvwxyz", number // 10, str(number % 10)
    while rest:
        rest, sign = divmod(rest, len(signs))
        written += signs[sign]
    return written


def part_of(row: models.Model) -> Part:
    """Which part of a record a row is."""
    table = row._meta.db_table
    if table in SHOWN_ROWS:
        return Part.SHOWN if SHOWN_ROWS[table](row) else Part.WHOLE
    if table in MARKED_ROWS:
        marked: Part = MARKED_ROWS[table](row)
        return marked
    return PARTS.get(table, Part.WHOLE)
