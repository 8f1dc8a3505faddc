"""The oracle against tables worked out by hand: one story for each definition."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.appendix1 import Params, report
from tests.oracle.counting import age
from tests.oracle.stories import CHILDREN, extract


def strategic(folder: Path, **asked: Any) -> dict[str, Any]:
    part: dict[str, Any] = report(folder, Params(**asked))["strategic"]
    return part


def tactical(folder: Path, **asked: Any) -> dict[str, Any]:
    part: dict[str, Any] = report(folder, Params(**asked))["tactical"]
    return part


# --- strategic --------------------------------------------------------------------------------


def test_the_years_episodes_reconcile(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        """
        before   c1 2014-05-01 2015-03-31 MOVED
        carried  c1 2014-06-01 2015-04-01 MOVED
        carried2 c2 2015-03-31
        sameday  c2 2015-04-01 2015-04-01
        atend    c3 2015-09-01 2016-03-31 ERROR
        nextyear c3 2016-03-31 2016-04-01 DIED
        after    c4 2016-04-01
        """,
    )
    s = strategic(folder)
    assert (s["episodes"], s["already_open"], s["new"]) == (5, 2, 3)
    assert (s["closed"], s["open_at_end"]) == (3, 2)
    assert s["closed_by_reason"] == {"MOVED": 1, "NOT_RECORDED": 1, "ERROR": 1}
    assert s["already_open"] + s["new"] - s["closed"] == s["open_at_end"]
    assert (s["children"], s["children_repeated"]) == (3, 2)


def test_a_child_comes_back_within_twelve_months_or_not(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        """
        a1 c1 2014-01-01 2014-06-01
        a2 c1 2015-06-02
        b1 c2 2014-01-01 2014-06-01
        b2 c2 2015-06-03
        d1 c3 2015-05-01 2015-08-01
        d2 c3 2015-08-01
        d3 c3 2015-07-31
        e1 c4 2015-05-05 2015-05-05
        e2 c4 2015-05-05 2015-05-05
        """,
    )
    # a2 366 days after; b2 367; d2 on the very day; d3 before the closing; e1 and e2 neither earlier
    assert strategic(folder)["re_referred_within_12_months"] == 2


def test_not_at_risk_at_referral_looks_at_the_first_level_alone(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        """
        old c1 2015-01-01
        e1  c2 2015-05-01
        e2  c3 2015-05-01
        e3  c4 2015-05-01 2015-05-02
        e4  c4 2015-06-01
        e5  c4 2015-06-01
        """,
        risk_levels="episode_id,set_on,level\n"
        "old,2015-01-01,NO_RISK\n"
        "e1,2015-05-03,LOW\ne1,2015-05-02,NO_RISK\n"
        "e2,2015-05-02,HIGH\ne2,2015-05-02,NO_RISK\n"
        "e3,2015-06-02,NO_RISK\n",
    )
    s = strategic(folder)
    assert s["not_at_risk_at_referral"] == 3  # old, e1, and e3 although set after its closing
    assert s["not_at_risk_at_referral_of_new"] == 2


def test_quarters_means_and_change(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        """
        p1 c1 2014-04-01 2014-04-01
        p2 c1 2015-03-31 2015-03-31
        p3 c1 2014-06-30 2014-06-30
        p4 c1 2014-07-01 2014-07-01
        p5 c1 2014-03-31
        n0 c2 2015-04-01
        n1 c2 2015-06-30
        n2 c2 2015-07-01
        n3 c2 2016-03-31
        """,
    )
    s = strategic(folder)
    assert s["new_by_quarter"] == [2, 1, 0, 1]
    assert s["mean_new_per_month"] == 0.3  # 0.33
    before = s["previous_year"]
    assert before == {"new": 4, "new_by_quarter": [2, 1, 0, 1], "mean_new_per_month": 0.3}
    assert s["change_in_new_percent"] == 0.0


def test_half_a_tenth_of_a_mean_goes_up(tmp_path: Path) -> None:
    folder = extract(tmp_path, "n1 c1 2015-05-01\nn2 c2 2015-05-01\nn3 c3 2015-05-01")
    assert strategic(folder)["mean_new_per_month"] == 0.3  # 0.25


def test_half_a_tenth_of_a_percent_goes_away_from_zero(tmp_path: Path) -> None:
    lines = [f"p{n} c1 2014-05-01 2014-05-01" for n in range(16)]
    lines += [f"n{n} c1 2015-05-01" for n in range(13)]
    assert (
        strategic(extract(tmp_path, "\n".join(lines)))["change_in_new_percent"] == -18.8
    )  # -18.75


def test_no_previous_year_no_change(tmp_path: Path) -> None:
    s = strategic(extract(tmp_path, "n1 c1 2015-05-01"))
    assert s["change_in_new_percent"] is None


def test_one_born_on_29_february_turns_older_on_1_march() -> None:
    born = date(2000, 2, 29)
    assert [age(born, date(2015, 2, 28)), age(born, date(2015, 3, 1))] == [14, 15]
    assert [age(born, date(2016, 2, 28)), age(born, date(2016, 2, 29))] == [15, 16]


def test_ages_by_gender_and_the_lowest_of_equal_peaks(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        """
        e1 c1 2015-04-30
        e2 c1 2015-05-01
        e3 c2 2015-05-31
        e4 c2 2015-05-31
        e5 c3 2016-02-28
        """,
    )
    s = strategic(folder)
    assert s["new_by_age_and_gender"] == {"F": {"13": 1, "14": 1}, "M": {"12": 2}, "U": {"15": 1}}
    assert s["new_by_gender"] == {"F": 2, "M": 2, "U": 1}
    assert s["peak_age"] == {"all": 12, "F": 13, "M": 12, "U": 15}


def test_what_does_not_occur_has_no_peak(tmp_path: Path) -> None:
    s = strategic(extract(tmp_path, "e1 c1 2015-05-01"))
    assert s["peak_age"] == {"all": 14, "F": 14, "M": None, "U": None}
    assert s["new_by_age_and_gender"] == {"F": {"14": 1}, "M": {}, "U": {}}


def test_only_episodes_of_the_types_asked_for_count(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        """
        e1 c1 2015-05-01 - - CCE
        e2 c1 2015-05-01 - - CCE;CSE
        e3 c1 2015-05-01
        """,
    )
    assert strategic(folder)["episodes"] == 2
    assert strategic(folder, types=("CCE",))["episodes"] == 2
    assert strategic(folder, types=("CCE", "CSE"))["episodes"] == 3
    assert tactical(folder)["open_with_several_episodes"] == 1


# --- tactical ---------------------------------------------------------------------------------


def test_the_end_of_the_day_decides_who_is_open(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        """
        e1 c1 2016-03-29
        e2 c2 2016-01-01 2016-03-29
        e3 c3 2016-01-01 2016-03-30
        e4 c4 2016-03-29 2016-03-29
        """,
    )
    t = tactical(folder)
    assert (t["open"], t["aged_18_or_over"], t["with_learning_disability"]) == (2, 0, 0)
    assert tactical(folder, snapshot=date(2016, 3, 28))["with_learning_disability"] == 1
    assert t["by_census_group"]["White"] == 2
    assert (t["by_ethnic_group"]["White"], t["by_ethnic_group"]["Other"]) == (1, 1)
    assert t["by_ethnic_group"]["NOT_RECORDED"] == 0


def test_eighteen_is_reached_on_the_birthday(tmp_path: Path) -> None:
    children = CHILDREN.replace("2001-05-01", "1998-03-29").replace("2003-01-01", "1998-03-30")
    folder = extract(tmp_path, "e1 c1 2016-01-01\ne2 c4 2016-01-01", children=children)
    assert tactical(folder)["aged_18_or_over"] == 1


def test_a_childs_level_among_several_open_episodes(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        """
        a1 c1 2015-05-01
        a2 c1 2015-05-01
        b1 c2 2015-05-01
        b2 c2 2015-05-01 2016-03-29
        d1 c3 2015-05-01
        d2 c3 2015-05-01
        f1 c4 2015-05-01
        """,
        risk_levels="episode_id,set_on,level\n"
        # equal dates on two episodes: the highest of what stands on each
        "a1,2016-01-01,HIGH\na1,2016-01-01,LOW\na2,2016-01-01,MEDIUM\n"
        # b2 is closed at the end of the day: its later level does not count
        "b1,2016-01-01,LOW\nb2,2016-02-01,HIGH\n"
        # the latest set_on stands, though lower; d1 has none yet
        "d2,2016-03-29,NO_RISK\nd2,2015-06-01,HIGH\nd1,2016-03-30,HIGH\n"
        "f1,2016-03-30,HIGH\n",
    )
    levels = tactical(folder)["by_level"]
    assert levels == {"HIGH": 0, "MEDIUM": 1, "LOW": 1, "NO_RISK": 1, "NOT_SET": 1}
    by_gender = tactical(folder)["by_level_and_gender"]
    assert by_gender["MEDIUM"] == {"F": 1, "M": 0, "U": 0}
    assert by_gender["NO_RISK"] == {"F": 0, "M": 0, "U": 1}


def test_movement_between_two_days(tmp_path: Path) -> None:
    kinds = {  # level then -> level later; "" = none set, CLOSED = no episode open
        "c1": ("HIGH", "CLOSED"),
        "c2": ("NO_RISK", "CLOSED"),
        "c3": ("LOW", "HIGH"),
        "c4": ("MEDIUM", "LOW"),
        "c5": ("", "HIGH"),
        "c6": ("", "CLOSED"),
        "c7": ("NO_RISK", "NO_RISK"),
        "c8": ("LOW", "CLOSED"),
    }
    lines, levels = [], ["episode_id,set_on,level"]
    for child, (then, later) in kinds.items():
        closed = "2016-08-01" if later == "CLOSED" else ""
        lines.append(f"e{child} {child} 2016-01-01 {closed}")
        levels += [f"e{child},2016-02-01,{then}"] if then else []
        levels += [f"e{child},2016-07-01,{later}"] if later != "CLOSED" else []
    lines.append("new c1 2016-04-01 2016-05-01")
    children = CHILDREN + "".join(f"c{n},E,E,2002-01-01,F,,\n" for n in (5, 6, 7, 8))
    folder = extract(tmp_path, "\n".join(lines), children=children, risk_levels="\n".join(levels))
    moves = report(folder, Params(movement_to=date(2016, 8, 1)))["movement"]
    counts = [moves[k] for k in ("unchanged", "decreased", "increased", "not_comparable")]
    assert counts == [2, 3, 1, 2]
    assert moves["matrix"]["NOT_SET"] == {
        "HIGH": 1, "MEDIUM": 0, "LOW": 0, "NO_RISK": 0, "NOT_SET": 0, "CLOSED": 1
    }  # fmt: skip
    assert report(folder, Params())["movement"] is None


def test_social_care_status_is_the_weightiest_held(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        "e1 c1 2016-01-01\ne2 c2 2016-01-01\ne3 c3 2016-01-01\ne4 c4 2016-01-01",
        statuses="child_id,status,from_date,to_date\n"
        # touching spells: the second holds on the day the first ends
        "c1,CIN,2015-01-01,2016-03-29\nc1,CP,2016-03-29,\n"
        "c2,CIN,2015-01-01,\nc2,LAC,2015-02-01,2016-03-30\n"
        "c3,LAC,2016-03-29,2016-03-29\n"
        "c4,CP,2016-03-30,\n",
    )
    t = tactical(folder)
    assert t["by_status"] == {"LAC": 1, "CP": 1, "CIN": 0, "PREVIOUS": 1, "NEVER": 1}
    assert t["by_status_and_level"]["NEVER"]["NOT_SET"] == 1
    assert set(t["by_status_and_level"]) == {"LAC", "CP", "CIN", "PREVIOUS", "NEVER"}


@pytest.mark.parametrize(
    ("addresses", "area"),
    [
        ([], "NOT_RECORDED"),
        (["2015-01-01,2016-03-29,E05001365,,"], "NOT_RECORDED"),
        (["2015-01-01,,E05001365,N,"], "Tong"),
        (["2015-01-01,,,N,N"], "NOT_RECORDED"),
        (["2015-01-01,,,Y,N"], "OUT_OF_AREA"),
        (["2015-01-01,,E05001400,,"], "OUT_OF_AREA"),
        (["2015-01-01,,E05001365,Y,Y"], "CONFIDENTIAL"),
        (["2015-01-01,,E05001357,,", "2015-01-01,,E05001365,,"], "Tong"),
        (["2015-02-01,,E05001365,,", "2015-01-01,,E05001357,,"], "Tong"),
        (["2015-02-01,2015-03-01,E05001357,,", "2015-01-01,,E05001365,,"], "Tong"),
    ],
)
def test_a_childs_area_on_the_snapshot(tmp_path: Path, addresses: list[str], area: str) -> None:
    rows = "".join(f"c1,{a}\n" for a in addresses)
    header = "child_id,from_date,to_date,ward,out_of_area,confidential\n"
    t = tactical(extract(tmp_path, "e1 c1 2016-01-01", addresses=header + rows))
    assert t["by_ward_and_level"] == {
        area: {"HIGH": 0, "MEDIUM": 0, "LOW": 0, "NO_RISK": 0, "NOT_SET": 1, "total": 1}
    }
    assert t["by_constituency"] == {"Bradford South" if area == "Tong" else area: 1}


# --- crimes, missing, suspects ----------------------------------------------------------------

CRIMES = """crime_ref,offence_code,offence_date,cse_tag,outcome,\
victim_child_id,victim_date_of_birth,victim_gender
k1,71,2015-04-01,Y,,c2,,
k2,88A,2016-03-31,Y,NB,c2,1998-04-01,F
k3,71,2016-03-31,Y,1A,,1998-03-31,F
k4,71,2015-05-01,N,14,c1,,
k5,71,2015-05-01,Y,15A,,,M
k6,8N,2015-05-01,Y,,,1970-01-01,M
k7,71,2016-04-01,Y,,c1,,
k8,17B,2015-05-01,Y,8B,c1,,M
"""


def test_crimes_of_the_year_with_a_victim_under_18(tmp_path: Path) -> None:
    crimes = report(extract(tmp_path, "", crimes=CRIMES), Params())["crimes"]
    assert (
        crimes["sexual_offences_under_18"] == 4
    )  # k1, k2 (17 still), k4, k8; k3 turned 18 that day
    assert crimes["victim_age_unknown"] == 1
    assert crimes["cse"] == 3
    assert crimes["by_outcome"] == {"NEW": 1, "NB": 1, "8B": 1}
    assert [crimes[k] for k in ("under_investigation", "cancelled", "finalised")] == [1, 1, 1]
    assert crimes["tagged_outside_list"] == 1
    assert crimes["male_victims"] == 2  # k1 by the child, k8 by the row; k2's row says F


def test_suspects_count_once_for_each_link(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        "",
        crimes=CRIMES,
        suspects="suspect_id,date_of_birth,gender,ethnicity\n"
        "s1,1997-04-01,M,A2\ns2,1980-02-29,F,W1\ns3,,,\n",
        crime_suspects="crime_ref,suspect_id\nk1,s1\nk2,s1\nk1,s2\nk1,s3\nk4,s2\n",
    )
    crimes = report(folder, Params())["crimes"]
    assert (crimes["with_suspect"], crimes["suspect_links"]) == (2, 4)
    assert crimes["by_number_of_suspects"] == {"3": 1, "1": 1}
    bands = {"under_18": 0, "18_24": 2, "25_35": 1, "36_45": 0, "over_45": 0, "NOT_RECORDED": 1}
    assert crimes["offender_age_bands"] == bands
    assert crimes["victim_age_by_offender_age_band"] == {
        "12": bands | {"18_24": 1},
        "17": dict.fromkeys(bands, 0) | {"18_24": 1},
    }


def test_missing_episodes_by_the_london_day(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        "",
        missing_episodes="missing_id,child_id,missing_from,found_at,return_interview_on\n"
        "m1,c1,2015-03-31T23:30:00Z,2015-04-02T23:30:00Z,2015-04-06\n"  # from 1 to 3 April here
        "m2,c1,2016-03-31T23:30:00,2016-04-01T01:00:00,2016-04-05\n"
        "m3,c2,2016-03-31T23:30:00Z,,\n"
        "m4,c3,2015-12-01T10:00:00,,2015-12-02\n",
    )
    assert report(folder, Params())["missing"] == {
        "episodes": 3, "children": 2, "found": 2, "interviewed": 3, "interviewed_in_time": 1
    }  # fmt: skip


def test_suspect_occurrences_in_their_own_window(tmp_path: Path) -> None:
    folder = extract(
        tmp_path,
        "",
        suspects="suspect_id,date_of_birth,gender,ethnicity\n"
        "s1,1979-07-01,M,O1\ns2,1998-07-02,F,WROM\ns3,,,NS\n",
        suspect_occurrences="occurrence_id,suspect_id,created_on,closed_on\n"
        "o1,s1,2015-07-01,2016-06-30\no2,s1,2016-06-30,\no3,s2,2016-06-30,2016-07-01\n"
        "o4,s3,2015-06-30,\no5,s3,2015-08-01,\n",
    )
    asked = Params(suspects_from=date(2015, 7, 1), suspects_to=date(2016, 6, 30))
    managed = report(folder, asked)["suspect_management"]
    assert (managed["occurrences"], managed["under_investigation"]) == (4, 3)
    assert managed["by_age_band"] == {
        "under_18": 1, "18_35": 0, "36_45": 2, "over_45": 0, "NOT_RECORDED": 1
    }  # fmt: skip
    assert managed["by_gender"] == {"F": 1, "M": 2, "U": 1}
    groups = managed["by_ethnic_group"]
    assert (groups["Asian"], groups["Other"], groups["NOT_RECORDED"]) == (2, 1, 1)  # WROM is Other
    assert (
        report(folder, Params())["suspect_management"]["occurrences"] == 3
    )  # the year's: o1 o4 o5
