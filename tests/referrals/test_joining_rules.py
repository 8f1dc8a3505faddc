"""Which two records can be joined; without a database."""

import pytest

from referrals.joinings.rules import Pair, Problem, joining_problem, under_kept

NO_CHAIN = "joining.chain"


def test_two_records_that_stand_alone_can_be_joined() -> None:
    assert joining_problem(Pair("C-2", "C-1")) is None


def test_a_record_is_not_joined_to_itself() -> None:
    message = "This is the same record. Give the reference of the other"
    assert joining_problem(Pair("C-1", "C-1")) == Problem("joining.same", message)


@pytest.mark.parametrize(
    "pair", [Pair("C-2", "C-1", child_into="C-1"), Pair("C-1", "C-2", kept_into="C-1")]
)
def test_two_that_are_joined_already_either_way_were_joined_by_somebody_meanwhile(
    pair: Pair,
) -> None:
    expected = Problem("joining.joined", "These two are joined already.", meanwhile=True)
    assert joining_problem(pair) == expected


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (
            Pair("C-2", "C-1", child_into="C-3"),
            "C-2 is joined to C-3. Join with C-3 instead",
        ),
        (
            Pair("C-2", "C-1", kept_into="C-3"),
            "C-1 is joined to C-3. Join with C-3 instead",
        ),
        (
            Pair("C-2", "C-1", child_has="C-3"),
            "C-3 is joined to C-2. Keep C-2, or take those apart first",
        ),
        (
            Pair("C-2", "C-1", child_into="C-4", kept_into="C-5", child_has="C-6"),
            "C-2 is joined to C-4. Join with C-4 instead",
        ),
    ],
)
def test_no_record_is_joined_twice_and_none_to_one_that_is_joined(pair: Pair, message: str) -> None:
    assert joining_problem(pair) == Problem(NO_CHAIN, message, meanwhile=False)


def test_a_list_has_each_child_once_where_its_first_record_stood() -> None:
    assert under_kept([5, 2, 1, 3, 5], {2: 1, 3: 5}) == [5, 1]
    assert under_kept([4, 2], {}) == [4, 2]
