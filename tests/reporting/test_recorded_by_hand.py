"""What is recorded by hand agrees with the nightly check, the report and the next import."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.errors import Conflict, RuleBroken
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
from reporting.appendix1.actions import make_report
from reporting.extracts.models import ImportConflict
from reporting.upkeep.actions import renew_current_values
from risk.levels.actions import correct_level, set_level, withdraw_level
from risk.levels.models import RiskLevel
from risk.levels.rules import Decision
from risk.reviews.actions import move_review
from risk.reviews.models import Review
from tests.cast import Cast
from tests.hub.test_moments import apart, until_somebody_waits
from tests.make import make_child
from tests.reporting.importing import E1, import_files, level
from tests.reporting.test_appendix1 import ASKED

WHY = "The minutes say otherwise."
WORKERS = [Worker("nora", "Nora Whitby"), Worker("ben", ""), Worker("BW2", "Ravi Nair", "police")]


def today() -> date:
    return london_date(timezone.now())


# --- any history of deeds agrees with the nightly check ------------------------------------------------

Draw = st.DataObject
DAYS = st.integers(0, 5)


class Hand:
    """A person who does this and that to one episode, as far as the rules let them."""

    def __init__(self, episode: Episode, by: User, draw: Draw) -> None:
        self.by, self.draw, self.number = by, draw, episode.pk

    @property
    def episode(self) -> Episode:
        return Episode.objects.select_related("partnership", "child").get(pk=self.number)

    @property
    def fact(self) -> EpisodeFact:
        return EpisodeFact.objects.known().select_related("episode").get(episode=self.number)

    def day(self) -> date:
        return today() - timedelta(self.draw.draw(DAYS, label="days ago"))

    def one_of(self, rows: Any) -> Any:
        found = list(rows.known().filter(episode=self.number).order_by("pk"))
        return self.draw.draw(st.sampled_from(found)) if found else None

    def decision(self) -> Decision:
        code = self.draw.draw(st.sampled_from(["HIGH", "MEDIUM", "LOW", "NO_RISK"]))
        return Decision(code, self.day(), f"{self.draw.draw(DAYS)} indicators.")

    def set_level(self) -> None:
        seen = self.episode.level
        set_level(episode=self.episode, decision=self.decision(), seen_level=seen, by=self.by)

    def correct_level(self) -> None:
        fact = self.one_of(RiskLevel.objects)
        if fact:
            correct_level(fact=fact, decision=self.decision(), reason=WHY, by=self.by)

    def withdraw_level(self) -> None:
        fact = self.one_of(RiskLevel.objects)
        if fact:
            withdraw_level(fact=fact, reason=WHY, by=self.by)

    def move_review(self) -> None:
        episode = self.episode
        move_review(
            episode=episode,
            due_on=today() + timedelta(self.draw.draw(DAYS)),
            seen_due_on=episode.review_due_on,
            reason=WHY,
            by=self.by,
        )

    def close(self) -> None:
        close_episode(fact=self.fact, closing=Closing(self.day(), "MOVED"), reason=WHY, by=self.by)

    def correct_closing(self) -> None:
        closing = Closing(self.day(), "OTHER") if self.draw.draw(st.booleans()) else None
        correct_closing(fact=self.fact, closing=closing, reason=WHY, by=self.by)

    def correct_referral(self) -> None:
        referral = Referral(self.day(), "6", "", ("CSE",))
        correct_episode(fact=self.fact, referral=referral, reason=WHY, by=self.by)

    def allocate(self) -> None:
        episode = self.episode
        allocate(
            episode=episode,
            worker=self.draw.draw(st.sampled_from(WORKERS)),
            lead=self.draw.draw(st.booleans()),
            from_date=self.day(),
            seen_lead=episode.lead_worker,
            by=self.by,
        )

    def end_allocation(self) -> None:
        held = self.one_of(Allocation.objects)
        if held:
            end_allocation(allocation=held, to_date=self.day(), reason=WHY, by=self.by)


DEEDS = [
    Hand.set_level, Hand.correct_level, Hand.withdraw_level, Hand.move_review, Hand.close,
    Hand.correct_closing, Hand.correct_referral, Hand.allocate, Hand.end_allocation,
]  # fmt: skip


@pytest.mark.long
@pytest.mark.django_db
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(draw=st.data())
def test_after_any_deeds_the_nightly_check_finds_nothing_to_put_right(
    draw: Draw, cast: Cast
) -> None:
    amira = cast.people["amira"]
    child = make_child(partnership=cast.bradford, by=amira)
    referral = Referral(today() - timedelta(5), "6", "", ("CSE",))
    hand = Hand(open_episode(child=child, referral=referral, by=amira), amira, draw)
    for deed in draw.draw(st.lists(st.sampled_from(DEEDS), min_size=4, max_size=10)):
        try:
            with transaction.atomic():
                deed(hand)
        except RuleBroken:
            continue
        found = renew_current_values(now=timezone.now(), by=operator())
        assert found == {"episodes": [], "children": []}, deed.__name__


# --- the report ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_episode_opened_by_hand_counts_in_the_report_from_the_moment_it_was_recorded(
    tmp_path: Path,
) -> None:
    import_files(tmp_path)
    child = Episode.objects.select_related("child").get().child
    asked = replace(ASKED, movement_to=None, known_at=None)
    before = make_report(asked=asked, now=timezone.now(), by=operator())
    moment = timezone.now()
    referral = Referral(date(2015, 6, 1), "6", "Police", ("CSE",))
    made = open_episode(child=child, referral=referral, by=operator())
    set_level(
        episode=made,
        decision=Decision("LOW", date(2015, 6, 2), "Agreed."),
        seen_level="",
        by=operator(),
    )
    after = make_report(asked=asked, now=timezone.now(), by=operator())
    assert (before["strategic"]["new"], after["strategic"]["new"]) == (1, 2)
    assert after["strategic"]["new_by_referral_source"]["6"] == 1
    assert after["tactical"]["by_level"]["LOW"] == 1
    then = make_report(asked=replace(asked, known_at=moment), now=timezone.now(), by=operator())
    assert then["strategic"]["new"] == 1


# --- the next import -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_import_after_closing_by_hand_asks_a_person_and_the_hubs_closing_stands(
    tmp_path: Path,
) -> None:
    import_files(tmp_path)
    close_episode(
        fact=EpisodeFact.objects.get(),
        closing=Closing(date(2015, 9, 1), "MOVED"),
        reason=WHY,
        by=operator(),
    )
    result = import_files(tmp_path, episodes=[{**E1, "closed_on": "2015-10-01"}])
    assert result.new_conflicts == 1
    conflict = ImportConflict.objects.get()
    assert conflict.in_hub["closed_on"] == "2015-09-01"
    assert conflict.in_extract["closed_on"] == "2015-10-01"
    assert Episode.objects.get().closed_on == date(2015, 9, 1)
    assert not import_files(tmp_path, episodes=[{**E1, "closed_on": "2015-10-01"}]).changes


@pytest.mark.django_db
def test_an_import_leaves_an_episode_of_the_hub_alone(tmp_path: Path) -> None:
    import_files(tmp_path)
    child = Episode.objects.select_related("child").get().child
    referral = Referral(date(2015, 6, 1), "6", "", ("CSE",))
    made = open_episode(child=child, referral=referral, by=operator())
    result = import_files(tmp_path)
    assert not result.changes
    assert EpisodeFact.objects.known().filter(episode=made).exists()


@pytest.mark.django_db
def test_a_level_put_right_by_hand_stands_against_the_extract_that_had_it_wrong(
    tmp_path: Path,
) -> None:
    import_files(tmp_path, risk_levels=[level("2015-05-01", "LOW")])
    decision = Decision("HIGH", date(2015, 5, 1), "Agreed by all.")
    correct_level(fact=RiskLevel.objects.get(), decision=decision, reason=WHY, by=operator())
    result = import_files(tmp_path, risk_levels=[level("2015-05-01", "LOW")])
    assert result.new_conflicts == 1
    assert Episode.objects.get().level == "HIGH"


LEVELS = {"risk_levels": [level("2015-05-01", "LOW"), level("2015-06-01", "HIGH")]}
REVIEWS = {"reviews": [{"episode_id": "E1", "due_on": "2015-09-01"}]}


@pytest.mark.django_db
def test_what_was_moved_or_taken_back_by_hand_does_not_come_back_with_the_same_extract(
    tmp_path: Path,
) -> None:
    import_files(tmp_path, **LEVELS, **REVIEWS)
    by, episode = operator(), Episode.objects.get()
    first, second = RiskLevel.objects.order_by("set_on")
    earlier = Decision("LOW", date(2015, 4, 20), "As the minutes say.")
    correct_level(fact=first, decision=earlier, reason=WHY, by=by)
    withdraw_level(fact=second, reason="Another child's.", by=by)
    due_on = today() + timedelta(3)
    seen = Episode.objects.get().review_due_on
    move_review(episode=episode, due_on=due_on, seen_due_on=seen, reason=WHY, by=by)
    assert not import_files(tmp_path, **LEVELS, **REVIEWS).changes
    episode.refresh_from_db()
    assert (episode.level, episode.level_set_on) == ("LOW", date(2015, 4, 20))
    assert episode.review_due_on == due_on
    changed = [level("2015-05-01", "LOW"), level("2015-06-01", "MEDIUM")]
    assert import_files(tmp_path, risk_levels=changed).changes
    episode.refresh_from_db()
    assert (episode.level, episode.level_set_on) == ("MEDIUM", date(2015, 6, 1))


# --- two at once -----------------------------------------------------------------------------------------

races = [
    pytest.mark.race, pytest.mark.timeout(60), pytest.mark.django_db(transaction=True),
]  # fmt: skip


def both(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Do the second while the first has not committed yet; give what the second comes to."""
    with transaction.atomic():
        first()
        waiting = apart(second)
        until_somebody_waits()
    return waiting


class TestRaces:
    pytestmark = races

    def test_two_episodes_opened_at_once_have_two_references(self, cast: Cast) -> None:
        child, amira, dev = cast.unshared.child, cast.people["amira"], cast.people["dev"]
        referral = Referral(date(2026, 3, 2), "6", "", ("CSE",))
        later = both(
            lambda: open_episode(child=child, referral=referral, by=amira),
            lambda: open_episode(child=child, referral=referral, by=dev),
        )
        assert later.result(30).reference == "HE-00002"

    def test_of_two_who_set_a_level_at_once_the_second_is_told(self, cast: Cast) -> None:
        episode, amira, dev = cast.unshared, cast.people["amira"], cast.people["dev"]

        def decide(code: str, by: User) -> RiskLevel:
            decision = Decision(code, today(), "Agreed.")
            return set_level(episode=episode, decision=decision, seen_level="", by=by)

        later = both(lambda: decide("HIGH", amira), lambda: decide("LOW", dev))
        with pytest.raises(Conflict, match="meanwhile"):
            later.result(30)
        assert Episode.objects.get(pk=episode.pk).level == "HIGH"
        assert Review.objects.known().filter(episode=episode).count() == 1

    def test_of_two_who_close_at_once_the_second_is_told(self, cast: Cast) -> None:
        fact = EpisodeFact.objects.known().get(episode=cast.unshared)
        amira, dev = cast.people["amira"], cast.people["dev"]

        def close(reason: str, by: User) -> EpisodeFact:
            closing = Closing(date(2026, 3, 9), reason)
            return close_episode(fact=fact, closing=closing, reason=WHY, by=by)

        later = both(lambda: close("MOVED", amira), lambda: close("OTHER", dev))
        with pytest.raises(Conflict, match="meanwhile"):
            later.result(30)
        assert EpisodeFact.objects.known().get(episode=cast.unshared).closure_reason == "MOVED"

    def test_of_two_who_allocate_at_once_the_second_is_told(self, cast: Cast) -> None:
        episode, amira, dev = cast.unshared, cast.people["amira"], cast.people["dev"]

        def give(worker: Worker, by: User) -> Allocation:
            return allocate(
                episode=episode, worker=worker, lead=True, from_date=date(2026, 3, 2),
                seen_lead="", by=by,
            )  # fmt: skip

        later = both(lambda: give(WORKERS[0], amira), lambda: give(WORKERS[2], dev))
        with pytest.raises(Conflict, match="meanwhile"):
            later.result(30)
        assert Allocation.objects.known().get(episode=episode).worker == "nora"
