"""Levels put right or taken back, no risk at the outset, and reviews that are moved."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import london_date
from hub.errors import Conflict, NotAllowed, RuleBroken
from referrals.episodes.actions import close_episode
from referrals.episodes.models import Episode, EpisodeFact
from referrals.episodes.rules import Closing
from risk.levels.actions import correct_level, set_level, withdraw_level
from risk.levels.models import RiskLevel
from risk.levels.rules import Decision
from risk.reviews.actions import move_review
from risk.reviews.models import Review
from tests.cast import Cast
from tests.make import make_review

pytestmark = pytest.mark.django_db

REASON = "Missing twice this month; agreed by all."
WHY = "The minutes say otherwise."
OTHERS = ["ben", "chloe", "nora", "ana", "bea", "otto", "sid", "erin", "gus"]


def today() -> date:
    return london_date(timezone.now())


def ago(days: int) -> date:
    return today() - timedelta(days)


@pytest.fixture
def episode(cast: Cast) -> Episode:
    """An open episode of Bradford on which no level was ever set."""
    return cast.unshared


def decide(
    episode: Episode, by: User, level: str, *, seen: str = "", days_ago: int = 0,
    review_on: date | None = None,
) -> RiskLevel:  # fmt: skip
    decision = Decision(level, ago(days_ago), REASON, "panel")
    return set_level(
        episode=episode, decision=decision, seen_level=seen, review_on=review_on, by=by
    )


def standing(episode: Episode) -> EpisodeFact:
    return EpisodeFact.objects.known().get(episode=episode)


def outstanding(episode: Episode) -> list[date]:
    left = Review.objects.known().filter(episode=episode, done_on__isnull=True)
    return sorted(left.values_list("due_on", flat=True))


def current(episode: Episode) -> tuple[str, date | None, date | None]:
    episode.refresh_from_db()
    return episode.level, episode.level_set_on, episode.review_due_on


# --- no risk at the outset -----------------------------------------------------------------------------


def test_no_risk_at_the_outset_closes_the_episode_on_that_day(
    episode: Episode, amira: User
) -> None:
    fact = decide(episode, amira, "NO_RISK", days_ago=1)
    assert current(episode) == ("NO_RISK", ago(1), None)
    closed = standing(episode)
    assert (episode.closed_on, closed.closure_reason, closed.reason) == (
        ago(1), "NO_CSE_RISK", REASON,
    )  # fmt: skip
    assert fact.agreed == "panel"
    events = AuditEvent.objects.filter(reference=episode.reference).values_list("event", flat=True)
    assert {"level.set", "episode.closed"} <= set(events)


def test_no_risk_after_a_risk_leaves_the_episode_open(episode: Episode, amira: User) -> None:
    decide(episode, amira, "LOW", days_ago=2)
    decide(episode, amira, "NO_RISK", seen="LOW")
    assert current(episode) == ("NO_RISK", today(), None)
    assert episode.closed_on is None


# --- the review that a level brings --------------------------------------------------------------------


def test_an_earlier_review_may_be_chosen_with_the_level(episode: Episode, amira: User) -> None:
    decide(episode, amira, "HIGH", review_on=today() + timedelta(7))
    assert current(episode)[2] == today() + timedelta(7)
    with pytest.raises(RuleBroken, match="at the latest") as fault:
        decide(episode, amira, "HIGH", seen="HIGH", review_on=today() + timedelta(29))
    assert fault.value.field == "review_on"
    assert RiskLevel.objects.filter(episode=episode).count() == 1


def test_a_new_level_answers_the_review_of_an_extract_without_touching_its_row(
    episode: Episode, amira: User
) -> None:
    row = make_review(episode=episode, due_on=ago(1), by=amira)
    decide(episode, amira, "LOW")
    row.refresh_from_db()
    assert (row.done_on, row.superseded_by) == (None, amira)
    ended = Review.objects.known().get(episode=episode, due_on=ago(1))
    assert (ended.done_on, ended.recorded_by) == (today(), amira)
    assert outstanding(episode) == [today() + timedelta(84)]


def test_after_the_closing_day_no_level_is_set(episode: Episode, amira: User) -> None:
    closing = Closing(ago(2), "MOVED")
    close_episode(fact=standing(episode), closing=closing, reason=WHY, by=amira)
    with pytest.raises(RuleBroken, match="closed before this day"):
        decide(episode, amira, "LOW", days_ago=1)
    decide(episode, amira, "LOW", days_ago=2)
    assert current(episode) == ("LOW", ago(2), None)
    assert outstanding(episode) == []


# --- putting a level right -----------------------------------------------------------------------------


def test_a_corrected_level_is_in_force_with_its_review_and_the_old_one_stays(
    episode: Episode, amira: User
) -> None:
    old = decide(episode, amira, "LOW", days_ago=3)
    changed = Decision("HIGH", ago(4), "Three agencies agreed.", "panel")
    new = correct_level(fact=old, decision=changed, reason=WHY, by=amira)
    assert current(episode) == ("HIGH", ago(4), ago(4) + timedelta(28))
    assert outstanding(episode) == [ago(4) + timedelta(28)]
    assert (new.reason, new.agreed, new.rationale) == (WHY, "panel", "Three agencies agreed.")
    before = RiskLevel.objects.filter(episode=episode)
    seen_then = before.as_at(today(), new.known_from - timedelta(microseconds=1))
    assert [fact.level for fact in seen_then] == ["LOW"]
    event = AuditEvent.objects.get(event="level.corrected")
    assert event.before is not None
    assert (event.before["level"], event.reason) == ("LOW", WHY)
    assert not Review.objects.known().filter(episode=episode, done_on__isnull=False).exists()


def test_a_correction_of_an_earlier_level_leaves_the_latest_and_its_review(
    episode: Episode, amira: User
) -> None:
    first = decide(episode, amira, "LOW", days_ago=5)
    decide(episode, amira, "MEDIUM", seen="LOW", days_ago=2)
    decision = Decision("HIGH", ago(5), REASON, "daily")
    correct_level(fact=first, decision=decision, reason=WHY, by=amira)
    assert current(episode) == ("MEDIUM", ago(2), ago(2) + timedelta(42))
    assert RiskLevel.objects.filter(episode=episode).as_at(ago(3)).get().level == "HIGH"


def test_a_latest_level_that_moves_behind_another_is_in_force_no_more(
    episode: Episode, amira: User
) -> None:
    decide(episode, amira, "LOW", days_ago=5)
    last = decide(episode, amira, "HIGH", seen="LOW", days_ago=2)
    decision = Decision("HIGH", ago(6), REASON, "daily")
    correct_level(fact=last, decision=decision, reason=WHY, by=amira)
    assert current(episode) == ("LOW", ago(5), ago(5) + timedelta(84))


def test_a_better_reason_alone_leaves_the_review(episode: Episode, amira: User) -> None:
    fact = decide(episode, amira, "HIGH", review_on=today() + timedelta(3))
    decision = Decision("HIGH", today(), "Said more plainly.", "daily")
    correct_level(fact=fact, decision=decision, reason=WHY, by=amira)
    assert outstanding(episode) == [today() + timedelta(3)]


def test_a_correction_needs_a_reason_a_change_and_a_day_that_can_be(
    episode: Episode, amira: User
) -> None:
    fact = decide(episode, amira, "LOW")
    same = Decision("LOW", today(), REASON, "panel")
    for decision, reason, message in (
        (same, WHY, "recorded already"),
        (replace(same, level="HIGH"), " ", "why this is corrected"),
        (replace(same, set_on=today() + timedelta(1)), WHY, "future"),
        (replace(same, rationale=""), WHY, "Write the reason"),
        (replace(same, level="ENORMOUS"), WHY, "not on the scale"),
    ):
        with pytest.raises(RuleBroken, match=message):
            correct_level(fact=fact, decision=decision, reason=reason, by=amira)
    assert RiskLevel.objects.filter(episode=episode).get() == fact


def test_a_level_on_the_wrong_episode_is_taken_back(episode: Episode, amira: User) -> None:
    decide(episode, amira, "LOW", days_ago=5)
    wrong = decide(episode, amira, "HIGH", seen="LOW")
    withdraw_level(fact=wrong, reason="Another child's.", by=amira)
    assert current(episode) == ("LOW", ago(5), ago(5) + timedelta(84))
    assert AuditEvent.objects.get(event="level.withdrawn").reason == "Another child's."
    with pytest.raises(Conflict):
        withdraw_level(fact=wrong, reason="Again.", by=amira)


def test_the_only_level_taken_back_leaves_none_set(episode: Episode, amira: User) -> None:
    wrong = decide(episode, amira, "HIGH")
    withdraw_level(fact=wrong, reason="Another child's.", by=amira)
    assert current(episode) == ("", None, None)
    assert outstanding(episode) == []


def test_a_corrected_level_of_a_closed_episode_brings_no_review(
    episode: Episode, amira: User
) -> None:
    fact = decide(episode, amira, "NO_RISK")
    decision = Decision("LOW", today(), REASON, "daily")
    correct_level(fact=fact, decision=decision, reason=WHY, by=amira)
    assert current(episode) == ("LOW", today(), None)
    assert episode.closed_on == today()


# --- moving a review -----------------------------------------------------------------------------------


def move(episode: Episode, by: User, days: int, *, reason: str = "Half term.") -> None:
    episode.refresh_from_db()
    move_review(
        episode=episode,
        due_on=today() + timedelta(days),
        seen_due_on=episode.review_due_on,
        reason=reason,
        by=by,
    )


def test_a_review_moves_with_a_reason_as_far_as_the_level_allows(
    episode: Episode, amira: User
) -> None:
    decide(episode, amira, "HIGH", days_ago=10)
    move(episode, amira, 28)
    assert current(episode)[2] == today() + timedelta(28)
    assert outstanding(episode) == [today() + timedelta(28)]
    moved = Review.objects.known().get(episode=episode)
    assert moved.reason == "Half term."
    event = AuditEvent.objects.get(event="review.moved")
    assert event.before == {"due_on": (ago(10) + timedelta(28)).isoformat()}
    with pytest.raises(RuleBroken, match="at the latest"):
        move(episode, amira, 29)


def test_a_review_is_planned_where_there_is_none(episode: Episode, amira: User) -> None:
    move(episode, amira, 84)
    assert current(episode) == ("", None, today() + timedelta(84))
    assert Review.objects.get(episode=episode).reason == "Half term."


def test_of_several_reviews_the_next_is_moved_and_the_earliest_then_counts(
    episode: Episode, amira: User
) -> None:
    for days in (2, 5):
        make_review(episode=episode, due_on=today() + timedelta(days), by=amira)
    Episode.objects.filter(pk=episode.pk).update(review_due_on=today() + timedelta(2))
    move(episode, amira, 9)
    assert outstanding(episode) == [today() + timedelta(5), today() + timedelta(9)]
    assert current(episode)[2] == today() + timedelta(5)


def test_a_review_does_not_move_without_a_reason_nor_of_a_closed_episode(
    episode: Episode, amira: User
) -> None:
    decide(episode, amira, "HIGH")
    with pytest.raises(RuleBroken, match="why the review is moved"):
        move(episode, amira, 3, reason=" ")
    close_episode(fact=standing(episode), closing=Closing(today(), "MOVED"), reason=WHY, by=amira)
    with pytest.raises(RuleBroken, match="closed: it has no review"):
        move(episode, amira, 3)


def test_who_saw_another_review_date_is_told(episode: Episode, amira: User, dev: User) -> None:
    decide(episode, amira, "HIGH")
    move(episode, dev, 3)
    with pytest.raises(Conflict, match="moved the review meanwhile"):
        move_review(
            episode=episode, due_on=today() + timedelta(5),
            seen_due_on=today() + timedelta(28), reason="Leave.", by=amira,
        )  # fmt: skip
    assert outstanding(episode) == [today() + timedelta(3)]


@pytest.mark.parametrize("person", OTHERS)
def test_others_put_nothing_right(
    person: str, episode: Episode, amira: User, request: pytest.FixtureRequest
) -> None:
    other = request.getfixturevalue(person)
    fact = decide(episode, amira, "LOW")
    decision = Decision("HIGH", today(), REASON)
    deeds: list[Callable[[], object]] = [
        lambda: correct_level(fact=fact, decision=decision, reason=WHY, by=other),
        lambda: withdraw_level(fact=fact, reason=WHY, by=other),
        lambda: move(episode, other, 3),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    assert current(episode) == ("LOW", today(), today() + timedelta(84))
