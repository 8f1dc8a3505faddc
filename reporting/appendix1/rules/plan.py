"""Which tables stand where in the documents, and what each is a share of: paths into the report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OneWay:
    """A table of one column. `whole` is the path of its total; `codes` the code list of its labels."""

    key: str
    head: str
    whole: str = ""
    codes: str = ""


@dataclass(frozen=True)
class TwoWay:
    """A table of rows and columns. `totals` is the path of its rows' totals, `foot` of its columns'."""

    key: str
    head: str
    totals: str = ""
    foot: str = ""
    foot_total: str = ""


@dataclass(frozen=True)
class SectionPlan:
    """A section: its single figures, each with the path of what it is a share of, then its tables."""

    key: str
    title: str
    short: str
    figures: tuple[tuple[str, str], ...]
    tables: tuple[OneWay | TwoWay, ...]
    absent: str = ""


HEADLINES = (
    ("strategic.episodes", "Episodes dealt with"),
    ("strategic.new", "New episodes"),
    ("strategic.children", "Children"),
    ("tactical.open", "Children open on the snapshot"),
    ("crimes.cse", "CSE crimes"),
    ("suspect_management.occurrences", "Suspect occurrences"),
)

STRATEGIC = SectionPlan(
    "strategic",
    "Strategic overview: {year_start} to {year_end}",
    "Strategic overview",
    (
        ("episodes", ""),
        ("already_open", "strategic.episodes"),
        ("new", "strategic.episodes"),
        ("closed", "strategic.episodes"),
        ("open_at_end", "strategic.episodes"),
        ("not_at_risk_at_referral", "strategic.episodes"),
        ("not_at_risk_at_referral_of_new", "strategic.new"),
        ("children", ""),
        ("children_repeated", "strategic.children"),
        ("re_referred_within_12_months", "strategic.new"),
        ("mean_new_per_month", ""),
        ("previous_year.new", ""),
        ("previous_year.mean_new_per_month", ""),
        ("change_in_new_percent", ""),
    ),
    (
        OneWay("strategic.new_by_gender", "Gender", "strategic.new"),
        TwoWay("strategic.new_by_age_and_gender", "Gender", "strategic.new_by_gender"),
        OneWay("strategic.peak_age", "Gender"),
        OneWay("strategic.new_by_referral_source", "Source", "strategic.new", "referral_sources"),
        OneWay("strategic.closed_by_reason", "Reason", "strategic.closed", "closure_reasons"),
    ),
)

TACTICAL = SectionPlan(
    "tactical",
    "Open cases on {snapshot}",
    "Open cases",
    (
        ("open", ""),
        ("open_with_several_episodes", "tactical.open"),
        ("aged_18_or_over", "tactical.open"),
        ("with_learning_disability", "tactical.open"),
    ),
    (
        OneWay("tactical.by_level", "Level", "tactical.open"),
        TwoWay("tactical.by_level_and_gender", "Level", "tactical.by_level"),
        OneWay("tactical.by_ethnic_group", "Ethnic group", "tactical.open"),
        OneWay("tactical.by_census_group", "Ethnic group", "tactical.open"),
        OneWay("tactical.by_status", "Status", "tactical.open"),
        TwoWay(
            "tactical.by_status_and_level",
            "Status",
            "tactical.by_status",
            "tactical.by_level",
            "tactical.open",
        ),
        OneWay("tactical.by_constituency", "Constituency", "tactical.open"),
        TwoWay(
            "tactical.by_ward_and_level",
            "Ward",
            foot="tactical.by_level",
            foot_total="tactical.open",
        ),
    ),
)

MOVEMENT = SectionPlan(
    "movement",
    "Movement of risk levels: {snapshot} to {movement_to}",
    "Movement of risk levels",
    tuple(
        (name, "tactical.open")
        for name in ("unchanged", "decreased", "increased", "not_comparable")
    ),
    (TwoWay("movement.matrix", "Level on the snapshot", "tactical.by_level"),),
    absent="No second day was asked for, so no movement is counted.",
)

CRIMES = SectionPlan(
    "crimes",
    "Crimes: {year_start} to {year_end}",
    "Crimes",
    (
        ("sexual_offences_under_18", ""),
        ("victim_age_unknown", ""),
        ("cse", "crimes.sexual_offences_under_18"),
        ("tagged_outside_list", ""),
        ("finalised", "crimes.cse"),
        ("under_investigation", "crimes.cse"),
        ("cancelled", "crimes.cse"),
        ("male_victims", "crimes.cse"),
        ("with_suspect", "crimes.cse"),
        ("suspect_links", ""),
    ),
    (
        OneWay("crimes.by_outcome", "Outcome", "crimes.cse", "crime_outcomes"),
        OneWay("crimes.by_number_of_suspects", "Suspects", "crimes.with_suspect"),
        OneWay("crimes.offender_age_bands", "Age of suspect", "crimes.suspect_links"),
        TwoWay(
            "crimes.victim_age_by_offender_age_band",
            "Age of victim",
            foot="crimes.offender_age_bands",
            foot_total="crimes.suspect_links",
        ),
    ),
)

MISSING = SectionPlan(
    "missing",
    "Missing: {year_start} to {year_end}",
    "Missing",
    (
        ("episodes", ""),
        ("children", ""),
        ("found", "missing.episodes"),
        ("interviewed", "missing.episodes"),
        ("interviewed_in_time", "missing.found"),
    ),
    (),
)

SUSPECTS = SectionPlan(
    "suspect_management",
    "Suspect management: {suspects_from} to {suspects_to}",
    "Suspect management",
    (("occurrences", ""), ("under_investigation", "suspect_management.occurrences")),
    (
        OneWay("suspect_management.by_age_band", "Age", "suspect_management.occurrences"),
        OneWay("suspect_management.by_gender", "Gender", "suspect_management.occurrences"),
        OneWay(
            "suspect_management.by_ethnic_group", "Ethnic group", "suspect_management.occurrences"
        ),
    ),
)

SECTIONS = (STRATEGIC, TACTICAL, MOVEMENT, CRIMES, MISSING, SUSPECTS)

# Worked out from counts: means, changes and peaks, behind which no case stands.
DERIVED = (
    "strategic.mean_new_per_month",
    "strategic.previous_year.mean_new_per_month",
    "strategic.change_in_new_percent",
    "strategic.peak_age",
)


def is_derived(path: str) -> bool:
    """Say whether the figure at a path is worked out from counts."""
    return any(path == key or path.startswith(f"{key}.") for key in DERIVED)
