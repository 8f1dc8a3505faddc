"""Facts corrected by hand: the old version stays, the new one says why, and the first of two editors wins."""

from datetime import date, timedelta

import pytest

from hub.errors import Conflict, RuleBroken
from hub.facts.actions import correct, withdraw
from hub.facts.models import Fact, Spell
from referrals.children.models import ChildDetails
from referrals.episodes.models import EpisodeFact
from risk.levels.models import RiskLevel
from tests.cast import NOW, Cast
from tests.hub.rows import any_row, fact_models
from tests.make import set_level

WHY = "The letter of 2 March has another spelling."
LATER = NOW + timedelta(hours=2)
each_fact = pytest.mark.parametrize("model", fact_models(), ids=lambda model: model.__name__)


@each_fact
def test_a_correction_is_a_new_version_and_the_old_one_can_be_read(
    model: type[Fact], cast: Cast
) -> None:
    old = any_row(model, cast.bradford)
    new = correct(fact=old, now=NOW, by=cast.people["amira"], reason=f"  {WHY} ")
    old.refresh_from_db()
    assert (old.superseded_at, old.superseded_by) == (NOW, cast.people["amira"])
    assert (new.known_from, new.recorded_by, new.reason) == (NOW, cast.people["amira"], WHY)
    assert (new.position, new.source, new.superseded_at) == (old.position, None, None)
    apart = {
        "id",
        "known_from",
        "recorded_by",
        "reason",
        "superseded_at",
        "superseded_by",
        "written_at",
    }
    for field in model._meta.concrete_fields:
        if field.name not in apart | {"superseded_source"}:
            assert getattr(new, field.attname) == getattr(old, field.attname), field.name


@each_fact
def test_the_second_of_two_who_correct_one_version_is_told(model: type[Fact], cast: Cast) -> None:
    fact = any_row(model, cast.bradford)
    correct(fact=fact, now=NOW, by=cast.people["amira"], reason=WHY)
    with pytest.raises(Conflict):
        correct(fact=fact, now=LATER, by=cast.people["dev"], reason=WHY)
    with pytest.raises(Conflict):
        withdraw(fact=fact, now=LATER, by=cast.people["dev"], reason=WHY)
    assert model._default_manager.count() >= 2


def test_nothing_is_corrected_without_a_reason(cast: Cast) -> None:
    details = ChildDetails.objects.get(child=cast.shared.child)
    for deed in (correct, withdraw):
        with pytest.raises(RuleBroken, match="Write why"):
            deed(fact=details, now=NOW, by=cast.people["amira"], reason="  ")
    details.refresh_from_db()
    assert details.superseded_at is None


def test_what_was_known_before_a_correction_stays_as_it_was(cast: Cast) -> None:
    old = ChildDetails.objects.get(child=cast.shared.child)
    correct(fact=old, now=NOW, by=cast.people["amira"], reason=WHY, surname="Fennick")
    rows = ChildDetails.objects.filter(child=cast.shared.child)
    before = rows.known(NOW - timedelta(microseconds=1)).get()
    assert (before.surname, rows.known(NOW).get().surname) == (old.surname, "Fennick")
    assert rows.known().get().surname == "Fennick"


def test_an_end_set_by_hand_is_known_from_now_and_one_taken_away_is_not_known(cast: Cast) -> None:
    fact, by = EpisodeFact.objects.get(episode=cast.shared), cast.people["amira"]
    closed = correct(fact=fact, now=NOW, by=by, reason=WHY, closed_on=date(2026, 3, 2))
    assert (closed.closed_on, closed.to_known_from) == (date(2026, 3, 2), NOW)
    same = correct(fact=closed, now=LATER, by=by, reason=WHY, referral_source="1A")
    assert same.to_known_from == NOW
    again = correct(fact=same, now=LATER + timedelta(1), by=by, reason=WHY, closed_on=None)
    assert (again.closed_on, again.to_known_from) == (None, None)


@pytest.mark.parametrize(
    "model",
    [m for m in fact_models() if not issubclass(m, Spell)],
    ids=lambda model: model.__name__,
)
def test_a_withdrawn_fact_stands_no_longer(model: type[Fact], cast: Cast) -> None:
    fact = any_row(model, cast.bradford)
    withdraw(fact=fact, now=NOW, by=cast.people["amira"], reason=WHY)
    fact.refresh_from_db()
    assert (fact.superseded_at, fact.superseded_by) == (NOW, cast.people["amira"])
    assert not model._default_manager.filter(pk=fact.pk, superseded_at__isnull=True).exists()


def test_a_date_corrected_to_one_that_is_taken_goes_behind_it(
    cast: Cast,
) -> None:
    by = cast.people["amira"]
    first = set_level(episode=cast.shared, level="LOW", set_on=date(2026, 2, 1), by=by)
    second = set_level(episode=cast.shared, level="HIGH", set_on=date(2026, 2, 3), by=by)
    moved = correct(fact=second, now=NOW, by=by, reason=WHY, set_on=first.set_on)
    assert moved.position == first.position + 1
    assert list(RiskLevel.objects.known().filter(episode=cast.shared)) == [first, moved]
