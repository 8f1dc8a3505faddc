"""Rows of an extract: what had happened by a day, in the extract contract's files and columns.

What carries a time of day (a level, a missing episode) is written from the day after, so that
no extract made in the morning tells of the afternoon.
"""

from collections.abc import Iterator
from datetime import date

from reporting.demo.rules.facts import Child, Crime, Episode, Missing, ServiceReferral, Suspect

Cell = str | date | None
Row = tuple[Cell, ...]
Rows = dict[str, list[Row]]
"""One subject's rows by file name (without `.csv`), in the order of COLUMNS."""

COLUMNS = {
    "children": "child_id forenames surname date_of_birth gender ethnicity nhs_number upn"
    " learning_disability",
    "aliases": "child_id name kind",
    "addresses": "child_id from_date to_date line postcode ward out_of_area confidential",
    "statuses": "child_id status from_date to_date",
    "episodes": "episode_id child_id referred_on referral_source referring_agency"
    " exploitation_types closed_on closure_reason",
    "risk_levels": "episode_id set_on level recorded_at rationale",
    "missing_episodes": "missing_id child_id missing_from found_at category"
    " return_interview_on return_interview_accepted",
    "allocations": "episode_id worker worker_name agency from_date to_date lead",
    "reviews": "episode_id due_on done_on",
    "service_referrals": "episode_id service referred_on outcome started_on ended_on",
    "crimes": "crime_ref offence_code offence_date recorded_on cse_tag outcome outcome_on"
    " victim_ref victim_child_id victim_date_of_birth victim_gender",
    "suspects": "suspect_id forenames surname date_of_birth gender ethnicity",
    "crime_suspects": "crime_ref suspect_id",
    "suspect_occurrences": "occurrence_id suspect_id created_on closed_on",
    "suspect_risk_levels": "occurrence_id set_on level",
}

# The agency that a referral source stands for; sources of the public have none.
REFERRING_AGENCY = {
    "2A": "education", "2B": "education", "3A": "health", "3B": "health", "3C": "health",
    "3D": "health", "3E": "health", "3F": "health", "4": "housing", "5A": "social_care",
    "5D": "early_help", "6": "police", "7": "youth_justice", "8": "voluntary",
}  # fmt: skip


def child_rows(child: Child, today: date) -> Rows:
    """Write a child with all that hangs on it; nothing before its first referral."""
    if child.known_from > today:
        return {}
    rows = _person(child, today)
    rows["missing_episodes"] = [
        _missing(child.id, number, episode, today)
        for number, episode in enumerate(child.missing, 1)
        if episode.missing_from.date() < today
    ]
    for name in ("risk_levels", "allocations", "reviews", "service_referrals"):
        rows[name] = []
    rows["episodes"] = [
        _episode(child.id, episode, today, rows)
        for episode in child.episodes
        if episode.referred_on <= today
    ]
    for crime in child.crimes:
        _merge(rows, crime_rows(crime, today, child.id))
    return rows


def _yes(flag: bool) -> str:
    return "Y" if flag else "N"


def _by(day: date | None, today: date) -> date | None:
    return day if day is not None and day <= today else None


def _merge(rows: Rows, more: Rows) -> None:
    for name, lines in more.items():
        rows.setdefault(name, []).extend(lines)


def _person(child: Child, today: date) -> Rows:
    person: Row = (
        child.id, child.forenames, child.surname, child.born, child.gender, child.ethnicity,
        child.nhs_number, child.upn, _yes(child.learning_disability),
    )  # fmt: skip
    return {
        "children": [person],
        "aliases": [(child.id, name, kind) for name, kind in child.aliases],
        "addresses": [
            (child.id, a.start, _by(a.end, today), a.line, a.postcode, a.ward,
             _yes(a.out_of_area), _yes(a.confidential))
            for a in child.addresses
            if a.start <= today
        ],
        "statuses": [
            (child.id, s.status, s.start, _by(s.end, today))
            for s in child.statuses
            if s.start <= today
        ],
    }  # fmt: skip


def _episode(child_id: str, episode: Episode, today: date, rows: Rows) -> Row:
    key = episode.id
    rows["risk_levels"] += [
        (key, x.set_on, x.level, x.recorded_at.isoformat(), x.rationale)
        for x in episode.levels
        if x.recorded_at.date() < today
    ]
    rows["allocations"] += [
        (key, x.worker.ref, x.worker.name, x.worker.agency, x.start, _by(x.end, today),
         _yes(x.lead))
        for x in episode.allocations
        if x.start <= today
    ]  # fmt: skip
    rows["reviews"] += [
        (key, x.due_on, _by(x.done_on, today)) for x in episode.reviews if x.since <= today
    ]
    rows["service_referrals"] += [
        _service(key, x, today) for x in episode.services if x.referred_on <= today
    ]
    closed = episode.closed_on <= today
    return (
        key, child_id, episode.referred_on, episode.source,
        REFERRING_AGENCY.get(episode.source), episode.types,
        episode.closed_on if closed else None, episode.reason if closed else None,
    )  # fmt: skip


def _service(key: str, referral: ServiceReferral, today: date) -> Row:
    begins = (key, referral.service, referral.referred_on)
    if referral.decided_on > today:
        return (*begins, "WAITING", None, None)
    if not referral.accepted:
        return (*begins, "DECLINED", None, None)
    if referral.ended_on > today:
        return (*begins, "ACCEPTED", referral.decided_on, None)
    return (*begins, "ENDED", referral.decided_on, referral.ended_on)


def _missing(child_id: str, number: int, episode: Missing, today: date) -> Row:
    found = episode.found_at.date() < today
    answered = found and episode.answered_on <= today
    return (
        f"{child_id}-M{number}",
        child_id,
        episode.missing_from.isoformat(),
        episode.found_at.isoformat() if found else None,
        episode.category,
        episode.answered_on if answered and episode.accepted else None,
        _yes(episode.accepted) if answered else None,
    )


def crime_rows(crime: Crime, today: date, child_id: str = "") -> Rows:
    """Write a crime and its links; of a child of the hub or of a victim known only by a row."""
    if crime.recorded_on > today:
        return {}
    decided = _by(crime.outcome_on, today)
    row: Row = (
        crime.ref, crime.offence_code, crime.offence_date, crime.recorded_on, _yes(crime.cse),
        crime.outcome if decided else "NEW", decided, crime.victim_ref, child_id,
        crime.victim_born, crime.victim_gender,
    )  # fmt: skip
    return {
        "crimes": [row],
        "crime_suspects": [(crime.ref, suspect) for suspect in crime.suspects],
    }


def suspect_rows(suspect: Suspect, today: date) -> Rows:
    """Write a suspect with the occurrences in which he or she is managed."""
    if suspect.known_from > today:
        return {}
    shown = [x for x in suspect.occurrences if x.created_on <= today]
    person: Row = (
        suspect.id, suspect.forenames, suspect.surname, suspect.born, suspect.gender,
        suspect.ethnicity,
    )  # fmt: skip
    return {
        "suspects": [person],
        "suspect_occurrences": [
            (x.id, suspect.id, x.created_on, _by(x.closed_on, today)) for x in shown
        ],
        "suspect_risk_levels": [
            (x.id, day, level) for x in shown for day, level in x.levels if day <= today
        ],
    }


def changed(moments: Iterator[date], since: date, today: date) -> bool:
    """Say whether anything of a subject happened between two days, both included."""
    return any(since <= moment <= today for moment in moments)


def child_moments(child: Child) -> Iterator[date]:
    """Go through every day on which a child's rows change, in no order."""
    for address in child.addresses:
        yield from (address.start, address.end or address.start)
    for status in child.statuses:
        yield from (status.start, status.end or status.start)
    for missing in child.missing:
        yield from (missing.missing_from.date(), missing.found_at.date(), missing.answered_on)
    for crime in child.crimes:
        yield from crime_moments(crime)
    for episode in child.episodes:
        yield from _episode_moments(episode)


def _episode_moments(episode: Episode) -> Iterator[date]:
    yield from (episode.referred_on, episode.closed_on)
    for level in episode.levels:
        yield level.recorded_at.date()
    for allocation in episode.allocations:
        yield from (allocation.start, allocation.end)
    for review in episode.reviews:
        yield from (review.since, review.done_on)
    for referral in episode.services:
        yield from (referral.referred_on, referral.decided_on, referral.ended_on)


def crime_moments(crime: Crime) -> Iterator[date]:
    """Go through every day on which a crime's rows change."""
    yield from (crime.recorded_on, crime.outcome_on or crime.recorded_on)


def suspect_moments(suspect: Suspect) -> Iterator[date]:
    """Go through every day on which a suspect's rows change."""
    yield suspect.known_from
    for occurrence in suspect.occurrences:
        yield from (occurrence.created_on, occurrence.closed_on)
        yield from (day for day, _ in occurrence.levels)
