"""Children whom the database finds as their tables' owner, and what it says of where they live.

Its functions ask by themselves what the policies ask: who looks is told nothing of whom they do not see.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from hub.accounts.actions import operator
from referrals.children.models import Address, Alias, Child
from tests.cast import NOW
from tests.test_second_wall import rows

# Every text of these records begins alike; every child there has a confidential address.
SEARCHED = """
SELECT referrals_children_called('zqx:*'), referrals_children_also_called('zqx:*'),
    referrals_children_bearing('ZQX')
"""
# Nobody is called so now, or bears such a reference; one child was called Mistaken by mistake.
NOBODY = """
SELECT referrals_children_called('qqq'), referrals_children_also_called('mistaken'),
    referrals_children_bearing('QQQ')
"""
LIVES = """
SELECT day, known_at, id FROM unnest(%s) AS id, unnest(%s) AS day, unnest(%s) AS known_at
WHERE referrals_shown_lives_confidentially(id, day, known_at)
"""
DAYS = (date(2024, 3, 1), date(2025, 1, 15), date(2025, 6, 1), date(2026, 3, 12))


def _noon(year: int, month: int) -> datetime:
    return datetime(year, month, 5, 12, tzinfo=UTC)


MOMENTS = [
    None,
    *(_noon(*asked) for asked in ((2024, 1), (2024, 3), (2025, 2), (2025, 4), (2026, 5))),
]


def was_called_by_mistake(child: Child) -> None:
    """A name that was taken back: nobody is found by it."""
    Alias.objects.create(
        child=child,
        partnership=child.partnership,
        name="Mistaken",
        position=99,
        known_from=NOW,
        recorded_by=operator(),
        superseded_at=NOW,
        superseded_by=operator(),
    )


def lived_confidentially(child: Child) -> None:
    """Confidential for a month of 2025, and by mistake since 2024; the mistake was found that summer."""
    told: dict[str, Any] = {
        "child": child,
        "partnership": child.partnership,
        "recorded_by": operator(),
    }
    Address.objects.create(
        line="A month",
        confidential=True,
        from_date=date(2025, 1, 1),
        known_from=_noon(2025, 1),
        to_date=date(2025, 2, 1),
        to_known_from=_noon(2025, 3),
        **told,
    )
    Address.objects.create(
        line="Mistaken",
        confidential=True,
        from_date=date(2024, 1, 1),
        known_from=_noon(2024, 2),
        superseded_at=_noon(2024, 7),
        superseded_by=operator(),
        **told,
    )


Home = tuple[date, datetime | None, int]


def confidential_homes() -> set[Home]:
    """Who lived confidentially, by day and by what was known when."""
    asked = [(day, known_at) for day in DAYS for known_at in MOMENTS]
    found = {one: Address.objects.as_at(*one).filter(confidential=True) for one in asked}
    return {
        (*one, n) for one, homes in found.items() for n in homes.values_list("child_id", flat=True)
    }


def wrongly_found(whole: set[int]) -> Iterator[str]:
    """What is found besides, or instead of, those whom the person sees whole."""
    found = rows(SEARCHED)[0]
    if [set(numbers or []) for numbers in found] != [whole] * 3:  # type: ignore[call-overload]  # numbers
        yield f"finds {found}"
    if any(nobody := rows(NOBODY)[0]):
        yield f"finds {nobody}, whom nobody is"


def wrongly_learnt(shown: set[int], every: Iterable[int], homes: set[Home]) -> Iterator[str]:
    """What one to whom children are merely shown learns besides who of them lives confidentially."""
    learnt = set(rows(LIVES, list(every), list(DAYS), MOMENTS))
    if learnt != {home for home in homes if home[2] in shown}:
        yield f"learns who lives confidentially: {learnt}"
