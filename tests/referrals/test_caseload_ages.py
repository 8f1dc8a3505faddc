"""Who turns 18 and who lacks a plan for it: found in the caseload, in the address."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.http import QueryDict

from hub.access.context import act_as
from hub.accounts.models import User
from hub.days.rules import age_on
from referrals.caseload.rules import born_by
from referrals.caseload.views import CaseloadPage, caseload_page
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.measures.actions import record_measure
from referrals.measures.rules import Taken
from tests.cast import Cast
from tests.make import make_child, make_episode
from tests.second_wall import as_application

TODAY = date(2026, 3, 27)
pytestmark = pytest.mark.django_db


def _page(user: User, query: str) -> CaseloadPage:
    return caseload_page(user, QueryDict(query), TODAY)


def _shown(user: User, query: str) -> list[str]:
    return [row.reference for row in _page(user, query).rows]


@pytest.mark.parametrize(
    "day",
    [date(2025, 2, 28), date(2025, 3, 1), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)],
)
def test_who_is_of_an_age_was_born_by_that_day(day: date) -> None:
    for shift in range(-4, 5):
        for age in (17, 18):
            born = date(day.year - age, day.month, 1) + timedelta(day.day - 1 + shift)
            assert (born <= born_by(day, age)) == (age_on(born, day) >= age)


def test_who_turns_18_and_who_lacks_a_plan_for_it_is_found(cast: Cast, erin: User) -> None:
    births = ["2008-03-27", "2008-09-25", "2008-09-26", "2009-03-27", "2009-03-28"]
    five = []
    for number, born in enumerate(births):
        child = make_child(partnership=cast.kirklees, by=erin, born=date.fromisoformat(born))
        five.append(make_episode(child=child, by=erin, reference=f"KE-1{number}"))
    assert _shown(erin, "age=near18") == ["KE-10", "KE-11"]
    assert _shown(erin, "age=noplan") == ["KE-10", "KE-11", "KE-12", "KE-13"]
    assert ("Turning 18", "/episodes/?age=near18&sort=-age") in _page(erin, "").ready
    asked = Taken("transition", "asked", TODAY)
    record_measure(episode=five[0], taken=asked, seen="", by=erin)
    agreed = Taken("transition", "agreed", TODAY, "J. Reed leads, from the adult MASH.")
    record_measure(episode=five[1], taken=agreed, seen="", by=erin)
    assert _shown(erin, "age=noplan") == ["KE-10", "KE-12", "KE-13"]


def test_a_charity_is_not_told_who_lacks_a_plan(cast: Cast, chloe: User) -> None:
    Child.objects.update(date_of_birth="2008-03-27")
    assert _page(chloe, "age=near18").rows
    assert _page(chloe, "").ready == []
    assert not _page(chloe, "age=noplan").rows


def test_an_episode_bears_its_childs_birthday_and_reference_whatever_is_written(
    cast: Cast, amira: User
) -> None:
    child, episode = cast.shared.child, cast.shared
    Child.objects.filter(pk=child.pk).update(date_of_birth="2011-11-11", reference="C-77")
    episode.refresh_from_db()
    assert (episode.child_born, episode.child_reference) == (date(2011, 11, 11), "C-77")
    with as_application(), transaction.atomic():
        act_as(amira)
        Episode.objects.filter(pk=episode.pk).update(child_born=None, child_reference="C-1")
    episode.refresh_from_db()
    assert (episode.child_born, episode.child_reference) == (date(2011, 11, 11), "C-77")
    new = make_episode(child=child, by=amira, closed_on=date(2026, 3, 10))
    new.refresh_from_db()
    assert (new.child_born, new.child_reference) == (date(2011, 11, 11), "C-77")


def test_a_birthday_that_is_corrected_moves_the_child_in_the_list_by_age(
    cast: Cast, amira: User
) -> None:
    older, younger = cast.shared, cast.unshared
    for episode, born in ((older, "2010-05-01"), (younger, "2012-05-01")):
        Child.objects.filter(pk=episode.child_id).update(date_of_birth=born)
    assert _shown(amira, "sort=-age") == [older.reference, younger.reference]
    assert _shown(amira, "sort=age") == [younger.reference, older.reference]
    Child.objects.filter(pk=younger.child_id).update(date_of_birth="2009-05-01")
    assert _shown(amira, "sort=-age") == [younger.reference, older.reference]
