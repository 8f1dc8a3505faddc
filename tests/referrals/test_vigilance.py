"""Unusual access: found on the trail once, told by reference alone, closed once and by somebody else."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from hub.access.context import act_as
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent, Verb
from hub.errors import Conflict, NotAllowed
from referrals.children.models import Address, Child
from referrals.grants.actions import restrict
from referrals.vigilance.actions import find_unusual_access, review_unusual_access
from referrals.vigilance.models import UnusualAccess, UnusualAccessReview
from referrals.vigilance.rules import (
    Look,
    by_night,
    found_in,
    found_many,
    in_area,
    same_surname,
)
from referrals.vigilance.tasks import find_in_last_days
from tests.cast import Cast, ClientFor
from tests.make import make_child
from tests.recording import typed
from tests.second_wall import as_application

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)  # a Tuesday
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def looked(person: User, child: Child, at: datetime = NOON, verb: Verb = Verb.CONSULTATION) -> None:
    AuditEvent.objects.create(
        at=at,
        verb=verb,
        event="child.viewed",
        user_id=person.pk,
        username=person.username,
        role="nurse_practitioner",
        agency="Community Health",
        partnership_id=child.partnership_id,
        what="child",
        reference=child.reference,
        about=[child.reference],
    )


def find(cast: Cast, day: date = DAY) -> int:
    return find_unusual_access(
        partnership=cast.bradford, day=day, now=timezone.now(), by=operator()
    )


def found() -> set[tuple[str, str, str]]:
    return set(UnusualAccess.objects.values_list("person__username", "rule", "record"))


def test_surnames_are_compared_without_case_accents_or_given_names() -> None:
    assert same_surname("Nora Whitby", "WHITBY")
    assert same_surname("José Núñez", "Nunez")
    assert same_surname("Ann de Souza", "De Souza")
    assert not same_surname("Whitby Marlow", "Whitby")
    assert not same_surname("Whitby", "Whitby")  # a name of one part has no surname
    assert not same_surname("Nora Whitby", "")


@pytest.mark.parametrize(
    ("area", "postcode", "near"),
    [
        ("BD7", "BD7 3AA", True),
        ("BD7 3", "bd73aa", True),
        ("BD7 3", "BD7 4AA", False),
        ("BD7", "BD70 3AA", False),
        ("BD7", "", False),
        ("BD7", "3AA", False),
        ("W1A", "W1A 0AX", True),
    ],
)
def test_an_area_is_the_first_half_of_a_postcode_or_that_and_one_figure(
    area: str, postcode: str, near: bool
) -> None:
    assert in_area(area, postcode) is near


def test_many_children_of_the_own_area_are_one_finding_that_names_ten() -> None:
    looks = [Look(f"C-{n}", "Fenwick", NOON, NOON, 1, "BD7 3AA") for n in range(11)]
    (finding,) = found_in("Nora Whitby", DAY, looks, "BD7")
    named = ", ".join(f"C-{n}" for n in range(10))
    assert (finding.rule, finding.record) == ("area", "")
    assert finding.why == f"11 children's records in the own area: {named} and others."
    (ten,) = found_in("Nora Whitby", DAY, looks[:10], "BD7")
    assert ten.why == f"10 children's records in the own area: {named}."
    assert list(found_in("Nora Whitby", DAY, looks)) == []


def test_who_looks_at_children_of_the_own_area_is_found_once_for_the_day(
    cast: Cast, nora: User, sid: User, dev: User, client_for: ClientFor
) -> None:
    desk, page = client_for(sid), f"/people/{nora.pk}/home/"
    assert "not said" in desk.get(f"/people/{nora.pk}/").content.decode()
    wrong = desk.post(page, typed(desk.get(page), area="Leeds"))
    assert (wrong.status_code, "like BD7" in wrong.content.decode()) == (422, True)
    form = desk.get(page)
    desk.post(page, typed(form, area="bd99  1"))
    assert desk.post(page, typed(form, once=uuid4(), area="BD1")).status_code == 409
    assert "Where they live: BD99 1." in desk.get(f"/people/{nora.pk}/").content.decode()
    event = AuditEvent.objects.get(event="person.home_set")
    assert "BD99" not in f"{event.before} {event.after} {event.reason}"
    children = [make_child(partnership=cast.bradford, by=dev) for _ in range(4)]
    lived = [("BD99 1AA", False), ("BD99 1AB", True), ("BD99 2AA", False)]
    for child, (postcode, confidential) in zip(children[:3], lived, strict=True):
        Address.objects.create(
            partnership=cast.bradford,
            child=child,
            from_date=date(2026, 1, 5),
            postcode=postcode,
            confidential=confidential,
            known_from=NOON,
            recorded_by=dev,
        )
    for child in children:
        looked(User.objects.get(pk=nora.pk), child)
        looked(dev, child)
    assert find(cast) == 1
    finding = UnusualAccess.objects.get()
    assert (finding.person, finding.rule, finding.record) == (nora, "area", "")
    assert finding.why == f"1 child's record in the own area: {children[0].reference}."
    told = client_for(cast.people["otto"]).get(f"/unusual-access/{finding.pk}/").content.decode()
    assert ("Own area" in told, "BD99" in told) == (True, False)


def test_the_night_is_londons_in_summer_too() -> None:
    def at(hour: int, minute: int) -> bool:
        moment = datetime(2026, 7, 1, hour, minute, tzinfo=UTC)  # an hour behind London
        return by_night(Look("C-1", "Fenwick", moment, moment, 1))

    assert [at(20, 59), at(21, 0), at(4, 59), at(5, 0)] == [False, True, True, False]


def test_many_is_more_than_thirty_and_more_than_three_times_the_own_habit() -> None:
    assert found_many(30, [1]) is None
    assert found_many(33, [11, 2, 11, 40]) is None  # three times the habit is not more
    much = found_many(34, [11, 2, 11, 40])
    assert much is not None
    assert much.why == "34 children's records in the day, 11 on the usual day before."
    assert found_many(31, []) is not None  # who has no habit


def test_a_day_is_looked_through_and_a_second_run_adds_nothing(
    cast: Cast, nora: User, dev: User, ben: User
) -> None:
    same = make_child(partnership=cast.bradford, by=dev, surname="Whitby")
    restrict(child=same, because="Confidential in social care.", by=dev)
    other = cast.unshared.child
    looked(nora, same)
    looked(nora, same, NOON + timedelta(hours=1))
    looked(nora, other)
    looked(ben, other, NOON + timedelta(hours=10, minutes=30))
    looked(dev, other)  # by day, another's surname: nothing unusual
    looked(dev, same, verb=Verb.ALTERATION)
    looked(nora, same, NOON + timedelta(days=1))  # another day
    assert find(cast) == 2
    assert found() == {("nora", "surname", same.reference), ("ben", "hours", "")}
    whys = dict(UnusualAccess.objects.values_list("rule", "why"))
    assert whys == {
        "surname": "Same surname. Looked 2 times, first at 12:00.",
        "hours": "1 child's record at night: 22:30.",
    }
    assert find(cast) == 0
    looked(dev, other, NOON.replace(hour=3))
    assert find(cast) == 1  # what came late is found without the rest again
    assert UnusualAccess.objects.count() == 3


def test_a_rest_day_and_a_bank_holiday_are_unusual(cast: Cast, nora: User) -> None:
    for day in (date(2026, 3, 14), date(2026, 4, 6)):  # a Saturday, Easter Monday
        looked(nora, cast.unshared.child, NOON.replace(month=day.month, day=day.day))
        assert find(cast, day) == 1


def test_many_records_are_compared_with_the_own_days_before(
    cast: Cast, nora: User, dev: User
) -> None:
    children = [make_child(partnership=cast.bradford, by=dev) for _ in range(31)]
    for child in children:
        looked(nora, child)
        looked(dev, child)
        looked(dev, child, NOON - timedelta(days=3))  # it is what he does
    looked(nora, children[0], NOON - timedelta(days=3))
    assert find(cast) == 1
    assert found() == {("nora", "many", "")}


def test_the_nights_task_and_the_command_find_the_same_once(cast: Cast, nora: User) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    same = make_child(partnership=cast.bradford, by=nora, surname="Whitby")
    looked(nora, same, yesterday.replace(hour=12))
    with as_application():
        find_in_last_days()
        told = StringIO()
        call_command("find_unusual_access", stdout=told)
    assert "bradford: 0 new" in told.getvalue()
    assert UnusualAccess.objects.filter(rule="surname").count() == 1
    with pytest.raises(CommandError, match="no day"):
        call_command("find_unusual_access", day="10/3/2026")


def test_an_auditor_reads_a_finding_goes_to_the_trail_and_closes_it(
    cast: Cast, nora: User, otto: User, client_for: ClientFor
) -> None:
    same = make_child(partnership=cast.bradford, by=nora, surname="Whitby", forenames="Mabel")
    looked(nora, same)
    find(cast)
    finding = UnusualAccess.objects.get()
    client = client_for(otto)
    assert "Unusual access to be reviewed: 1" in client.get("/").content.decode()
    here = f"/unusual-access/{finding.pk}/"
    assert here in client.get("/unusual-access/").content.decode()
    page = client.get(here).content.decode()
    for word in ("Nora Whitby (nora)", "Nurse practitioner", "Community Health", same.reference):
        assert word in page
    assert "Mabel" not in page
    day = {"person": "nora", "from_day": "2026-03-10", "to_day": "2026-03-10"}
    assert same.reference in client.post("/trail/", day, follow=True).content.decode()
    empty = client.post(here, typed(client.get(here), outcome="explained", words=" "))
    assert empty.status_code == 422
    answers = typed(client.get(here), outcome="to_be_asked", words="Her manager asks her.")
    assert client.post(here, answers)["Location"] == "/unusual-access/"
    event = AuditEvent.objects.get(event="unusual_access.reviewed")
    assert (event.reference, event.reason) == (f"UA-{finding.pk}", "Her manager asks her.")
    assert "No finding of unusual access awaits" in client.get("/").content.decode()
    assert "Her manager asks her." in client.get(here).content.decode()
    assert here in client.get("/unusual-access/?show=closed").content.decode()
    with pytest.raises(Conflict):
        review_unusual_access(access=finding, outcome="breach", words="Again.", by=otto)


def test_nobody_reviews_what_is_about_themself_and_late_is_said(
    cast: Cast, otto: User, dev: User, client_for: ClientFor
) -> None:
    long_ago = timezone.now() - timedelta(days=30)
    for about in (otto, dev):
        UnusualAccess.objects.create(
            partnership=cast.bradford,
            person=about,
            role="auditor",
            agency="The Council",
            rule="hours",
            day=DAY,
            why="1 child's record at night: 23:00.",
            found_at=long_ago,
        )
    own, other = UnusualAccess.objects.order_by("pk")
    client = client_for(otto)
    listed = client.get("/unusual-access/").content.decode()
    assert f"UA-{own.pk}<" not in listed
    assert f"UA-{other.pk}<" in listed
    assert "<strong>Overdue</strong>" in listed
    assert client.get(f"/unusual-access/{own.pk}/").status_code == 403
    with pytest.raises(NotAllowed):
        review_unusual_access(access=own, outcome="explained", words="It was I.", by=otto)
    with pytest.raises(NotAllowed):
        review_unusual_access(access=other, outcome="explained", words="Fine.", by=dev)
    review: dict[str, object] = {"partnership": cast.bradford, "reviewed_by": otto}
    review |= {"outcome": "explained", "words": "So.", "reviewed_at": timezone.now()}
    with as_application(), transaction.atomic():
        act_as(otto)
        with pytest.raises(DatabaseError), transaction.atomic():
            UnusualAccessReview.objects.create(access=own, **review)
        UnusualAccessReview.objects.create(access=other, **review)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM referrals_unusualaccess")


def test_an_auditor_asks_the_two_questions_from_their_home(
    otto: User, client_for: ClientFor
) -> None:
    client = client_for(otto)
    assert "/trail/?ask=child" in client.get("/").content.decode()
    child = client.get("/trail/?ask=child").content.decode()
    assert "Who looked at a child</h1>" in child
    assert 'name="reference"' in child
    assert 'name="person"' not in child
    person = client.get("/trail/?ask=person").content.decode()
    assert "What a person looked at</h1>" in person
    assert 'name="reference"' not in person
    assert "Search the trail</h1>" in client.get("/trail/?ask=other").content.decode()
