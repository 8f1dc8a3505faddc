"""Setting a level: who can, what it brings, and what happens when two do it at once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import london_date
from hub.errors import Conflict, NotAllowed, RuleBroken
from referrals.episodes.models import Episode
from risk.levels.actions import set_level
from risk.levels.models import RiskLevel
from risk.levels.rules import Decision
from risk.reviews.models import Review
from tests.cast import Cast

pytestmark = pytest.mark.django_db

REASON = "Missing twice this month; agreed by all at the daily meeting."


def today() -> date:
    return london_date(timezone.now())


@pytest.fixture
def episode(cast: Cast) -> Episode:
    """An open episode of Bradford on which no level was ever set."""
    return cast.unshared


def decide(
    episode: Episode, by: User, *, level: str = "MEDIUM", seen: str = "", days_ago: int = 0
) -> RiskLevel:
    decision = Decision(level, today() - timedelta(days_ago), REASON)
    return set_level(episode=episode, decision=decision, seen_level=seen, by=by)


def test_a_social_worker_sets_a_level_with_its_reason_and_its_review(
    episode: Episode, amira: User
) -> None:
    fact = decide(episode, amira)
    episode.refresh_from_db()
    assert (episode.level, episode.level_set_on) == ("MEDIUM", today())
    assert episode.review_due_on == today() + timedelta(42)
    assert fact.rationale == REASON
    assert fact.recorded_by == amira
    event = AuditEvent.objects.get(event="level.set")
    assert (event.username, event.reference, event.reason) == ("amira", episode.reference, REASON)
    assert event.before == {"level": ""}


def test_a_second_level_of_the_day_stands_over_the_first_and_both_stay(
    episode: Episode, amira: User
) -> None:
    decide(episode, amira, level="LOW")
    decide(episode, amira, level="HIGH", seen="LOW")
    episode.refresh_from_db()
    assert episode.level == "HIGH"
    levels = RiskLevel.objects.known().filter(episode=episode).order_by("position")
    assert [fact.level for fact in levels] == ["LOW", "HIGH"]
    outstanding = Review.objects.known().filter(episode=episode, done_on__isnull=True)
    assert [review.due_on for review in outstanding] == [today() + timedelta(28)]


def test_a_level_of_an_earlier_day_leaves_the_later_one_in_force(
    episode: Episode, amira: User
) -> None:
    decide(episode, amira, level="HIGH")
    decide(episode, amira, level="LOW", seen="HIGH", days_ago=1)
    episode.refresh_from_db()
    assert (episode.level, episode.level_set_on) == ("HIGH", today())
    assert episode.review_due_on == today() + timedelta(28)


def test_a_daily_meeting_proposes_a_fall_and_does_not_set_it(episode: Episode, amira: User) -> None:
    decide(episode, amira, level="HIGH")
    for agreed, may in (("daily", False), ("panel", True)):
        decision = Decision("LOW", today(), REASON, agreed)
        if may:
            set_level(episode=episode, decision=decision, seen_level="HIGH", by=amira)
            continue
        with pytest.raises(RuleBroken, match="proposes a fall"):
            set_level(episode=episode, decision=decision, seen_level="HIGH", by=amira)
    episode.refresh_from_db()
    assert episode.level == "LOW"


def test_no_cse_risk_brings_no_review(episode: Episode, amira: User) -> None:
    decide(episode, amira, level="MEDIUM")
    decide(episode, amira, level="NO_RISK", seen="MEDIUM")
    episode.refresh_from_db()
    assert (episode.level, episode.review_due_on) == ("NO_RISK", None)
    assert not Review.objects.known().filter(episode=episode, done_on__isnull=True).exists()


def test_who_saw_an_older_level_is_told_so_and_changes_nothing(
    episode: Episode, amira: User, dev: User
) -> None:
    decide(episode, dev, level="HIGH")
    with pytest.raises(Conflict, match="meanwhile"):
        decide(episode, amira, level="LOW", seen="")
    episode.refresh_from_db()
    assert episode.level == "HIGH"
    assert RiskLevel.objects.known().filter(episode=episode).count() == 1
    assert AuditEvent.objects.filter(event="level.set").count() == 1


@pytest.mark.parametrize(
    "person", ["ben", "chloe", "nora", "ana", "bea", "otto", "sid", "erin", "gus"]
)
def test_others_cannot_set_a_level(
    person: str, episode: Episode, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        decide(episode, request.getfixturevalue(person))
    assert not RiskLevel.objects.known().filter(episode=episode).exists()


def test_a_level_that_no_scale_has_is_refused(episode: Episode, amira: User) -> None:
    with pytest.raises(RuleBroken, match="Choose one that is"):
        decide(episode, amira, level="ENORMOUS")


def test_a_level_without_a_reason_is_refused(episode: Episode, amira: User) -> None:
    with pytest.raises(RuleBroken, match="reason"):
        set_level(episode=episode, decision=Decision("LOW", today(), "  "), seen_level="", by=amira)
