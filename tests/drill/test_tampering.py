"""Ten thousand hands on the sealed trail, each as the database's owner: all are found against the anchors."""

import os
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from hub.accounts.actions import open_account, operator
from hub.audit.actions import record
from hub.audit.models import AuditEvent, Change, Verb
from hub.seals.actions import export_heads, seal
from hub.seals.models import Seal
from hub.seals.queries import broken_links
from tests.tamper import KINDS, Tampering, as_was

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
TAMPERINGS = 10_000
SEALS = 12


def sealed_trail(anchors: Path) -> None:
    by = operator()
    for batch in range(SEALS):
        name = f"person{batch}"
        open_account(username=name, name=name, password="lantern-kestrel-42", now=AT, by=by)
        for number in range(12):
            at = AT + timedelta(minutes=batch, seconds=number)
            record(
                event="child.viewed", verb=Verb.CONSULTATION, what="child", reference=f"C-{batch}{number}",
                at=at, by=by, after={"page": number},
            )  # fmt: skip
        seal(now=AT + timedelta(minutes=batch), by=by)
    export_heads(to=anchors, by=by)


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(3600)
def test_every_tampering_is_found(tmp_path: Path) -> None:
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    print(f"seed {seed} (HUB_DRILL_SEED={seed})")
    dice, anchors, tried = random.Random(seed), tmp_path / "heads.jsonl", Counter[str]()
    sealed_trail(anchors)
    assert list(broken_links(anchors)) == []
    began, missed = time.monotonic(), []
    for _ in range(TAMPERINGS):
        kind = dice.choice(sorted(KINDS))
        with as_was(), connection.cursor() as cursor:
            told = KINDS[kind](Tampering(cursor, dice))
            if next(broken_links(anchors), None) is None:
                missed.append(f"{kind}: {told}")
        tried[kind] += 1
    assert list(broken_links(anchors)) == []
    print(f"{sum(tried.values()):,} tamperings in {time.monotonic() - began:.0f} s: {dict(tried)}")
    print(
        f"{AuditEvent.objects.count()} events, {Change.objects.count()} changes, {Seal.objects.count()} seals"
    )
    assert missed == []
