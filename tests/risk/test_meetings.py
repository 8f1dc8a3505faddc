"""The daily meeting: what it decides takes effect once, with its reason, and can be undone until it ends."""

from datetime import timedelta

import pytest

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.models import Agency
from referrals.checks.actions import answer_check, ask_checks
from referrals.checks.rules import Answered
from referrals.episodes.models import Episode
from risk.levels.models import RiskLevel
from risk.meetings.actions import (
    Agreed,
    Given,
    add_to_agenda,
    attend,
    carry,
    finish_meeting,
    open_meeting,
    record_decision,
    take_back,
    take_chair,
    take_over,
)
from risk.meetings.models import (
    Attendance,
    Meeting,
    MeetingDecision,
    MeetingItem,
    MeetingTask,
)
from risk.meetings.queries.entries import Entry
from risk.proposals.models import Proposal
from tests.cast import Cast
from tests.make import make_child, make_episode
from tests.risk.meeting import (
    OTHERS,
    PLAN,
    REASON,
    at_level,
    item_of,
    meeting_of,
    series_of,
    today,
)

pytestmark = pytest.mark.django_db
NO_RISK = Given("NO_RISK", REASON, other_risks="none")


@pytest.fixture
def meeting(cast: Cast, amira: User) -> Meeting:
    """Today's meeting, with two children of Bradford; amira records."""
    return meeting_of(cast, amira, cast.unshared, cast.shared)


def decide(meeting: Meeting, episode: Episode, given: Given, by: User) -> MeetingDecision:
    item = item_of(meeting, episode)
    return record_decision(item=item, given=given, seen_version=item.version, by=by)


def test_no_risk_at_the_outset_closes_the_episode_in_the_same_step(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    decision = decide(meeting, cast.unshared, NO_RISK, amira)
    cast.unshared.refresh_from_db()
    assert (cast.unshared.level, cast.unshared.closed_on) == ("NO_RISK", today())
    assert decision.level is not None
    assert (decision.level.rationale, decision.level.agreed) == (REASON, "daily")
    assert item_of(meeting, cast.unshared).state == "decided"
    assert not Proposal.objects.exists()


def test_a_first_level_takes_effect_at_once_with_its_review_and_its_actions(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    visit = Agreed("Visit the address together", police.pk, today() + timedelta(2))
    given = Given("MEDIUM", REASON, contingency="Call 101 at once.", actions=(visit,))
    decide(meeting, cast.unshared, given, amira)
    cast.unshared.refresh_from_db()
    assert cast.unshared.level == "MEDIUM"
    assert cast.unshared.review_due_on == today() + timedelta(42)
    task = MeetingTask.objects.get()
    assert (task.what, task.agency, task.child) == (
        "Visit the address together",
        police,
        cast.unshared.child,
    )


def test_an_urgent_rise_holds_at_once_and_the_panel_sees_it(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    at_level(cast.unshared, "LOW", amira, days_ago=3)
    decide(meeting, cast.unshared, Given("HIGH", REASON, contingency="x", others=OTHERS), amira)
    cast.unshared.refresh_from_db()
    proposal = Proposal.objects.get()
    assert cast.unshared.level == "HIGH"
    assert (proposal.kind, proposal.from_level, proposal.to_level) == ("rise", "LOW", "HIGH")


@pytest.mark.parametrize(
    "given",
    [
        Given("LOW", REASON, exit_plan=PLAN),
        Given("NO_RISK", REASON, exit_plan=PLAN),
        Given("CLOSE", REASON, exit_plan=PLAN, closure_reason="RISK_REDUCED"),
    ],
)
def test_a_fall_and_a_closing_are_proposed_and_the_level_stands(
    cast: Cast, meeting: Meeting, amira: User, given: Given
) -> None:
    at_level(cast.unshared, "MEDIUM", amira, days_ago=3)
    decision = decide(meeting, cast.unshared, given, amira)
    cast.unshared.refresh_from_db()
    assert (cast.unshared.level, cast.unshared.closed_on) == ("MEDIUM", None)
    assert decision.level is None
    assert Proposal.objects.open().get() == decision.proposal


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (Given("LOW"), "rationale"),
        (Given("HIGH", REASON), "contingency"),
        (Given("HIGH", REASON, contingency="x"), "strategy"),
        (Given("NO_RISK", REASON), "other_risks"),
        (Given("CLOSE", REASON, exit_plan=PLAN), "closure_reason"),
        (Given("CLOSE", REASON, closure_reason="RISK_REDUCED"), "exit_plan"),
        (Given("NOT_DECIDED", REASON), "missing_from"),
        (Given("NOT_DECIDED", REASON, missing_from="Health"), "missing_by"),
        (Given("SEVERE", REASON), "outcome"),
    ],
)
def test_what_an_outcome_needs_is_asked_for_and_nothing_is_half_done(
    cast: Cast, meeting: Meeting, amira: User, given: Given, missing: str
) -> None:
    with pytest.raises(RuleBroken) as broken:
        decide(meeting, cast.unshared, given, amira)
    assert broken.value.field == missing
    assert item_of(meeting, cast.unshared).state == "waiting"
    assert not RiskLevel.objects.filter(episode=cast.unshared).exists()


def test_not_decided_yet_says_from_whom_what_is_asked(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    given = Given("NOT_DECIDED", REASON, missing_from="Health", missing_by=today())
    decision = decide(meeting, cast.unshared, given, amira)
    assert (decision.effect, decision.missing_from) == ("none", "Health")
    late = Given("NOT_DECIDED", REASON, missing_from="Health", missing_by=today() - timedelta(1))
    with pytest.raises(RuleBroken):
        decide(meeting, cast.shared, late, amira)


def test_nothing_is_decided_twice_and_nobody_decides_over_another(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    item = item_of(meeting, cast.unshared)
    record_decision(item=item, given=NO_RISK, seen_version=item.version, by=amira)
    for seen in (item.version, item.version + 1):
        with pytest.raises(Conflict):
            record_decision(item=item, given=NO_RISK, seen_version=seen, by=amira)
    assert MeetingDecision.objects.count() == 1


def test_only_the_recorder_decides_and_hands_over_after_idle_minutes_or_to_the_chair(
    cast: Cast, meeting: Meeting, amira: User, dev: User
) -> None:
    with pytest.raises(RuleBroken, match="Amira Sadler records"):
        decide(meeting, cast.unshared, NO_RISK, dev)
    with pytest.raises(RuleBroken, match="idle"):
        take_over(meeting=meeting, by=dev)
    take_chair(meeting=meeting, by=dev)
    take_over(meeting=meeting, by=dev)
    decide(meeting, cast.unshared, NO_RISK, dev)
    Meeting.objects.update(recorded_at=meeting.recorded_at - timedelta(minutes=10))
    take_over(meeting=meeting, by=amira)
    decide(meeting, cast.shared, NO_RISK, amira)


def test_a_closing_without_a_quorum_is_the_chairs_with_the_reason(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    attend(meeting=meeting, agencies=[], by=amira)
    with pytest.raises(RuleBroken, match="chair"):
        decide(meeting, cast.unshared, NO_RISK, amira)
    take_chair(meeting=meeting, by=amira)
    with pytest.raises(RuleBroken, match="all the same"):
        decide(meeting, cast.unshared, NO_RISK, amira)
    why = Given("NO_RISK", REASON, other_risks="none", confirmed="Health answered in writing.")
    assert decide(meeting, cast.unshared, why, amira).confirmed == "Health answered in writing."


def test_a_closing_with_a_check_outstanding_is_the_chairs_too(
    cast: Cast, meeting: Meeting, amira: User, ben: User
) -> None:
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    [check] = ask_checks(episode=cast.unshared, why="meeting", agencies=[police], by=amira)
    with pytest.raises(RuleBroken, match="chair"):
        decide(meeting, cast.unshared, NO_RISK, amira)
    answer_check(check=check, answered=Answered("nothing", "Records"), by=ben)
    decide(meeting, cast.unshared, NO_RISK, amira)


def test_a_low_level_under_13_is_the_managers(cast: Cast, amira: User, dev: User) -> None:
    young = make_child(partnership=cast.bradford, by=amira, born=today() - timedelta(days=12 * 365))
    episode = make_episode(child=young, by=amira)
    meeting = meeting_of(cast, amira, episode)
    low = Given("LOW", REASON, confirmed="Seen with social care.", others=OTHERS)
    with pytest.raises(RuleBroken, match="hub manager"):
        decide(meeting, episode, low, amira)
    take_chair(meeting=meeting, by=dev)
    take_over(meeting=meeting, by=dev)
    assert decide(meeting, episode, low, dev).confirmed == "Seen with social care."


def test_a_decision_is_taken_back_until_the_meeting_is_finished(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    decision = decide(meeting, cast.unshared, NO_RISK, amira)
    take_back(decision=decision, reason="Recorded in error.", by=amira)
    cast.unshared.refresh_from_db()
    assert (cast.unshared.level, cast.unshared.closed_on) == ("", None)
    again = Given("LOW", REASON)
    second = decide(meeting, cast.unshared, again, amira)
    cast.unshared.refresh_from_db()
    assert cast.unshared.level == "LOW"
    old = MeetingDecision.objects.get(superseded_at__isnull=False)
    assert (old.outcome, old.rationale) == ("NO_RISK", REASON)
    finish_meeting(meeting=meeting, by=amira)
    with pytest.raises(RuleBroken, match="finished"):
        take_back(decision=second, reason="Too late.", by=amira)


def test_taking_back_a_level_lets_the_proposal_that_it_answered_wait_again(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    at_level(cast.unshared, "MEDIUM", amira, days_ago=3)
    first = decide(meeting, cast.unshared, Given("LOW", REASON, exit_plan=PLAN), amira)
    finish_meeting(meeting=meeting, by=amira)
    Meeting.objects.update(held_on=today() - timedelta(1))
    later = meeting_of(cast, amira, cast.unshared)
    high = Given("HIGH", REASON, contingency="x", others=OTHERS)
    rise = decide(later, cast.unshared, high, amira)
    states = dict(Proposal.objects.values_list("pk", "state"))
    assert states == {first.proposal_id: "replaced", rise.proposal_id: "open"}
    take_back(decision=rise, reason="The wrong child.", by=amira)
    states = dict(Proposal.objects.values_list("pk", "state"))
    assert states == {first.proposal_id: "open", rise.proposal_id: "taken_back"}
    cast.unshared.refresh_from_db()
    assert cast.unshared.level == "MEDIUM"


def test_actions_that_were_agreed_go_with_the_decision_that_is_taken_back(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    act = Agreed("Visit", police.pk, today())
    decision = decide(meeting, cast.unshared, Given("LOW", REASON, actions=(act,)), amira)
    take_back(decision=decision, reason="Recorded in error.", by=amira)
    assert not MeetingTask.objects.open().exists()
    assert "Recorded in error." in MeetingTask.objects.get().came_of_it


@pytest.mark.parametrize(
    "act",
    [Agreed(" ", 0, today()), Agreed("Visit", 0, today())],
)
def test_an_action_needs_words_an_agency_and_a_day(
    cast: Cast, meeting: Meeting, amira: User, act: Agreed
) -> None:
    with pytest.raises(RuleBroken):
        decide(meeting, cast.unshared, Given("LOW", REASON, actions=(act,)), amira)
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    past = Agreed("Visit", police.pk, today() - timedelta(1))
    with pytest.raises(RuleBroken, match="day"):
        decide(meeting, cast.unshared, Given("LOW", REASON, actions=(past,)), amira)
    assert not MeetingTask.objects.exists()


def test_finishing_carries_what_is_undecided_and_ends_the_meeting(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    decide(meeting, cast.unshared, NO_RISK, amira)
    assert finish_meeting(meeting=meeting, by=amira) == 1
    assert item_of(meeting, cast.shared).state == "carried"
    with pytest.raises(RuleBroken, match="finished"):
        finish_meeting(meeting=meeting, by=amira)


def test_an_item_is_carried_once(cast: Cast, meeting: Meeting, amira: User) -> None:
    item = item_of(meeting, cast.unshared)
    carry(item=item, seen_version=item.version, by=amira)
    with pytest.raises(Conflict):
        carry(item=item, seen_version=item.version, by=amira)
    with pytest.raises(Conflict):
        decide(meeting, cast.unshared, NO_RISK, amira)


def test_a_meeting_is_opened_once_a_day_and_takes_what_comes_later(
    cast: Cast, meeting: Meeting, amira: User, dev: User
) -> None:
    same = open_meeting(series=meeting.series, day=meeting.held_on, entries=[], by=dev)
    assert (same.pk, same.recorder) == (meeting.pk, amira)
    late = make_episode(child=cast.unshared.child, by=amira)
    entries = [Entry(e, "new_referrals", ("Late",)) for e in (cast.unshared, late)]
    assert add_to_agenda(meeting=meeting, entries=entries, by=dev) == 1
    numbers = MeetingItem.objects.filter(meeting=meeting).order_by("number")
    assert list(numbers.values_list("number", flat=True)) == [1, 2, 3]
    ahead = today() + timedelta(1)
    with pytest.raises(RuleBroken, match="ahead"):
        open_meeting(series=meeting.series, day=ahead, entries=[], by=amira)


def test_an_agency_comes_leaves_and_comes_again(cast: Cast, meeting: Meeting, amira: User) -> None:
    police = Agency.objects.get(partnership=cast.bradford, code="police").pk
    attend(meeting=meeting, agencies=[], by=amira)
    attend(meeting=meeting, agencies=[police], by=amira)
    spells = Attendance.objects.filter(meeting=meeting, agency=police)
    assert spells.count() == 2
    assert spells.there().count() == 1
    elsewhere = Agency.objects.get(partnership=cast.kirklees).pk
    with pytest.raises(RuleBroken):
        attend(meeting=meeting, agencies=[elsewhere], by=amira)


def test_who_records_no_level_decides_nothing_and_another_hub_opens_nothing(
    cast: Cast, meeting: Meeting, ben: User, erin: User
) -> None:
    with pytest.raises(NotAllowed):
        decide(meeting, cast.unshared, NO_RISK, ben)
    for by in (ben, erin):
        with pytest.raises(NotAllowed):
            open_meeting(series=series_of(cast), day=today(), entries=[], by=by)


def test_the_trail_says_what_was_decided_and_none_of_its_words(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    decide(meeting, cast.unshared, NO_RISK, amira)
    event = AuditEvent.objects.get(event="decision.recorded")
    assert event.after is not None
    assert (event.after["outcome"], event.after["effect"]) == ("NO_RISK", "closes")
    assert REASON not in str(event.after)
