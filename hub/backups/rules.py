"""What a database holds, as a list that can be compared: what a copy had, against what came back from it."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

# For each kind of thing (table, policy, grant, rows, ...) what there is of it, by name, and what it says.
Inventory = dict[str, dict[str, str]]

SEQUENCE = "sequence"
ROWS = "rows"
# PostgreSQL writes a cast of a list of words, and reads it back as a list of casts: the same condition.
WORDS_CAST = re.compile(r"\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]")
WORD = re.compile(r"'(?:[^']|'')*'::character varying")
# The upper half of a transaction's whole number: it is what pg_resetwal calls the epoch.
EPOCH = 2**32


def differences(noted: Inventory, found: Inventory) -> Iterator[str]:
    """Name each thing that is missing, new or other than it was noted, in the order of kinds and names."""
    for kind in sorted(noted.keys() | found.keys()):
        before, after = noted.get(kind, {}), found.get(kind, {})
        for name in sorted(before.keys() | after.keys()):
            yield from _difference(kind, name, before.get(name), after.get(name))


def _difference(kind: str, name: str, before: str | None, after: str | None) -> Iterator[str]:
    if after is None:
        yield f"{kind} {name}: is missing"
    elif before is None:
        yield f"{kind} {name}: was not there"
    elif kind == SEQUENCE:
        # A sequence is of no transaction: it may have gone on between the list and the copy, never back.
        if int(after) < int(before):
            yield f"{kind} {name}: was set back from {before} to {after}"
    elif as_read_back(after) != as_read_back(before):
        yield f"{kind} {name}: was {_short(before)}, is {_short(after)}"


def as_read_back(definition: str) -> str:
    """Write a definition as PostgreSQL does once it has been dumped and read back."""
    return WORDS_CAST.sub(
        lambda cast: "ARRAY[" + WORD.sub(lambda word: f"({word[0]})::text", cast[1]) + "]",
        definition,
    )


def _short(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:300]}..."


def how_much(inventory: Inventory) -> str:
    """Say in a line how much of each kind there is, and how many rows in all."""
    rows = sum(int(said.split()[0]) for said in inventory.get(ROWS, {}).values())
    kinds = [f"{len(things)} {kind}" for kind, things in sorted(inventory.items()) if things]
    return f"{rows:,} rows; by kind: {', '.join(kinds)}"


def written(inventory: Inventory) -> str:
    """Write an inventory as text, the same for the same content."""
    return json.dumps(inventory, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def read_inventory(text: str) -> Inventory:
    """Read what `written` wrote; raises ValueError for anything else."""
    found = json.loads(text)
    if not _is_inventory(found):
        raise ValueError("This is no inventory of a backup.")
    return dict(found)


def _is_inventory(found: object) -> bool:
    if not isinstance(found, Mapping) or not found:
        return False
    kinds = found.values()
    return all(
        isinstance(things, Mapping) and all(isinstance(said, str) for said in things.values())
        for things in kinds
    )


def name_of(now: datetime) -> str:
    """Name a backup by its moment, in UTC."""
    return f"hub-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def epoch_after(transaction: int) -> int:
    """Give the epoch in which every transaction is later than this one."""
    return transaction // EPOCH + 1


def counted_anew(following: int, known: int) -> Iterator[str]:
    """Say what to do where the next transaction is not beyond all that the trail knows of."""
    if known >= following:
        yield (
            f"The transactions are counted anew: the next is {following}, the trail knows of {known}, and"
            " would refuse to be sealed. Stop PostgreSQL and run"
            f" pg_resetwal --epoch={epoch_after(known)} on its data folder, before anything is written."
        )
