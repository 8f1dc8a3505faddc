"""What each person may read and write in every table, asked of the database itself, and what differs.

What it should be is what the application's own wall says; that this is right in its turn is tried by
tests/test_no_leak.py with a table reckoned by hand.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Q

from hub.access.context import act_as
from hub.access.gate import standing_of
from hub.access.rules import Permission, Purpose
from hub.accounts.actions import operator
from hub.accounts.models import User
from partners.partnerships.models import Partnership
from partners.sharing.actions import end_agreement
from partners.sharing.models import SharingAgreement
from reporting.disclosure.models import Release
from tests.cast import Cast
from tests.found_past_the_wall import (
    confidential_homes,
    lived_confidentially,
    was_called_by_mistake,
    wrongly_found,
    wrongly_learnt,
)
from tests.hub.rows import any_row
from tests.kinds_of_record import Record, make_records
from tests.outcomes import REFUSED, adds, has_right, outcome
from tests.parts_of_record import Kind
from tests.second_wall import as_application
from tests.test_second_wall import KEYS, WIDER, rows, scoped_models
from tests.walls_apart import written_of_intake, written_of_vigilance
from tests.walls_marked import counted, marked_in_each_way, written_in_ones_own_name
from tests.walls_mixed import HIDDEN_WITH_BOTH, hidden_from, mix, reviewed_here
from tests.whole_case import make_of_districts

OWN = ("hub_draft", "hub_sentform", "hub_preferences", "referrals_savedfilter")
# Of these timed work sees everybody's, to remove what is past its time.
UPKEPT = ("hub_draft", "hub_sentform")
# A report counts them whoever asks; what else there is it does not read.
NOT_COUNTED = (
    "reporting_",
    "hub_",
    "referrals_savedfilter",
    "referrals_emergency",
    "referrals_identification",
    "referrals_unusual",
    "referrals_checkreminder",
    "referrals_referrallink",
)
# What is hidden from a person they may write, also about a hidden child: whoever shuts themselves out does.
ALSO_HIDDEN = "referrals_restriction"
# Written about a child of whom its person reads no row.
BY_REFERENCE = "referrals_identification"
# Conflicts of an import are read by one who sees no case, but never those about a hidden child.
CONFLICTS = "reporting_importconflict"
# The column that says whose a row is, where it is not the partnership's number.
WHOSE = {
    "hub_auditevent": "user_id",
    "hub_draft": "owner_id",
    "hub_sentform": "owner_id",
    "hub_preferences": "user_id",
    "referrals_savedfilter": "user_id",
    "hub_factsource": "partnership_code",
}
# By what a row hangs on another that may be hidden.
LINKS = {
    "child_id": "referrals_child",
    "kept_id": "referrals_child",
    "victim_child_id": "referrals_child",
    "episode_id": "referrals_episode",
    "conflict_id": "reporting_importconflict",
}
# What a reviewer says of the accesses of others.
REVIEWS = ("referrals_emergencyreview", "referrals_identificationreview")
# What everybody adds in their own name alone.
IN_ONES_OWN_NAME = ("referrals_disclosure", "referrals_disclosurerecall")
# What is read by one right and written by another.
WRITTEN_BY = {
    "risk_intelligencelog": Permission.INTELLIGENCE_RECORD,
    "risk_intelligencerelease": Permission.INTELLIGENCE_RECORD,
    BY_REFERENCE: Permission.CASES_BY_REFERENCE,
}
# What one writes of a child who is merely shown.
OF_WHAT_IS_SHOWN = (
    *("referrals_note", "referrals_checkanswer", "referrals_disagreement"),
    "referrals_disclosure",
)


@dataclass(frozen=True)
class Asker:
    """Somebody who acts, for themselves or for a purpose of the system."""

    name: str
    user: User
    purpose: Purpose | None = None

    def __str__(self) -> str:
        return f"{self.name} for a {self.purpose}" if self.purpose else self.name


def make_everything(cast: Cast) -> dict[Kind, Record]:
    """A case of each kind, what hangs on none, and some of each person's own."""
    records = make_records(cast)
    make_of_districts(cast)
    for person in ("amira", "ben"):
        for model in own_models():
            any_row(model, cast.bradford, {User: cast.people[person]})
    was_called_by_mistake(records[Kind.PLAIN].child)
    for kind in (Kind.PLAIN, Kind.SHARED):
        marked_in_each_way(cast, records[kind])
    written_in_ones_own_name(cast, records)
    mix(cast, records)
    # Who is shown the shared child by name sees with no agreement who the child is, and no more.
    agreements = SharingAgreement.objects.filter(agency__code="larkfield", ended_at=None)
    end_agreement(agreement=agreements.get(), reason="Not renewed.", by=cast.people["dev"])
    for kind in (Kind.SHARED, Kind.BY_NAME):
        lived_confidentially(records[kind].child)
    return records


def own_models() -> list[type[models.Model]]:
    """The tables of what is a person's own work."""
    return [model for model in apps.get_models() if model._meta.db_table in OWN]


def askers(cast: Cast) -> list[Asker]:
    people = [*cast.people.items(), ("the operator", operator())]
    each = [Asker(name, user) for name, user in people]
    return [
        *each,
        Asker("bea", cast.people["bea"], Purpose.REPORT),
        Asker("ben", cast.people["ben"], Purpose.REPORT),
        Asker("the operator", operator(), Purpose.UPKEEP),
    ]


@dataclass(frozen=True)
class Walls:
    """What each who asks should read and write, by table."""

    read: dict[Asker, dict[str, set[Any]]]
    write: dict[Asker, dict[str, set[Any]]]
    stored: dict[str, dict[Any, dict[str, Any]]]


def as_it_should_be(cast: Cast) -> Walls:
    """Reckon it, and keep every row as it is stored."""
    asked = askers(cast)
    tables = {model._meta.db_table: model for model in {*scoped_models(), *own_models()}}
    return Walls(
        read={who: {t: _readable(who, m) for t, m in tables.items()} for who in asked},
        write={who: {t: _writable(who, m) for t, m in tables.items()} for who in asked},
        stored={table: _stored(table) for table in tables},
    )


def without_triggers(tables: Collection[str]) -> None:
    """Let the triggers of these tables rest, so that the wall alone answers; the test's end undoes it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def _of_model(model: type[models.Model]) -> Any:
    return model._default_manager.all()


def _readable(who: Asker, model: type[models.Model]) -> set[Any]:
    table, every = model._meta.db_table, _of_model(model)
    if who.purpose is Purpose.UPKEEP and table in UPKEPT:
        return set(every.values_list("pk", flat=True))
    if who.purpose is Purpose.REPORT and not table.startswith(NOT_COUNTED):
        return counted(who.user, model)
    if table in HIDDEN_WITH_BOTH:
        every = every.exclude(episode__child__in=hidden_from(who.user, who.purpose))
    if table in WIDER:
        return _releases(who)
    if table == "hub_sentform":
        return set(every.filter(owner_id=who.user.pk).values_list("pk", flat=True))
    return set(every.visible_to(who.user).values_list("pk", flat=True))


def _releases(who: Asker) -> set[Any]:
    """Those with other partnerships too: the next release is checked against all that speak of the own."""
    standing = standing_of(who.user)
    if standing is None or not standing.may(Permission.REPORT_PUBLISH):
        return set()
    own = Partnership.objects.visible_to(who.user).values_list("code", flat=True)
    found = Release.objects.filter(partnerships__overlap=list(own))
    return set(found.values_list("pk", flat=True))


def _in_ones_own_name(who: Asker, model: type[models.Model]) -> set[Any] | None:
    """What one writes as oneself alone; None for a table that is not of this sort."""
    table, every = model._meta.db_table, _of_model(model)
    if table == "hub_auditevent":
        return set(every.filter(user_id=who.user.pk).values_list("pk", flat=True))
    if table in REVIEWS:  # in one's own name, and never of one's own access
        every = reviewed_here(every.visible_to(who.user).filter(reviewed_by=who.user))
        return set(every.exclude(access__person=who.user).values_list("pk", flat=True))
    if table.startswith("referrals_referral") and table != "referrals_referrallink":
        return _readable(who, model) & written_of_intake(who.user, model)
    if table.startswith("referrals_unusual"):
        return written_of_vigilance(who.user, model)
    if table in IN_ONES_OWN_NAME:
        named = every.filter(recorded_by=who.user).values_list("pk", flat=True)
        return _readable(who, model) & set(named)
    return None


def _writable(who: Asker, model: type[models.Model]) -> set[Any]:
    """What is seen may be written, but for what is merely shown or told."""
    table, every, standing = model._meta.db_table, _of_model(model), standing_of(who.user)
    own = _in_ones_own_name(who, model)
    if own is not None:
        return own
    reports = who.purpose is Purpose.REPORT
    if table == "referrals_checkanswer" and standing and standing.agency_id:
        answers = every.filter(agency=standing.agency_id)  # each for itself, a charity too
        return _readable(who, model) & set(answers.values_list("pk", flat=True))
    raises = standing is not None and standing.may(Permission.DISAGREEMENTS_RAISE)
    if table == "referrals_disagreement" and raises:  # a charity writes what it reads
        return _readable(who, model)
    if table == "referrals_note" and standing is not None and standing.partnership_id is not None:
        mine = Q(agency=standing.agency_id) | Q(author=who.user)  # nobody changes another agency's
        written = set(every.filter(mine).values_list("pk", flat=True))
        rights = (Permission.CASES_VIEW, Permission.SHARED_NOTES_RECORD)
        may = reports or any(map(standing.may, rights))
        return _readable(who, model) & written if may else set()
    if reports or table in OWN:
        right = WRITTEN_BY.get(table)
        may = right is None or (standing is not None and standing.may(right))
        return _readable(who, model) if may else set()
    needed = WRITTEN_BY.get(table) or getattr(every, "seen_with", None)
    if needed and (standing is None or not standing.may(needed)):
        return set()
    if table == ALSO_HIDDEN and standing is not None and standing.partnership_id is not None:
        return set(
            every.filter(partnership_id=standing.partnership_id).values_list("pk", flat=True)
        )
    return _readable(who, model)


def _stored(table: str) -> dict[Any, dict[str, Any]]:
    key = KEYS.get(table, "id")
    stored = rows(f"SELECT {key}, to_jsonb(t)::text FROM {table} t")
    return {number: json.loads(str(row)) for number, row in stored}


def misread(walls: Walls, tables: Collection[str] | None = None) -> Iterator[str]:
    """Who reads, in which table, more or less than they should."""
    for who, expected in walls.read.items():
        asked = [table for table in expected if tables is None or table in tables]
        seen = _seen(who, asked) if asked else {}
        for table in asked:
            if seen[table] != expected[table]:
                more, less = seen[table] - expected[table], expected[table] - seen[table]
                yield f"{who} reads in {table} {sorted(more)} too much, {sorted(less)} too little"


def _seen(who: Asker, tables: list[str]) -> dict[str, set[Any]]:
    each = (f"SELECT '{t}', array_agg({KEYS.get(t, 'id')}::bigint) FROM {t}" for t in tables)
    with as_application(), transaction.atomic():
        act_as(who.user, purpose=who.purpose)
        found: Any = rows(" UNION ALL ".join(each))
    return {table: set(numbers or []) for table, numbers in found}


def misfound(walls: Walls) -> Iterator[str]:
    """Who finds, by the functions that search as the owner, other children than they see whole."""
    every = {
        n for n, row in walls.stored["referrals_child"].items() if row["surname"].startswith("Zqx")
    }
    homes = confidential_homes()
    for who, expected in walls.read.items():
        standing, sees = standing_of(who.user), expected["referrals_child"] & every
        for_all = standing is not None and standing.may(Permission.CASES_VIEW)
        whole = sees if for_all or who.purpose is Purpose.REPORT else set()
        with as_application(), transaction.atomic():
            act_as(who.user, purpose=who.purpose)
            told = [*wrongly_found(whole), *wrongly_learnt(sees - whole, every, homes)]
        yield from (f"{who} {wrong}" for wrong in told)


def miswritten(
    walls: Walls, tables: Collection[str] | None = None, by: Collection[Asker] | None = None
) -> Iterator[str]:
    """Who adds, changes or removes, in which table, what they should not, or cannot what they should."""
    for who in walls.write if by is None else by:
        expected = walls.write[who]
        with as_application(), transaction.atomic():
            act_as(who.user, purpose=who.purpose)
            for table in expected:
                if tables is None or table in tables:
                    yield from _miswritten(walls, who, table)


def _miswritten(walls: Walls, who: Asker, table: str) -> Iterator[str]:
    may = walls.write[who][table]
    if has_right(table, "INSERT"):
        added = {n for n, row in walls.stored[table].items() if adds(table, row)}
        if added != may:
            yield f"{who} adds to {table} rows like {sorted(added ^ may)}"
        yield from _misadded(walls, who, table, may)
    if has_right(table, "UPDATE"):
        yield from _mischanged(walls, who, table, may)
    if has_right(table, "DELETE") and outcome(f"DELETE FROM {table}") != len(may):
        yield f"{who} removes from {table} other rows than {sorted(may)}"


def _misadded(walls: Walls, who: Asker, table: str, may: set[Any]) -> Iterator[str]:
    """By a copy of a row that may be written, put where no row may go."""
    own = _own(who, WHOSE.get(table, "partnership_id"))
    for column, value in _elsewhere(walls, who, table, own) if may else []:
        if adds(table, {**walls.stored[table][min(may)], column: value}):
            yield f"{who} adds to {table} rows that are somebody else's, by {column}"


def _mischanged(walls: Walls, who: Asker, table: str, may: set[Any]) -> Iterator[str]:
    whose, key = WHOSE.get(table, "partnership_id"), KEYS.get(table, "id")
    seen = walls.read[who][table]
    own = _own(who, whose)
    if seen <= may:
        # Without a word of which rows, so that the rule for reading has no say.
        same = whose if own is None else "%s"
        changed = outcome(f"UPDATE {table} SET {whose} = {same}", *([] if own is None else [own]))
        if changed != len(seen) and (may or changed != REFUSED):
            yield f"{who} changes in {table} {changed} rows instead of {len(seen)}"
    for number in seen - may:
        if outcome(f"UPDATE {table} SET {whose} = {whose} WHERE {key} = %s", number) not in (
            REFUSED,
            0,
        ):
            yield f"{who} changes in {table} what is merely shown: {number}"
    for column, value in _elsewhere(walls, who, table, own) if may & seen else []:
        if outcome(f"UPDATE {table} SET {column} = %s", value) != REFUSED:
            yield f"{who} makes rows of {table} somebody else's, by {column}"


def _elsewhere(walls: Walls, who: Asker, table: str, own: Any) -> Iterator[tuple[str, Any]]:
    """Where no row may go: to another partnership or person, or under what is hidden from who asks."""
    columns = next(iter(walls.stored[table].values()))
    whose = WHOSE.get(table, "partnership_id")
    others = {row[whose] for row in walls.stored[table].values() if row.get(whose)} - {own}
    if own is not None and others:
        yield whose, min(others)
    for column, of in (
        LINKS.items() if own is not None and table not in (ALSO_HIDDEN, BY_REFERENCE) else []
    ):
        ours = {n for n, row in walls.stored[of].items() if row["partnership_id"] == own}
        seen = walls.read if table in OF_WHAT_IS_SHOWN else walls.write
        hidden = ours - seen[who][of]
        if table == CONFLICTS:
            hidden = _not_told_of(walls, who, own)
        if column in columns and hidden:
            yield column, min(hidden)


def _not_told_of(walls: Walls, who: Asker, own: Any) -> set[Any]:
    """The children whose conflicts somebody does not read, though they import and see no case at all."""
    rows = walls.stored[CONFLICTS].items()
    ours = {row["child_id"] for _n, row in rows if row["partnership_id"] == own}
    read = {row["child_id"] for n, row in rows if n in walls.read[who][CONFLICTS]}
    return ours - read - {None}


def _own(who: Asker, whose: str) -> Any:
    """What stands in that column of one's own rows; None for the operator, who acts for all."""
    standing = standing_of(who.user)
    if standing is None or standing.partnership_id is None:
        return None
    code = Partnership.objects.values_list("code", flat=True)
    return {
        "partnership_id": standing.partnership_id,
        "partnership_code": code.get(pk=standing.partnership_id),
    }.get(whose, who.user.pk)
