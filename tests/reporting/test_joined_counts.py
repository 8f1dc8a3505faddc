"""Joined records are counted as one child, from the moment of the joining; taken apart, all is as it was."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from hub.accounts.actions import operator
from hub.errors import DomainError
from referrals.children.models import CareStatus, Child
from referrals.grants.actions import give_grant, restrict, shut_out
from referrals.grants.rules import Terms
from referrals.joinings.actions import join_records, take_apart
from reporting.appendix1.actions import make_report
from reporting.appendix1.rules.parameters import FULL, PUBLISHED, Parameters
from risk.crimes.models import Crime, CrimeFact
from tests.cast import Cast
from tests.hub.rows import any_row
from tests.make import (
    make_address,
    make_child,
    make_episode,
    make_missing,
    make_note,
    refer_to_service,
    set_level,
)
from tests.sampled import drawn
from tests.test_second_wall import scoped_models
from tests.walls import without_triggers

YEAR = Parameters(
    year_start=date(2025, 4, 1),
    year_end=date(2026, 3, 31),
    snapshot=date(2026, 3, 29),
    movement_to=date(2026, 4, 20),
    suspects_from=date(2025, 4, 1),
    suspects_to=date(2026, 3, 31),
)
FIRST = date(2025, 1, 2)
OF_THE_FACT = ("referrals_joining",)
WARDS = ("E05001347", "E05001348", "")


class World:
    """Three children with random histories, of whom two are one."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.chance = cast, random.Random(seed)
        self.by = cast.people["amira"]
        self.days = iter(self.chance.sample(range(440), 200))
        self.children = [self.child() for _each in range(3)]
        for child in self.children:
            self.history(child)
        self.grants()

    def day(self) -> date:
        return FIRST + timedelta(next(self.days))

    def child(self) -> Child:
        born = date(2009, 1, 1) + timedelta(self.chance.randrange(1_500))
        gender = self.chance.choice("FMU")
        return make_child(partnership=self.cast.bradford, by=self.by, born=born, gender=gender)

    def history(self, child: Child) -> None:
        for _each in range(self.chance.randrange(3)):
            self.episode(child)
        for _each in range(self.chance.randrange(3)):
            ward, kept_safe = self.chance.choice(WARDS), self.chance.random() < 0.2
            day = self.day()
            make_address(child=child, by=self.by, from_date=day, ward=ward, confidential=kept_safe)
        for status in self.chance.sample(["CIN", "CP", "LAC"], self.chance.randrange(3)):
            self.status(child, status)
        for _each in range(self.chance.randrange(2)):
            start = datetime.combine(self.day(), datetime.min.time(), UTC)
            make_missing(child=child, by=self.by, start=start)
        if self.chance.random() < 0.5:
            make_note(child=child, by=self.by, text="Seen.", happened_on=self.day())
        if self.chance.random() < 0.5:
            self.crime(child)

    def episode(self, child: Child) -> None:
        referred = self.day()
        length = self.chance.choice([None, None, 40, 300])
        closed = referred + timedelta(length) if length else None
        if closed and closed > date(2026, 5, 1):
            closed = None
        episode = make_episode(child=child, by=self.by, referred_on=referred, closed_on=closed)
        later = sorted({referred, *(max(referred, self.day()) for _each in range(2))})
        for set_on in later[self.chance.randrange(3) :]:
            level = self.chance.choice(["HIGH", "MEDIUM", "LOW", "NO_RISK"])
            set_level(episode=episode, level=level, by=self.by, set_on=set_on)
        if self.chance.random() < 0.5:
            refer_to_service(
                episode=episode,
                service=self.chance.choice(["northlight", "larkfield"]),
                by=self.by,
                referred_on=referred,
            )

    def status(self, child: Child, status: str) -> None:
        start, ends = self.day(), self.chance.random() < 0.4
        end = start + timedelta(60) if ends else None
        moment = datetime.combine(start, datetime.min.time(), UTC)
        CareStatus.objects.create(
            child=child, partnership=child.partnership, status=status, from_date=start, to_date=end,
            to_known_from=moment if end else None, known_from=moment, recorded_by=self.by,
        )  # fmt: skip

    def crime(self, child: Child) -> None:
        crime, day = any_row(Crime, child.partnership), self.day()
        CrimeFact.objects.create(
            crime=crime, partnership=child.partnership, offence_code="16/1", offence_date=day,
            cse_tag=True, victim_child=child, recorded_by=operator(),
            known_from=datetime.combine(day, datetime.min.time(), UTC),
        )  # fmt: skip

    def grants(self) -> None:
        dev, people = self.cast.people["dev"], self.cast.people
        for child in self.children:
            if self.chance.random() < 0.4:
                terms = Terms(because="Helps.", until=timezone.localdate() + timedelta(90))
                give_grant(child=child, to=people["femi"], terms=terms, by=dev)
            if self.chance.random() < 0.3:
                shut_out(child=child, person=people["ben"], because="Kin.", by=dev)
            if self.chance.random() < 0.3:
                restrict(child=child, because="Confidential.", by=dev)


def rows() -> dict[str, Any]:
    """Every row of every table of the field, as the database has it."""
    found = {}
    tables = [
        m._meta.db_table for r in ("referrals", "risk") for m in apps.get_app_config(r).get_models()
    ]
    with connection.cursor() as cursor:
        for table in sorted({*tables} - {*OF_THE_FACT}):
            cursor.execute(
                f"SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t::text), '[]') FROM {table} t"
            )
            found[table] = cursor.fetchone()[0]
    return found


def seen(cast: Cast) -> dict[tuple[str, str], set[Any]]:
    """What each of the cast may see of each table."""
    return {
        (name, model._meta.db_table): set(
            model._default_manager.all().visible_to(user).values_list("pk", flat=True)  # type: ignore[attr-defined]
        )
        for name, user in cast.people.items()
        for model in scoped_models()
        if model._meta.db_table not in OF_THE_FACT and not model._meta.db_table.startswith("hub_")
    }


def report(known_at: datetime | None = None, disclosure: str = FULL) -> Any:
    """A report, or why it is refused; what a release enters in the register is undone."""
    asked = replace(YEAR, known_at=known_at, disclosure=disclosure)
    with transaction.atomic():
        try:
            made = make_report(asked=asked, now=timezone.now(), by=operator())
        except DomainError as refused:
            made = {"refused": str(refused)}
        transaction.set_rollback(True)
    return made


def reports(known_at: datetime | None = None) -> list[Any]:
    return [report(known_at, disclosure) for disclosure in (FULL, PUBLISHED)]


OF_A_CHILD = (
    "referrals_episodefact", "referrals_episode", "referrals_address", "referrals_carestatus",
    "referrals_missingepisode",
)  # fmt: skip


def report_of_one_record(child: Child, kept: Child) -> Any:
    """The report of a world in which all of both was recorded on the one that is kept."""
    with transaction.atomic(), connection.cursor() as cursor:
        without_triggers([*OF_A_CHILD, "risk_crimefact"])
        for table in OF_A_CHILD:
            cursor.execute(
                f"UPDATE {table} SET child_id = %s WHERE child_id = %s", [kept.pk, child.pk]
            )
        cursor.execute(
            "UPDATE risk_crimefact SET victim_child_id = %s WHERE victim_child_id = %s",
            [kept.pk, child.pk],
        )
        made = report()
        transaction.set_rollback(True)
    return made


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("seed", drawn(range(60), 1))
def test_joining_and_taking_apart_random_pairs_leaves_everything_as_it_was(
    cast: Cast, seed: int
) -> None:
    world = World(cast, seed)
    child, kept, _other = world.children
    before, who, counted, then = rows(), seen(cast), reports(), timezone.now()
    made_then = reports(then)
    as_one = report_of_one_record(child, kept)
    fact = join_records(child=child, kept=kept, reason="Same child.", by=cast.people["dev"])
    assert (rows(), seen(cast)) == (before, who)
    assert report() == as_one
    assert reports(then) == made_then
    take_apart(fact=fact, reason="Two children.", by=cast.people["dev"])
    assert (rows(), seen(cast), reports()) == (before, who, counted)
    assert report(fact.known_from)["strategic"] == as_one["strategic"], "as was known then"


@pytest.mark.django_db
def test_a_pair_with_an_episode_each_is_one_child_who_was_referred_twice(cast: Cast) -> None:
    strategic = report()["strategic"]
    join_records(
        child=cast.unshared.child, kept=cast.shared.child, reason="Same.", by=cast.people["dev"]
    )
    now = report()["strategic"]
    assert now["children"] == strategic["children"] - 1
    assert now["children_repeated"] == strategic["children_repeated"] + 1
    assert now["episodes"] == strategic["episodes"]
    assert report()["tactical"]["open"] == strategic["children"] - 1
