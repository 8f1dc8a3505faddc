"""Who has looked at a child: told to its lead worker and the manager, and to nobody else."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import AuditEvent, Verb
from referrals.grants.actions import shut_out
from referrals.lookers.queries import Looks, lookers
from referrals.lookers.rules import part_of
from tests.cast import Cast, ClientFor
from tests.make import allocate
from tests.test_second_wall import seeing_as


def test_the_lead_worker_reads_who_looked_and_not_why_another_agency_did(
    cast: Cast, amira: User, ben: User, dev: User, nora: User, client_for: ClientFor
) -> None:
    child = cast.unshared.child
    at = f"/children/{child.pk}/looked/"
    sheet = {"purpose": "other", "words": "Secret words", "recipient": "R", "part": "all"}
    client_for(ben).get(f"/children/{child.pk}/timeline/")
    assert client_for(ben).post(f"/children/{child.pk}/print/", sheet).status_code == 302
    shut_out(child=child, person=nora, because="A cousin.", by=dev)
    assert client_for(amira).get(at).status_code == 403
    allocate(episode=cast.unshared, worker=amira, by=amira)
    page = client_for(amira).get(at).content.decode()
    assert (
        '<td class="govuk-table__cell" role="cell" data-label="Who">Ben Ashcroft, Police officer, Police'
        in page
    )
    assert ">Ben Ashcroft, Police officer, Police (2)</option>" in page
    assert "Saw: timeline" in page
    assert "Printed" in page
    assert "Kept by that agency" in page
    assert "Secret words" not in page
    assert "shut_out" not in page
    assert "cousin" not in page
    alone = client_for(dev).get(at, {"who": ben.pk}).content.decode()
    assert "2 times." in alone
    assert client_for(ben).get(at).status_code == 403
    spoilt = client_for(dev).get(at, {"from": "31/2/2026"}).content.decode()
    assert 'value="31/2/2026"' in spoilt
    assert "This is no day." in spoilt
    shut_out(child=child, person=amira, because="An aunt.", by=dev)
    assert client_for(amira).get(at).status_code == 404


def test_the_database_itself_tells_nobody_else(
    cast: Cast, amira: User, ben: User, dev: User, erin: User, client_for: ClientFor
) -> None:
    child = cast.unshared.child
    client_for(ben).get(f"/children/{child.pk}/timeline/")
    always = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    told = {}
    for person in (dev, amira, ben, erin):
        with seeing_as(person):
            told[person.username] = bool(lookers(child.pk, always))
    assert told == {"dev": True, "amira": False, "ben": False, "erin": False}


def test_any_page_of_any_person_reads_its_own_days_alone(
    cast: Cast, amira: User, ben: User, dev: User
) -> None:
    """Two hundred looks of two people over thirty days, compared with what the trail itself gives."""
    child, start = cast.unshared.child, datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    for number in range(200):
        record(
            event="child.viewed", verb=Verb.CONSULTATION, what="child", reference=child.reference,
            at=start + timedelta(hours=number * 3.7), by=(amira, ben)[number % 3 == 0],
        )  # fmt: skip
    between = (start + timedelta(days=1), start + timedelta(days=25))
    people = lookers(child.pk, between)
    assert [one.name for one in people] == ["Amira Sadler", "Ben Ashcroft"]
    for who in (None, amira.pk, ben.pk):
        looks = Looks(child.pk, who, between, people)
        events = AuditEvent.objects.filter(about__contains=[child.reference], at__range=between)
        wanted = events if who is None else events.filter(user_id=who)
        moments = list(wanted.order_by("-at", "-pk").values_list("at", flat=True))
        assert len(looks) == len(moments) > 40
        for first in range(0, len(looks), 7):
            found = looks[first : first + 7]
            assert [look.at for look in found] == moments[first : first + 7]
        assert looks[len(looks) : len(looks) + 7] == []
    part = part_of(people, 0, 7)
    assert part is not None
    assert part.to_at - part.from_at == timedelta(days=1)  # there were seven on the last of them


pytestmark = pytest.mark.django_db
