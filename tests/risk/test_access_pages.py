"""Saying on pages who sees a child: the manager and the lead worker grant, restrict and shut out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.access.rules import Role
from hub.accounts.actions import open_account, operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import london_date
from partners.agencies.actions import appoint
from partners.agencies.models import Agency
from referrals.children.models import Child
from referrals.grants.actions import give_grant, restrict
from referrals.grants.models import GroupGrant, PersonGrant, Restriction
from referrals.grants.rules import Terms, usual_end
from tests.cast import BEGAN, NOW, PASSWORD, Cast, ClientFor
from tests.make import allocate
from tests.recording import form_in, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(dev: User, client_for: ClientFor) -> Client:
    """The manager's browser."""
    return client_for(dev)


@pytest.fixture
def child(cast: Cast) -> Child:
    """A child whom no charity sees yet."""
    return cast.unshared.child


def at(child: Child, page: str = "") -> str:
    return f"/children/{child.pk}/access/{page}"


def send(client: Client, address: str, **answers: str) -> str:
    """Fill in the form at an address and send it; give the page that follows."""
    sent = client.post(address, typed(client.get(address), **answers), follow=True)
    assert sent.status_code == 200
    return str(sent.content.decode())


def test_a_child_is_granted_to_an_agency_for_ninety_days_unless_another_day_is_typed(
    client: Client, child: Child, femi: User, client_for: ClientFor
) -> None:
    fresh = client.get(at(child, "new/"))
    assert form_in(fresh)["until"].initial == usual_end(london_date(timezone.now()))
    group = Agency.objects.get(code="larkfield").group_id
    page = send(client, at(child, "new/"), to=f"group-{group}", because="Runs the school's group.")
    assert "Runs the school&#x27;s group." in page
    assert client_for(femi).get(f"/children/{child.pk}/").status_code == 200
    grant = GroupGrant.objects.get(content_object=child)
    send(client, at(child, f"group/{grant.pk}/end/"), because="The group has ended.")
    assert client_for(femi).get(f"/children/{child.pk}/").status_code == 404


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client: Client, child: Child) -> None:
    address = at(child, "new/")
    sent = client.post(
        address, typed(client.get(address), because="Their group.", until="1/1/2020")
    )
    assert sent.status_code == 422
    assert "Choose to whom" in sent.content.decode()
    assert "Their group." in sent.content.decode()


def test_a_restricted_record_is_gone_for_others_until_it_is_lifted(
    client: Client, child: Child, nora: User, client_for: ClientFor
) -> None:
    nurse = client_for(nora)
    police = Agency.objects.get(code="police").group_id
    send(client, at(child, "new/"), to=f"group-{police}", because="On call.")
    assert nurse.get(f"/children/{child.pk}/").status_code == 200
    page = send(client, at(child, "restrict/"), because="Confidential in social care.")
    assert "Only the people named below" in page
    assert "Dev Marlow" in page
    assert "Nothing while it is restricted" in page
    assert nurse.get(f"/children/{child.pk}/").status_code == 404
    send(client, at(child, "new/"), to=f"person-{nora.pk}", because="Sees her weekly.")
    assert nurse.get(f"/children/{child.pk}/").status_code == 200
    fact = Restriction.objects.get()
    lifting = f"/children/{child.pk}/restrictions/{fact.pk}/lift/"
    page = send(client, lifting, because="No longer confidential.")
    assert "All whose role sees every case" in page
    again = client.get(lifting)
    assert client.post(lifting, typed(again, because="Again.")).status_code == 404


def test_one_who_is_shut_out_finds_nothing_and_one_who_shuts_out_oneself_goes_home(
    client: Client, child: Child, ben: User, dev: User, client_for: ClientFor
) -> None:
    page = send(client, at(child, "shut-out/"), person=str(ben.pk), because="A neighbour.")
    assert "Ben Ashcroft" in page
    assert client_for(ben).get(f"/children/{child.pk}/").status_code == 404
    address = at(child, "shut-out/")
    sent = client.post(address, typed(client.get(address), person=str(dev.pk), because="A niece."))
    assert (sent.status_code, sent["Location"]) == (302, "/")
    assert client.get(at(child)).status_code == 404


def test_the_lead_worker_finds_the_page_in_the_menu_and_others_do_not(
    cast: Cast, child: Child, amira: User, nora: User, client: Client, client_for: ClientFor
) -> None:
    def offered(browser: Client) -> bool:
        return at(child) in browser.get(f"/children/{child.pk}/").content.decode()

    assert offered(client)
    assert not offered(client_for(amira))
    allocate(episode=cast.unshared, worker=amira, by=amira)
    assert offered(client_for(amira))
    assert client_for(amira).get(at(child)).status_code == 200
    assert not offered(client_for(nora))


def test_the_page_is_on_the_trail_and_asks_the_same_with_one_grant_and_with_thirty(
    client: Client, child: Child, dev: User, cast: Cast
) -> None:
    restrict(child=child, because="Confidential.", by=dev)
    client.get(at(child))
    assert AuditEvent.objects.filter(event="child.viewed", reference=child.reference).exists()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(at(child))
        return len(asked)

    few, by = queries(), operator()
    health = Agency.objects.get(partnership=cast.bradford, code="health")
    terms = Terms("On call.", london_date(timezone.now()) + timedelta(days=9))
    for number in range(29):
        nurse = open_account(username=f"nurse{number}", name="N", password=PASSWORD, now=NOW, by=by)
        appoint(
            user=nurse, agency=health, role=Role.NURSE_PRACTITIONER, starts_on=BEGAN, now=NOW, by=by
        )
        give_grant(child=child, to=nurse, terms=terms, by=dev)
    assert PersonGrant.objects.in_force().count() == 30
    assert queries() == few
