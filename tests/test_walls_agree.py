"""The database lets each person read and write exactly what the application does, of every kind of record.

Who reads what is tried for everybody; who writes what for some of them, by chance, in the drill for all.
"""

import os
import random
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from hub.access.context import acting_as, acting_by_link
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import AuditEvent, Verb
from tests.cast import Cast
from tests.make import make_note
from tests.parts_of_record import Kind
from tests.second_wall import as_application
from tests.test_second_wall import rows
from tests.walls import (
    Walls,
    as_it_should_be,
    make_everything,
    misfound,
    misread,
    miswritten,
    without_triggers,
)
from tests.walls_linked import LINK, REFERRAL, VERSION, make_links, mislinked

FEW = 2


@pytest.fixture
def walls(cast: Cast) -> Walls:
    make_everything(cast)
    return as_it_should_be(cast)


def test_each_person_reads_and_writes_what_is_theirs_and_nothing_else(walls: Walls) -> None:
    seed = int(os.environ.get("HUB_DRILL_SEED") or random.randrange(10**6))
    print(f"seed {seed} (HUB_DRILL_SEED={seed})")  # noqa: T201  # so that a failure can be had again
    assert [*misread(walls), *misfound(walls)] == []
    without_triggers(walls.stored)
    assert list(miswritten(walls, by=random.Random(seed).sample(list(walls.write), FEW))) == []


def test_a_link_opens_its_own_referral_alone_and_a_stranger_who_asks_sees_links_alone(
    cast: Cast,
) -> None:
    make_everything(cast)
    links = make_links(cast)
    without_triggers((LINK, REFERRAL, VERSION))
    assert list(mislinked(links)) == []


def test_an_event_by_a_link_is_given_back_and_those_of_other_transactions_are_not(
    cast: Cast,
) -> None:
    told: dict[str, Any] = {
        "verb": Verb.COLLECTION,
        "what": "referral_link",
        "reference": "RL-1",
        "at": timezone.now(),
        "by": operator(),
    }
    before = record(event="planted.before", **told)
    without_triggers(["hub_auditevent"])
    rows("UPDATE hub_auditevent SET transaction = 1 WHERE id = %s RETURNING id", before.pk)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE hub_auditevent ENABLE TRIGGER USER")
    with as_application(), acting_by_link(operator(), cast.bradford.pk, 1):
        mine = record(event="planted", **told)
        assert AuditEvent.objects.get(event="planted").pk == mine.pk
        assert not AuditEvent.objects.filter(pk=before.pk).exists()
    gus = cast.people[
        "gus"
    ]  # who holds no post, and whose wrong passwords are counted all the same
    own = record(event="planted.own", **{**told, "by": gus})
    without_triggers(["hub_auditevent"])
    rows("UPDATE hub_auditevent SET transaction = 1 WHERE id = %s RETURNING id", own.pk)
    with as_application(), acting_as(gus):
        assert set(AuditEvent.objects.values_list("pk", flat=True)) == {own.pk}
    with as_application(), acting_as(operator()):
        assert AuditEvent.objects.filter(pk__in=[before.pk, mine.pk]).count() == 2


# A link besides the one that its wall goes by, under which a row may lie as well.
SECOND_LINKS = {
    "referrals_episode": "child_id",
    "referrals_episodefact": "child_id",
    "referrals_note": "episode_id",
    "referrals_groupgrant": "episode_id",
    "referrals_persongrant": "episode_id",
}


@pytest.mark.long
def test_nothing_is_written_under_a_hidden_child_by_a_second_link(cast: Cast, ben: User) -> None:
    """And it is found out, of each table by adding and by changing, where the policies of it are gone."""
    make_note(child=make_everything(cast)[Kind.PLAIN].child, by=ben)  # who is shut out of another's
    walls = as_it_should_be(cast)
    without_triggers(walls.stored)
    workers = [who for who in walls.write if str(who) in ("ben", "nora", "dev", "amira")]
    assert list(miswritten(walls, SECOND_LINKS, by=workers)) == []
    with connection.cursor() as cursor:
        for table in SECOND_LINKS:
            cursor.execute(f"DROP POLICY added_beneath ON {table}")
            cursor.execute(f"DROP POLICY changed_beneath ON {table}")
    faults = {fault.partition(" ")[2] for fault in miswritten(walls, SECOND_LINKS, by=workers)}
    assert faults == {
        fault
        for table, link in SECOND_LINKS.items()
        for fault in (
            f"adds to {table} rows that are somebody else's, by {link}",
            f"makes rows of {table} somebody else's, by {link}",
        )
    }


@pytest.mark.drill
def test_everybody_writes_what_is_theirs_and_nothing_else(walls: Walls) -> None:
    without_triggers(walls.stored)
    assert list(miswritten(walls)) == []
