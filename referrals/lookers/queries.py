"""Reading who has looked at a child: the database's functions ask whether one may (migrations 0019, 0026)."""

from datetime import datetime

from django.db import connection

from referrals.lookers.rules import Look, Looker, part_of

Between = tuple[datetime, datetime]


def lookers(child_id: int, between: Between) -> list[Looker]:
    """Give whoever looked at a child between two moments, and how often."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referrals_lookers(%s, %s, %s)", [child_id, *between])
        return [Looker(*row) for row in cursor.fetchall()]


class Looks:
    """The looks at a child by some of its lookers, the latest first, read a page at a time.

    `who` is None for everybody's. Of all the days only those on which the page lies are read.
    """

    def __init__(
        self, child_id: int, who: int | None, between: Between, people: list[Looker]
    ) -> None:
        self.child_id, self.who, self.between = child_id, who, between
        self.people = [one for one in people if who in (None, one.user_id)]

    def __len__(self) -> int:
        return sum(one.times for one in self.people)

    def __getitem__(self, asked: slice) -> list[Look]:
        first, last = asked.start or 0, asked.stop
        part = part_of(self.people, first, last)
        if part is None:
            return []
        from_at, to_at = max(part.from_at, self.between[0]), min(part.to_at, self.between[1])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM referrals_looks(%s, %s, %s, %s, %s, %s)",
                [self.child_id, self.who, from_at, to_at, part.skipped, last - first],
            )
            return [Look(*row) for row in cursor.fetchall()]
