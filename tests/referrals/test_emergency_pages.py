"""The pages of emergency access: asked for in the same words by everybody, seen on each page, reviewed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from referrals.children.models import Child
from referrals.emergencies.models import EmergencyAccess, EmergencyReview
from referrals.grants.actions import restrict, shut_out
from referrals.grants.models import PersonGrant
from tests.cast import Cast, ClientFor
from tests.hub.rows import any_row
from tests.recording import typed
from tests.test_hidden_records import DIFFERS

pytestmark = pytest.mark.django_db
ASK = "/emergency/"
WHY = "She was seen getting into a car with an adult nobody knows."
WAY = f'href="{ASK}"'


@pytest.fixture
def kit(cast: Cast, dev: User) -> Child:
    restrict(child=cast.shared.child, because="Confidential in social care.", by=dev)
    return cast.shared.child


def send(client: Any, **whom: str) -> Any:
    answers = typed(client.get(ASK), because=WHY, hours="4", **whom)
    return client.post(ASK, answers)


def plain(answer: Any) -> str:
    return DIFFERS.sub("", answer.content.decode())


def test_the_way_there_is_the_same_for_hidden_and_absent_and_only_for_those_who_may(
    cast: Cast, kit: Child, client_for: ClientFor
) -> None:
    for name, may in (("nora", True), ("chloe", False), ("bea", False)):
        client = client_for(cast.people[name])
        hidden = client.get(f"/children/{kit.pk}/").content.decode()
        assert (WAY in hidden) is may
    client = client_for(cast.people["nora"])
    for sought in (kit.reference, "C-9999999"):
        page = client.post("/search/", {"text": sought}, follow=True)
        assert WAY in page.content.decode()
    found = client.post("/search/", {"text": cast.unshared.child.reference}, follow=True)
    assert WAY not in found.content.decode()


def test_a_nurse_opens_a_hidden_record_works_under_the_band_and_ends_it(
    kit: Child, nora: User, client_for: ClientFor
) -> None:
    client = client_for(nora)
    answers = typed(client.get(ASK), reference=kit.reference, because=WHY, hours="4")
    first, again = client.post(ASK, answers), client.post(ASK, answers)
    assert first["Location"] == again["Location"] == f"/children/{kit.pk}/"
    emergency = EmergencyAccess.objects.get()  # the second press did nothing
    until = timezone.localtime(emergency.ends_at).strftime("%H:%M")
    for page in ("", "levels/", "notes/new/"):
        shown = client.get(f"/children/{kit.pk}/{page}").content.decode()
        assert (
            f"Emergency access until {until}:</strong> {WHY} Everything you do is noted." in shown
        )
    assert "Marden" in client.get("/").content.decode()
    ended = client.post(reverse("referrals-emergency-end", args=[emergency.pk]))
    assert ended["Location"] == "/"
    assert client.get(f"/children/{kit.pk}/").status_code == 404
    assert "Marden" not in client.get("/").content.decode()
    assert client.post(reverse("referrals-emergency-end", args=[emergency.pk])).status_code == 409
    assert PersonGrant.objects.get(user=nora).ended_because == "Ended before its time."


def test_the_form_answers_alike_whatever_stands_behind_it(
    cast: Cast, kit: Child, dev: User, ben: User, client_for: ClientFor
) -> None:
    """Before reason and hours are given nothing is told; after, absent and shut out look the same."""
    shut_out(child=kit, person=ben, because="A neighbour.", by=dev)
    client = client_for(ben)
    sought = [
        kit.reference,
        cast.unshared.child.reference,
        "C-none",
        cast.elsewhere.child.reference,
    ]
    without = {
        plain(client.post(ASK, typed(client.get(ASK), reference=text))).replace(text, "")
        for text in sought
    }
    without = {re.sub(r'value="[\w-]+"', "", page) for page in without}  # the form's own key
    assert len(without) == 1
    assert not EmergencyAccess.objects.exists()
    told = [send(client, reference=text) for text in (sought[0], *sought[2:])]
    assert {answer["Location"] for answer in told} == {"/emergency/nothing/"}
    pages = {plain(client.get(answer["Location"], follow=True)) for answer in told[:1]}
    pages |= {plain(client.get("/emergency/nothing/")) for _ in told[1:]}
    assert all("No record was opened" in page for page in pages)


def test_a_sixth_attempt_of_a_day_is_refused_in_the_form_and_keeps_what_was_typed(
    nora: User, client_for: ClientFor
) -> None:
    client = client_for(nora)
    for _ in range(5):
        assert send(client, reference="C-none").status_code == 302
    refused = send(client, reference="C-none")
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "You have asked 5 times within a day" in page
    assert WHY in page
    assert EmergencyAccess.objects.count() == 5
    refusal = AuditEvent.objects.get(event="refused")
    assert (refusal.username, refusal.what) == ("nora", "referrals-emergency")
    assert refusal.reason.startswith("You have asked 5 times within a day")


def test_a_form_that_is_merely_filled_in_wrongly_leaves_no_refusal(
    nora: User, client_for: ClientFor
) -> None:
    client = client_for(nora)
    assert client.post(ASK, typed(client.get(ASK), because=WHY, hours="4")).status_code == 422
    assert not AuditEvent.objects.filter(event__startswith="refused").exists()


def test_the_auditor_finds_it_at_home_reads_what_was_done_and_closes_the_review(
    kit: Child, nora: User, otto: User, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ago = timezone.now() - timedelta(days=9)
    with monkeypatch.context() as patch:
        patch.setattr("referrals.emergencies.actions.write_moment", lambda _: long_ago)
        send(client_for(nora), reference="C-none")
    send(client_for(nora), reference=kit.reference)
    client_for(nora).get(f"/children/{kit.pk}/levels/")
    client = client_for(otto)
    home = client.get("/").content.decode()
    late, emergency = EmergencyAccess.objects.order_by("asked_at")
    assert home.index(late.reference) < home.index(emergency.reference)
    assert home.count("<strong>Overdue</strong>") == 1
    address = f"/emergency/reviews/{emergency.pk}/"
    assert f'href="{address}"' in home
    page = client.get(address)
    shown = page.content.decode()
    for word in (WHY, "Nora Whitby", f"A hidden record was opened: {kit.reference}", "for 4 hours",
                 "consultation: child.viewed", f"child {kit.reference}"):  # fmt: skip
        assert word.lower() in shown.lower(), word
    assert "Marden" not in shown
    assert client.get(f"/children/{kit.pk}/").status_code == 404
    stale = typed(page, outcome="not_justified", words="Ask her team.")
    done = client.post(address, typed(page, outcome="justified", words="It was so."))
    assert done["Location"] == "/emergency/reviews/"
    refused = client.post(address, stale | {"once": "8c7a0b0e-6f1c-4c68-9d0f-0d7f2b1f3c55"})
    assert refused.status_code == 409
    assert EmergencyReview.objects.get().outcome == "justified"
    closed = client.get(address).content.decode()
    assert "Justified: It was so." in closed
    assert "Close the review" not in closed
    for show, here, elsewhere in (("", late, emergency), ("?show=closed", emergency, late)):
        listed = client.get(f"/emergency/reviews/{show}").content.decode()
        assert f">{here.reference}<" in listed
        assert f">{elsewhere.reference}<" not in listed


def test_reviews_are_of_ones_own_partnership(
    cast: Cast, erin: User, otto: User, client_for: ClientFor
) -> None:
    send(client_for(erin), reference=cast.elsewhere.child.reference)
    emergency = EmergencyAccess.objects.get()
    client = client_for(otto)
    assert emergency.reference not in client.get("/emergency/reviews/").content.decode()
    assert client.get(f"/emergency/reviews/{emergency.pk}/").status_code == 404


def test_home_shows_the_oldest_that_wait_and_says_how_many_more(
    cast: Cast, nora: User, otto: User, client_for: ClientFor
) -> None:
    for _ in range(9):
        any_row(EmergencyAccess, cast.bradford, {User: nora})
    first, *_rest, last = EmergencyAccess.objects.order_by("asked_at", "pk")
    home = client_for(otto).get("/").content.decode()
    assert f">{first.reference}<" in home
    assert f">{last.reference}<" not in home
    assert '<a class="govuk-link" href="/emergency/reviews/">2 more</a>' in home
    assert "Emergency access to be reviewed" not in client_for(nora).get("/").content.decode()
