"""The chain of seals in plain arithmetic: what a head is, who signed it, and where the chain breaks.

A seal's head is a digest over the head before it and over what the seal says. It is signed with a key that
the database does not hold, and copied out of the database as an anchor. So whoever owns the database can
neither change what was sealed, nor make a new chain, nor cut off its end, without its being found.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FIRST = bytes(32)  # stands before the first seal


@dataclass(frozen=True)
class Batch:
    """What a seal covers: its members' digest (32 bytes), their number, and the snapshot that chose them.

    `reach` and `running`: transactions below `reach` are covered unless they were `running`.
    """

    number: int
    sealed_at: datetime
    reach: int
    running: tuple[int, ...]
    events: int
    changes: int
    members: bytes


@dataclass(frozen=True)
class Link:
    """A seal as it stands in the chain; `signer` is the public key (32 bytes) of whoever signed it."""

    batch: Batch
    previous: bytes
    head: bytes
    signature: bytes
    signer: bytes


@dataclass(frozen=True)
class Found:
    """What is there now of what a seal covers; `spoilt` counts content that does not fit its digest."""

    events: int
    changes: int
    members: bytes
    spoilt: int


@dataclass(frozen=True)
class Anchor:
    """A head as it was copied out of the database."""

    number: int
    head: bytes
    signature: bytes
    signer: bytes


@dataclass(frozen=True)
class Break:
    """Where the chain is broken, and how."""

    number: int
    why: str


def signing_key(given: str, otherwise: str) -> Ed25519PrivateKey:
    """Give the key that signs heads: of 64 hexadecimal digits, or derived where none was given.

    Raises ValueError for one that is neither empty nor 64 hexadecimal digits.
    """
    seed = bytes.fromhex(given) if given else sha256(b"trail:" + otherwise.encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def link(batch: Batch, previous: bytes, key: Ed25519PrivateKey) -> Link:
    """Bind a batch to the head before it, and sign the new head."""
    head = head_of(batch, previous)
    return Link(batch, previous, head, key.sign(head), key.public_key().public_bytes_raw())


def head_of(batch: Batch, previous: bytes) -> bytes:
    """Give the digest (32 bytes) over the head before and over all that the seal says."""
    said = [
        batch.number,
        batch.sealed_at.astimezone(UTC).isoformat(),
        batch.reach,
        list(batch.running),
        batch.events,
        batch.changes,
        batch.members.hex(),
    ]
    return sha256(previous + json.dumps(said).encode()).digest()


def breaks(
    links: Iterable[tuple[Link, Found]],
    anchors: Mapping[int, Anchor],
    trusted: frozenset[bytes],
) -> Iterator[Break]:
    """Walk the chain from its first seal and give each place where it is broken, the tail included."""
    previous, number = FIRST, 0
    for sealed, found in links:
        number += 1
        why = _broken(sealed, found, previous, number, trusted) or _beside(
            sealed, anchors.get(sealed.batch.number), trusted
        )
        if why:
            yield Break(sealed.batch.number, why)
        previous, number = sealed.head, sealed.batch.number
    for beyond in sorted(anchor for anchor in anchors if anchor > number):
        yield Break(beyond, "it was exported, and is not in the database: the tail was cut off")


def _broken(
    sealed: Link, found: Found, previous: bytes, number: int, trusted: frozenset[bytes]
) -> str:
    batch = sealed.batch
    tried = {
        f"the seals before it, from {number}, are missing": batch.number != number,
        "it does not follow the seal before it": sealed.previous != previous,
        "its head does not fit what it says": sealed.head != head_of(batch, sealed.previous),
        "its signature is not of a key of the hub": not _signed(sealed, trusted),
        _number(found, batch): (found.events, found.changes) != (batch.events, batch.changes),
        "an event or a change was altered": found.members != batch.members,
        "the content of an event or a change was altered": found.spoilt > 0,
    }
    return next((why for why, is_so in tried.items() if is_so), "")


def _number(found: Found, batch: Batch) -> str:
    return (
        f"{batch.events} events and {batch.changes} changes were sealed, "
        f"{found.events} and {found.changes} are there"
    )


def _beside(sealed: Link, anchor: Anchor | None, trusted: frozenset[bytes]) -> str:
    if anchor is None:
        return ""
    if not _signed(anchor, trusted):
        return "the exported head is not signed with a key of the hub"
    return "" if anchor.head == sealed.head else "it is not the seal that was exported"


def _signed(signed: Link | Anchor, trusted: frozenset[bytes]) -> bool:
    if signed.signer not in trusted:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(signed.signer).verify(signed.signature, signed.head)
    except InvalidSignature:
        return False
    return True


def anchor_line(sealed: Link) -> str:
    """Write a head as one line of the anchors' file (JSON, digests and keys in hexadecimal)."""
    return json.dumps(
        {
            "number": sealed.batch.number,
            "sealed_at": sealed.batch.sealed_at.astimezone(UTC).isoformat(),
            "head": sealed.head.hex(),
            "signature": sealed.signature.hex(),
            "signer": sealed.signer.hex(),
        }
    )


def read_anchor(line: str) -> Anchor:
    """Read a line of the anchors' file; raises ValueError or KeyError where it is none."""
    said = json.loads(line)
    digests = (bytes.fromhex(said[name]) for name in ("head", "signature", "signer"))
    return Anchor(int(said["number"]), *digests)
