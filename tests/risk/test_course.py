"""How a level came about stands on the child's timeline: who proposed it, who ratified it, who dissented."""

from datetime import timedelta

import pytest

from hub.accounts.models import User
from risk.meetings.actions import Given, finish_meeting, record_decision, settle, take_back
from risk.meetings.models import Meeting
from risk.proposals.actions import give_view
from risk.proposals.models import Proposal
from risk.proposals.rules import Opinion, Settling, Verdict, View
from tests.cast import Cast, ClientFor
from tests.risk.meeting import (
    OTHERS,
    PLAN,
    REASON,
    at_level,
    item_of,
    meeting_of,
    panel_of,
    today,
)


def proposed_fall(cast: Cast, amira: User) -> Proposal:
    at_level(cast.unshared, "MEDIUM", amira, days_ago=3)
    meeting = meeting_of(cast, amira, cast.unshared)
    item = item_of(meeting, cast.unshared)
    fall = Given("LOW", REASON, exit_plan=PLAN)
    record_decision(item=item, given=fall, seen_version=item.version, by=amira)
    finish_meeting(meeting=meeting, by=amira)
    return Proposal.objects.get()


@pytest.mark.django_db
def test_the_timeline_says_who_proposed_who_ratified_and_who_stood_against_it(
    cast: Cast, amira: User, ben: User, dev: User, client_for: ClientFor
) -> None:
    proposal = proposed_fall(cast, amira)
    client, child = client_for(amira), f"/children/{cast.unshared.child_id}/"
    before = client.get(f"{child}timeline/").content.decode()
    assert "Daily meeting: low proposed" in before
    assert "Recorded by Amira Sadler at" in before
    give_view(proposal=proposal, view=View(Opinion.OTHER, "HIGH", "Seen twice."), by=ben)
    panel = panel_of(cast, dev, proposal)
    item = item_of(panel, cast.unshared)
    ratify = Verdict(Settling.RATIFY, "The plan holds.")
    decision = settle(item=item, verdict=ratify, seen_version=item.version, by=dev)
    lines = (
        "Thursday panel: the fall to Low is ratified. Recorded by Dev Marlow at",
        f"Proposed by Amira Sadler on {today().day} {today():%B %Y}: {REASON}",
        "Dissent: Police would set another level: High. Seen twice.",
    )
    for page in ("timeline", "levels"):
        text = client.get(f"{child}{page}/").content.decode()
        assert [text.count(line) for line in lines] == [1, 1, 1], page
    minutes = client.get(f"/meetings/{panel.pk}/minutes/").content.decode()
    assert "Dissent:</strong>" in minutes
    assert f"From Medium to Low. {REASON}" in minutes
    assert (
        "it stands against what was settled"
        in client.get(f"/meetings/items/{item.pk}/").content.decode()
    )
    yesterday = client.get(f"{child}timeline/?as_at={today() - timedelta(1)}").content.decode()
    assert "Thursday panel" not in yesterday
    take_back(decision=decision, reason="Another child.", by=dev)
    assert "Thursday panel" not in client.get(f"{child}timeline/").content.decode()


@pytest.mark.django_db
def test_another_level_than_proposed_leaves_who_agreed_in_dissent(
    cast: Cast, amira: User, ben: User, dev: User, client_for: ClientFor
) -> None:
    proposal = proposed_fall(cast, amira)
    give_view(proposal=proposal, view=View(Opinion.AGREE), by=ben)
    panel = panel_of(cast, dev, proposal)
    item = item_of(panel, cast.unshared)
    other = Verdict(Settling.OTHER_LEVEL, "Still out at night.", "HIGH")
    settle(item=item, verdict=other, others=OTHERS, seen_version=item.version, by=dev)
    page = client_for(amira).get(f"/children/{cast.unshared.child_id}/levels/").content.decode()
    assert "Thursday panel: another level set" in page
    assert "Dissent: Police agrees" in page


@pytest.mark.django_db
def test_with_whom_a_part_is_shared_no_meeting_is_told_of(
    cast: Cast, amira: User, chloe: User, client_for: ClientFor
) -> None:
    meeting = meeting_of(cast, amira, cast.shared)
    item = item_of(meeting, cast.shared)
    low = Given("LOW", REASON)
    record_decision(item=item, given=low, seen_version=item.version, by=amira)
    assert Meeting.objects.exists()
    for page in ("timeline", "levels"):
        text = client_for(chloe).get(f"/children/{cast.shared.child_id}/{page}/").content.decode()
        assert "Daily meeting" not in text
        assert REASON not in text
