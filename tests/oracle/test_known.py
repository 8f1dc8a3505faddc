"""The oracle on what was known when, on several partnerships, and its random extracts."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.appendix1 import Params, report
from tests.oracle.extracts import mutate_extract, random_extract
from tests.oracle.known import Import
from tests.oracle.reading import day, moment, read
from tests.oracle.stories import IMPORTED, at, extract

# --- what was known ---------------------------------------------------------------------------


def test_a_first_import_is_known_from_its_own_dates(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        "e1 c1 2015-05-01 2015-09-01 MOVED\ne2 c2 2015-06-01",
        risk_levels="episode_id,set_on,level,recorded_at\n"
        "e1,2015-05-02,NO_RISK,2015-05-09T10:00:00\ne2,2015-06-02,NO_RISK,\n",
    )

    def then(moment: datetime) -> list[int]:
        s = report(folder, Params(), known_at=moment, imported_at=IMPORTED)["strategic"]
        return [s["new"], s["not_at_risk_at_referral"], s["closed"]]

    assert then(at(2015, 5, 1, 11, 59)) == [0, 0, 0]
    assert then(at(2015, 5, 1, 12)) == [1, 0, 0]
    assert then(at(2015, 5, 9, 9, 59)) == [1, 0, 0]
    assert then(at(2015, 5, 9, 10)) == [1, 1, 0]
    assert then(at(2015, 6, 2, 12)) == [2, 2, 0]
    assert then(at(2015, 9, 1, 11, 59)) == [2, 2, 0]
    assert then(at(2015, 9, 1, 12)) == [2, 2, 1]


def test_nothing_is_known_later_than_the_first_import(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        "e1 c1 2015-05-01",
        risk_levels="episode_id,set_on,level,recorded_at\n"
        "e1,2015-05-02,NO_RISK,2017-01-01T10:00:00\n",
    )
    r = report(folder, Params(), known_at=IMPORTED, imported_at=IMPORTED)
    assert r["strategic"]["not_at_risk_at_referral"] == 1


def test_outcomes_and_ends_become_known_on_their_days(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        "e1 c1 2015-05-01",
        statuses="child_id,status,from_date,to_date\nc1,LAC,2014-01-01,2015-06-01\n",
        crimes="crime_ref,offence_code,offence_date,recorded_on,cse_tag,outcome,outcome_on,victim_child_id\n"
        "k1,71,2015-05-01,2015-05-10,Y,1A,2015-08-01,c1\n"
        "k2,71,2015-05-01,,Y,NB,,c1\n",
    )

    def then(moment: datetime) -> tuple[dict[str, int], int]:
        r = report(folder, Params(), known_at=moment, imported_at=IMPORTED)
        return r["crimes"]["by_outcome"], r["tactical"]["by_status"]["LAC"]

    assert then(at(2015, 5, 9)) == ({"NB": 1}, 1)
    assert then(at(2015, 5, 10)) == ({"NEW": 1, "NB": 1}, 1)
    assert then(at(2015, 6, 1)) == ({"NEW": 1, "NB": 1}, 0)
    assert then(at(2015, 8, 1)) == ({"1A": 1, "NB": 1}, 0)


def test_a_child_is_known_from_its_earliest_event_even_as_a_victim(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        "e1 c1 2015-09-01\ne2 c2 2015-03-01\ne3 c2 2015-09-01",
        crimes="crime_ref,offence_code,offence_date,cse_tag,victim_child_id\n"
        "k1,71,2015-05-01,Y,c1\nk2,71,2015-05-01,Y,c2\nk3,71,2015-05-01,Y,\n",
    )
    r = report(folder, Params(), known_at=at(2015, 5, 1), imported_at=IMPORTED)
    assert (r["crimes"]["cse"], r["crimes"]["victim_age_unknown"]) == (2, 1)


def test_a_later_import_is_known_from_its_own_moment(tmp_path: Path) -> None:
    levels = "episode_id,set_on,level\ne1,2015-05-02,NO_RISK\ne2,2015-05-02,NO_RISK\n"
    first = extract(tmp_path / "1", "e1 c1 2015-05-01\ne2 c4 2015-05-01", risk_levels=levels)
    later = extract(
        tmp_path / "2",
        "e1 c1 2015-05-01\ne3 c1 2015-05-01",
        children="child_id,forenames,surname,date_of_birth,gender\nc1,A,A,2000-05-01,M\n",
        risk_levels="episode_id,set_on,level\ne3,2015-05-02,LOW\n",
    )
    second = at(2016, 12, 1)
    history = [Import(first, IMPORTED), Import(later, second)]

    def then(moment: datetime | None) -> list[Any]:
        r = report(first, Params(), history=history, known_at=moment)
        s = r["strategic"]
        return [s["new"], s["not_at_risk_at_referral"], s["new_by_age_and_gender"]]

    old = [2, 2, {"F": {"14": 1, "12": 1}, "M": {}, "U": {}}]
    new = [3, 1, {"F": {"12": 1}, "M": {"15": 2}, "U": {}}]  # e1's level withdrawn, e2's kept
    assert then(at(2015, 5, 2)) == then(at(2016, 11, 30)) == old
    assert then(second) == then(None) == new


def test_an_absent_column_leaves_and_an_empty_cell_clears(tmp_path: Path) -> None:
    first = extract(tmp_path / "1", "e1 c1 2016-01-01\ne2 c2 2016-01-01")
    header = "child_id,forenames,surname,date_of_birth,gender"
    without = f"{header}\nc2,B,B,2002-06-01,M\n"
    emptied = f"{header},ethnicity,learning_disability\nc2,B,B,2002-06-01,M,,\n"
    for children, expected in [(without, (1, 1)), (emptied, (0, 0))]:
        later = extract(tmp_path / "2", "e2 c2 2016-01-01", children=children)
        history = [Import(first, IMPORTED), Import(later, at(2016, 12, 1))]
        t = report(first, Params(), history=history)["tactical"]
        assert (t["by_ethnic_group"]["Asian"], t["with_learning_disability"]) == expected


def test_what_a_later_import_is_silent_about_stays(tmp_path: Path) -> None:
    crimes = "crime_ref,offence_code,offence_date,cse_tag,victim_child_id\n"
    rows = ["k1,71,2015-05-01,Y,c1\n", "k2,71,2015-05-01,Y,c1\n"]
    suspects = "suspect_id\ns1\ns2\n"
    first = extract(
        tmp_path / "1",
        "e1 c1 2015-05-01",
        crimes=crimes + "".join(rows),
        suspects=suspects,
        crime_suspects="crime_ref,suspect_id\nk1,s1\nk1,s2\nk2,s1\nk2,s2\n",
    )
    links = {"crime_suspects": "crime_ref,suspect_id\nk1,s2\n"}
    for files, expected in [
        ({"crimes": crimes + rows[0], **links}, {"1": 1, "2": 1}),  # k2 is not named
        ({"crimes": crimes + "".join(rows), **links}, {"1": 1}),  # k2 is, and has none any more
        ({"crimes": crimes + rows[0]}, {"2": 2}),  # no file of links
    ]:
        later = tmp_path / f"later{len(list(tmp_path.iterdir()))}"
        extract(later, "e1 c1 2015-05-01", suspects=suspects, **files)
        history = [Import(first, IMPORTED), Import(later, at(2016, 12, 1))]
        found = report(first, Params(), history=history)["crimes"]["by_number_of_suspects"]
        assert found == expected


def test_another_order_of_equals_is_a_change(tmp_path: Path) -> None:
    levels = ["e1,2016-01-01,HIGH\n", "e1,2016-01-01,LOW\n"]
    header = "episode_id,set_on,level\n"
    episodes = "e1 c1 2016-01-01"
    first = extract(tmp_path / "1", episodes, risk_levels=header + "".join(levels))
    later = extract(tmp_path / "2", episodes, risk_levels=header + "".join(reversed(levels)))
    history = [Import(first, IMPORTED), Import(later, at(2016, 12, 1))]
    for moment_asked, level in [(IMPORTED, "LOW"), (at(2016, 12, 1), "HIGH")]:
        r = report(first, Params(), history=history, known_at=moment_asked)
        assert r["tactical"]["by_level"][level] == 1


# --- several partnerships, and the random extracts --------------------------------------------


def test_partnerships_with_the_same_ids_are_counted_together(tmp_path: Path) -> None:
    one = extract(tmp_path / "1", "e1 c1 2015-05-01")
    two = extract(tmp_path / "2", "e1 c1 2015-05-01\ne2 c2 2015-05-01 2015-06-01")
    r = report([one, two], Params(partnerships=("bradford", "bradford")))
    assert (r["strategic"]["episodes"], r["strategic"]["children"], r["tactical"]["open"]) == (
        3,
        3,
        2,
    )


def test_a_seed_writes_the_same_bytes_again(tmp_path: Path) -> None:
    for name in ("a", "b"):
        random_extract(7, tmp_path / name)
    for file in sorted((tmp_path / "a").iterdir()):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


@pytest.mark.parametrize("seed", range(5))
def test_the_tables_of_a_random_extract_add_up(tmp_path: Path, seed: int) -> None:
    random_extract(seed, tmp_path)
    r = report(tmp_path, Params(movement_to=date(2016, 8, 1)))
    s, t, m, k = r["strategic"], r["tactical"], r["movement"], r["crimes"]
    assert s["already_open"] + s["new"] - s["closed"] == s["open_at_end"]
    assert sum(s["new_by_quarter"]) == sum(s["new_by_gender"].values()) == s["new"] > 0
    for table in ("by_level", "by_status", "by_ethnic_group", "by_census_group", "by_constituency"):
        assert sum(t[table].values()) == t["open"] > 0
    assert sum(row["total"] for row in t["by_ward_and_level"].values()) == t["open"]
    assert m["unchanged"] + m["decreased"] + m["increased"] + m["not_comparable"] == t["open"]
    assert k["finalised"] + k["under_investigation"] + k["cancelled"] == k["cse"]
    assert sum(k["offender_age_bands"].values()) == k["suspect_links"]


SPELLS = [
    ("addresses", "from_date", "to_date"),
    ("statuses", "from_date", "to_date"),
    ("episodes", "referred_on", "closed_on"),
    ("suspect_occurrences", "created_on", "closed_on"),
    ("crimes", "offence_date", "recorded_on"),
    ("crimes", "offence_date", "outcome_on"),
    ("crimes", "victim_date_of_birth", "offence_date"),
]
REFERENCES = [
    ("addresses", "child_id", "children"),
    ("statuses", "child_id", "children"),
    ("episodes", "child_id", "children"),
    ("missing_episodes", "child_id", "children"),
    ("crimes", "victim_child_id", "children"),
    ("risk_levels", "episode_id", "episodes"),
    ("crime_suspects", "crime_ref", "crimes"),
    ("crime_suspects", "suspect_id", "suspects"),
    ("suspect_occurrences", "suspect_id", "suspects"),
    ("suspect_risk_levels", "occurrence_id", "suspect_occurrences"),
]
IDS = {
    "children": "child_id",
    "episodes": "episode_id",
    "missing_episodes": "missing_id",
    "crimes": "crime_ref",
    "suspects": "suspect_id",
    "suspect_occurrences": "occurrence_id",
}


@pytest.mark.parametrize("seed", range(8))
def test_a_random_extract_is_valid_before_and_after_changes(tmp_path: Path, seed: int) -> None:
    random_extract(seed, tmp_path)
    assert faults(tmp_path) == []
    said = mutate_extract(seed, tmp_path)
    assert faults(tmp_path) == [], said


def faults(folder: Path) -> list[str]:
    """What the extract contract would refuse: doubled ids, dangling references, dates disordered."""
    tables = read(folder)
    ids = {name: [row[column] for row in tables.get(name, [])] for name, column in IDS.items()}
    found = [f"doubled in {name}" for name, seen in ids.items() if len(seen) != len(set(seen))]
    for name, column, target in REFERENCES:
        pointed = {row[column] for row in tables.get(name, []) if row.get(column)}
        found += [f"{name}.{column}: {lost}" for lost in pointed - set(ids[target])]
    for name, start, end in SPELLS:
        both = [r for r in tables.get(name, []) if r.get(start) and r.get(end)]
        found += [f"{name}.{end}: {r}" for r in both if day(r[end]) < day(r[start])]
    born = {row["child_id"]: day(row["date_of_birth"]) for row in tables["children"]}
    for row in tables["episodes"]:
        if born[row["child_id"]] > day(row["referred_on"]):
            found.append(f"born after referral: {row}")
    for row in tables.get("missing_episodes", []):
        if row.get("found_at") and moment(row["found_at"]) < moment(row["missing_from"]):
            found.append(f"found before missing: {row}")
    return found
