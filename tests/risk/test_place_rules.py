"""Which place comes before which meeting, and how it is called."""

from datetime import date

import pytest

from risk.places.rules import called, discussed_problem, forward_problem

MONDAY, SUNDAY = date(2026, 3, 9), date(2026, 3, 8)


@pytest.mark.parametrize(
    ("because", "for_day", "code", "field"),
    [
        ("Named again.", MONDAY, None, None),
        ("Named again.", date(2026, 3, 10), None, None),
        (" ", MONDAY, "place.because", "because"),
        ("Named again.", date(2026, 3, 6), "place.day", "for_day"),
        ("Named again.", date(2026, 3, 14), "place.day", "for_day"),
    ],
)
def test_a_place_is_put_forward_with_a_reason_for_a_working_day(
    because: str, for_day: date, code: str | None, field: str | None
) -> None:
    problem = forward_problem(because=because, for_day=for_day, today=MONDAY)
    assert (problem and problem.code, problem and problem.field) == (code, field)
    assert problem is None or problem.message[0].isupper()


def test_on_a_rest_day_a_place_is_put_forward_for_the_next_meeting() -> None:
    assert forward_problem(because="Named.", for_day=MONDAY, today=SUNDAY) is None
    problem = forward_problem(because="Named.", for_day=SUNDAY, today=SUNDAY)
    assert problem is not None
    assert "working day" in problem.message


@pytest.mark.parametrize(
    ("said", "on", "code"),
    [
        ("Passed on.", MONDAY, None),
        ("  ", MONDAY, "place.came_of_it"),
        ("Passed on.", SUNDAY, "place.discussed_on"),
    ],
)
def test_a_meeting_spoke_of_a_place_on_a_day_on_which_it_was_held(
    said: str, on: date, code: str | None
) -> None:
    problem = discussed_problem(came_of_it=said, on=on, held=[MONDAY])
    assert (problem and problem.code) == code
    assert problem is None or problem.field == problem.code.removeprefix("place.")
    assert problem is None or problem.message[0].isupper()


@pytest.mark.parametrize(
    ("address", "postcode", "description", "line"),
    [
        (
            "Mill Lane",
            "BD1 1AA",
            "An  arcade.\nOpen late.",
            "Mill Lane, BD1 1AA: An arcade. Open late",
        ),
        ("Mill Lane", "", "", "Mill Lane"),
        ("", "", "The arcade.", "The arcade"),
        ("", "", "Platform X.", "Platform X"),
        ("", "", "", "Not described"),
    ],
)
def test_a_place_is_called_by_where_it_lies_and_what_it_is(
    address: str, postcode: str, description: str, line: str
) -> None:
    assert called(address=address, postcode=postcode, description=description) == line


def test_what_is_missing_is_asked_for_in_words() -> None:
    why = forward_problem(because="", for_day=MONDAY, today=MONDAY)
    said = discussed_problem(came_of_it="", on=MONDAY, held=[MONDAY])
    assert why is not None
    assert said is not None
    assert (why.message, said.message) == ("Write why", "Write what the meeting said of it")
