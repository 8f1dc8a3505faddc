"""A case read at once is the case read kind by kind, and each wall stands around it by itself."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models
from django.utils import timezone

from hub.access.context import act_as
from hub.accounts.actions import operator
from hub.accounts.models import User
from partners.agencies.models import Agency, Post
from referrals.children.models import Child
from referrals.emergencies.actions import open_in_emergency
from referrals.emergencies.rules import Asked
from referrals.grants.actions import lift, restrict
from referrals.notes.actions import correct_note
from referrals.notes.models import Note
from referrals.notes.rules import Written
from reporting.extracts.actions import import_extract
from risk.casefile.rules import Looking
from risk.casefile.views import NEEDED
from risk.casefile.views.reading import (
    children_of,
    details_versions,
    latest_notes,
    latest_words,
    name_versions,
    note_versions,
    own_emergency,
    read_addresses,
    read_case,
    read_people_to_call,
    read_statuses,
    read_support,
)
from risk.cases.queries import ASK, KINDS, read_whole
from tests.cast import Cast
from tests.drill.at_once import unnoticed
from tests.make import make_child, make_note
from tests.oracle.extracts import mutate_extract, random_extract
from tests.sampled import drawn, sampled
from tests.second_wall import as_application
from tests.whole_case import DAY, make_whole_case

EVERY = tuple({part for parts in NEEDED.values() for part in parts})
WALLS = ("the application's alone", "both")
SEE_WHOLE_CASES = ("amira", "ben", "nora", "erin")
# What is not of a row's own table: annotations, and what the pages read of the rows it points to.
BESIDES = (
    "rank",
    "label",
    "agency_name",
    "agency_telephone",
    "service_name",
    "of",
    "named",
    "hides_source",
)
POINTED_TO = {
    "episodes": ("episode.reference",),
    "latest": ("author.name", "agency.name"),
    "notes": ("author.name", "agency.name", "recorded_by.name", "superseded_by.name"),
    **dict.fromkeys(
        ("told", "names"),
        ("source.label", "recorded_by.name", "superseded_source.label", "superseded_by.name"),
    ),
}
# What tells who may see a row; days and moments are tried by the histories that were corrected.
WHO_MAY_SEE = r"\b(ours|hidden|me|mine|seen_by|for_agencies|asked|author_id|shown|position)\b"
# Conditions that change nothing while the others stand: whoever asks has read the child through `visible_to`,
# and these are of its own rows and episodes; no other marking may name agencies (referrals_note_marked).
CHANGE_NOTHING = [
    *(f"{row}.partnership_id = ours" for row in "fealraxer"),
    "e.child_id <> ALL (hidden)",
    *(f"{row}.seen_by = 'named'" for row in "nvnvnv"),
]
MOST = 6  # children of one person: each is read in both ways at each look

Rows = dict[str, list[dict[str, Any]]]


def looks() -> list[Looking]:
    """Now, and days of the past as known now, then and at a moment in between."""
    return [
        Looking(timezone.localdate()),
        Looking(DAY, timezone.now()),
        Looking(DAY + timedelta(days=2), datetime(2026, 3, 9, 12, 30, tzinfo=UTC)),
        Looking(date(2016, 1, 15), datetime(2016, 2, 1, tzinfo=UTC)),
    ]


def at_once(who: User, child: Child, looking: Looking) -> Rows:
    who.within_a_request = True
    return _plain(read_whole(who, child, looking.day, looking.known_at, EVERY))


def kind_by_kind(who: User, child: Child, looking: Looking) -> Rows:
    reader = again(who)
    case = read_case(reader, children_of(reader, looking).get(pk=child.pk), looking)
    words, emergency = latest_words(case), own_emergency(case)
    assert not set(case.ready) & set(EVERY), "this one is read kind by kind"
    return _plain(
        {
            **case.ready,
            "emergency": [emergency] if emergency else [],
            "addresses": read_addresses(case),
            "statuses": read_statuses(case),
            "support": read_support(case),
            "told": details_versions(case),
            "names": name_versions(case),
            "latest": latest_notes(case),
            "words": [words] if words else [],
            "notes": note_versions(case),
            "calling": read_people_to_call(case),
        }
    )


def again(who: User) -> User:
    """The same person, of whom nothing is known yet."""
    return User.objects.get(pk=who.pk)


def _plain(parts: dict[str, list[Any]]) -> Rows:
    return {part: [_said(part, row) for row in rows] for part, rows in parts.items()}


def _said(part: str, row: models.Model) -> dict[str, Any]:
    own = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    besides = {name: getattr(row, name) for name in BESIDES if hasattr(row, name)}
    pointed = {path: _follow(row, path) for path in POINTED_TO.get(part, ())}
    return {"kind": type(row).__name__, **own, **besides, **pointed}


def _follow(row: models.Model, path: str) -> object:
    there, name = path.split(".")
    return getattr(getattr(row, there), name, None)


def children(who: User, looking: Looking) -> list[tuple[Child, Child]]:
    """Each child whom a person sees, twice: of the second it is read at once how it lives."""
    seen = Child.objects.visible_to(again(who)).order_by("pk")
    with_address = seen.with_confidential_address(looking.day, looking.known_at)
    return list(zip(with_address[:MOST], seen[:MOST], strict=True))


def met_by(who: User, first: int = 0, step: int = 1) -> set[str]:
    """Compare both ways for each child and look, and give which parts had a row."""
    met: set[str] = set()
    for looking in looks()[first::step]:
        for annotated, child in children(who, looking):
            found = at_once(who, child, looking)
            assert found == kind_by_kind(who, annotated, looking), f"{who} at {looking}"
            assert child.lives_confidentially == annotated.lives_confidentially
            met |= {part for part, rows in found.items() if rows}
    return met


@pytest.mark.long
@pytest.mark.parametrize(
    ("wall", "looks_of_each"),
    drawn([(wall, looks_of_each) for looks_of_each in (2, 4) for wall in WALLS], 1),
)
def test_both_ways_of_reading_give_the_same_rows(cast: Cast, wall: str, looks_of_each: int) -> None:
    make_whole_case(cast)
    make_note(child=cast.shared.child, by=cast.people["amira"], own_words="I like it here.")
    met = set()
    step = 4 // looks_of_each
    for number, name in enumerate(SEE_WHOLE_CASES):
        who = again(cast.people[name])
        if wall == "both":
            with as_application():
                act_as(who)
                met |= met_by(who, number % step, step)
        else:
            met |= met_by(who, number % step, step)
    assert met >= set(KINDS) - {"emergency"}


@pytest.mark.long
@pytest.mark.parametrize("seed", sampled(range(21, 27), 1))
def test_both_ways_give_the_same_of_a_history_that_was_corrected(
    seed: int, cast: Cast, tmp_path: Path
) -> None:
    random_extract(seed, tmp_path)
    import_extract(path=tmp_path, partnership_code="bradford", now=timezone.now(), by=operator())
    mutate_extract(seed, tmp_path)
    import_extract(path=tmp_path, partnership_code="bradford", now=timezone.now(), by=operator())
    assert {"levels", "allocations", "told"} <= met_by(again(cast.people["amira"]))


def test_without_the_databases_wall_nothing_of_another_partnership_is_read(cast: Cast) -> None:
    make_whole_case(cast)
    child = cast.elsewhere.child
    found = at_once(again(cast.people["amira"]), child, Looking(timezone.localdate()))
    assert not any(found.values())
    assert any(at_once(again(cast.people["erin"]), child, Looking(timezone.localdate())).values())


def _of_the_database(who: User, asked: User, child: Child) -> set[str]:
    """Let somebody ask the function in another's name, and give the parts that had a row."""
    rows: list[Any] = [
        child.pk,
        child.partnership_id,
        [],
        asked.pk,
        None,
        timezone.localdate(),
        None,
        list(EVERY),
    ]
    with as_application():
        act_as(who)
        with connection.cursor() as cursor:
            cursor.execute(ASK, rows)
            return {part for part, told in cursor.fetchall() if told not in ("[]", "false")}


def test_without_the_applications_wall_the_database_shows_nothing_that_is_not_theirs(
    cast: Cast,
) -> None:
    make_whole_case(cast)
    amira, ben, dev, erin = (cast.people[name] for name in ("amira", "ben", "dev", "erin"))
    assert _of_the_database(erin, erin, cast.elsewhere.child) > {"levels", "notes"}
    assert _of_the_database(amira, erin, cast.elsewhere.child) == set()
    assert _of_the_database(ben, dev, cast.unshared.child) > {"levels"}
    restrict(child=cast.unshared.child, because="Known to the team.", by=again(dev))
    assert _of_the_database(ben, dev, cast.unshared.child) == set()


def test_nobody_to_whom_a_part_is_shown_is_read_for_at_once(cast: Cast) -> None:
    make_whole_case(cast)
    chloe = again(cast.people["chloe"])
    assert at_once(chloe, cast.shared.child, Looking(timezone.localdate())) == {}
    assert at_once(operator(), cast.shared.child, Looking(timezone.localdate())) == {}


def noted(
    cast: Cast, by: str, day: int, marked: dict[str, Any], then: dict[str, Any] | None = None
) -> None:
    """A note of that day with words of the child's own; `then`: how it is marked since it was corrected."""
    words: dict[str, Any] = {"own_words": "I like it here.", "happened_on": date(2026, 3, day)}
    who = again(cast.people[by])
    note = make_note(child=cast.shared.child, by=who, text="Seen.", **words, **marked)
    written = Written(text="Seen at school.", **words, **(then or marked))
    correct_note(note=note, episode=None, written=written, reason="Where.", by=who)


def hurried(cast: Cast, child: Child, *names: str) -> None:
    """That they opened the child's record in an emergency, while it was restricted."""
    fact = restrict(child=child, because="Confidential.", by=operator())
    for name in names:
        asked = Asked("Seen with an adult nobody knows.", 1, reference=child.reference)
        open_in_emergency(asked=asked, by=again(cast.people[name]))
    lift(fact=fact, reason="No longer confidential.", by=operator())


@pytest.fixture
def crowded(cast: Cast) -> Cast:
    """Of each reader the newest note is one that a single condition shows; newer ones are not for them.

    Each has two versions. Dev reads what the hub may, Amira what she wrote elsewhere, Ben what his agency
    wrote, Nora what names hers.
    """
    make_whole_case(cast)
    health = Agency.objects.get(partnership=cast.bradford, code="health").pk
    everybody, own = {"seen_by": "everybody"}, {"seen_by": "own"}
    named = {"seen_by": "named", "for_agencies": [health]}
    noted(cast, "chloe", 10, everybody)
    noted(cast, "amira", 11, own)
    noted(cast, "ben", 12, own)
    noted(cast, "chloe", 13, named)
    noted(cast, "chloe", 14, everybody, then=named)
    noted(cast, "chloe", 15, {**everybody, "source_protected": True}, then=own)
    noted(cast, "chloe", 16, own)
    hurried(cast, cast.unshared.child, "nora")
    hurried(cast, cast.shared.child, "nora", "ben")
    Post.objects.filter(user=cast.people["amira"]).update(
        agency=Agency.objects.get(partnership=cast.bradford, code="larkfield")
    )
    return cast


@pytest.mark.drill
def test_each_condition_on_who_may_see_is_needed(crowded: Cast) -> None:
    today, shared = timezone.localdate(), crowded.shared.child
    versions = Note.objects.filter(child=shared).order_by("known_from")
    moments = [note.known_from for note in versions if note.superseded_at]
    moments = [moment + timedelta(microseconds=1) for moment in moments]

    nowhere = make_child(partnership=crowded.bradford, by=crowded.people["amira"])

    def compare() -> None:
        assert not any(at_once(again(crowded.people["erin"]), shared, Looking(today)).values())
        child = Child.objects.get(pk=nowhere.pk)
        at_once(again(crowded.people["amira"]), child, Looking(today))
        assert not child.lives_confidentially
        for name in ("amira", "ben", "dev", "nora"):
            who = again(crowded.people[name])
            for child in Child.objects.visible_to(again(who)).with_confidential_address(
                today, None
            ):
                for known_at in (None, *moments):
                    looking = Looking(today, known_at)
                    assert at_once(who, child, looking) == kind_by_kind(who, child, looking)

    lived = unnoticed("risk_case", compare, naming=WHO_MAY_SEE)
    assert sorted(lived) == sorted(CHANGE_NOTHING)
