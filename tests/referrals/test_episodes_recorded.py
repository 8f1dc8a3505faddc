"""Episodes recorded by hand: opened, put right, closed, allocated; by whom, and what stays readable."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import london_date
from hub.errors import Conflict, NotAllowed, RuleBroken
from referrals.episodes.actions import (
    allocate,
    close_episode,
    correct_closing,
    correct_episode,
    end_allocation,
    open_episode,
)
from referrals.episodes.models import Allocation, Episode, EpisodeFact
from referrals.episodes.rules import Closing, Referral, Worker
from tests.cast import Cast
from tests.make import make_child, make_episode, make_review, set_level

pytestmark = pytest.mark.django_db

REFERRED = date(2026, 3, 2)
REFERRAL = Referral(REFERRED, "2A", "Harden High School", ("CSE", "CCE"))
CLOSING = Closing(date(2026, 3, 9), "MOVED")
WHY = "The school's letter names another day."
NURSE = Worker("nora", "Nora Whitby", "health")
OFFICER = Worker("ben", "Ben Ashcroft", "police")
OTHERS = ["ben", "chloe", "nora", "ana", "bea", "otto", "sid", "erin", "gus"]


@pytest.fixture
def episode(cast: Cast) -> Episode:
    """An open episode of Bradford, referred on 2 March."""
    return cast.unshared


def standing(episode: Episode) -> EpisodeFact:
    return EpisodeFact.objects.known().get(episode=episode)


def holders(episode: Episode) -> list[tuple[str, bool, date, date | None]]:
    rows = Allocation.objects.known().filter(episode=episode).order_by("from_date", "pk")
    return [(row.worker, row.lead, row.from_date, row.to_date) for row in rows]


def give(
    episode: Episode, by: User, worker: Worker, day: date, *, lead: bool = True, seen: str = ""
) -> Allocation:
    episode.refresh_from_db()
    return allocate(episode=episode, worker=worker, lead=lead, from_date=day, seen_lead=seen, by=by)


# --- opening -------------------------------------------------------------------------------------------


def test_a_social_worker_opens_an_episode_with_how_it_was_referred(
    episode: Episode, amira: User
) -> None:
    new = open_episode(child=episode.child, referral=REFERRAL, by=amira)
    fact = standing(new)
    assert (new.reference, new.referred_on, new.closed_on) == ("HE-00001", REFERRED, None)
    assert (fact.child, fact.referral_source, fact.referring_agency, fact.exploitation_types) == (
        episode.child, "2A", "Harden High School", ["CSE", "CCE"],
    )  # fmt: skip
    assert (fact.recorded_by, fact.source) == (amira, None)
    event = AuditEvent.objects.get(event="episode.opened")
    assert (event.username, event.reference) == ("amira", "HE-00001")
    assert event.after == {
        "referred_on": "2026-03-02", "referral_source": "2A",
        "referring_agency": "Harden High School", "exploitation_types": ["CSE", "CCE"],
        "closed_on": None, "closure_reason": "",
    }  # fmt: skip


def test_references_are_the_partnerships_own_and_pass_over_foreign_ones(
    cast: Cast, amira: User, erin: User
) -> None:
    child, elsewhere = cast.unshared.child, cast.elsewhere.child
    make_episode(child=child, by=amira, reference="HE-X7")
    made = [open_episode(child=child, referral=REFERRAL, by=amira) for _ in range(2)]
    assert [episode.reference for episode in made] == ["HE-00001", "HE-00002"]
    assert open_episode(child=elsewhere, referral=REFERRAL, by=erin).reference == "HE-00001"
    Episode.objects.filter(pk=made[1].pk).update(reference="HE-100000")
    assert open_episode(child=child, referral=REFERRAL, by=amira).reference == "HE-100001"


@pytest.mark.parametrize("person", OTHERS)
def test_others_record_nothing_of_an_episode(
    person: str, episode: Episode, amira: User, request: pytest.FixtureRequest
) -> None:
    other = request.getfixturevalue(person)
    held = give(episode, amira, NURSE, REFERRED)
    fact = standing(episode)
    deeds: list[Callable[[], object]] = [
        lambda: open_episode(child=episode.child, referral=REFERRAL, by=other),
        lambda: correct_episode(fact=fact, referral=REFERRAL, reason=WHY, by=other),
        lambda: close_episode(fact=fact, closing=CLOSING, reason=WHY, by=other),
        lambda: correct_closing(fact=fact, closing=None, reason=WHY, by=other),
        lambda: give(episode, other, OFFICER, REFERRED, seen="Nora Whitby"),
        lambda: end_allocation(allocation=held, to_date=REFERRED, reason=WHY, by=other),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    assert standing(episode) == fact
    assert holders(episode) == [("nora", True, REFERRED, None)]
    assert Episode.objects.filter(child=episode.child).count() == 1


def test_the_manager_records_as_the_social_worker_does(episode: Episode, dev: User) -> None:
    assert open_episode(child=episode.child, referral=REFERRAL, by=dev).lead_worker == ""


# --- putting right -------------------------------------------------------------------------------------


def test_a_corrected_referral_stands_and_the_version_before_it_stays_readable(
    episode: Episode, amira: User
) -> None:
    old = standing(episode)
    earlier = replace(REFERRAL, referred_on=date(2026, 2, 27))
    new = correct_episode(fact=old, referral=earlier, reason=f" {WHY} ", by=amira)
    episode.refresh_from_db()
    assert episode.referred_on == date(2026, 2, 27)
    assert (new.reason, new.recorded_by, new.referring_agency) == (WHY, amira, "Harden High School")
    before = EpisodeFact.objects.filter(episode=episode).known(new.known_from - timedelta(0, 1))
    assert [fact.referred_on for fact in before] == [REFERRED]
    event = AuditEvent.objects.get(event="episode.corrected")
    assert event.before is not None
    assert event.after is not None
    assert (event.before["referred_on"], event.after["referred_on"]) == ("2026-03-02", "2026-02-27")
    assert event.reason == WHY


def test_a_correction_needs_a_reason_and_a_change(episode: Episode, amira: User) -> None:
    fact = standing(episode)
    with pytest.raises(RuleBroken, match="why this is corrected"):
        correct_episode(fact=fact, referral=REFERRAL, reason=" ", by=amira)
    new = correct_episode(fact=fact, referral=REFERRAL, reason=WHY, by=amira)
    with pytest.raises(RuleBroken, match="recorded already"):
        correct_episode(fact=new, referral=REFERRAL, reason=WHY, by=amira)
    assert standing(episode) == new


def test_a_referral_cannot_move_behind_a_level_of_the_episode(
    episode: Episode, amira: User
) -> None:
    set_level(episode=episode, level="LOW", set_on=date(2026, 3, 5), by=amira)
    later = replace(REFERRAL, referred_on=date(2026, 3, 6))
    with pytest.raises(RuleBroken, match="after the first level"):
        correct_episode(fact=standing(episode), referral=later, reason=WHY, by=amira)


def test_of_two_who_correct_the_same_version_the_second_is_told(
    episode: Episode, amira: User, dev: User
) -> None:
    seen = standing(episode)
    correct_episode(fact=seen, referral=REFERRAL, reason=WHY, by=dev)
    with pytest.raises(Conflict, match="meanwhile"):
        correct_episode(fact=seen, referral=replace(REFERRAL, source="6"), reason=WHY, by=amira)
    assert standing(episode).referral_source == "2A"


# --- closing -------------------------------------------------------------------------------------------


def test_an_episode_is_closed_with_its_reason_and_has_no_review_any_more(
    episode: Episode, amira: User
) -> None:
    make_review(episode=episode, due_on=date(2026, 4, 1), by=amira)
    fact = close_episode(fact=standing(episode), closing=CLOSING, reason="Moved away.", by=amira)
    episode.refresh_from_db()
    assert (episode.closed_on, episode.review_due_on) == (CLOSING.closed_on, None)
    assert (fact.closure_reason, fact.reason) == ("MOVED", "Moved away.")
    assert fact.to_known_from == fact.known_from
    assert AuditEvent.objects.get(event="episode.closed").reason == "Moved away."


def test_a_closed_episode_is_not_closed_again_nor_allocated(episode: Episode, amira: User) -> None:
    fact = close_episode(fact=standing(episode), closing=CLOSING, reason=WHY, by=amira)
    with pytest.raises(RuleBroken, match="new concern is a new episode"):
        close_episode(fact=fact, closing=CLOSING, reason=WHY, by=amira)
    with pytest.raises(RuleBroken, match="new concern is a new episode"):
        give(episode, amira, NURSE, REFERRED)


def test_a_closing_without_a_reason_ahead_or_before_a_level_is_refused(
    episode: Episode, amira: User
) -> None:
    fact = standing(episode)
    set_level(episode=episode, level="LOW", set_on=date(2026, 3, 10), by=amira)
    tomorrow = Closing(london_date(timezone.now()) + timedelta(1), "MOVED")
    for closing, reason, message in (
        (CLOSING, WHY, "A level was set after this day"),
        (tomorrow, WHY, "future"),
        (replace(CLOSING, closed_on=date(2026, 3, 10)), "", "why this is corrected"),
    ):
        with pytest.raises(RuleBroken, match=message):
            close_episode(fact=fact, closing=closing, reason=reason, by=amira)
    assert standing(episode) == fact


def test_a_closing_recorded_wrongly_is_moved_or_taken_away_and_the_review_is_due_again(
    episode: Episode, amira: User
) -> None:
    make_review(episode=episode, due_on=date(2026, 4, 1), by=amira)
    closed = close_episode(fact=standing(episode), closing=CLOSING, reason=WHY, by=amira)
    moved = correct_closing(
        fact=closed, closing=Closing(date(2026, 3, 11), "TRANSFERRED"), reason=WHY, by=amira
    )
    episode.refresh_from_db()
    assert (episode.closed_on, moved.closure_reason) == (date(2026, 3, 11), "TRANSFERRED")
    opened = correct_closing(fact=moved, closing=None, reason="Another child's.", by=amira)
    episode.refresh_from_db()
    assert (episode.closed_on, episode.review_due_on) == (None, date(2026, 4, 1))
    assert (opened.closure_reason, opened.to_known_from) == ("", None)
    assert EpisodeFact.objects.filter(episode=episode).count() == 4
    with pytest.raises(RuleBroken, match="open: there is no closing"):
        correct_closing(fact=opened, closing=None, reason=WHY, by=amira)


def test_before_a_closing_was_known_the_episode_was_open(episode: Episode, amira: User) -> None:
    fact = close_episode(fact=standing(episode), closing=CLOSING, reason=WHY, by=amira)
    just_before = fact.known_from - timedelta(seconds=1)
    rows = EpisodeFact.objects.filter(episode=episode)
    assert not rows.as_at(CLOSING.closed_on).exists()
    assert rows.as_at(CLOSING.closed_on, just_before).exists()


# --- who holds it --------------------------------------------------------------------------------------


def test_a_lead_worker_takes_over_on_a_day_and_the_former_ends(
    episode: Episode, amira: User
) -> None:
    give(episode, amira, NURSE, REFERRED)
    give(episode, amira, OFFICER, date(2026, 3, 9), seen="Nora Whitby")
    assert holders(episode) == [
        ("nora", True, REFERRED, date(2026, 3, 9)),
        ("ben", True, date(2026, 3, 9), None),
    ]
    episode.refresh_from_db()
    assert episode.lead_worker == "Ben Ashcroft"
    ended = Allocation.objects.known().get(worker="nora")
    assert ended.reason == "Handed over to Ben Ashcroft."
    assert AuditEvent.objects.filter(event="episode.allocated").count() == 2


def test_a_second_worker_leaves_the_lead_and_may_take_it_later(
    episode: Episode, amira: User
) -> None:
    give(episode, amira, NURSE, REFERRED)
    give(episode, amira, OFFICER, date(2026, 3, 3), lead=False, seen="Nora Whitby")
    episode.refresh_from_db()
    assert episode.lead_worker == "Nora Whitby"
    give(episode, amira, OFFICER, date(2026, 3, 4), seen="Nora Whitby")
    assert holders(episode) == [
        ("nora", True, REFERRED, date(2026, 3, 4)),
        ("ben", False, date(2026, 3, 3), date(2026, 3, 4)),
        ("ben", True, date(2026, 3, 4), None),
    ]


def test_a_handover_on_the_first_day_leaves_the_former_no_day(
    episode: Episode, amira: User
) -> None:
    give(episode, amira, NURSE, REFERRED)
    give(episode, amira, OFFICER, REFERRED, seen="Nora Whitby")
    give(episode, amira, NURSE, REFERRED, seen="Ben Ashcroft")
    episode.refresh_from_db()
    assert episode.lead_worker == "Nora Whitby"
    held = Allocation.objects.as_at(REFERRED).filter(episode=episode)
    assert [(row.worker, row.position) for row in held] == [("nora", 2)]


def test_one_who_holds_it_already_is_not_given_it_twice(episode: Episode, amira: User) -> None:
    give(episode, amira, NURSE, REFERRED)
    with pytest.raises(RuleBroken, match="holds the episode already") as fault:
        give(episode, amira, NURSE, date(2026, 3, 4), seen="Nora Whitby")
    assert fault.value.field == "worker"


def test_who_saw_another_lead_is_told_so_and_nothing_changes(
    episode: Episode, amira: User, dev: User
) -> None:
    give(episode, dev, NURSE, REFERRED)
    with pytest.raises(Conflict, match="allocated the episode meanwhile"):
        give(episode, amira, OFFICER, date(2026, 3, 4), seen="")
    assert holders(episode) == [("nora", True, REFERRED, None)]


def test_a_time_with_an_episode_ends_without_a_follower(episode: Episode, amira: User) -> None:
    held = give(episode, amira, NURSE, REFERRED)
    ended = end_allocation(allocation=held, to_date=date(2026, 3, 6), reason="Left.", by=amira)
    episode.refresh_from_db()
    assert (episode.lead_worker, ended.to_date, ended.reason) == ("", date(2026, 3, 6), "Left.")
    with pytest.raises(RuleBroken, match="recorded already"):
        end_allocation(allocation=ended, to_date=date(2026, 3, 6), reason=WHY, by=amira)
    with pytest.raises(Conflict):
        end_allocation(allocation=held, to_date=date(2026, 3, 7), reason=WHY, by=amira)
    assert AuditEvent.objects.get(event="allocation.ended").reason == "Left."


def test_a_child_may_have_several_episodes_each_with_a_lead_of_its_own(
    cast: Cast, amira: User
) -> None:
    child = make_child(partnership=cast.bradford, by=amira)
    first, second = (open_episode(child=child, referral=REFERRAL, by=amira) for _ in range(2))
    give(first, amira, NURSE, REFERRED)
    give(second, amira, OFFICER, REFERRED)
    leads = Episode.objects.filter(child=child).order_by("pk").values_list("lead_worker", flat=True)
    assert list(leads) == ["Nora Whitby", "Ben Ashcroft"]
