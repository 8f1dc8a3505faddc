"""Partnerships: set up once from what ships with the project, each with its own settings and geography."""

from datetime import date

import pytest

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed, RuleBroken
from partners.partnerships.actions import set_up
from partners.partnerships.models import BoundarySet, Partnership, Ward
from partners.partnerships.rules import PRESETS
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", PRESETS)
def test_a_partnership_is_set_up_once_with_its_geography(code: str) -> None:
    made = set_up(code=code, now=NOW, by=operator())
    counts = Ward.objects.count(), BoundarySet.objects.count(), AuditEvent.objects.count()
    assert set_up(code=code, now=NOW, by=operator()) == made
    assert (Ward.objects.count(), BoundarySet.objects.count(), AuditEvent.objects.count()) == counts
    drawn = made.boundary_sets.get()
    assert drawn.wards.count() == counts[0] > 20
    assert drawn.valid_from < date(2014, 1, 1)
    assert AuditEvent.objects.filter(event="partnership.set_up", reference=code).count() == 1


def test_each_partnership_has_its_own_settings() -> None:
    bradford, kirklees = (
        set_up(code=code, now=NOW, by=operator()) for code in ("bradford", "kirklees")
    )
    assert bradford.review_days == {"HIGH": 28, "MEDIUM": 42, "LOW": 84}
    assert kirklees.review_days["MEDIUM"] == 28
    shared = set(bradford.boundary_sets.all()) & set(kirklees.boundary_sets.all())
    assert not shared


def test_a_partnership_that_nobody_knows_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(RuleBroken) as refusal:
        set_up(code="atlantis", now=NOW, by=operator())
    assert refusal.value.code == "partnership.unknown"
    assert "atlantis" in str(refusal.value)
    assert "bradford, kirklees" in str(refusal.value)
    assert not Partnership.objects.exists()


def test_only_the_command_line_sets_a_partnership_up(dev: User) -> None:
    with pytest.raises(NotAllowed):
        set_up(code="bradford", now=NOW, by=dev)


def test_a_person_sees_the_own_partnership_and_no_other(cast: Cast, amira: User, gus: User) -> None:
    assert list(Partnership.objects.visible_to(amira)) == [cast.bradford]
    assert not Partnership.objects.visible_to(gus).exists()
    assert Partnership.objects.visible_to(operator()).count() == 2


def test_partnerships_wards_and_boundary_sets_are_shown_by_name() -> None:
    made = set_up(code="bradford", now=NOW, by=operator())
    drawn = made.boundary_sets.get()
    ward = drawn.wards.order_by("name").first()
    assert (str(made), str(drawn)) == ("Bradford", "bradford-2004")
    assert str(ward) == getattr(ward, "name", None)


def test_a_boundary_set_that_is_there_already_is_not_drawn_twice() -> None:
    drawn = BoundarySet.objects.create(
        code="bradford-2004", district="Bradford", valid_from=date(2004, 6, 10)
    )
    assert list(set_up(code="bradford", now=NOW, by=operator()).boundary_sets.all()) == [drawn]
    assert not Ward.objects.exists()
