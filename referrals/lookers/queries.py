"""Reading who has looked at a child: the database's functions ask whether one may (migration 0019)."""

from datetime import datetime

from django.db import connection

from referrals.lookers.rules import Look, Looker

Between = tuple[datetime, datetime]


def lookers(child_id: int, between: Between) -> list[Looker]:
    """Give whoever looked at a child between two moments, and how often."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referrals_lookers(%s, %s, %s)", [child_id, *between])
        return [Looker(*row) for row in cursor.fetchall()]


class Looks:
    """The looks at a child, the latest first, read a page at a time; `who` is None for everybody's."""

    def __init__(self, child_id: int, who: int | None, between: Between, number: int) -> None:
        self.asked = [child_id, who, *between]
        self.number = number

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, part: slice) -> list[Look]:
        first, last = part.start or 0, part.stop
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM referrals_looks(%s, %s, %s, %s, %s, %s)",
                [*self.asked, first, last - first],
            )
            return [Look(*row) for row in cursor.fetchall()]
