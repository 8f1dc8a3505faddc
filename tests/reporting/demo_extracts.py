"""Extracts of the demo as tables of text, and whatever an importer would have to say against them."""

import csv
import functools
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from reporting.demo import rules
from tests.oracle.appendix1 import SHIPPED_CODES
from tests.oracle.reading import Row, Tables, by, moment

TODAY = date(2026, 11, 22)
DEMOS = ["bradford", "kirklees", "scaled"]


@functools.cache
def extract_of(name: str, today: date = TODAY) -> Tables:
    """A demo district's extract up to a day, or a scaled one, without the detour through files."""
    if name == "scaled":
        return tables(rules.scaled(episodes=700, seed=3, today=today))
    return tables({"bradford": rules.bradford, "kirklees": rules.kirklees}[name](today))


def tables(subjects: Iterator[rules.Rows]) -> Tables:
    """Rows as text by column, every file present."""
    found: Tables = {name: [] for name in rules.COLUMNS}
    for subject in subjects:
        for name, rows in subject.items():
            found[name] += [_as_text(name, row) for row in rows]
    return found


def _as_text(name: str, row: tuple[object, ...]) -> Row:
    cells = ("" if cell is None else str(cell) for cell in row)
    return dict(zip(rules.COLUMNS[name].split(), cells, strict=True))


REFERENCES = {
    "aliases": ("child_id", "children"),
    "addresses": ("child_id", "children"),
    "statuses": ("child_id", "children"),
    "episodes": ("child_id", "children"),
    "missing_episodes": ("child_id", "children"),
    "risk_levels": ("episode_id", "episodes"),
    "allocations": ("episode_id", "episodes"),
    "reviews": ("episode_id", "episodes"),
    "service_referrals": ("episode_id", "episodes"),
    "suspect_occurrences": ("suspect_id", "suspects"),
    "suspect_risk_levels": ("occurrence_id", "suspect_occurrences"),
}
IN_ORDER = {
    "addresses": ("from_date", "to_date"),
    "statuses": ("from_date", "to_date"),
    "episodes": ("referred_on", "closed_on"),
    "allocations": ("from_date", "to_date"),
    "service_referrals": ("referred_on", "started_on", "ended_on"),
    "crimes": ("offence_date", "recorded_on", "outcome_on"),
    "suspect_occurrences": ("created_on", "closed_on"),
}
CODES = {
    ("children", "ethnicity"): "ethnicity",
    ("episodes", "referral_source"): "referral_sources",
    ("episodes", "closure_reason"): "closure_reasons",
    ("crimes", "outcome"): "crime_outcomes",
    ("crimes", "offence_code"): "offence_codes",
}


def faults(found: Tables) -> Iterator[str]:
    """Whatever an importer would have to refuse or warn of."""
    yield from _dangling(found)
    for name, columns in IN_ORDER.items():
        for row in found[name]:
            days = [row[column] for column in columns if row[column]]
            yield from (f"{name}: {row}" for a, b in pairwise(days) if b < a)
    for (name, column), codes in CODES.items():
        known = _codes(codes)
        yield from (
            f"{column}: {r[column]}" for r in found[name] if r[column] and r[column] not in known
        )
    yield from _impossible_courses(found)


def _dangling(found: Tables) -> Iterator[str]:
    ids = {name: [next(iter(row.values())) for row in rows] for name, rows in found.items()}
    for name in (
        "children",
        "episodes",
        "missing_episodes",
        "crimes",
        "suspects",
        "suspect_occurrences",
    ):
        yield from (f"{name}: {key} twice" for key, n in Counter(ids[name]).items() if n > 1)
    known = {name: set(keys) for name, keys in ids.items()}
    for name, (column, other) in REFERENCES.items():
        yield from (
            f"{name}: {r[column]} unknown" for r in found[name] if r[column] not in known[other]
        )
    for row in found["crime_suspects"]:
        if not (row["crime_ref"] in known["crimes"] and row["suspect_id"] in known["suspects"]):
            yield f"crime_suspects: {row}"
    for row in found["crimes"]:
        if row["victim_child_id"] not in known["children"] | {""}:
            yield f"crimes: {row}"


@functools.cache
def _codes(name: str) -> frozenset[str]:
    with (SHIPPED_CODES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


def _impossible_courses(found: Tables) -> Iterator[str]:
    born = {row["child_id"]: row["date_of_birth"] for row in found["children"]}
    levels = by(found["risk_levels"], "episode_id")
    for child, episodes in by(found["episodes"], "child_id").items():
        if episodes[0]["referred_on"] <= born[child]:
            yield f"{child} born after the referral"
        for one, two in pairwise(episodes):
            if not one["closed_on"] or one["closed_on"] > two["referred_on"]:
                yield f"{child} has episodes that overlap"
        for episode in episodes:
            yield from _impossible_levels(episode, levels.get(episode["episode_id"], []))
    for row in found["missing_episodes"]:
        if row["found_at"] and moment(row["found_at"]) <= moment(row["missing_from"]):
            yield f"found before missing: {row}"


def _impossible_levels(episode: Row, levels: list[Row]) -> Iterator[str]:
    days = [level["set_on"] for level in levels]
    if days != sorted(set(days)):
        yield f"levels out of order: {days}"
    if levels and not episode["referred_on"] <= days[0] <= days[-1] <= (
        episode["closed_on"] or "9"
    ):
        yield f"levels outside their episode: {episode['episode_id']} {days}"
    for level in levels:
        if not level["rationale"] or level["recorded_at"] < level["set_on"]:
            yield f"level without reason or recorded early: {level}"
