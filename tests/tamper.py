"""Tampering with the sealed trail as the database's owner can: every trigger off, every row within reach."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction

from hub.seals.models import Seal
from hub.seals.queries import walk
from hub.seals.rules import link, signing_key

TABLES = ("hub_auditevent", "hub_change", "hub_seal")
# What of a row can be altered, and to what.
EVENT = {
    "username": "'nobody'", "user_id": "4711", "at": "at + interval '1 second'", "verb": "'erasure'",
    "event": "'nothing'", "role": "'x'", "agency": "'x'", "agency_id": "4711", "partnership_id": "4711",
    "what": "'x'", "reference": "'C-0'", "about": "'{C-0}'", "before": "'{\"a\": 1}'", "after": "'{}'",
    "reason": "'another'", "transaction": "transaction - 1", "written_at": "written_at - interval '1 us'",
    "content_digest": "'\\x00'", "id": "id + 1000000",
}  # fmt: skip
CHANGE = {
    "deed": "'delete'", "\"table\"": "'x'", "rows": "rows + 1", "keys": "'{}'", "user_id": "4711",
    "database_role": "'x'", "before": "'{\"a\": 1}'", "after": "'{\"a\": 2}'", "partnership_id": "4711",
}  # fmt: skip
SEAL = {
    "sealed_at": "sealed_at + interval '1 second'", "reach": "reach + 1", "running": "'{7}'",
    "events": "events + 1", "changes": "changes + 1", "members": "sha256('x')", "head": "sha256('x')",
    "previous": "sha256('x')", "signature": "sha256('x') || sha256('y')", "signer": "sha256('x')",
}  # fmt: skip


@contextmanager
def as_was() -> Iterator[None]:
    """Let everything be done to the trail, and afterwards have it as it was."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        transaction.set_rollback(True)


@dataclass
class Tampering:
    """One hand on the trail; what it does is drawn, and said in a sentence."""

    cursor: Any
    random: Random

    def do(self, statement: str, *values: Any) -> str:
        self.cursor.execute(statement, values)
        assert self.cursor.rowcount > 0, statement
        return str(self.cursor.mogrify(statement, values))

    def row(self, table: str) -> int:
        """Draw a sealed row."""
        key = "number" if table == "hub_seal" else "id"
        self.cursor.execute(f"SELECT {key} FROM {table} ORDER BY 1")
        return int(self.random.choice(self.cursor.fetchall())[0])


def alter(by: Tampering) -> str:
    column = by.random.choice(sorted(EVENT))
    return by.do(
        f"UPDATE hub_auditevent SET {column} = {EVENT[column]} WHERE id = %s",
        by.row("hub_auditevent"),
    )


def alter_change(by: Tampering) -> str:
    column = by.random.choice(sorted(CHANGE))
    return by.do(
        f"UPDATE hub_change SET {column} = {CHANGE[column]} WHERE id = %s", by.row("hub_change")
    )


def alter_seal(by: Tampering) -> str:
    column = by.random.choice(sorted(SEAL))
    return by.do(
        f"UPDATE hub_seal SET {column} = {SEAL[column]} WHERE number = %s", by.row("hub_seal")
    )


def insert(by: Tampering) -> str:
    """Slip an event in among the sealed: a copy of one of them, under another name."""
    columns = ", ".join(sorted(set(EVENT) - {"username", "id"}))
    return by.do(
        f"INSERT INTO hub_auditevent (username, {columns}) SELECT 'nobody', {columns}"
        " FROM hub_auditevent WHERE id = %s",
        by.row("hub_auditevent"),
    )


def insert_ahead(by: Tampering) -> str:
    """Slip an event in under a transaction that no seal has reached."""
    columns = ", ".join(sorted(set(EVENT) - {"transaction", "id"}))
    return by.do(
        f"INSERT INTO hub_auditevent (transaction, {columns}) SELECT 1e15::bigint, {columns}"
        " FROM hub_auditevent WHERE id = %s",
        by.row("hub_auditevent"),
    )


def delete(by: Tampering) -> str:
    table = by.random.choice(("hub_auditevent", "hub_change"))
    return by.do(f"DELETE FROM {table} WHERE id = %s", by.row(table))


def delete_seal(by: Tampering) -> str:
    return by.do("DELETE FROM hub_seal WHERE number = %s", by.row("hub_seal"))


def swap(by: Tampering) -> str:
    """Let two events change places: each takes the other's person, time and content."""
    first, second = by.row("hub_auditevent"), by.row("hub_auditevent")
    while second == first:
        second = by.row("hub_auditevent")
    columns = sorted(set(EVENT) - {"id", "transaction"})
    both = ", ".join(f"{name} = other.{name}" for name in columns)
    return by.do(
        f"UPDATE hub_auditevent mine SET {both} FROM hub_auditevent other"
        " WHERE (mine.id, other.id) IN ((%s, %s), (%s, %s))",
        first, second, second, first,
    )  # fmt: skip


def cut_the_tail(by: Tampering) -> str:
    """Remove the last seals with all that they cover, as if it had never been."""
    number = by.row("hub_seal")
    by.cursor.execute(
        "SELECT coalesce((SELECT reach FROM hub_seal WHERE number = %s), 0)", [number - 1]
    )
    reach = by.cursor.fetchone()[0]
    by.cursor.execute("DELETE FROM hub_auditevent WHERE transaction >= %s", [reach])
    by.cursor.execute("DELETE FROM hub_change WHERE transaction >= %s", [reach])
    return by.do("DELETE FROM hub_seal WHERE number >= %s", number)


def rewrite(by: Tampering) -> str:
    """Alter an event and seal everything after it anew, with a key of one's own."""
    return _rewritten(by, Ed25519PrivateKey.generate())


def rewrite_with_the_key(by: Tampering) -> str:
    """The same with the hub's own key, as one could who holds the machine as well."""
    return _rewritten(by, signing_key(settings.TRAIL_KEY, settings.SECRET_KEY))


def _rewritten(by: Tampering, key: Ed25519PrivateKey) -> str:
    told = by.do(
        "UPDATE hub_auditevent SET username = 'nobody' WHERE id = %s", by.row("hub_auditevent")
    )
    reseal(key)
    return told


def reseal(key: Ed25519PrivateKey) -> None:
    """Make the whole chain true again to what is there now; seals that were true stay as they are."""
    previous = None
    for sealed, found in list(walk()):
        batch = replace(
            sealed.batch, events=found.events, changes=found.changes, members=found.members
        )
        before = sealed.previous if previous is None else previous
        made = (
            sealed
            if (batch, before) == (sealed.batch, sealed.previous)
            else link(batch, before, key)
        )
        Seal.objects.filter(number=batch.number).update(
            events=batch.events, changes=batch.changes, members=batch.members, previous=made.previous,
            head=made.head, signature=made.signature, signer=made.signer,
        )  # fmt: skip
        previous = made.head


KINDS: dict[str, Callable[[Tampering], str]] = {
    kind.__name__: kind
    for kind in (
        alter, alter_change, alter_seal, insert, insert_ahead, delete, delete_seal, swap, cut_the_tail,
        rewrite, rewrite_with_the_key,
    )
}  # fmt: skip
