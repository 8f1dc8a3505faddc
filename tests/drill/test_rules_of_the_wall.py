"""Without any one rule of the database's wall somebody reads or writes what they should not: it is noticed.

Every condition of every policy, and of every function that the policies ask, is taken away in its turn.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from hub.access.queries import functions_of_the_wall
from hub.management.commands.second_wall_page import in_words
from tests.cast import Cast
from tests.drill import proven
from tests.drill.loosened import without_one
from tests.outcomes import has_right
from tests.test_second_wall import rows
from tests.walls import (
    Walls,
    as_it_should_be,
    make_everything,
    misfound,
    misread,
    miswritten,
    without_triggers,
)
from tests.walls_linked import Links, make_links, mislinked

POLICIES = """
SELECT tablename::text, policyname::text, cmd, qual, with_check FROM pg_policies
WHERE policyname <> 'owner' ORDER BY tablename, policyname
"""
FUNCTIONS = """
SELECT proname::text, prorettype::regtype::text, prosrc, pg_get_functiondef(oid) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND proname = ANY (%s) ORDER BY proname
"""
ASKED_BY_POLICIES = """
WITH RECURSIVE asked(name, body) AS (
    SELECT DISTINCT p.proname::text, p.prosrc FROM pg_policies y JOIN pg_proc p
        ON strpos(coalesce(y.qual, '') || coalesce(y.with_check, ''), p.proname || '(') > 0
    WHERE p.pronamespace = 'public'::regnamespace
    UNION
    SELECT p.proname::text, p.prosrc FROM asked a JOIN pg_proc p ON strpos(a.body, p.proname || '(') > 0
    WHERE p.pronamespace = 'public'::regnamespace
) SELECT DISTINCT name FROM asked
"""
SEARCHING = ("referrals_children_called", "referrals_children_also_called",
             "referrals_children_bearing", "referrals_shown_lives_confidentially")  # fmt: skip
# Whole bodies that stand for the answer of a function, whatever it asks.
ANSWERS = {
    "boolean": ("true", "false"),
    "bigint": ("NULL::bigint", "1::bigint"),
    "text": ("NULL::text",),
}
# By the beginnings of what is taken away: what changes nothing for a reason that lies outside its policy.
_BOUND = "who is not bound, the owner, asks on no page and in no task"
EQUIVALENT = {
    **{f"{name}: {gone}": _BOUND for name in SEARCHING for gone in ("bound", "NOT bound")},
    **{
        f"reporting_conflictsettlement.{rule}: {gone}": "the policies of its conflict ask it besides"
        for rule in ("seen USING", "added WITH CHECK", "changed USING", "changed WITH CHECK")
        for gone in ("((partnership_id", "( SELECT hub_may('extract.import'")
    },
    **{
        f"risk_placeforward.{rule}: ((partnership_id": "the policies of its referral ask it besides"
        for rule in ("seen USING", "changed USING")
    },
    **{
        f"risk_placeforward.changed WITH CHECK: {gone}": "USING asks it of a number that stays"
        for gone in ("(EXISTS ( SELECT FROM referrals_referral", "(r.id = ")
    },
    "hub_shown_episodes: episode_id IS NOT NULL": "no episode has that number",
    "hub_shown_episodes: partnership_id": "each policy on an episode's rows asks for the partnership besides",
}
# What comparing who reads and writes what does not show: the page of the wall alone does.
ON_THE_PAGE = Path(__file__).with_name("on_the_page.txt")


@dataclass(frozen=True)
class Mutant:
    """A rule with something taken away: what, the statement that does it, and the table it is about."""

    rule: str
    gone: str
    statement: str
    table: str = ""
    clause: str = ""
    left: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.gone}"


def of_policies() -> Iterator[Mutant]:
    for table, name, command, reads, writes in rows(POLICIES):
        if has_right(str(table), str(command)):
            for clause, condition in (("USING", reads), ("WITH CHECK", writes)):
                if condition:
                    yield from _of_policy(str(table), str(name), clause, str(condition))
            yield Mutant(
                f"{table}.{name}", "all of it", f"DROP POLICY {name} ON {table}", str(table)
            )


def _of_policy(table: str, name: str, clause: str, condition: str) -> Iterator[Mutant]:
    rule = f"{table}.{name} {clause}"
    every = [] if condition == "true" else [("every condition", "TRUE")]
    for gone, left in [*every, *without_one(condition)]:
        statement = f"ALTER POLICY {name} ON {table} {clause} ({left})"
        yield Mutant(rule, gone, statement, table, clause, left)


def of_functions() -> Iterator[Mutant]:
    asked = [name for (name,) in rows(ASKED_BY_POLICIES)]
    for name, gives, body, definition in rows(FUNCTIONS, [*asked, *SEARCHING]):
        text, inside = str(definition), str(body)
        for answer in ANSWERS.get(str(gives), ()):
            alone = f"SELECT {answer}" if "LANGUAGE sql" in text else f"BEGIN RETURN {answer}; END"
            yield Mutant(str(name), f"all but {answer}", text.replace(inside, alone))
        for gone, left in without_one(inside):
            yield Mutant(str(name), gone, text.replace(inside, left))


@contextmanager
def in_force(mutant: Mutant) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(mutant.statement)
        yield
        transaction.set_rollback(True)


def is_noticed(mutant: Mutant, walls: Walls, links: Links) -> bool:
    tables = {mutant.table} if mutant.table else None
    with in_force(mutant):
        try:
            with transaction.atomic():
                asked = (
                    misread(walls, tables),
                    misfound(walls),
                    miswritten(walls, tables),
                    mislinked(links, tables),
                )
                return any(next(wrong, None) is not None for wrong in asked)
        except DatabaseError:  # a wall that breaks is noticed
            return True


def survivors(mutants: list[Mutant], walls: Walls, links: Links) -> set[str]:
    lived = [mutant for mutant in mutants if not is_noticed(mutant, walls, links)]
    left = {str(mutant) for mutant in lived if not changes_nothing(mutant)}
    print(*(f"on the page alone: {name}" for name in sorted(left)), sep="\n")
    print(
        f"{len(mutants)} rules taken away, {len(mutants) - len(lived)} noticed,"
        f" {len(lived) - len(left)} change nothing, {len(left)} stand on the page of the wall alone"
    )
    return left


def changes_nothing(mutant: Mutant) -> bool:
    """Say whether it is proven the same, or entered above with its reason."""
    if str(mutant).startswith(tuple(EQUIVALENT)):
        return True
    every = proven.policies()
    policy = every.get((mutant.table, mutant.rule.partition(" ")[0].partition(".")[2]))
    if policy is None:
        return False
    changed = proven.with_clause(policy, mutant.clause, mutant.left) if mutant.clause else None
    return proven.changes_nothing(policy, changed, every.values())


@pytest.fixture
def walls(cast: Cast, links: Links) -> Walls:
    made = as_it_should_be(cast)
    without_triggers(made.stored)
    # Else whatever is taken away would be "noticed".
    assert [*misread(made), *misfound(made), *miswritten(made), *mislinked(links)] == []
    return made


@pytest.fixture
def links(cast: Cast) -> Links:
    make_everything(cast)
    return make_links(cast)


@pytest.mark.drill
def test_who_reads_and_writes_what_shows_each_condition_that_is_taken_away(
    walls: Walls, links: Links
) -> None:
    left = survivors([*of_policies(), *of_functions()], walls, links)
    listed = set(ON_THE_PAGE.read_text().splitlines())
    assert (sorted(left - listed), sorted(listed - left)) == ([], [])


@pytest.mark.long
@pytest.mark.django_db
def test_every_function_that_a_rule_asks_stands_on_the_page() -> None:
    printed = {name.partition("(")[0] for name, *_rest in functions_of_the_wall()}
    assert {mutant.rule for mutant in of_functions()} <= printed


@pytest.mark.django_db
def test_two_conditions_are_never_said_in_the_same_words() -> None:
    swaps = (
        ("children", "episodes"),
        ("hub_user", "hub_agency"),
        ("hidden", "shown"),
        ("sees_all", "by_link"),
    )
    every = {
        each
        for policy in proven.policies().values()
        for each in (policy.using, policy.check)
        if each
    }
    every |= {
        each.replace(*pair)
        for each in every
        for one, other in swaps
        for pair in ((one, other), (other, one))
    }
    said = {condition: in_words(condition, "no table") for condition in every}
    assert len(set(said.values())) == len(every)


@pytest.mark.django_db
def test_what_is_proven_to_change_nothing_changes_nothing_and_a_wall_that_opens_is_not_proven() -> (
    None
):
    every = proven.policies()
    alias, task = every["referrals_alias", "changed"], every["risk_meetingtask", "seen"]
    said = alias.using.replace("( SELECT hub_sees_all() AS hub_sees_all)", "TRUE")
    # WITH CHECK asks the same right of the same person.
    assert proven.changes_nothing(alias, proven.with_clause(alias, "USING", said), every.values())
    for policy, clause in ((alias, "WITH CHECK"), (task, "USING")):
        opened = proven.with_clause(policy, clause, "TRUE")
        assert not proven.changes_nothing(policy, opened, every.values())
    assert not proven.changes_nothing(task, None, every.values())
    hidden = task.using.replace("hub_hidden_episodes", "hub_hidden_children", 1)
    assert not proven.changes_nothing(
        task, proven.with_clause(task, "USING", hidden), every.values()
    )
