"""The Thursday panel: what was proposed is ratified, changed or left, once, never by its proposer alone."""

from collections.abc import Mapping

import pytest

from hub.accounts.models import User
from hub.errors import Conflict, NotAllowed, RuleBroken
from referrals.episodes.models import EpisodeFact
from risk.levels.models import RiskLevel
from risk.meetings.actions import (
    Given,
    finish_meeting,
    record_decision,
    settle,
    take_back,
    take_over,
)
from risk.meetings.models import Meeting, MeetingDecision
from risk.meetings.rules.others import Answer
from risk.proposals.actions import give_view
from risk.proposals.models import AgencyView, Proposal
from risk.proposals.rules import Opinion, Settling, Verdict, View
from tests.cast import Cast
from tests.risk.meeting import OTHERS, PLAN, REASON, at_level, item_of, meeting_of, panel_of, today

pytestmark = pytest.mark.django_db
RATIFY = Verdict(Settling.RATIFY, "All agencies agree.")


def propose_by_meeting(cast: Cast, by: User, given: Given, level: str = "MEDIUM") -> Proposal:
    """Let a daily meeting propose a change of the unshared episode."""
    at_level(cast.unshared, level, by, days_ago=3)
    meeting = meeting_of(cast, by, cast.unshared)
    item = item_of(meeting, cast.unshared)
    record_decision(item=item, given=given, seen_version=item.version, by=by)
    finish_meeting(meeting=meeting, by=by)
    return Proposal.objects.open().get()


FALL = Given("LOW", REASON, exit_plan=PLAN)
CLOSING = Given("CLOSE", REASON, exit_plan=PLAN, closure_reason="RISK_REDUCED")


def verdict_on(
    panel: Meeting,
    cast: Cast,
    verdict: Verdict,
    by: User,
    others: Mapping[str, Answer] | None = None,
) -> MeetingDecision:
    item = item_of(panel, cast.unshared)
    return settle(item=item, verdict=verdict, others=others, seen_version=item.version, by=by)


def test_a_fall_that_is_ratified_sets_the_level_with_the_panels_reason(
    cast: Cast, amira: User, dev: User
) -> None:
    proposal = propose_by_meeting(cast, amira, FALL)
    decision = verdict_on(panel_of(cast, dev, proposal), cast, RATIFY, dev)
    cast.unshared.refresh_from_db()
    proposal.refresh_from_db()
    assert (cast.unshared.level, proposal.state) == ("LOW", "ratified")
    assert decision.level is not None
    assert (decision.level.agreed, decision.level.rationale) == ("panel", "All agencies agree.")


def test_a_closing_that_is_ratified_closes_the_episode(cast: Cast, amira: User, dev: User) -> None:
    proposal = propose_by_meeting(cast, amira, CLOSING)
    verdict_on(panel_of(cast, dev, proposal), cast, RATIFY, dev)
    cast.unshared.refresh_from_db()
    fact = EpisodeFact.objects.known().get(episode=cast.unshared)
    assert (cast.unshared.closed_on, fact.closure_reason) == (today(), "RISK_REDUCED")
    assert cast.unshared.level == "MEDIUM"


def test_a_rise_that_is_ratified_stays_as_it_is(cast: Cast, amira: User, dev: User) -> None:
    rise = Given("HIGH", REASON, contingency="Call 101.", others=OTHERS)
    proposal = propose_by_meeting(cast, amira, rise)
    decision = verdict_on(panel_of(cast, dev, proposal), cast, RATIFY, dev)
    assert decision.level is None
    levels = RiskLevel.objects.known().filter(episode=cast.unshared)
    assert levels.count() == 2


def test_the_panel_sets_another_level_or_leaves_it_for_another_day(
    cast: Cast, amira: User, dev: User
) -> None:
    proposal = propose_by_meeting(cast, amira, FALL)
    panel = panel_of(cast, dev, proposal)
    left = verdict_on(panel, cast, Verdict(Settling.NOT_YET, "Health is asked."), dev)
    proposal.refresh_from_db()
    assert (proposal.state, left.effect) == ("open", "none")
    take_back(decision=left, reason="Health came.", by=dev)
    other = Verdict(Settling.OTHER_LEVEL, "Still out at night.", "HIGH")
    with pytest.raises(RuleBroken, match="strategy discussion"):
        verdict_on(panel, cast, other, dev)
    verdict_on(panel, cast, other, dev, OTHERS)
    cast.unshared.refresh_from_db()
    proposal.refresh_from_db()
    assert (cast.unshared.level, proposal.state) == ("HIGH", "changed")


def test_a_proposer_does_not_ratify_alone(cast: Cast, amira: User, dev: User) -> None:
    proposal = propose_by_meeting(cast, amira, FALL)
    panel = panel_of(cast, amira, proposal)
    with pytest.raises(RuleBroken, match="proposed this"):
        verdict_on(panel, cast, RATIFY, amira)
    Meeting.objects.filter(pk=panel.pk).update(chair=dev)
    take_over(meeting=panel, by=dev)
    verdict_on(panel, cast, RATIFY, dev)


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        (Verdict(Settling.RATIFY, " "), "rationale"),
        (Verdict(Settling.OTHER_LEVEL, "Because."), "level"),
        (Verdict(Settling.OTHER_LEVEL, "Because.", "LOW"), "level"),
    ],
)
def test_a_verdict_needs_its_reason_and_its_level(
    cast: Cast, amira: User, dev: User, verdict: Verdict, field: str
) -> None:
    panel = panel_of(cast, dev, propose_by_meeting(cast, amira, FALL))
    with pytest.raises(RuleBroken) as broken:
        verdict_on(panel, cast, verdict, dev)
    assert broken.value.field == field


def test_a_proposal_is_settled_once(cast: Cast, amira: User, dev: User) -> None:
    panel = panel_of(cast, dev, propose_by_meeting(cast, amira, FALL))
    item = item_of(panel, cast.unshared)
    settle(item=item, verdict=RATIFY, seen_version=item.version, by=dev)
    with pytest.raises(Conflict):
        settle(item=item, verdict=RATIFY, seen_version=item.version, by=dev)
    assert MeetingDecision.objects.filter(outcome="RATIFY").count() == 1


@pytest.mark.parametrize("given", [FALL, CLOSING])
def test_what_the_panel_settled_is_taken_back_until_it_ends(
    cast: Cast, amira: User, dev: User, given: Given
) -> None:
    proposal = propose_by_meeting(cast, amira, given)
    panel = panel_of(cast, dev, proposal)
    decision = verdict_on(panel, cast, RATIFY, dev)
    take_back(decision=decision, reason="Recorded on the wrong child.", by=dev)
    cast.unshared.refresh_from_db()
    proposal.refresh_from_db()
    assert (cast.unshared.level, cast.unshared.closed_on) == ("MEDIUM", None)
    assert proposal.state == "open"


def test_a_daily_meeting_settles_nothing(cast: Cast, amira: User, dev: User) -> None:
    propose_by_meeting(cast, amira, FALL)
    Meeting.objects.update(finished_at=None, recorder=dev)
    meeting = Meeting.objects.get()
    item = item_of(meeting, cast.unshared)
    type(item).objects.update(state="waiting")
    with pytest.raises(RuleBroken, match="panel"):
        settle(item=item, verdict=RATIFY, seen_version=item.version, by=dev)


def test_each_agency_says_what_it_thinks_beforehand_and_may_change_it(
    cast: Cast, amira: User, ben: User, nora: User
) -> None:
    proposal = propose_by_meeting(cast, amira, FALL)
    give_view(proposal=proposal, view=View(Opinion.AGREE), by=nora)
    other = View(Opinion.OTHER, "HIGH", "Seen twice at the address this week.")
    give_view(proposal=proposal, view=View(Opinion.NONE), by=ben)
    give_view(proposal=proposal, view=other, by=ben)
    standing = AgencyView.objects.known().filter(proposal=proposal)
    said = set(standing.values_list("agency__code", "opinion", "level"))
    assert said == {("health", "agree", ""), ("police", "other", "HIGH")}
    assert AgencyView.objects.filter(proposal=proposal).count() == 3
    with pytest.raises(RuleBroken, match="already"):
        give_view(proposal=proposal, view=other, by=ben)


@pytest.mark.parametrize(
    "view",
    [View(Opinion.OTHER), View(Opinion.OTHER, "LOW", "x"), View(Opinion.OTHER, "HIGH", " ")],
)
def test_another_level_is_named_and_has_its_reason(
    cast: Cast, amira: User, ben: User, view: View
) -> None:
    proposal = propose_by_meeting(cast, amira, FALL)
    with pytest.raises(RuleBroken):
        give_view(proposal=proposal, view=view, by=ben)


def test_no_view_is_given_of_what_is_settled_nor_by_one_who_sees_no_whole_case(
    cast: Cast, amira: User, ben: User, dev: User, chloe: User
) -> None:
    proposal = propose_by_meeting(cast, amira, FALL)
    with pytest.raises(NotAllowed):
        give_view(proposal=proposal, view=View(Opinion.AGREE), by=chloe)
    verdict_on(panel_of(cast, dev, proposal), cast, RATIFY, dev)
    with pytest.raises(RuleBroken, match="settled"):
        give_view(proposal=proposal, view=View(Opinion.AGREE), by=ben)
