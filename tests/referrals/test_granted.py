"""The manager's page on who sees what: what ends soon, what one colleague is shown, cases left behind."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from partners.agencies.models import Agency
from partners.people.actions import let_go
from referrals.grants.actions import give_grant, restrict
from referrals.grants.models import PersonGrant
from referrals.grants.rules import Terms
from risk.home.views import home_page
from tests.cast import Cast, ClientFor
from tests.make import allocate, make_child, make_episode

TODAY = timezone.localdate()
SOON = Terms("Joint visit in spring.", TODAY + timedelta(days=10))
LATER = Terms("The whole year.", TODAY + timedelta(days=200))


def _page(client: Client) -> str:
    return client.get("/access/").content.decode()


def test_what_ends_within_a_month_is_listed_the_next_first(
    cast: Cast, dev: User, nora: User, client_for: ClientFor
) -> None:
    child = cast.unshared.child
    larkfield = Agency.objects.get(partnership=cast.bradford, code="larkfield")
    give_grant(child=child, to=nora, terms=SOON, by=dev)
    give_grant(child=child, to=larkfield.group, terms=LATER, by=dev)
    page = _page(client_for(dev))
    assert "Joint visit in spring." in page
    assert "Nora Whitby" in page
    assert "The whole year." not in page
    event = AuditEvent.objects.get(event="access.listed")
    assert child.reference in event.about


def test_a_restricted_record_is_not_named_to_a_manager_who_is_not(
    cast: Cast, dev: User, nora: User, client_for: ClientFor
) -> None:
    child = cast.unshared.child
    give_grant(child=child, to=nora, terms=SOON, by=dev)
    restrict(child=child, because="Confidential in social care.", by=dev)
    mine = PersonGrant.objects.filter(content_object=child, user=dev, ended_at__isnull=True)
    mine.update(ended_at=timezone.now(), ended_by=dev, ended_because="Another manager's now.")
    assert child.reference not in _page(client_for(dev))
    seen = client_for(dev).get(f"/access/people/{nora.pk}/").content.decode()
    assert child.reference not in seen


def test_a_colleague_is_chosen_and_what_they_see_is_said(
    cast: Cast, dev: User, chloe: User, nora: User, client_for: ClientFor
) -> None:
    client = client_for(dev)
    nobody = client.post("/access/", {"person": ""})
    assert (nobody.status_code, "Choose a colleague" in nobody.content.decode()) == (422, True)
    led = client.post("/access/", {"person": f"{chloe.pk}"}).headers["Location"]
    page = client.get(led).content.decode()
    assert "What Chloe Ferris sees" in page
    assert cast.shared.child.reference in page
    assert cast.unshared.child.reference not in page
    assert "1 child is shared." in page
    event = AuditEvent.objects.get(event="access.of_person_viewed")
    assert (event.reference, cast.shared.child.reference in event.about) == ("chloe", True)
    assert "Every child and episode" in client.get(f"/access/people/{nora.pk}/").content.decode()
    assert client.get(f"/access/people/{cast.people['erin'].pk}/").status_code == 404


def test_a_leavers_cases_wait_to_be_handed_over(
    cast: Cast, dev: User, amira: User, client_for: ClientFor
) -> None:
    allocate(episode=cast.shared, worker=amira, by=dev)
    client = client_for(dev)
    assert "None. Lead workers who never had an account" in _page(client)
    let_go(user=amira, reason="Moved away.", now=timezone.now(), by=operator())
    page = _page(client)
    assert "Amira Sadler: 1 to hand over" in page
    listed = client.get(page.split("Amira Sadler: 1")[0].rsplit('href="', 1)[1].split('"')[0])
    assert cast.shared.reference in listed.content.decode()


def test_the_pages_ask_as_often_for_more_children(
    cast: Cast, dev: User, nora: User, client_for: ClientFor
) -> None:
    client = client_for(dev)
    addresses = ("/access/", f"/access/people/{nora.pk}/")
    give_grant(child=cast.unshared.child, to=nora, terms=SOON, by=dev)

    def counts() -> list[int]:
        found = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            found.append(len(asked))
        return found

    few = counts()
    for number in range(12):
        child = make_child(partnership=cast.bradford, by=dev, surname=f"Other{number}")
        make_episode(child=child, by=dev)
        give_grant(child=child, to=nora, terms=SOON, by=dev)
    assert counts() == few


def test_a_managers_home_counts_what_leavers_left_and_which_access_ends(
    cast: Cast, dev: User, amira: User, nora: User
) -> None:
    now = timezone.now()
    give_grant(child=cast.unshared.child, to=nora, terms=SOON, by=dev)
    allocate(episode=cast.shared, worker=amira, by=dev)
    let_go(user=amira, reason="Moved away.", now=now, by=operator())
    mine, his = home_page(dev, TODAY), home_page(cast.people["ben"], TODAY)
    assert mine is not None
    assert his is not None
    assert [(figure.number, figure.link) for figure in mine.access] == [
        (1, "/access/"),
        (1, "/access/"),
    ]
    assert his.access == []


def test_a_child_is_found_by_the_reference_to_say_who_sees_them(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    client, child = client_for(dev), cast.unshared.child
    for typed in (child.reference, f" {child.reference.lower()} "):
        led = client.post("/access/", {"reference": typed})
        assert led.headers["Location"] == f"/children/{child.pk}/access/"
    for typed in ("", "C-9999", cast.elsewhere.child.reference):
        refused = client.post("/access/", {"reference": typed})
        assert refused.status_code == 422
        assert "Choose a colleague" not in refused.content.decode()
    assert "No child of this reference is open to you" in refused.content.decode()
