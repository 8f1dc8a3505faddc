"""Which facts an extract's files bring: their table, their identity, and from when they are known.

The extract contract, "Facts, their identity, and when they became known".
"""

from dataclasses import dataclass

IDENTITIES: dict[str, str] = {
    "children": "referrals_child",
    "episodes": "referrals_episode",
    "crimes": "risk_crime",
    "suspects": "risk_suspect",
    "suspect_occurrences": "risk_suspectoccurrence",
}
"""File to the table that keeps its ids: subjects that facts hang on."""

STORED_AS: dict[str, str] = {"crime_ref": "crime_id", "missing_id": "reference"}
"""Columns of the files that the tables name otherwise."""


@dataclass(frozen=True)
class Ending:
    """What a spell learns later: the column of its date, what is said with it, and since when it is known."""

    dated: str
    with_it: tuple[str, ...] = ()
    known: str = "to_known_from"

    @property
    def columns(self) -> tuple[str, ...]:
        """All of it, the date first."""
        return (self.dated, *self.with_it)


@dataclass(frozen=True)
class Fact:
    """One table of facts, in the columns of the file that brings them.

    A fact is known by its `subject` (of `subject_file`), its `key` and its position among equals. Of a
    first import it is known from `recorded_at`, else the first of `dated` that is there, else the subject's
    earliest dated event. `side_by_side`: two that say otherwise may both be true.
    """

    table: str
    file: str
    subject: str
    subject_file: str
    key: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    endings: tuple[Ending, ...] = ()
    dated: tuple[str, ...] = ()
    recorded_at: str = ""
    side_by_side: bool = False

    @property
    def ends(self) -> tuple[str, ...]:
        """The columns of all its endings."""
        return tuple(column for ending in self.endings for column in ending.columns)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are stored, but for the subject's."""
        return (*self.key, *self.values, *self.ends)

    @property
    def said(self) -> tuple[str, ...]:
        """What it says besides its key: what a later extract may change."""
        return (*self.values, *self.ends)


FACTS: tuple[Fact, ...] = (
    Fact(
        "referrals_childdetails",
        "children",
        "child_id",
        "children",
        values=(
            "forenames",
            "surname",
            "date_of_birth",
            "gender",
            "ethnicity",
            "nhs_number",
            "upn",
            "learning_disability",
        ),
    ),
    Fact(
        "referrals_alias",
        "aliases",
        "child_id",
        "children",
        values=("name", "kind"),
        side_by_side=True,
    ),
    Fact(
        "referrals_address",
        "addresses",
        "child_id",
        "children",
        key=("from_date",),
        values=("line", "postcode", "ward", "out_of_area", "confidential"),
        endings=(Ending("to_date"),),
        dated=("from_date",),
    ),
    Fact(
        "referrals_carestatus",
        "statuses",
        "child_id",
        "children",
        key=("status", "from_date"),
        endings=(Ending("to_date"),),
        dated=("from_date",),
    ),
    Fact(
        "referrals_episodefact",
        "episodes",
        "episode_id",
        "episodes",
        values=(
            "child_id",
            "referred_on",
            "referral_source",
            "referring_agency",
            "exploitation_types",
        ),
        endings=(Ending("closed_on", ("closure_reason",)),),
        dated=("referred_on",),
    ),
    Fact(
        "risk_risklevel",
        "risk_levels",
        "episode_id",
        "episodes",
        key=("set_on",),
        values=("level", "rationale"),
        dated=("set_on",),
        recorded_at="recorded_at",
    ),
    Fact(
        "referrals_missingepisode",
        "missing_episodes",
        "missing_id",
        "missing_episodes",
        values=("child_id", "missing_from", "category"),
        endings=(
            Ending("found_at"),
            Ending("return_interview_on", ("return_interview_accepted",), "interview_known_from"),
        ),
        dated=("missing_from",),
    ),
    Fact(
        "referrals_allocation",
        "allocations",
        "episode_id",
        "episodes",
        key=("worker", "from_date"),
        values=("worker_name", "agency", "lead"),
        endings=(Ending("to_date"),),
        dated=("from_date",),
    ),
    Fact(
        "risk_review",
        "reviews",
        "episode_id",
        "episodes",
        key=("due_on",),
        endings=(Ending("done_on"),),
        dated=("due_on",),
    ),
    Fact(
        "referrals_servicereferral",
        "service_referrals",
        "episode_id",
        "episodes",
        key=("service", "referred_on"),
        values=("outcome", "started_on"),
        endings=(Ending("ended_on"),),
        dated=("referred_on",),
    ),
    Fact(
        "risk_crimefact",
        "crimes",
        "crime_ref",
        "crimes",
        values=(
            "offence_code",
            "offence_date",
            "recorded_on",
            "cse_tag",
            "victim_ref",
            "victim_child_id",
            "victim_date_of_birth",
            "victim_gender",
        ),
        dated=("recorded_on", "offence_date"),
    ),
    Fact(
        "risk_crimeoutcome",
        "crimes",
        "crime_ref",
        "crimes",
        values=("outcome", "outcome_on"),
        dated=("outcome_on",),
    ),
    Fact(
        "risk_suspectdetails",
        "suspects",
        "suspect_id",
        "suspects",
        values=("forenames", "surname", "date_of_birth", "gender", "ethnicity"),
    ),
    Fact("risk_crimesuspect", "crime_suspects", "crime_ref", "crimes", key=("suspect_id",)),
    Fact(
        "risk_occurrencefact",
        "suspect_occurrences",
        "occurrence_id",
        "suspect_occurrences",
        values=("suspect_id", "created_on"),
        endings=(Ending("closed_on"),),
        dated=("created_on",),
    ),
    Fact(
        "risk_suspectlevel",
        "suspect_risk_levels",
        "occurrence_id",
        "suspect_occurrences",
        key=("set_on",),
        values=("level",),
        dated=("set_on",),
    ),
)

FACT: dict[str, Fact] = {fact.table: fact for fact in FACTS}


@dataclass(frozen=True)
class Event:
    """A dated event of a subject: the file's column that names the subject, and the one that dates it."""

    file: str
    subject: str
    dated: str


EVENTS: dict[str, tuple[Event, ...]] = {
    "children": (
        Event("addresses", "child_id", "from_date"),
        Event("statuses", "child_id", "from_date"),
        Event("episodes", "child_id", "referred_on"),
        Event("missing_episodes", "child_id", "missing_from"),
        Event("crimes", "victim_child_id", "offence_date"),
    ),
    "crimes": (Event("crimes", "crime_ref", "offence_date"),),
    "suspects": (Event("suspect_occurrences", "suspect_id", "created_on"),),
}
"""Events by which undated facts are dated; a suspect's linked crimes count as well."""
