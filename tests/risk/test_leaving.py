"""A child who moves away or turns 18: who was told is asked with the closing, and stands on the episode."""

import pytest
from django.urls import reverse

from hub.accounts.models import User
from hub.days.rules import years_after
from hub.errors import RuleBroken
from referrals.children.models import Child
from referrals.measures.actions import record_measure
from referrals.measures.models import Measure
from referrals.measures.rules import Taken
from risk.meetings.actions import Given, record_decision, take_back
from tests.cast import Cast, ClientFor
from tests.recording import typed
from tests.risk.meeting import PLAN, REASON, at_level, item_of, meeting_of, send, today

pytestmark = pytest.mark.django_db
TOLD = "Leeds children's services, the duty desk, on Monday."


def test_a_meeting_that_proposes_a_closing_of_who_moved_says_which_authority_was_told(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    at_level(cast.unshared, "MEDIUM", amira, days_ago=3)
    meeting = meeting_of(cast, amira, cast.unshared)
    address = f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    moved = {"outcome": "CLOSE", "rationale": REASON, "exit_plan": PLAN, "closure_reason": "MOVED"}
    client = client_for(amira)
    asked = send(client, address, moved)
    assert asked.status_code == 422
    assert 'id="id_told_error"' in asked.content.decode()
    assert send(client, address, {**moved, "told": TOLD}).status_code == 302
    fact = Measure.objects.get()
    assert (fact.matter, fact.state, fact.because, fact.on) == ("receiving", "told", TOLD, today())


def test_what_was_told_goes_with_a_closing_that_is_taken_back_and_another_reason_asks_nothing(
    cast: Cast, amira: User
) -> None:
    at_level(cast.unshared, "MEDIUM", amira, days_ago=3)
    item = item_of(meeting_of(cast, amira, cast.unshared), cast.unshared)
    given = Given("CLOSE", REASON, exit_plan=PLAN, closure_reason="MOVED", told=TOLD)
    decision = record_decision(item=item, given=given, seen_version=item.version, by=amira)
    item = take_back(decision=decision, reason="Another child.", by=amira)
    assert not Measure.objects.known().exists()
    given = Given("CLOSE", REASON, exit_plan=PLAN, closure_reason="RISK_REDUCED", told=TOLD)
    record_decision(item=item, given=given, seen_version=item.version, by=amira)
    assert not Measure.objects.known().exists()


def test_a_closing_at_18_on_the_childs_page_asks_who_leads_unless_a_plan_stands(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client, at = client_for(amira), [cast.unshared.child_id, cast.unshared.pk]
    address = reverse("risk-child-episode-close", args=at)
    page = client.get(address)
    assert "A closed episode stays closed: a new concern becomes a new episode" in (
        page.content.decode()
    )
    turned = {"closed_on": "today", "closure_reason": "TURNED_18", "reason": "The panel agreed."}
    refused = client.post(address, typed(page, **turned))
    assert "who leads in adult services" in refused.content.decode()
    assert 'id="id_told_error"' in refused.content.decode()
    plan = Taken("transition", "agreed", today(), "J. Reed leads.")
    record_measure(episode=cast.unshared, taken=plan, seen="", by=amira)
    assert client.post(address, typed(client.get(address), **turned)).status_code == 302
    assert Measure.objects.count() == 1
    text = client.get(reverse("risk-child-episode", args=at)).content.decode()
    assert "J. Reed leads." in text


def test_at_17_the_meetings_screen_and_the_days_list_ask_for_a_plan(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    born = years_after(today(), -17)
    Child.objects.filter(pk=cast.unshared.child_id).update(date_of_birth=born)
    meeting = meeting_of(cast, amira, cast.unshared, cast.shared)
    client = client_for(amira)
    items = [f"/meetings/items/{item_of(meeting, e).pk}/" for e in (cast.unshared, cast.shared)]
    pages = [client.get(address).content.decode() for address in items]
    assert ["plan needed, from 17 on" in page for page in pages] == [True, False]
    needed = "Transition plan needed (17 or older)"
    assert client.get("/today/").content.decode().count(needed) == 1
    asked = Taken("transition", "asked", today())
    record_measure(episode=cast.unshared, taken=asked, seen="", by=amira)
    assert "Plan asked for" in client.get(items[0]).content.decode()
    assert "Transition plan asked for" in client.get("/today/").content.decode()


def test_a_plan_and_a_move_are_recorded_on_the_episode_too(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client, at = client_for(amira), [cast.unshared.child_id, cast.unshared.pk]
    for name, state in (("transition", "agreed"), ("receiving", "told")):
        address = reverse(f"risk-child-measure-{name}", args=at)
        said = typed(client.get(address), state=state, on="today", because=TOLD)
        assert client.post(address, said).status_code == 302
    assert Measure.objects.filter(because=TOLD).count() == 2
    again = Taken("receiving", "told", today())
    with pytest.raises(RuleBroken, match="which authority"):
        record_measure(episode=cast.unshared, taken=again, seen="told", by=amira)
