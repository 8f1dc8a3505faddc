"""The words and figures of the documents, one by one."""

from typing import Any

import pytest

from hub.codes.rules import code_list
from reporting.appendix1.rules import labels
from reporting.appendix1.rules.labels import label, moment, place_in, share, written


@pytest.mark.parametrize(
    ("code", "codes", "published", "words"),
    [
        ("HIGH", "", False, "High"),
        ("NO_RISK", "", False, "No CSE risk"),
        ("NO_RISK", "", True, "No CSE risk or not set"),
        ("HIGH", "", True, "High"),
        ("Moor", "", False, "Moor"),
        ("15", "", False, "15"),
        ("1A", "referral_sources", False, "Individual: family member, relative or carer (1A)"),
        ("MOVED", "closure_reasons", False, "Moved out of the district"),
        ("NOT_RECORDED", "closure_reasons", False, "Not recorded"),
        ("NO_RISK", "closure_reasons", True, "No CSE risk or not set"),
    ],
)
def test_a_code_has_its_words(code: str, codes: str, published: bool, words: str) -> None:
    assert label(code, codes, published=published) == words


def test_a_label_is_of_the_full_report_unless_it_says_otherwise() -> None:
    assert label("NO_RISK") == "No CSE risk"


def test_rows_stand_as_in_their_list_and_what_is_no_entry_last() -> None:
    rows = ["NOT_RECORDED", "X", "CONFIDENTIAL", "MOVED", "OUT_OF_AREA", "RISK_REDUCED"]
    ordered = sorted(rows, key=lambda code: place_in("closure_reasons", code))
    listed = list(code_list("closure_reasons"))
    entries = sorted(["MOVED", "RISK_REDUCED"], key=listed.index)
    assert ordered == [*entries, "X", "OUT_OF_AREA", "CONFIDENTIAL", "NOT_RECORDED"]
    assert place_in("closure_reasons", listed[0]) == 0
    assert [place_in("", code) for code in ("Moor", *labels.LAST)] == [0, 1, 2, 3]


def test_a_partnership_has_its_name_or_else_its_code() -> None:
    assert labels.partnership_name("bradford") == "Bradford"
    assert labels.partnership_name("elsewhere") == "elsewhere"


def test_days_and_moments_are_written_out() -> None:
    assert labels.long_day("2016-03-09") == "9 March 2016"
    assert labels.window("2015-04-01", "2016-03-31") == "1 April 2015 to 31 March 2016"
    assert moment(None) == "As known when made"
    assert moment("2016-07-01T09:05:00+01:00") == "1 July 2016, 09:05"
    assert moment("2016-07-01T09:05:07+01:00") == "1 July 2016, 09:05:07"


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "none"), (0, "0"), (1234567, "1,234,567"), (1234.5, "1,234.5"), ("c", "c")],
)
def test_a_figure_is_written_with_its_thousands(value: Any, text: str) -> None:
    assert written(value) == text


@pytest.mark.parametrize(
    ("part", "whole", "others", "published", "text"),
    [
        (27, 37, (), False, "73.0% (27 of 37)"),
        (1, 16, (), False, "6.3% (1 of 16)"),  # 6.25, half away from zero
        (1000, 2000, (), False, "50.0% (1,000 of 2,000)"),
        (1, 1, (), False, "100.0% (1 of 1)"),
        (0, 0, (), False, ""),
        ("c", 37, (), False, ""),
        (27, "c", (), False, ""),
        (36, 37, (), False, "97.3% (36 of 37)"),
        (36, 37, (), True, ""),
        (32, 37, (), True, ""),  # five others
        (31, 37, (), True, "83.8% (31 of 37)"),  # six others
        (37, 37, (), True, "100.0% (37 of 37)"),
        (20, 37, ("c", "c", 0), True, ""),  # the others are hidden alone
        (20, 37, ("c", 7), True, "54.1% (20 of 37)"),
        (20, 37, (0, 0), True, "54.1% (20 of 37)"),
        (20, 37, ("c", "c"), False, "54.1% (20 of 37)"),
    ],
)
def test_a_share_is_given_unless_it_would_tell_what_is_hidden(
    part: Any, whole: Any, others: tuple[Any, ...], published: bool, text: str
) -> None:
    assert share(part, whole, others, published=published) == text


def test_a_share_is_of_the_full_report_unless_it_says_otherwise() -> None:
    assert share(36, 37) == "97.3% (36 of 37)"
