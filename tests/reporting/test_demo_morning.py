"""The demo's next meeting has a full list, prepared once a working day; what was left is decided first."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.actions import operator
from hub.accounts.models import User
from partners.partnerships.models import Partnership
from partners.staffing.models import Absence
from referrals.checks.models import AgencyCheck
from referrals.disagreements.models import Disagreement
from referrals.episodes.models import Episode
from reporting.demo.actions import prepare_morning, set_up_partners
from reporting.demo.rules.morning import reference_of, turned
from risk.agenda.rules import day_of
from risk.agenda.views import agenda_page
from risk.places.models import PlaceForward
from risk.suspects.models import Suspect
from tests.hub.rows import any_row
from tests.make import make_child, make_episode, set_level

pytestmark = pytest.mark.django_db


@pytest.fixture
def bradford() -> Partnership:
    """The demo's people with a few children: some without an open episode, two of high level."""
    set_up_partners(now=timezone.now(), by=operator())
    hub, by = Partnership.objects.get(code="bradford"), User.objects.get(username="social")
    this = timezone.localdate().year
    for number, age in enumerate((8, 10, 14, 15, 16, 14, 15, 16)):
        child = make_child(partnership=hub, by=by, born=date(this - age, 1, 1))
        if number > 5:
            high = make_episode(child=child, by=by)
            set_level(episode=high, level="HIGH", set_on=high.referred_on, by=by)
    any_row(Suspect, hub)
    return hub


def prepared(now: datetime) -> bool:
    by = operator()
    with acting_as(by):
        return prepare_morning(partnership="bradford", now=now, by=by)


def seen_by(name: str, now: datetime) -> Any:
    return agenda_page(User.objects.get(username=name), "", now, "1")


def test_a_morning_has_something_in_every_group_and_is_prepared_once(bradford: Partnership) -> None:
    now = timezone.now()
    assert prepared(now)
    assert not prepared(now)
    page = seen_by("police", now)
    groups = {group.title: group.rows for group in page.groups}
    assert {"Missing", "New referrals", "New information"} >= set(groups)
    assert set(groups) >= {"Missing", "New referrals"}
    assert len(groups["New referrals"]) == 3
    assert any("under 13" in words for row in groups["New referrals"] for words in row.outstanding)
    assert page.forward is not None
    assert len(page.forward) == 1
    assert [place.called[:10] for place in page.places or []] == ["The arcade"]
    assert {check.answered_at is None for check in AgencyCheck.objects.all()} == {True, False}


def test_a_disagreement_is_open_and_an_absence_is_covered_once_however_many_mornings(
    bradford: Partnership,
) -> None:
    now = timezone.now()
    for days in (-7, 0):
        assert prepared(now + timedelta(days=days))
        [open_one] = Disagreement.objects.open().filter(partnership=bradford)
        assert (open_one.raised_by.code, open_one.against.code) == ("police", "social_care")
        [away] = Absence.objects.filter(partnership=bradford)
        assert (away.user.username, away.cover.username) == ("social", "manager")


def test_the_next_morning_is_as_full_for_what_was_left_is_decided(bradford: Partnership) -> None:
    now = timezone.now()
    prepared(now - timedelta(days=7))
    assert prepared(now)
    assert Episode.objects.open().filter(level="").count() == 3
    page = seen_by("police", now)
    assert len(page.forward or []) == 1
    assert len(page.places or []) == 1
    assert PlaceForward.objects.filter(superseded_at__isnull=False).count() == 1


def test_what_is_taken_differs_from_day_to_day_and_bears_the_day() -> None:
    day = day_of(timezone.now())
    assert turned([], day, 2) == []
    assert turned([1], day, 3) == [1]
    assert len({tuple(turned(list(range(10)), day + timedelta(n), 2)) for n in range(5)}) == 5
    assert reference_of("DM", date(2026, 3, 9), 1) == "DM-260309-1"
