"""Without any one rule of the database's wall somebody reads or writes what they should not: it is noticed.

Every condition of every policy, and of every function that the policies ask, is taken away in its turn.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection, transaction

from tests.cast import Cast
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
# By the beginnings of what is taken away: changes that change nothing, and why.
_SAME = "USING asks the same, of the same person and of a number that does not change"
_SHOWN = "what is merely shown is changed by nobody: WITH CHECK"
_BOUND = "who is not bound, the owner, asks on no page and in no task"
EQUIVALENT = {
    **{f"{name}: {gone}": _BOUND for name in SEARCHING for gone in ("bound", "NOT bound")},
    **{
        f"{table}.changed WITH CHECK: {gone}": _SAME
        for gone, tables in {
            "( SELECT hub_sees_all(": (
                "referrals_alias",
                "referrals_carestatus",
                "referrals_childdetails",
                "referrals_groupgrant",
                "referrals_missingepisode",
                "referrals_note",
                "referrals_persongrant",
                "referrals_persontocall",
                "referrals_restriction",
            ),
            "(NOT (id IN ": ("referrals_child", "referrals_episode"),
            "( SELECT hub_may('extract.import'": (
                "reporting_importconflict",
                "reporting_extractupload",
            ),
        }.items()
        for table in tables
    },
    **{
        f"{rule}.changed USING: {gone}": _SHOWN
        for rule, gone in (
            ("referrals_address", "(NOT confidential)"),
            ("referrals_allocation", "lead"),
            ("referrals_servicereferral", "(episode_id IN ( SELECT unnest(hub_shown_"),
            ("referrals_servicereferral", "(ended_on IS NULL)"),
            ("referrals_servicereferral", "(superseded_at IS NULL)"),
        )
    },
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
        f"risk_placeforward.changed WITH CHECK: {gone}": _SAME
        for gone in (
            "( SELECT hub_sees_all(",
            "(EXISTS ( SELECT FROM referrals_referral",
            "(r.id = ",
        )
    },
    "hub_shown_episodes: episode_id IS NOT NULL": "no episode has that number",
    "hub_shown_episodes: partnership_id": "each policy on an episode's rows asks for the partnership besides",
}


# A word of a policy that binds the application alone, of whom else: likewise asked on no page and in no task.
_OF_THE_UNBOUND = "( SELECT (CURRENT_USER <> 'hub_app'::name))"
OF_THE_PERSON = re.compile(r"\( SELECT hub_\w+\((?:'[^']*'::text)?\) AS \w+\)")


def asked_by_using() -> Iterator[str]:
    """Name what a policy's WITH CHECK asks again after its USING: of the person alone, so never otherwise.

    Both are of one statement; what tells of the row, which may change, is none of it.
    """
    for table, name, command, reads, writes in rows(POLICIES):
        if command == "UPDATE" and reads and writes:
            for part in set(conjuncts(str(reads))) & set(conjuncts(str(writes))):
                if OF_THE_PERSON.fullmatch(part):
                    yield f"{table}.{name} WITH CHECK: {part}"


def conjuncts(condition: str) -> Iterator[str]:
    """Give the parts of a condition that must all hold, each without the brackets around it."""
    inner = condition.strip()
    if (
        inner.startswith("(")
        and not OF_THE_PERSON.fullmatch(inner)
        and _closes(inner) == len(inner)
    ):
        yield from conjuncts(inner[1:-1])
        return
    depth, begins, parts = 0, 0, []
    for place, sign in enumerate(inner):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0 and inner.startswith(" AND ", place):
            parts.append(inner[begins:place])
            begins = place + len(" AND ")
    if not parts:
        yield inner
        return
    for part in (*parts, inner[begins:]):
        yield from conjuncts(part)


def _closes(text: str) -> int:
    """Say behind which sign the first bracket is closed."""
    depth = 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            return place + 1
    return 0


@dataclass(frozen=True)
class Mutant:
    """A rule with something taken away: what, the statement that does it, and the table it is about."""

    rule: str
    gone: str
    statement: str
    table: str = ""

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
        yield Mutant(rule, gone, f"ALTER POLICY {name} ON {table} {clause} ({left})", table)


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


def is_noticed(mutant: Mutant, walls: Walls) -> bool:
    tables = {mutant.table} if mutant.table else None
    with in_force(mutant):
        try:
            with transaction.atomic():
                asked = (misread(walls, tables), misfound(walls), miswritten(walls, tables))
                return any(next(wrong, None) is not None for wrong in asked)
        except Exception:  # noqa: BLE001  # a wall that breaks is noticed
            return True


def survivors(mutants: list[Mutant], walls: Walls) -> list[str]:
    lived = []
    for mutant in mutants:
        if not is_noticed(mutant, walls):
            lived.append(str(mutant))
            print("lived:", mutant, flush=True)
    same = tuple(EQUIVALENT) + tuple(asked_by_using())
    known = [name for name in lived if name.startswith(same) or _OF_THE_UNBOUND in name]
    print(
        f"{len(mutants)} rules taken away, {len(mutants) - len(lived)} noticed, {len(known)} change nothing"
    )
    return [name for name in lived if name not in known]


@pytest.fixture
def walls(cast: Cast) -> Walls:
    make_everything(cast)
    made = as_it_should_be(cast)
    without_triggers(made.stored)
    # Else whatever is taken away would be "noticed".
    assert [*misread(made), *misfound(made), *miswritten(made)] == []
    return made


@pytest.mark.drill
def test_no_condition_of_a_policy_can_be_taken_away_unnoticed(walls: Walls) -> None:
    assert survivors(list(of_policies()), walls) == []


@pytest.mark.drill
def test_no_condition_of_a_function_that_policies_ask_can_be_taken_away_unnoticed(
    walls: Walls,
) -> None:
    assert survivors(list(of_functions()), walls) == []


def test_what_must_hold_together_is_taken_apart_and_an_or_is_not() -> None:
    sees, own = "( SELECT hub_sees_all() AS hub_sees_all)", "(partnership_id = 1)"
    assert list(conjuncts(f"({own} AND {sees})")) == ["partnership_id = 1", sees]
    assert list(conjuncts(f"(({own} OR {sees}) AND (a AND b))")) == [f"{own} OR {sees}", "a", "b"]
    assert list(conjuncts(sees)) == [sees]
