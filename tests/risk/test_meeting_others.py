"""A high level, and a child under 13, have a strategy discussion and social care asked for at once."""

from datetime import date

import pytest
from django.db.models import F

from hub.accounts.models import User
from referrals.measures.actions import record_measure
from referrals.measures.models import Measure
from referrals.measures.rules import Taken
from risk.meetings.actions import Given, record_decision, take_back
from risk.meetings.models import MeetingDecision
from tests.cast import Cast, ClientFor
from tests.make import make_child, make_episode
from tests.risk.meeting import OTHERS, REASON, item_of, meeting_of, send, today

pytestmark = pytest.mark.django_db
HIGH = {"outcome": "HIGH", "rationale": REASON, "contingency": "Call 101."}


def test_what_a_high_level_asks_is_said_beside_its_field_and_recorded_with_the_decision(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    meeting = meeting_of(cast, amira, cast.unshared)
    client, address = client_for(amira), f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    asked = send(client, address, HIGH)
    assert asked.status_code == 422
    assert 'id="id_strategy_error"' in asked.content.decode()
    nothing = {**HIGH, "strategy": "requested", "social_care": "not_made"}
    page = send(client, address, nothing).content.decode()
    assert 'id="id_social_care_why_error"' in page
    assert not Measure.objects.exists()
    whole = {**nothing, "social_care_why": "The parents act with us."}
    assert send(client, address, whole).status_code == 302
    facts = (
        Measure.objects.known().order_by("matter").values_list("matter", "state", "because", "on")
    )
    assert list(facts) == [
        ("social_care", "not_made", "The parents act with us.", today()),
        ("strategy", "requested", "", today()),
    ]
    decided = client.get(address).content.decode()
    assert "Strategy discussion:</strong> Requested" in decided
    assert set(MeetingDecision.objects.get().measures) == set(
        Measure.objects.values_list("pk", flat=True)
    )


def test_what_was_asked_of_others_is_taken_back_with_the_decision_and_nothing_else_is(
    cast: Cast, amira: User
) -> None:
    step = Taken("step", "to_social_care", today(), "Needs a social worker.")
    record_measure(episode=cast.unshared, taken=step, seen="", by=amira)
    meeting = meeting_of(cast, amira, cast.unshared)
    given = Given("HIGH", REASON, contingency="x", others=OTHERS)
    item = item_of(meeting, cast.unshared)
    decision = record_decision(item=item, given=given, seen_version=item.version, by=amira)
    take_back(decision=decision, reason="Another child.", by=amira)
    assert list(Measure.objects.known().values_list("matter", flat=True)) == ["step"]


def test_a_child_under_13_has_it_asked_whatever_the_level_and_what_is_done_is_not_asked_again(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    young = make_child(partnership=cast.bradford, by=dev, born=date(today().year - 10, 1, 1))
    episode = make_episode(child=young, by=dev)
    needed = Taken("social_care", "needed", today())
    record_measure(episode=episode, taken=needed, seen="", by=dev)
    meeting = meeting_of(cast, dev, episode)
    client, address = client_for(dev), f"/meetings/items/{item_of(meeting, episode).pk}/"
    medium = {"outcome": "MEDIUM", "rationale": REASON, "contingency": "Call the lead."}
    assert send(client, address, medium).status_code == 422
    answers = {"strategy": "held", "social_care": "made"}
    assert send(client, address, {**medium, **answers}).status_code == 302
    states = Measure.objects.known().latest_first().values_list("matter", "state")
    assert list(states) == [
        ("social_care", "made"),
        ("social_care", "needed"),
        ("strategy", "held"),
    ]
    type(item_of(meeting, episode)).objects.update(state="waiting", version=F("version") + 1)
    page = client.get(address).content.decode()
    assert 'name="strategy"' not in page
    assert "Made, not answered yet" in page


def test_other_levels_of_other_children_ask_nothing_more(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    meeting = meeting_of(cast, amira, cast.unshared)
    client, address = client_for(amira), f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    sent = {"outcome": "MEDIUM", "rationale": REASON, "contingency": "Call.", "strategy": "held"}
    assert send(client, address, sent).status_code == 302
    assert not Measure.objects.exists()
