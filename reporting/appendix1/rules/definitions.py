"""What each table and figure of the report counts, as every document prints it.

In our own words from the Appendix 1 definitions, version 1; keys are the report's JSON paths. A change of
meaning raises the version in `parameters.DEFINITIONS` and changes the counting with it.
"""

from dataclasses import dataclass
from types import MappingProxyType

OF_VERSION = 1

EPISODES, CHILDREN, CRIMES = "episodes", "children", "crimes"
LINKS = "links of a crime with a suspect"
OCCURRENCES = "suspect-management occurrences"
MISSING = "missing episodes"


@dataclass(frozen=True)
class Definition:
    """A table or figure: what it is called, what one count in it is, and the rule for counting."""

    heading: str
    unit: str
    sentence: str

    @property
    def printed(self) -> str:
        """Give the definition as documents print it, unit first."""
        return f"Unit: {self.unit}. {self.sentence}"


_STRATEGIC = {
    "episodes": Definition(
        "Episodes dealt with",
        EPISODES,
        "Referred by the end of the year and not closed before it began.",
    ),
    "already_open": Definition(
        "Already open",
        EPISODES,
        "Of the episodes dealt with, those referred before the year began.",
    ),
    "new": Definition(
        "New", EPISODES, "Of the episodes dealt with, those referred within the year."
    ),
    "closed": Definition("Closed", EPISODES, "Closed on a day of the year."),
    "open_at_end": Definition(
        "Open at the end",
        EPISODES,
        "Open at the end of the year's last day. Already open + new - closed = open at the end.",
    ),
    "not_at_risk_at_referral": Definition(
        "Not at risk at referral",
        EPISODES,
        "Of the episodes dealt with, those whose first level was No CSE risk.",
    ),
    "not_at_risk_at_referral_of_new": Definition(
        "Not at risk at referral, of the new",
        EPISODES,
        "Of the new episodes, those whose first level was No CSE risk.",
    ),
    "children": Definition(
        "Children", CHILDREN, "Each child with an episode dealt with, counted once."
    ),
    "children_repeated": Definition(
        "Children with repeated episodes",
        CHILDREN,
        "Children with two or more of the episodes dealt with.",
    ),
    "re_referred_within_12_months": Definition(
        "Re-referred within 12 months",
        EPISODES,
        "New episodes whose child had an earlier episode closed on the day of the referral or in the "
        "366 days before it.",
    ),
    "mean_new_per_month": Definition(
        "New per month, mean", EPISODES, "The year's new episodes divided by its twelve months."
    ),
    "previous_year.new": Definition(
        "New in the year before",
        EPISODES,
        "Referred within the same twelve months one year earlier.",
    ),
    "previous_year.mean_new_per_month": Definition(
        "New per month in the year before, mean",
        EPISODES,
        "The earlier year's new episodes divided by its twelve months.",
    ),
    "change_in_new_percent": Definition(
        "Change in new episodes, %",
        "percent",
        "New episodes less those of the year before, in percent of the year before; none if that "
        "year had none.",
    ),
    "new_by_quarter": Definition(
        "New episodes by quarter",
        EPISODES,
        "By the date of referral, in quarters counted from the first day of the report's year.",
    ),
    "previous_year.new_by_quarter": Definition(
        "New episodes by quarter, the year before",
        EPISODES,
        "By the date of referral, in the same quarters one year earlier.",
    ),
    "closed_by_reason": Definition(
        "Closed episodes by reason",
        EPISODES,
        "Episodes closed in the year, by the reason recorded at the closing.",
    ),
    "new_by_referral_source": Definition(
        "New episodes by source of referral",
        EPISODES,
        "By the source in the list of the children-in-need census.",
    ),
    "new_by_gender": Definition(
        "New episodes by gender", EPISODES, "By the gender recorded for the child."
    ),
    "new_by_age_and_gender": Definition(
        "New episodes by gender and age", EPISODES, "Age in whole years on the day of the referral."
    ),
    "peak_age": Definition(
        "Peak age at referral",
        "years of age",
        "The age with the most new episodes; among equals the lowest.",
    ),
}

_TACTICAL = {
    "open": Definition(
        "Children with an open episode",
        CHILDREN,
        "Children with an episode open at the end of the snapshot day, each counted once.",
    ),
    "open_with_several_episodes": Definition(
        "With several open episodes",
        CHILDREN,
        "Of these, children with two or more open on that day.",
    ),
    "aged_18_or_over": Definition(
        "Aged 18 or over", CHILDREN, "Of these, those who were 18 or older on the snapshot day."
    ),
    "with_learning_disability": Definition(
        "With a learning disability",
        CHILDREN,
        "Of these, those with a learning disability recorded.",
    ),
    "by_level": Definition(
        "Risk level",
        CHILDREN,
        "The child's level on the snapshot day: of the latest levels of its open episodes the one set "
        "last, among equal dates the highest. Not set is not the same as No CSE risk.",
    ),
    "by_level_and_gender": Definition(
        "Risk level and gender",
        CHILDREN,
        "The child's level on the snapshot day, by the gender recorded for the child.",
    ),
    "by_ethnic_group": Definition(
        "Ethnic group",
        CHILDREN,
        "Grouped as the report of 2016 does: Gypsy/Roma and Irish Travellers in Other. Refused, not "
        "obtained and empty are not recorded.",
    ),
    "by_census_group": Definition(
        "Ethnic group, as the census groups",
        CHILDREN,
        "As above, but Gypsy/Roma and Irish Travellers in White, comparable with the census.",
    ),
    "by_status": Definition(
        "Social care status",
        CHILDREN,
        "The first that holds on the snapshot day: looked after, else on a child protection plan, else "
        "in need; else previously, if any of these ended by that day; else never.",
    ),
    "by_status_and_level": Definition(
        "Social care status and risk level",
        CHILDREN,
        "Status and level, both on the snapshot day.",
    ),
    "by_constituency": Definition(
        "Constituency",
        CHILDREN,
        "The constituency of the ward where the child lived on the snapshot day. Confidential and out "
        "of area addresses stand apart; not recorded: no address or no ward.",
    ),
    "by_ward_and_level": Definition(
        "Ward and risk level",
        CHILDREN,
        "The ward of the address held on the snapshot day (the latest to begin), by the child's level. "
        "Confidential and out of area addresses stand apart.",
    ),
}

_MOVEMENT = {
    "unchanged": Definition(
        "Unchanged",
        CHILDREN,
        "The same level on both days; also closed by the second day from No CSE risk.",
    ),
    "decreased": Definition(
        "Decreased",
        CHILDREN,
        "A lower level on the second day. A case closed from High, Medium or Low is counted here too, "
        "as the report of 2016 counts it: this says that the case was closed, and nothing about risk.",
    ),
    "increased": Definition("Increased", CHILDREN, "A higher level on the second day."),
    "not_comparable": Definition(
        "Not comparable", CHILDREN, "No level was set on one of the two days."
    ),
    "matrix": Definition(
        "From the level on the snapshot to the level on the second day",
        CHILDREN,
        "The children open on the snapshot: rows are the level then, columns the level on the second "
        "day, or Closed if no episode was open on that day.",
    ),
}

_CRIMES = {
    "sexual_offences_under_18": Definition(
        "Sexual offences with a victim under 18",
        CRIMES,
        "Offences of the Home Office's sexual-offences list with the offence date in the year and a "
        "victim under 18 on that date.",
    ),
    "victim_age_unknown": Definition(
        "Left out: victim's age unknown",
        CRIMES,
        "Offences of that list and year in which no date of birth of the victim is known.",
    ),
    "cse": Definition("CSE crimes", CRIMES, "Of the sexual offences counted, those tagged as CSE."),
    "finalised": Definition(
        "Finalised", CRIMES, "CSE crimes with an outcome that is neither open nor cancelled."
    ),
    "under_investigation": Definition(
        "Under investigation", CRIMES, "CSE crimes whose outcome is still open."
    ),
    "cancelled": Definition("Cancelled", CRIMES, "CSE crimes recorded as no crime."),
    "tagged_outside_list": Definition(
        "Tagged, outside the list",
        CRIMES,
        "Offences in the year tagged as CSE that are not in the sexual-offences list; counted nowhere "
        "else.",
    ),
    "with_suspect": Definition(
        "With a suspect", CRIMES, "CSE crimes with at least one suspect linked to them."
    ),
    "suspect_links": Definition(
        "Suspects linked",
        LINKS,
        "One count for each CSE crime and suspect: a person linked to two crimes counts twice.",
    ),
    "male_victims": Definition("With a male victim", CRIMES, "CSE crimes with a male victim."),
    "by_outcome": Definition(
        "CSE crimes by outcome", CRIMES, "By the Home Office outcome recorded, one for each crime."
    ),
    "by_number_of_suspects": Definition(
        "CSE crimes by number of suspects",
        CRIMES,
        "CSE crimes with a suspect, by how many are linked.",
    ),
    "offender_age_bands": Definition(
        "Age of suspects",
        LINKS,
        "Age on the offence date, one count for each CSE crime and suspect.",
    ),
    "victim_age_by_offender_age_band": Definition(
        "Age of victim and age of suspect",
        LINKS,
        "Both on the offence date: rows are the victim's age, columns the suspect's.",
    ),
}

_MISSING = {
    "episodes": Definition("Missing episodes", MISSING, "Missing from a day of the year."),
    "children": Definition(
        "Children missing", CHILDREN, "Each child with a missing episode of the year, counted once."
    ),
    "found": Definition("Found", MISSING, "Of these, those with a day of being found."),
    "interviewed": Definition("Interviewed", MISSING, "Of these, those with a return interview."),
    "interviewed_in_time": Definition(
        "Interviewed in time",
        MISSING,
        "Those with a return interview at most three days after the day of being found.",
    ),
}

_SUSPECTS = {
    "occurrences": Definition(
        "Occurrences", OCCURRENCES, "Created within the suspects' window; one count for each."
    ),
    "under_investigation": Definition(
        "Under investigation",
        OCCURRENCES,
        "Of these, those open at the end of the window's last day.",
    ),
    "by_age_band": Definition(
        "Occurrences by age",
        OCCURRENCES,
        "Age of the suspect on the day the occurrence was created.",
    ),
    "by_gender": Definition("Occurrences by gender", OCCURRENCES, "By the suspect's gender."),
    "by_ethnic_group": Definition(
        "Occurrences by ethnic group",
        OCCURRENCES,
        "The suspect's group as the report of 2016 groups: Gypsy/Roma and Irish Travellers in Other.",
    ),
}

DEFINITIONS = MappingProxyType(
    {
        f"{section}.{key}": definition
        for section, entries in (
            ("strategic", _STRATEGIC),
            ("tactical", _TACTICAL),
            ("movement", _MOVEMENT),
            ("crimes", _CRIMES),
            ("missing", _MISSING),
            ("suspect_management", _SUSPECTS),
        )
        for key, definition in entries.items()
    }
)

TERMS = (
    ("Dates", "Dates are those of Europe/London. Years and windows include both their ends."),
    (
        "On a day",
        (
            "A state holds on a day if it began by then and had not ended by then: the state at the end of "
            "the day. An episode closed on a day is not open on it."
        ),
    ),
    (
        "Age",
        "In whole years. One born on 29 February turns a year older on 1 March in a common year.",
    ),
    (
        "Joined records",
        (
            "Two records that the hub had joined as one child's by the moment of the report count as one "
            "child, whose details are those of the record that is kept."
        ),
    ),
    (
        "Level in force",
        (
            "A first decision and an urgent rise count from the meeting that made them, any other change "
            "from its ratification, a proposal never. An imported level counts from the day it was set."
        ),
    ),
    (
        "Exploitation types",
        (
            "An episode counts if its types include one of those the report was asked for; an episode "
            "without a type is a CSE episode."
        ),
    ),
    (
        "Percentages",
        (
            "Of the table's total, or of the row's total in a table with rows and columns; one decimal, half "
            "away from zero, computed from the counts."
        ),
    ),
)

PUBLISHED_TERMS = (
    (
        "Hidden counts",
        (
            "Counts of 1 to 5 are shown as c, and as many others as are needed so that no hidden count "
            "can be worked out. A mean, change, peak or percentage is not shown where a part of it, or "
            "what is left without that part, is hidden."
        ),
    ),
    (
        "Wider categories",
        (
            "Published tables use fixed, wider categories, present whether or not anybody falls into "
            "them. No CSE risk includes levels not set; wards with fewer than ten children are Other wards."
        ),
    ),
)
