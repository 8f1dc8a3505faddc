"""Every list of several pages: an address that asks for no page of it gets the nearest."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.site.paging import nearest_page
from tests.cast import Cast, ClientFor
from tests.house.trees import ROOT
from tests.reporting.paged import LISTS, OF_OTHERS, Fill
from tests.sampled import drawn

FOLDERS = ("hub", "partners", "referrals", "risk", "reporting")
HERE = re.compile(r'aria-label="Page (\d+)" aria-current="page"')


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0", 1), ("-1", 1), ("x", 1), ("", 1), ("2", 2), ("3", 3), ("999", 3), ("1.5", 1), ("٢", 2)],
)
def test_what_is_no_page_gives_the_nearest(typed: str, number: int) -> None:
    assert nearest_page(range(25), 10, typed).number == number
    assert nearest_page([], 10, typed).number == 1


@given(st.text() | st.integers().map(str))
def test_whatever_is_typed_gives_a_page(typed: str) -> None:
    assert nearest_page(range(25), 10, typed).number in (1, 2, 3)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.usefixtures("uploads", "hurried")
@pytest.mark.parametrize("fill", drawn([fill for fills in LISTS.values() for fill in fills], 14))
def test_every_paged_list_answers_any_page_with_the_nearest(
    fill: Fill, cast: Cast, client_for: ClientFor, tmp_path: Path
) -> None:
    client = client_for(cast.people[OF_OTHERS.get(fill, "ana")])
    address = fill(cast, client, tmp_path / "x")

    def here(typed: str) -> int:
        answer: Any = client.get(f"{address}page={typed}")
        assert answer.status_code == 200
        return int(HERE.findall(answer.content.decode())[0])

    last = here("999")
    assert last > 1
    assert [here(typed) for typed in ("-1", "x", "2")] == [1, 1, 2]


def test_no_list_is_paged_in_another_way() -> None:
    paged = {
        str(path.relative_to(ROOT))
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"\bnearest_page\(|\.get_page\(", path.read_text(encoding="utf-8"))
    }
    assert paged - {"hub/site/paging.py"} == set(LISTS)
