"""What is asked of what is recorded of a child: numbers, the date of birth, days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import RuleBroken
from referrals.children.rules.details import (
    OLDEST,
    Details,
    Referred,
    check_birth,
    check_numbers,
    nhs_number_problem,
    plain_number,
    upn_problem,
)
from referrals.children.rules.spells import (
    Held,
    Where,
    check_address,
    check_end,
    check_status,
    plain_postcode,
    postcode_problem,
)
from referrals.register.rules import reference_after

TODAY = date(2026, 3, 2)
BORN = date(2011, 5, 3)
JODIE = Details("Jodie", "Fenwick", BORN, "F")
DIGITS = st.text("0123456789", min_size=9, max_size=9)
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def broken(deed: object, *args: object) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        deed(*args)  # type: ignore[operator]  # any of the checks
    return caught.value


# --- numbers -----------------------------------------------------------------------------------


def nhs_number(nine: str) -> str | None:
    """By the definition: the number whose weighted sum is a multiple of eleven."""
    for digit in "0123456789":
        weighted = zip(nine + digit, range(10, 0, -1), strict=True)
        if sum(int(figure) * weight for figure, weight in weighted) % 11 == 0:
            return nine + digit
    return None


@given(DIGITS)
def test_of_ten_last_digits_at_most_one_makes_an_nhs_number(nine: str) -> None:
    good = [nine + d for d in "0123456789" if not nhs_number_problem(nine + d)]
    assert good == ([nhs_number(nine)] if nhs_number(nine) else [])


@given(DIGITS, st.integers(0, 9), st.integers(1, 9))
def test_one_mistyped_figure_of_an_nhs_number_is_always_found(
    nine: str, place: int, off: int
) -> None:
    number = nhs_number(nine)
    if number is None:
        return
    wrong = str((int(number[place]) + off) % 10)
    assert "mistyped" in nhs_number_problem(number[:place] + wrong + number[place + 1 :])


@given(st.text("0123456789", min_size=12, max_size=12))
def test_one_letter_alone_begins_a_pupil_number(figures: str) -> None:
    total = sum(int(figure) * weight for figure, weight in zip(figures, range(2, 14), strict=True))
    good = [letter for letter in LETTERS + "IOS" if not upn_problem(letter + figures)]
    assert good == [LETTERS[total % 23]]


@given(st.text())
def test_any_text_is_a_number_or_is_told_what_is_wrong(typed: str) -> None:
    written = plain_number(typed)
    assert isinstance(nhs_number_problem(written), str)
    assert isinstance(upn_problem(written), str)


@pytest.mark.parametrize("typed", ["943 476 5919", "943-476-5919", " 9434765919 "])
def test_a_number_is_read_with_its_spaces_and_dashes(typed: str) -> None:
    assert plain_number(typed) == "9434765919"
    assert nhs_number_problem(plain_number(typed)) == ""


@pytest.mark.parametrize("number", ["943476591", "94347659190", "943476591x", "٩434765919"])
def test_what_is_not_ten_digits_is_no_nhs_number(number: str) -> None:
    assert "ten digits" in nhs_number_problem(number)


@pytest.mark.parametrize(
    "upn", ["H80120000100", "H8012000010011", "1801200001001", "h801200001001"]
)
def test_what_is_not_a_letter_and_twelve_more_is_no_pupil_number(upn: str) -> None:
    assert "a letter, eleven digits" in upn_problem(upn)


def test_a_wrong_number_that_an_extract_brought_may_stay_but_no_new_one_comes() -> None:
    old = Details("Jodie", "Fenwick", BORN, "F", nhs_number="9434765918", upn="A801200001001")
    check_numbers(old, old)
    assert broken(check_numbers, old).field == "nhs_number"
    only_upn = Details("Jodie", "Fenwick", BORN, "F", upn="A801200001001")
    assert broken(check_numbers, only_upn, JODIE).field == "upn"
    check_numbers(JODIE)


# --- the date of birth -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "code"),
    [
        (TODAY + timedelta(1), "child.unborn"),
        (date(2026 - OLDEST - 1, 3, 2), "child.too_old"),
        (date(2025, 6, 1), "child.born_after_referral"),
        (date(2007, 5, 1), "child.adult_at_referral"),
    ],
)
def test_a_date_of_birth_that_cannot_be_is_refused_beside_its_field(born: date, code: str) -> None:
    fault = broken(check_birth, born, TODAY, [Referred("E-1", date(2025, 5, 1), open=True)])
    assert (fault.code, fault.field) == (code, "date_of_birth")
    assert str(fault).startswith(("Date of birth", "By this date of birth"))


@pytest.mark.parametrize(
    ("born", "is_open"),
    [
        (TODAY, False),
        (date(2026 - OLDEST - 1, 3, 3), False),
        (date(2007, 5, 2), True),  # 18 on the day after the referral
        (date(2007, 5, 1), False),  # a closed episode may be of long ago
    ],
)
def test_a_date_of_birth_that_can_be_is_taken(born: date, is_open: bool) -> None:
    on = date(2025, 5, 1) if born < date(2025, 5, 1) else TODAY
    check_birth(born, TODAY, [Referred("E-1", on, is_open)])


# --- where and how -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "field"),
    [
        (Where(TODAY + timedelta(1), line="x"), "from_date"),
        (Where(date(2020, 1, 2), date(2020, 1, 1), line="x"), "to_date"),
        (Where(date(2020, 1, 2), TODAY + timedelta(1), line="x"), "to_date"),
        (Where(date(2020, 1, 2)), "line"),
        (Where(date(2011, 5, 2), line="x"), "from_date"),
    ],
)
def test_an_address_that_cannot_be_is_refused(where: Where, field: str) -> None:
    assert broken(check_address, where, BORN, TODAY).field == field


@pytest.mark.parametrize(
    "where",
    [
        Where(BORN, line="7 Row"),
        Where(BORN, BORN, postcode="BD1"),
        Where(TODAY, TODAY, ward="E05001347"),
        Where(BORN, out_of_area=True),
    ],
)
def test_an_address_that_can_be_is_taken(where: Where) -> None:
    check_address(where, BORN, TODAY)


def test_of_a_corrected_address_birth_is_asked_only_with_its_first_day() -> None:
    check_address(Where(date(2001, 1, 1), line="x"), None, TODAY)


def test_an_end_is_from_the_start_to_today() -> None:
    check_end(BORN, BORN, TODAY)
    check_end(BORN, None, TODAY)
    assert broken(check_end, BORN, BORN - timedelta(1), TODAY).code == "spell.backwards"
    assert broken(check_end, BORN, TODAY + timedelta(1), TODAY).code == "spell.end_future"


CP = Held("CP", date(2025, 1, 10), date(2025, 3, 10))


@pytest.mark.parametrize(
    "held",
    [
        Held("CP", date(2025, 3, 9)),
        Held("CP", date(2025, 1, 1)),
        Held("CP", date(2025, 1, 1), date(2025, 1, 11)),
    ],
)
def test_one_status_does_not_run_twice_at_once(held: Held) -> None:
    assert broken(check_status, held, [CP], TODAY).code == "status.twice"


@pytest.mark.parametrize(
    "held",
    [
        Held("CP", date(2025, 3, 10)),
        Held("CP", date(2025, 1, 1), date(2025, 1, 10)),
        Held("LAC", date(2025, 1, 10)),
    ],
)
def test_a_status_may_follow_itself_or_run_beside_another(held: Held) -> None:
    check_status(held, [CP], TODAY)


@pytest.mark.parametrize(
    ("typed", "written"),
    [("bd11aa", "BD1 1AA"), ("BD1 1AA", "BD1 1AA"), (" hd12 3zz", "HD12 3ZZ"), ("bd12", "BD12")],
)
def test_a_postcode_is_written_in_one_way(typed: str, written: str) -> None:
    assert plain_postcode(typed) == written
    assert postcode_problem(written) == ""


@pytest.mark.parametrize("typed", ["1", "BD", "BD1 1A", "BD1 1AAA", "<b>"])
def test_what_is_no_postcode_is_told(typed: str) -> None:
    assert "BD1 1AA" in postcode_problem(plain_postcode(typed))


def test_references_of_the_hub_run_on() -> None:
    assert [reference_after(n) for n in (0, 41, 9999)] == ["H-0001", "H-0042", "H-10000"]
