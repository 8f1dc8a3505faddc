"""Facts are kept: what the database refuses, what it lets happen once, and how the past is read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.facts.models import Fact, FactSource, Spell, SpellQuerySet
from partners.partnerships.actions import set_up
from partners.partnerships.models import Partnership
from referrals.children.models import Address, CareStatus, ChildDetails
from referrals.episodes.models import EpisodeFact
from referrals.missing.models import MissingEpisode
from risk.crimes.models import CrimeOutcome
from risk.levels.models import RiskLevel
from risk.suspects.models import SuspectLevel
from tests.hub.rows import DAY, MOMENT, any_row, fact_models
from tests.make import make_child, make_episode, set_level

SUPERSEDING = {"superseded_at", "superseded_source", "superseded_by"}
# What a spell learns with its end, beside the end itself and when it became known.
WITH_THE_END: dict[type[Fact], set[str]] = {
    EpisodeFact: {"closure_reason"},
    MissingEpisode: {"return_interview_on", "return_interview_accepted", "interview_known_from"},
}
LATER = MOMENT + timedelta(days=30)
each_fact = pytest.mark.parametrize("model", fact_models(), ids=lambda model: model.__name__)
each_spell = pytest.mark.parametrize(
    "model", [m for m in fact_models() if issubclass(m, Spell)], ids=lambda model: model.__name__
)


def end_field(model: type[Fact]) -> str:
    rows = model._default_manager.all()
    assert isinstance(rows, SpellQuerySet)
    return rows.end_field


def may_change(model: type[Fact]) -> set[str]:
    """The columns that a fact may learn later, once."""
    ending = {end_field(model), "to_known_from"} if issubclass(model, Spell) else set()
    return SUPERSEDING | ending | WITH_THE_END.get(model, set())


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The database refuses what happens within, with that code of SQL's."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        yield
    assert getattr(error.value.__cause__, "pgcode", "") == code


RESTRICT, CHECK, UNIQUE = "23001", "23514", "23505"


def change(row: Fact, **values: Any) -> None:
    with transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**values)


def another(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value that differs from this one and fits the column."""
    if isinstance(field, models.ForeignKey):
        return (value or 0) + 1_000
    if isinstance(field, models.DateTimeField | models.DateField):
        moment = MOMENT if isinstance(field, models.DateTimeField) else DAY
        return (value or moment) + timedelta(days=1)
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.IntegerField):
        return value + 1
    if isinstance(field, ArrayField):
        return [1_000 if isinstance(field.base_field, models.IntegerField) else "Z"]
    return ["Z"] if isinstance(value, list) else "Z"


def test_the_facts_are_those_that_the_report_is_made_of() -> None:
    assert len(fact_models()) >= 16
    assert {RiskLevel, EpisodeFact, Address, CareStatus, CrimeOutcome, SuspectLevel} <= set(
        fact_models()
    )


@pytest.fixture
def bradford(db: None) -> Partnership:
    return set_up(code="bradford", now=MOMENT, by=operator())


@pytest.fixture
def amira(bradford: Partnership) -> User:
    """One who records; her rights do not matter here."""
    return User.objects.create(username="amira", name="Amira Sadler")


@each_fact
def test_a_fact_changes_in_no_column_but_those_it_may_learn_once(
    model: type[Fact], bradford: Partnership
) -> None:
    row = any_row(model, bradford)
    changed = set()
    for field in model._meta.concrete_fields:
        try:
            change(row, **{field.attname: another(field, getattr(row, field.attname))})
            changed.add(field.name)
        except IntegrityError as error:
            if getattr(error.__cause__, "pgcode", "") != RESTRICT:
                changed.add(field.name)  # let through by the trigger, stopped by a constraint
    assert changed == may_change(model)


@each_fact
def test_a_fact_is_never_deleted(model: type[Fact], bradford: Partnership) -> None:
    row = any_row(model, bradford)
    with refused(RESTRICT):
        model._default_manager.filter(pk=row.pk).delete()
    with refused(RESTRICT), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


@each_fact
def test_a_fact_is_superseded_once_by_somebody(
    model: type[Fact], bradford: Partnership, amira: User
) -> None:
    row = any_row(model, bradford)
    with refused(CHECK):
        change(row, superseded_at=LATER)
    with refused(CHECK):
        change(row, superseded_by=amira)
    change(row, superseded_at=LATER, superseded_by=amira)
    for value in (LATER + timedelta(days=1), None):
        with refused(RESTRICT):
            change(row, superseded_at=value)
    with refused(RESTRICT):
        change(row, superseded_by=operator())


@each_spell
def test_a_spell_learns_its_end_once(model: type[Fact], bradford: Partnership) -> None:
    row = any_row(model, bradford)
    field = model._meta.get_field(end_field(model))
    end = LATER if isinstance(field, models.DateTimeField) else LATER.date()
    change(row, **{field.name: end, "to_known_from": LATER})
    for value in (end + timedelta(days=1), None):
        with refused(RESTRICT):
            change(row, **{field.name: value})
    with refused(RESTRICT):
        change(row, to_known_from=LATER + timedelta(days=1))


@each_spell
def test_an_end_without_the_moment_from_which_it_is_known_is_refused(
    model: type[Fact], bradford: Partnership
) -> None:
    row = any_row(model, bradford)
    field = model._meta.get_field(end_field(model))
    with refused(CHECK):
        change(
            row, **{field.name: LATER if isinstance(field, models.DateTimeField) else LATER.date()}
        )


@each_fact
def test_a_fact_was_brought_by_an_import_or_recorded_by_a_person(
    model: type[Fact], bradford: Partnership, amira: User
) -> None:
    row = any_row(model, bradford)
    source = FactSource.objects.create(
        partnership_code="bradford", label="x", published_at=MOMENT, first=True, by=amira
    )
    for brought, recorded in ((None, None), (source, amira)):
        row.pk, row.position, row.source, row.recorded_by = (
            None,
            row.position + 1,
            brought,
            recorded,
        )
        with refused(CHECK):
            row.save(force_insert=True)


@each_fact
def test_one_version_of_a_fact_stands_and_a_correction_takes_its_place(
    model: type[Fact], bradford: Partnership, amira: User
) -> None:
    row = any_row(model, bradford)
    first, row.pk = row.pk, None
    with refused(UNIQUE):
        row.save(force_insert=True)
    model._default_manager.filter(pk=first).update(superseded_at=LATER, superseded_by=amira)
    row.save(force_insert=True)
    standing = model._default_manager.filter(superseded_at__isnull=True)
    assert standing.filter(pk__in=[first, row.pk]).get().pk == row.pk


# --- what was known when -----------------------------------------------------------------------------


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2016, 3, day, hour, tzinfo=UTC)


def levels_known(moment: datetime | None) -> list[str]:
    return [row.level for row in RiskLevel.objects.known(moment).order_by("pk")]


def level_on(day: int, moment: datetime | None = None) -> list[str]:
    return [row.level for row in RiskLevel.objects.as_at(date(2016, 3, day), moment)]


@pytest.fixture
def episode(bradford: Partnership, amira: User) -> Any:
    child = make_child(partnership=bradford, by=amira)
    return make_episode(child=child, by=amira, referred_on=date(2016, 3, 1))


def correct(fact: Fact, by: User, moment: datetime) -> None:
    change(fact, superseded_at=moment, superseded_by=by)


def test_a_correction_counts_from_its_own_moment_and_the_old_fact_until_then(
    episode: Any, amira: User
) -> None:
    day = date(2016, 3, 2)
    wrong = set_level(episode=episode, level="LOW", set_on=day, by=amira, known_from=at(2))
    correct(wrong, amira, at(9))
    set_level(episode=episode, level="HIGH", set_on=day, by=amira, known_from=at(9))
    assert levels_known(at(2) - timedelta(microseconds=1)) == []
    assert levels_known(at(2)) == ["LOW"]
    assert levels_known(at(9) - timedelta(microseconds=1)) == ["LOW"]
    assert levels_known(at(9)) == ["HIGH"]
    assert levels_known(None) == ["HIGH"]


def test_a_level_holds_from_its_day_until_the_next_and_the_last_of_a_day_stands(
    episode: Any, amira: User
) -> None:
    for position, (day, level) in enumerate([(2, "LOW"), (9, "HIGH"), (9, "MEDIUM")], 1):
        set_level(
            episode=episode, level=level, set_on=date(2016, 3, day), by=amira, position=position
        )
    assert [level_on(day) for day in (1, 2, 8, 9, 31)] == [
        [],
        ["LOW"],
        ["LOW"],
        ["MEDIUM"],
        ["MEDIUM"],
    ]


def test_a_level_that_was_entered_late_is_seen_on_its_day_only_by_those_who_knew(
    episode: Any, amira: User
) -> None:
    set_level(episode=episode, level="LOW", set_on=date(2016, 3, 2), by=amira, known_from=at(2))
    set_level(episode=episode, level="HIGH", set_on=date(2016, 3, 5), by=amira, known_from=at(20))
    assert level_on(10, at(12)) == ["LOW"]
    assert level_on(10, at(20)) == ["HIGH"]
    assert level_on(4, at(20)) == ["LOW"]


def test_a_spell_holds_on_its_first_day_and_no_longer_on_its_last(
    episode: Any, amira: User
) -> None:
    status = CareStatus.objects.create(
        partnership=episode.partnership, child=episode.child, status="CP", from_date=date(2016, 3, 5),
        to_date=date(2016, 3, 9), known_from=at(5), to_known_from=at(9), recorded_by=amira,
    )  # fmt: skip
    held = [CareStatus.objects.as_at(date(2016, 3, day)).contains(status) for day in (4, 5, 8, 9)]
    assert held == [False, True, True, False]


def test_an_end_that_was_not_yet_known_had_not_ended_the_spell(episode: Any, amira: User) -> None:
    fact = EpisodeFact.objects.get(episode=episode)
    change(fact, closed_on=date(2016, 3, 10), to_known_from=at(20))
    open_on = [
        EpisodeFact.objects.as_at(date(2016, 3, 15), moment).filter(pk=fact.pk).exists()
        for moment in (at(20) - timedelta(microseconds=1), at(20), None)
    ]
    assert open_on == [True, False, False]


def test_an_outcome_without_a_date_holds_until_a_dated_one(
    bradford: Partnership, amira: User
) -> None:
    first = any_row(CrimeOutcome, bradford)
    dated = CrimeOutcome.objects.create(
        partnership=bradford, crime=first.crime, outcome="1", outcome_on=date(2016, 4, 2),
        position=2, known_from=MOMENT, recorded_by=amira,
    )  # fmt: skip
    outcomes = CrimeOutcome.objects.filter(crime=first.crime)
    assert list(outcomes.as_at(date(2016, 4, 1))) == [first]
    assert list(outcomes.as_at(date(2016, 4, 2))) == [dated]


def test_facts_that_are_neither_points_nor_spells_are_not_read_as_at_a_day(
    bradford: Partnership,
) -> None:
    with pytest.raises(NotImplementedError):
        ChildDetails.objects.as_at(DAY)


def test_an_import_is_shown_with_its_partnership() -> None:
    assert (
        str(FactSource(label="extract.zip", partnership_code="bradford"))
        == "extract.zip (bradford)"
    )


Version = tuple[int, int, int | None]
VERSIONS = st.lists(
    st.tuples(st.integers(1, 8), st.integers(1, 8), st.none() | st.integers(0, 8)), max_size=8
)


# The fixture takes back what it wrote, so that examples do not meet.
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(versions=VERSIONS, day=st.integers(0, 9), known=st.none() | st.integers(0, 17))
def test_any_history_is_read_as_plain_python_reads_it(
    versions: list[Version], day: int, known: int | None, fresh_levels: Any
) -> None:
    rows = [
        (set_on, position, known_from, None if life is None else known_from + life + 1)
        for position, (set_on, known_from, life) in enumerate(versions, 1)
    ]
    known_then = [
        row for row in rows
        if (row[3] is None if known is None else row[2] <= known and (row[3] is None or row[3] > known))
    ]  # fmt: skip
    held = [row for row in known_then if row[0] <= day]
    expected = [f"L{max(held)[1]}"] if held else []
    assert fresh_levels(rows, day, known) == expected


@pytest.fixture
def fresh_levels(episode: Any, amira: User) -> Callable[..., list[str]]:
    """Write a history of levels, read it at a day and moment, and take it back."""

    def read(rows: list[Any], day: int, known: int | None) -> list[str]:
        with transaction.atomic():
            for set_on, position, known_from, gone in rows:
                fact = set_level(
                    episode=episode, level=f"L{position}", set_on=date(2016, 3, set_on), by=amira,
                    position=position, known_from=at(known_from),
                )  # fmt: skip
                if gone is not None:
                    correct(fact, amira, at(gone))
            moment = (
                None if known is None else at(max(known, 1)) - timedelta(days=0 if known else 1)
            )
            found = RiskLevel.objects.filter(episode=episode)
            levels = [
                f.level
                for f in found.as_at(date(2016, 3, day) if day else date(2016, 2, 29), moment)
            ]
            transaction.set_rollback(True)
        return levels

    return read
