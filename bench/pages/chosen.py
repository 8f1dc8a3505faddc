"""Whom the bench looks at: children and searches, spread evenly over a database."""

from bench.databases import ask_as_owner

WITH_ONE_OPEN = """
    SELECT child_id FROM referrals_episode WHERE closed_on IS NULL
    GROUP BY 1 HAVING count(*) = 1 ORDER BY 1
"""
WHO = """
    SELECT forenames, surname, date_of_birth, reference FROM referrals_child
    WHERE id = ANY (%s) ORDER BY id
"""


def children(number: int) -> list[int]:
    """Give the numbers of children with one open episode, the same share from every part of the table."""
    return spread(_numbers(WITH_ONE_OPEN), number)


def spread(things: list[int], number: int) -> list[int]:
    """Take that many from a list at even distances; all where there are no more."""
    step = max(len(things) // number, 1)
    return things[::step][:number]


def names() -> list[str]:
    """Give what somebody types to find a child: names, days of birth and references of real rows."""
    numbers = spread(_numbers("SELECT id FROM referrals_child ORDER BY id"), 12)
    texts = []
    for forenames, surname, born, reference in ask_as_owner(WHO, [numbers])[1]:
        texts += [f"{forenames} {surname}", born.isoformat(), reference, surname]
    return texts


def name() -> str:
    """Give the commonest whole name: of searches that show children, one with many answers."""
    whole = "forenames || ' ' || surname"
    commonest = f"SELECT {whole} FROM referrals_child GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    return str(ask_as_owner(commonest)[1][0][0])


def _numbers(statement: str) -> list[int]:
    return [number for (number,) in ask_as_owner(statement)[1]]
