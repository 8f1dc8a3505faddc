"""A number is given once, also where the last one was given to a record that is hidden from who asks."""

from datetime import date

import pytest
from django.db import connection, transaction

from hub.access.context import act_as
from hub.accounts.models import User
from referrals.children.models import Child
from referrals.children.rules.details import Details
from referrals.episodes.actions import open_episode
from referrals.episodes.rules import Referral
from referrals.grants.actions import restrict, shut_out
from referrals.register.actions import NewChild, register_child
from risk.meetings.actions import add_to_agenda
from risk.meetings.models import MeetingItem
from risk.meetings.queries.entries import Entry
from tests.cast import Cast
from tests.make import make_child, make_episode
from tests.risk.meeting import meeting_of
from tests.second_wall import as_application

REFERRED = Referral(referred_on=date(2026, 3, 9), source="2A", agency="", types=("CSE",))


def registered(cast: Cast, by: User, surname: str, born: date) -> Child:
    new = NewChild(Details("Ivo", surname, born, "M"))
    return register_child(partnership=cast.bradford, new=new, not_these=(), by=by)


def test_a_child_is_registered_after_one_who_is_hidden(cast: Cast, amira: User, dev: User) -> None:
    hidden = registered(cast, dev, "Tarn", date(2012, 9, 30))
    restrict(child=hidden, because="Confidential.", by=dev)
    with as_application(), transaction.atomic():
        act_as(amira)
        assert registered(cast, amira, "Hale", date(2013, 10, 3)).reference == "H-0002"
        assert registered(cast, amira, "Moss", date(2014, 1, 4)).reference == "H-0003"


def test_an_episode_is_opened_after_one_of_a_hidden_child(
    cast: Cast, amira: User, dev: User
) -> None:
    secret, shown = cast.shared.child, cast.unshared.child
    first = open_episode(child=secret, referral=REFERRED, by=dev)
    shut_out(child=secret, person=amira, because="A neighbour.", by=dev)
    with as_application(), transaction.atomic():
        act_as(amira)
        second = open_episode(child=shown, referral=REFERRED, by=amira)
    assert (first.reference, second.reference) == ("HE-00001", "HE-00002")


def test_an_agenda_grows_after_a_child_whom_the_recorder_does_not_see(
    cast: Cast, amira: User, dev: User
) -> None:
    meeting = meeting_of(cast, dev, cast.unshared, cast.shared)
    shut_out(child=cast.shared.child, person=amira, because="A neighbour.", by=dev)
    episode = make_episode(child=make_child(partnership=cast.bradford, by=dev), by=dev)
    with as_application(), transaction.atomic():
        act_as(amira)
        entries = [Entry(episode, "new_referrals", ("Referred.",))]
        assert add_to_agenda(meeting=meeting, entries=entries, by=amira) == 1
    assert MeetingItem.objects.get(episode=episode).number == 3


def test_what_the_partnerships_own_systems_number_is_no_number_of_the_hubs(
    cast: Cast, amira: User
) -> None:
    for reference in ("H-12345678901", "H-x7", "h-8", "C-9"):
        make_child(partnership=cast.bradford, by=amira, reference=reference)
    make_child(partnership=cast.kirklees, by=amira, reference="H-0500")
    assert registered(cast, amira, "Hale", date(2013, 10, 3)).reference == "H-0001"


@pytest.mark.parametrize("name", ["child", "episode"])
def test_the_last_number_is_found_by_its_index(name: str, cast: Cast) -> None:
    shape, after = ("^H-[0-9]{1,9}$", 3) if name == "child" else ("^HE-[0-9]{1,9}$", 4)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            f"EXPLAIN SELECT max(substr(reference, {after})::integer) FROM referrals_{name}"
            f" WHERE partnership_id = 1 AND reference ~ '{shape}'"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"referrals_{name}_given" in plan
