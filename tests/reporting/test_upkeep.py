"""The nightly renewal: what lists show agrees with the facts."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed
from referrals.models import Child, Episode
from reporting.upkeep.actions import renew_current_values
from reporting.upkeep.tasks import renew
from tests.oracle.extracts import mutate_extract, random_extract
from tests.reporting.test_appendix1 import load

pytestmark = pytest.mark.django_db


@pytest.mark.long
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_after_two_imports_nothing_needs_putting_right(seed: int, tmp_path: Path) -> None:
    random_extract(seed, tmp_path)
    load(tmp_path)
    mutate_extract(seed, tmp_path)
    load(tmp_path)
    assert renew_current_values(now=timezone.now(), by=operator()) == {
        "episodes": [],
        "children": [],
    }


def test_a_wrong_current_value_is_put_right_and_told(tmp_path: Path) -> None:
    random_extract(14, tmp_path)
    load(tmp_path)
    episode, child = (
        Episode.objects.order_by("pk")[:1].get(),
        Child.objects.order_by("pk")[:1].get(),
    )
    Episode.objects.filter(pk=episode.pk).update(
        level="WRONG", lead_worker="Nobody", closed_on=None
    )
    Child.objects.filter(pk=child.pk).update(date_of_birth=child.date_of_birth - timedelta(1))
    renew()
    event = AuditEvent.objects.get(event="current_values.renewed")
    assert event.after == {"episodes": [episode.reference], "children": [child.reference]}
    assert Episode.objects.get(pk=episode.pk).level == episode.level
    assert Episode.objects.get(pk=episode.pk).closed_on == episode.closed_on
    assert Child.objects.get(pk=child.pk).date_of_birth == child.date_of_birth


def test_who_may_not_record_cases_may_not_renew_them(ben: User) -> None:
    with pytest.raises(NotAllowed):
        renew_current_values(now=timezone.now(), by=ben)
