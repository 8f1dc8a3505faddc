"""Valid changes to an extract, as a later export of the same source would bring them."""

from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path

from tests.oracle.dice import Dice, write
from tests.oracle.reading import Row, Tables, day, moment, read

Change = Callable[[Dice, Tables], None]
LEVELS = ["HIGH", "MEDIUM", "LOW", "NO_RISK"]
# Files that no other file refers to, and columns that may be left out.
LEAVES = [
    "aliases", "addresses", "statuses", "risk_levels", "missing_episodes", "crime_suspects",
    "suspect_risk_levels", "allocations", "reviews", "service_referrals",
]  # fmt: skip
LEAVABLE = [
    ("children", "learning_disability"),
    ("children", "ethnicity"),
    ("episodes", "referral_source"),
    ("addresses", "ward"),
    ("addresses", "confidential"),
    ("statuses", "to_date"),
    ("crimes", "victim_gender"),
    ("suspects", "date_of_birth"),
    ("risk_levels", "recorded_at"),
]


def mutate_extract(seed: int, folder: Path) -> str:
    """Change the extract in `folder` in one to six valid ways, and say which.

    The files are written anew (column order, quoting), which of itself changes nothing.
    """
    dice = Dice(seed)
    tables = read(folder)
    changes = dice.sample(CHANGES, dice.randint(1, 6))
    # What leaves files or columns out comes last, so that no other change brings them back.
    for change in sorted(changes, key=lambda one: one in LAST_OF_ALL):
        change(dice, tables)
    for path in folder.glob("*.csv"):
        path.unlink()
    write(tables, folder, dice)
    return "; ".join((change.__doc__ or "").rstrip(".") for change in changes)


def _some(dice: Dice, rows: list[Row], most: int = 4) -> list[Row]:
    return dice.sample(rows, min(len(rows), dice.randint(1, most)))


def _drop(tables: Tables, name: str, rows: list[Row]) -> None:
    gone = {id(row) for row in rows}
    if name in tables:
        tables[name] = [row for row in tables[name] if id(row) not in gone]


def _fresh(dice: Dice, prefix: str) -> str:
    return f"{prefix}{dice.randint(10**6, 10**9)}"


# --- children ---------------------------------------------------------------------------------


def births(dice: Dice, tables: Tables) -> None:
    """Dates of birth corrected."""
    for row in _some(dice, tables["children"]):
        born = day(row["date_of_birth"]) - timedelta(dice.choice([1, 30, 365, 400]))
        row["date_of_birth"] = dice.written(born)


def details(dice: Dice, tables: Tables) -> None:
    """Genders, ethnicities and learning disabilities changed."""
    for row in _some(dice, tables["children"]):
        row["gender"] = dice.choice(["F", "M", "U", ""])
        row["ethnicity"] = dice.choice(["WBRI", "WROM", "APKN", "NOBT", ""])
        row["learning_disability"] = dice.choice(["Y", "N", ""])


def addresses(dice: Dice, tables: Tables) -> None:
    """Addresses withdrawn, ended, moved to another ward and added."""
    rows = tables.setdefault("addresses", [])
    _drop(tables, "addresses", _some(dice, rows, 2) if rows else [])
    for row in _some(dice, tables["addresses"]):
        row["ward"] = dice.choice(["E05001365", "E05001346", "E05011382", ""])
        row["confidential"] = dice.choice(["Y", "N", ""])
        row["to_date"] = dice.maybe(dice.written(dice.later(day(row["from_date"]))), 0.5)
    for child in _some(dice, tables["children"]):
        new = {"child_id": child["child_id"], "from_date": dice.written(dice.day())}
        tables["addresses"].append(new | {"ward": "E05001357", "to_date": ""})


def statuses(dice: Dice, tables: Tables) -> None:
    """Statuses withdrawn, ended, reopened and added."""
    rows = tables.setdefault("statuses", [])
    _drop(tables, "statuses", _some(dice, rows, 2) if rows else [])
    for row in _some(dice, tables["statuses"]):
        row["to_date"] = dice.maybe(dice.written(dice.later(day(row["from_date"]))), 0.5)
    for child in _some(dice, tables["children"]):
        new = {"child_id": child["child_id"], "status": dice.choice(["CIN", "CP", "LAC"])}
        tables["statuses"].append(new | {"from_date": dice.written(dice.day())})


def children_left_out(dice: Dice, tables: Tables) -> None:
    """Children no longer named, with all that names them: they are left as they are."""
    gone = {row["child_id"] for row in _some(dice, tables["children"][1:], 3)}
    episodes = {r["episode_id"] for r in tables["episodes"] if r["child_id"] in gone}
    crimes = {r["crime_ref"] for r in tables.get("crimes", []) if r.get("victim_child_id") in gone}
    _leave_out(tables, "child_id", gone)
    _leave_out(tables, "episode_id", episodes)
    _leave_out(tables, "crime_ref", crimes)


def _leave_out(tables: Tables, column: str, gone: Collection[str]) -> None:
    for name, rows in tables.items():
        tables[name] = [row for row in rows if row.get(column) not in gone]


# --- episodes and levels ----------------------------------------------------------------------


def late_episodes(dice: Dice, tables: Tables) -> None:
    """New episodes with old dates."""
    for child in _some(dice, tables["children"]):
        start = dice.day()
        new = {"episode_id": _fresh(dice, "E"), "child_id": child["child_id"]}
        new |= {"referred_on": dice.written(start), "referral_source": dice.choice(["6", "2A"])}
        closed = dice.maybe(dice.written(dice.later(start)), 0.4)
        new |= {"closed_on": closed, "closure_reason": "MOVED" if closed else ""}
        tables["episodes"].append(new)
        _add_level(dice, tables, new)


def _add_level(dice: Dice, tables: Tables, episode: Row) -> None:
    on = dice.later(day(episode["referred_on"]))
    new = {"episode_id": episode["episode_id"], "set_on": dice.written(on)}
    tables.setdefault("risk_levels", []).append(new | {"level": dice.choice(LEVELS)})


def late_child(dice: Dice, tables: Tables) -> None:
    """A new child with an old episode."""
    child_id = _fresh(dice, "C")
    new = {"child_id": child_id, "forenames": "Ivo", "surname": "New", "gender": "M"}
    tables["children"].append(new | {"date_of_birth": "29/02/2000"})
    episode = {"episode_id": _fresh(dice, "E"), "child_id": child_id}
    tables["episodes"].append(episode | {"referred_on": dice.written(dice.day())})


def earlier_referrals(dice: Dice, tables: Tables) -> None:
    """Dates of referral corrected to earlier ones."""
    for row in _some(dice, tables["episodes"]):
        earlier = day(row["referred_on"]) - timedelta(dice.choice([1, 7, 100]))
        row["referred_on"] = dice.written(earlier)


def closings(dice: Dice, tables: Tables) -> None:
    """Closings added, moved and taken back."""
    for row in _some(dice, tables["episodes"], 8):
        closed = dice.maybe(dice.written(dice.later(day(row["referred_on"]))), 0.7)
        row["closed_on"] = closed
        row["closure_reason"] = dice.choice(["RISK_REDUCED", "OTHER", ""]) if closed else ""


def kinds(dice: Dice, tables: Tables) -> None:
    """Exploitation types and sources of referral changed."""
    for row in _some(dice, tables["episodes"]):
        row["exploitation_types"] = dice.choice(["", "CCE", "CSE;CCE"])
        row["referral_source"] = dice.choice(["", "1A", "10"])


def levels_withdrawn(dice: Dice, tables: Tables) -> None:
    """Levels withdrawn."""
    if tables.get("risk_levels"):
        _drop(tables, "risk_levels", _some(dice, tables["risk_levels"], 8))


def levels_changed(dice: Dice, tables: Tables) -> None:
    """Levels changed, and others added, on old days."""
    for row in _some(dice, tables.get("risk_levels") or [{}]):
        row |= {"level": dice.choice(LEVELS)} if row else {}
    for episode in _some(dice, tables["episodes"]):
        _add_level(dice, tables, episode)


def levels_reordered(dice: Dice, tables: Tables) -> None:
    """The order of all levels turned round, equals of one day among them."""
    if "risk_levels" in tables:
        tables["risk_levels"].reverse()


# --- missing, crimes, suspects ----------------------------------------------------------------


def missing(dice: Dice, tables: Tables) -> None:
    """Missing episodes found, interviewed, and added."""
    for row in _some(dice, tables.get("missing_episodes") or [{}]):
        if row:
            found = dice.hours_after(moment(row["missing_from"]), 30)
            row["found_at"] = dice.stamped(found)
            row["return_interview_on"] = dice.written(found.date() + timedelta(dice.choice([2, 4])))
    child = dice.choice(tables["children"])
    new = {"missing_id": _fresh(dice, "M"), "child_id": child["child_id"]}
    new |= {"missing_from": dice.stamped(dice.moment(dice.day()))}
    tables.setdefault("missing_episodes", []).append(new)


def outcomes(dice: Dice, tables: Tables) -> None:
    """Outcomes of crimes changed."""
    for row in _some(dice, tables.get("crimes") or [{}], 8):
        if row:
            on = dice.later(day(row["offence_date"]))
            row["outcome"] = dice.choice(["NB", "1A", "14", "18"])
            row["outcome_on"] = dice.maybe(dice.written(on))


def crimes(dice: Dice, tables: Tables) -> None:
    """Offences, tags and victims of crimes changed."""
    for row in _some(dice, tables.get("crimes") or [{}]):
        if row:
            row["cse_tag"] = dice.choice(["Y", "N"])
            row["offence_code"] = dice.choice(["71", "88A", "8N"])
            row["victim_gender"] = dice.choice(["F", "M", ""])
            row["victim_date_of_birth"] = dice.maybe("2000-02-29", 0.5)


def links(dice: Dice, tables: Tables) -> None:
    """Suspects of crimes removed, and others linked."""
    if not tables.get("suspects") or not tables.get("crimes"):
        return
    rows = tables.setdefault("crime_suspects", [])
    _drop(tables, "crime_suspects", _some(dice, rows, 6) if rows else [])
    crime, suspect = dice.choice(tables["crimes"]), dice.choice(tables["suspects"])
    new = {"crime_ref": crime["crime_ref"], "suspect_id": suspect["suspect_id"]}
    if new not in tables["crime_suspects"]:
        tables["crime_suspects"].append(new)


def suspects(dice: Dice, tables: Tables) -> None:
    """Dates of birth, genders and ethnicities of suspects changed."""
    for row in _some(dice, tables.get("suspects") or [{}]):
        if row:
            row["date_of_birth"] = dice.choice(["", "1996-02-29", "01/04/1979"])
            row["gender"] = dice.choice(["F", "M", ""])
            row["ethnicity"] = dice.choice(["A2", "WBRI", "NS", ""])


def suspects_left_out(dice: Dice, tables: Tables) -> None:
    """Suspects no longer named, nor their occurrences; crimes that are named lose them."""
    gone = {row["suspect_id"] for row in _some(dice, tables.get("suspects") or [{}], 2) if row}
    found = [r for r in tables.get("suspect_occurrences", []) if r["suspect_id"] in gone]
    _leave_out(tables, "suspect_id", gone)
    _leave_out(tables, "occurrence_id", {row["occurrence_id"] for row in found})


def occurrences(dice: Dice, tables: Tables) -> None:
    """Suspect occurrences closed, reopened and added."""
    for row in _some(dice, tables.get("suspect_occurrences") or [{}]):
        if row:
            closed = dice.written(dice.later(day(row["created_on"])))
            row["closed_on"] = dice.maybe(closed, 0.6)
    if tables.get("suspects"):
        suspect = dice.choice(tables["suspects"])
        new = {"occurrence_id": _fresh(dice, "O"), "suspect_id": suspect["suspect_id"]}
        new |= {"created_on": dice.written(dice.day())}
        tables.setdefault("suspect_occurrences", []).append(new)


# --- files and columns ------------------------------------------------------------------------


def nothing(dice: Dice, tables: Tables) -> None:
    """The same again."""


def file_left_out(dice: Dice, tables: Tables) -> None:
    """A file left out: what it brought stays."""
    tables.pop(dice.choice(LEAVES), None)


def column_left_out(dice: Dice, tables: Tables) -> None:
    """A column left out: what it brought stays."""
    name, column = dice.choice(LEAVABLE)
    for row in tables.get(name, []):
        row.pop(column, None)


LAST_OF_ALL: list[Change] = [children_left_out, suspects_left_out, file_left_out, column_left_out]
CHANGES: list[Change] = [
    births, details, addresses, statuses, late_episodes, late_child, earlier_referrals, closings,
    kinds, levels_withdrawn, levels_changed, levels_reordered, missing, outcomes, crimes, links,
    suspects, occurrences, nothing, *LAST_OF_ALL,
]  # fmt: skip
