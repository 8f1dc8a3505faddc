"""Random extracts, small, valid and rich in the corners of the Appendix 1 definitions."""

from datetime import date, timedelta
from pathlib import Path

from tests.oracle.changes import mutate_extract
from tests.oracle.dice import OPTIONAL, Dice, write
from tests.oracle.reading import Row, Tables

__all__ = ["mutate_extract", "random_extract"]

LEVELS = ["HIGH", "MEDIUM", "LOW", "NO_RISK"]
SOURCES = ["1A", "2A", "3E", "5A", "6", "10", ""]
REASONS = ["RISK_REDUCED", "NO_CSE_RISK", "TURNED_18", "MOVED", "OTHER", ""]
TYPES = ["", "", "CSE", "CSE", "CSE;CCE", "CCE;CSE", "CCE"]
CHILD_ETHNICITIES = ["WBRI", "WROM", "WIRT", "MWBC", "APKN", "CHNE", "BAFR", "OOTH", "REFU", ""]
SUSPECT_ETHNICITIES = ["W1", "M9", "A2", "B1", "O1", "O9", "NS", "WBRI", "AIND", "NOBT", ""]
# Keighley West, Tong, Bradford Moor, City; then two wards of other districts, and none.
WARDS = ["E05001357", "E05001365", "E05001346", "E05001347"] * 2 + ["E05001400", "E05011382", ""]
# Sexual offences, then codes that are not.
OFFENCES = ["17B", "19D", "20A", "21", "22B", "71", "86", "88A", "8N", "49A", "28E"]
OUTCOMES = ["", "", "NEW", "0", "NB", "1A", "8B", "14", "15A", "16", "18", "20"]
# What means nothing without the other.
GOES_WITH = {"closed_on": "closure_reason", "outcome": "outcome_on", "started_on": "ended_on"}
FORENAMES = ["Asha", "Bryn", "Cleo", "Dara", "Emil", "Farah", "Zoë", "Anne-Marie"]
SURNAMES = ["Ashdown", "O'Marsh", "Birk, the younger", 'Fell "Fen"', "Łomax", "Thornley"]
RATIONALES = [
    "Agreed at the meeting",
    'Said "no change", as before',
    "Two\nlines",
    "a, b and c",
    "",
]


def random_extract(seed: int, folder: Path, *, episodes: int = 60) -> None:
    """Write an extract with so many episodes into `folder`; the same seed, the same bytes."""
    dice = Dice(seed)
    tables = _children(dice, max(1, episodes * 3 // 4))
    tables |= _episodes(dice, tables["children"], episodes)
    tables |= _missing(dice, tables["children"])
    tables |= _crimes(dice, tables["children"], max(4, episodes // 2))
    tables |= _suspects(dice, tables["crimes"], max(3, episodes // 4))
    write(_with_gaps(dice, tables), folder, dice)


def _with_gaps(dice: Dice, tables: Tables) -> Tables:
    """Rows of a file in any order; at times a file that nothing needs, or a column, is absent."""
    for name in ("aliases", "addresses", "statuses", "missing_episodes", "reviews"):
        if dice.chance(0.04):
            del tables[name]
    for name, rows in tables.items():
        dice.shuffle(rows)
        absent = {c for c in OPTIONAL[name] if dice.chance(0.02)}
        absent |= {GOES_WITH[c] for c in absent if c in GOES_WITH}
        tables[name] = [{c: v for c, v in row.items() if c not in absent} for row in rows]
    return tables


# --- children ---------------------------------------------------------------------------------


def _children(dice: Dice, number: int) -> Tables:
    children = [_child(dice, f"C{n:03}") for n in range(number)]
    return {
        "children": children,
        "aliases": [alias for child in children for alias in _aliases(dice, child["child_id"])],
        "addresses": [a for child in children for a in _addresses(dice, child["child_id"])],
        "statuses": [s for child in children for s in _statuses(dice, child["child_id"])],
    }


def _child(dice: Dice, child_id: str) -> Row:
    return {
        "child_id": child_id,
        "forenames": dice.choice(FORENAMES),
        "surname": dice.choice(SURNAMES),
        "date_of_birth": dice.written(_birth(dice)),
        "gender": dice.choice(["F", "F", "F", "M", "M", "U", ""]),
        "ethnicity": dice.choice(CHILD_ETHNICITIES),
        "nhs_number": "",
        "upn": "",
        "learning_disability": dice.choice(["Y", "N", "N", ""]),
    }


def _birth(dice: Dice) -> date:
    """Before the first referral; often on 29 February, or on a birthday near an edge."""
    kind = dice.random()
    if kind < 0.2:
        return date(dice.choice([1996, 2000, 2004]), 2, 29)
    if kind < 0.5:
        near = dice.day()
        return date(dice.randint(1997, 2005), near.month, min(near.day, 28))
    return date(1996, 6, 1) + timedelta(dice.randint(0, 3600))


def _aliases(dice: Dice, child_id: str) -> list[Row]:
    kinds = ["known_as", "previous", "online", ""]
    return [
        {
            "child_id": child_id,
            "name": f"{dice.choice(FORENAMES)}, no. {n}",
            "kind": dice.choice(kinds),
        }
        for n in range(dice.choice([0, 0, 0, 1, 2]))
    ]


def _addresses(dice: Dice, child_id: str) -> list[Row]:
    """None or several: touching, overlapping, with a gap, two from one day, one of no length."""
    rows: list[Row] = []
    start = dice.day(date(2012, 1, 1), date(2016, 4, 1))
    for _ in range(dice.choice([0, 1, 1, 2, 2, 3])):
        end = dice.later(start) if dice.chance(0.4) else None
        rows.append(
            {
                "child_id": child_id,
                "from_date": dice.written(start),
                "to_date": dice.written(end) if end else "",
                "line": dice.maybe(f"{dice.randint(1, 99)} Example Row, Flat {dice.randint(1, 9)}"),
                "postcode": "",
                "ward": dice.choice(WARDS),
                "out_of_area": dice.choice(["Y", "N", "N", "N", "N", "N", ""]),
                "confidential": dice.choice(["Y", "N", "N", "N", "N", "N", ""]),
            }
        )
        start = dice.choice([start, end or start, dice.later(start)])
    return rows


def _statuses(dice: Dice, child_id: str) -> list[Row]:
    """Spells that touch, overlap, repeat, last no day, or end on the day of the snapshot."""
    rows: list[Row] = []
    start = dice.day(date(2013, 1, 1))
    for _ in range(dice.choice([0, 0, 1, 2, 3])):
        end = dice.later(start, 90) if dice.chance(0.7) else None
        rows.append(
            {
                "child_id": child_id,
                "status": dice.choice(["CIN", "CP", "LAC"]),
                "from_date": dice.written(start),
                "to_date": dice.written(end) if end else "",
            }
        )
        start = dice.choice([start, end or start, dice.later(start)])
    return rows


# --- episodes ---------------------------------------------------------------------------------


def _episodes(dice: Dice, children: list[Row], number: int) -> Tables:
    """Episodes that overlap (a few children have many), closed the same day, or still open."""
    busy = dice.sample(children, min(len(children), 4))
    tables: Tables = {
        "episodes": [], "risk_levels": [], "allocations": [], "reviews": [], "service_referrals": []
    }  # fmt: skip
    for n in range(number):
        child = dice.choice(busy if dice.chance(0.25) else children)
        start = dice.day()
        end = dice.later(start) if dice.chance(0.6) else None
        episode_id = f"E{n:04}"
        tables["episodes"].append(_episode(dice, episode_id, child["child_id"], start, end))
        tables["risk_levels"] += _levels(dice, episode_id, start)
        tables["allocations"] += _allocations(dice, episode_id, start)
        tables["reviews"] += _reviews(dice, episode_id, start)
        tables["service_referrals"] += _service_referrals(dice, episode_id, start)
    return tables


def _episode(dice: Dice, episode_id: str, child_id: str, start: date, end: date | None) -> Row:
    return {
        "episode_id": episode_id,
        "child_id": child_id,
        "referred_on": dice.written(start),
        "referral_source": dice.choice(SOURCES),
        "referring_agency": dice.choice(["", "A school, of the district", "Police"]),
        "exploitation_types": dice.choice(TYPES),
        "closed_on": dice.written(end) if end else "",
        "closure_reason": dice.choice(REASONS) if end else "",
    }


def _levels(dice: Dice, episode_id: str, start: date) -> list[Row]:
    """None to four levels, at times two on one day, at times after the closing."""
    rows: list[Row] = []
    on = dice.later(start, 5)
    for _ in range(dice.choice([0, 1, 1, 2, 3, 4])):
        recorded = dice.moment(on + timedelta(dice.choice([0, 0, 1, 3])))
        rows.append(
            {
                "episode_id": episode_id,
                "set_on": dice.written(on),
                "level": dice.choice(LEVELS),
                "recorded_at": dice.maybe(dice.stamped(recorded), 0.6),
                "rationale": dice.choice(RATIONALES),
            }
        )
        on = on if dice.chance(0.3) else dice.later(on, 100)
    return rows


def _allocations(dice: Dice, episode_id: str, start: date) -> list[Row]:
    n = dice.randint(1, len(FORENAMES))
    row = {
        "episode_id": episode_id,
        "worker": f"W{n}",
        "worker_name": f"{FORENAMES[n - 1]} Worker",
        "agency": "Children's services",
        "from_date": dice.written(start),
        "to_date": dice.maybe(dice.written(dice.later(start)), 0.4),
        "lead": dice.choice(["Y", "N", ""]),
    }
    return [row] if dice.chance(0.5) else []


def _reviews(dice: Dice, episode_id: str, start: date) -> list[Row]:
    due = start + timedelta(28)
    done = dice.maybe(dice.written(due + timedelta(dice.randint(0, 9))), 0.6)
    row = {"episode_id": episode_id, "due_on": dice.written(due), "done_on": done}
    return [row] if dice.chance(0.5) else []


def _service_referrals(dice: Dice, episode_id: str, start: date) -> list[Row]:
    began = start + timedelta(7)
    outcome = dice.choice(["ACCEPTED", "DECLINED", "WAITING", "ENDED", ""])
    row = {
        "episode_id": episode_id,
        "service": dice.choice(["Lantern Project", "Riverside Support"]),
        "referred_on": dice.written(start),
        "outcome": outcome,
        "started_on": dice.written(began) if outcome in ("ACCEPTED", "ENDED") else "",
        "ended_on": dice.written(began + timedelta(60)) if outcome == "ENDED" else "",
    }
    return [row] if dice.chance(0.3) else []


# --- missing, crimes, suspects ----------------------------------------------------------------


def _missing(dice: Dice, children: list[Row]) -> Tables:
    """Near midnight and clock changes; interviewed before, on and after the third day."""
    rows: list[Row] = []
    for n in range(len(children) // 2):
        since = dice.moment(dice.day())
        found = dice.hours_after(since, dice.choice([1, 3, 24, 49, 200]))
        interview = found.date() + timedelta(dice.choice([0, 1, 2, 3, 3, 4, 5, 20]))
        rows.append(
            {
                "missing_id": f"M{n:03}",
                "child_id": dice.choice(children)["child_id"],
                "missing_from": dice.stamped(since),
                "found_at": dice.maybe(dice.stamped(found), 0.8),
                "category": dice.choice(["MISSING", "ABSENT", ""]),
                "return_interview_on": dice.maybe(dice.written(interview), 0.6),
                "return_interview_accepted": dice.choice(["Y", "Y", "N", ""]),
            }
        )
    return {"missing_episodes": rows}


def _crimes(dice: Dice, children: list[Row], number: int) -> Tables:
    """Crimes whose victim is named, described, both (and not alike), or neither."""
    rows: list[Row] = []
    for n in range(number):
        on = dice.day()
        victim = dice.choice(children)
        known, described = dice.chance(0.5), dice.chance(0.5)
        rows.append(
            {
                "crime_ref": f"13/{n:05}/16",
                "offence_code": dice.choice(OFFENCES),
                "offence_date": dice.written(on),
                "recorded_on": dice.maybe(dice.written(dice.later(on, 40))),
                "cse_tag": dice.choice(["Y", "Y", "N"]),
                **_outcome(dice, on),
                "victim_ref": dice.maybe(f"V{n}"),
                "victim_child_id": victim["child_id"] if known else "",
                "victim_date_of_birth": dice.written(_victim_birth(dice, on)) if described else "",
                "victim_gender": dice.choice(["F", "F", "M", "U", ""]),
            }
        )
    return {"crimes": rows}


def _outcome(dice: Dice, on: date) -> Row:
    outcome = dice.choice(OUTCOMES)
    dated = bool(outcome) and dice.chance(0.7)
    return {"outcome": outcome, "outcome_on": dice.written(dice.later(on, 60)) if dated else ""}


def _victim_birth(dice: Dice, on: date) -> date:
    """Of any age up to 20; often turning eighteen on the offence date or a day beside it."""
    if dice.chance(0.3):
        birthday = on + timedelta(dice.choice([-1, 0, 1]))
        return date(birthday.year - 18, birthday.month, min(birthday.day, 28))
    if dice.chance(0.2):
        return date(dice.choice([2000, 2004]), 2, 29)
    return on - timedelta(dice.randint(9 * 365, 20 * 365))


def _suspects(dice: Dice, crimes: list[Row], number: int) -> Tables:
    suspects = [_suspect(dice, f"S{n:03}") for n in range(number)]
    links = [
        {"crime_ref": crime["crime_ref"], "suspect_id": suspect["suspect_id"]}
        for crime in crimes
        for suspect in dice.sample(suspects, min(len(suspects), dice.choice([0, 0, 1, 1, 2, 3, 7])))
    ]
    occurrences = [_occurrence(dice, n, dice.choice(suspects)) for n in range(number)]
    return {
        "suspects": suspects,
        "crime_suspects": links,
        "suspect_occurrences": occurrences,
        "suspect_risk_levels": [
            level for occurrence in occurrences for level in _suspect_levels(dice, occurrence)
        ],
    }


def _suspect(dice: Dice, suspect_id: str) -> Row:
    """Of an age near the bands' edges, or without a date of birth."""
    near = dice.day()
    born = date(near.year - dice.choice([15, 18, 25, 36, 46, 60]), near.month, min(near.day, 28))
    if dice.chance(0.15):
        born = date(dice.choice([1980, 1992, 1996, 2000]), 2, 29)
    return {
        "suspect_id": suspect_id,
        "forenames": dice.maybe(dice.choice(FORENAMES)),
        "surname": dice.maybe(dice.choice(SURNAMES)),
        "date_of_birth": dice.maybe(dice.written(born), 0.8),
        "gender": dice.choice(["M", "M", "M", "F", "U", ""]),
        "ethnicity": dice.choice(SUSPECT_ETHNICITIES),
    }


def _occurrence(dice: Dice, number: int, suspect: Row) -> Row:
    start = dice.day(date(2015, 3, 1), date(2016, 8, 1))
    return {
        "occurrence_id": f"O{number:03}",
        "suspect_id": suspect["suspect_id"],
        "created_on": start.isoformat(),
        "closed_on": dice.maybe(dice.written(dice.later(start)), 0.4),
    }


def _suspect_levels(dice: Dice, occurrence: Row) -> list[Row]:
    start = date.fromisoformat(occurrence["created_on"])
    return [
        {
            "occurrence_id": occurrence["occurrence_id"],
            "set_on": dice.written(start + timedelta(dice.choice([0, 0, 30]))),
            "level": dice.choice(["HIGH", "MEDIUM", "LOW", "UNSUBSTANTIATED"]),
        }
        for _ in range(dice.choice([0, 1, 2]))
    ]
