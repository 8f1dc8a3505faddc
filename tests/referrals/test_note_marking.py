"""What another agency sees of a note is decided by its marking: at every door, and by the database alone."""

from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from hub.accounts.models import User
from hub.errors import NotAllowed, RuleBroken
from partners.agencies.models import Agency
from referrals.notes.actions import correct_note, withdraw_note
from referrals.notes.models import Note
from referrals.notes.rules import Written, problem_with, tag_of
from tests.cast import Cast, ClientFor
from tests.make import make_note
from tests.referrals.pages import page_of
from tests.risk.test_printing import sheet_of
from tests.risk.writing import at, send
from tests.test_second_wall import refused, seeing_as
from tests.whole_case import DAY

PEOPLE = ("amira", "dev", "ben", "nora", "chloe")


def agency(cast: Cast, code: str) -> int:
    return Agency.objects.get(partnership=cast.bradford, code=code).pk


def readers(cast: Cast, note: Note) -> set[str]:
    """Who reads it by each wall; the two must agree."""
    first = {
        name
        for name in PEOPLE
        if Note.objects.visible_to(cast.people[name]).filter(pk=note.pk).exists()
    }
    for name in PEOPLE:
        with seeing_as(cast.people[name]):
            assert Note.objects.filter(pk=note.pk).exists() is (name in first), name
    return first


def test_each_marking_lets_its_own_people_read_and_nobody_else(cast: Cast, nora: User) -> None:
    northlight, police = agency(cast, "northlight"), agency(cast, "police")
    for marking, expected in (
        ({}, {"amira", "dev", "ben", "nora"}),
        ({"seen_by": "everybody"}, set(PEOPLE)),
        ({"seen_by": "named", "for_agencies": (police,)}, {"nora", "ben"}),
        ({"seen_by": "named", "for_agencies": (northlight,)}, {"nora", "chloe"}),
        ({"seen_by": "own"}, {"nora"}),
    ):
        written: dict[str, Any] = {"child": cast.shared.child, "by": nora, **marking}
        assert readers(cast, make_note(**written)) == expected, marking


def test_a_note_for_everybody_goes_no_further_than_the_child(cast: Cast, amira: User) -> None:
    note = make_note(child=cast.unshared.child, by=amira, seen_by="everybody")
    assert "chloe" not in readers(cast, note)


def test_a_note_that_is_narrowed_is_gone_also_from_the_past(
    cast: Cast, amira: User, ben: User, client_for: ClientFor
) -> None:
    old = make_note(child=cast.shared.child, by=amira, seen_by="everybody", text="Told to all.")
    before = timezone.now().isoformat().replace("+00:00", "Z")
    assert "Told to all." in page_of(client_for(ben), cast.shared, "timeline/")
    own = Written(DAY, "Told to all.", seen_by="own")
    new = correct_note(note=old, episode=None, written=own, reason="Asked.", by=amira)
    assert readers(cast, old) == readers(cast, new) == {"amira", "dev"}
    for tab in ("", "timeline/", f"timeline/?known_at={before}"):
        page = page_of(client_for(ben), cast.shared, tab)
        assert "Told to all." not in page
        assert "ithdrawn" not in page
    wide = Written(DAY, "Told again.", seen_by="everybody")
    last = correct_note(note=new, episode=None, written=wide, reason="Agreed.", by=amira)
    assert readers(cast, last) == set(PEOPLE)
    assert readers(cast, old) == {"amira", "dev"}


def test_the_author_and_their_agency_alone_change_a_note(
    cast: Cast, amira: User, dev: User, ben: User, client_for: ClientFor
) -> None:
    note = make_note(child=cast.shared.child, by=ben, seen_by="hub")
    wider = Written(DAY, note.text, seen_by="everybody")
    for by in (amira, dev):
        with pytest.raises(NotAllowed, match="another agency"):
            correct_note(note=note, episode=None, written=wider, reason="Wider.", by=by)
        with pytest.raises(NotAllowed, match="another agency"):
            withdraw_note(note=note, reason="Wrong child.", by=by)
        for deed in ("correct", "withdraw"):
            address = at(cast, f"notes/{note.position}/{deed}/")
            assert client_for(by).get(address).status_code == 403
            assert address not in client_for(by).get(at(cast, "timeline/")).content.decode()
        with seeing_as(by):
            assert refused("UPDATE referrals_note SET superseded_at = now(), superseded_by_id = 1")
            assert refused(
                "INSERT INTO referrals_note (child_id, partnership_id, author_id, agency_id, kind, text,"
                " own_words, with_whom, happened_on, position, known_from, recorded_by_id, reason, seen_by)"
                " SELECT child_id, partnership_id, author_id, agency_id, kind, text, own_words, with_whom,"
                " happened_on, position + 1, now(), recorded_by_id, '', 'everybody' FROM referrals_note"
            )
    new = correct_note(note=note, episode=None, written=wider, reason="Agreed.", by=ben)
    assert new.seen_by == "everybody"


def test_other_agencies_are_not_told_a_protected_source(
    cast: Cast, amira: User, ben: User, dev: User, client_for: ClientFor
) -> None:
    note = make_note(child=cast.shared.child, by=ben, with_whom="the youth club")
    words = Written(
        DAY, "Seen in town.", with_whom="the youth club", source_protected=True,
        conditions="Do not act on this without asking us",
    )  # fmt: skip
    correct_note(note=note, episode=None, written=words, reason="The club rang again.", by=ben)
    pages = [page_of(client_for(amira), cast.shared, tab) for tab in ("", "timeline/")]
    for page in pages:
        assert "Seen in town." in page
        assert "Police" in page
        assert "Source protected Conditions: Do not act on this without asking us" in page
        for hidden in ("Ben Ashcroft", "club"):
            assert hidden not in page
    own = page_of(client_for(ben), cast.shared, "timeline/")
    assert "Note with the youth club" in own
    assert "Ben Ashcroft, Police" in own
    withdraw_note(note=Note.objects.known().get(), reason="Wrong child.", by=ben)
    assert "Withdrawn by Police" in page_of(client_for(dev), cast.shared, "timeline/")


def test_a_marking_is_chosen_on_the_form_and_stands_on_paper(
    cast: Cast, amira: User, ben: User, nora: User, client_for: ClientFor
) -> None:
    answer = send(
        client_for(amira), at(cast, "notes/new/"), text="For health.", seen_by="named",
        for_agencies=[agency(cast, "health")], conditions="Ask us first",
    )  # fmt: skip
    assert answer.status_code == 302
    marked = "Only Children's Social Care, Community Health Conditions: Ask us first"
    assert marked in unescape(page_of(client_for(nora), cast.shared, "timeline/"))
    assert marked in sheet_of(client_for(nora), cast.shared, part="timeline")
    for seen in (page_of(client_for(ben), cast.shared, "timeline/"),
                 sheet_of(client_for(ben), cast.shared, part="all")):  # fmt: skip
        assert "For health." not in seen


@pytest.mark.parametrize(
    ("marking", "field"),
    [
        ({"seen_by": "friends"}, "seen_by"),
        ({"seen_by": "named"}, "for_agencies"),
        ({"seen_by": "own", "for_agencies": (1,)}, "seen_by"),
        ({"conditions": "x" * 301}, "conditions"),
    ],
)
def test_a_marking_that_leaves_it_open_who_reads_is_refused(
    marking: dict[str, Any], field: str
) -> None:
    problem = problem_with(Written(DAY, "Words", **marking), born=DAY, now=timezone.now())
    assert problem
    assert problem.field == field


def test_an_agency_of_another_hub_cannot_be_named(cast: Cast, amira: User) -> None:
    elsewhere = Agency.objects.get(partnership=cast.kirklees).pk
    with pytest.raises(RuleBroken) as error:
        make_note(child=cast.shared.child, by=amira, seen_by="named", for_agencies=(elsewhere,))
    assert error.value.field == "for_agencies"


def test_a_new_notes_number_tells_of_no_note_that_is_for_others(cast: Cast, ben: User) -> None:
    make_note(child=cast.shared.child, by=cast.people["nora"], seen_by="own")
    with seeing_as(ben):
        assert make_note(child=cast.shared.child, by=ben).position == 2


def test_the_tag_says_who_reads() -> None:
    assert tag_of("hub", "Police", []) == "Hub agencies only"
    assert tag_of("everybody", "Police", []) == "Charities too"
    assert tag_of("own", "Police", []) == "Only Police"
    assert tag_of("own", "", []) == "Only its author"
    assert tag_of("named", "Police", ["Health"]) == "Only Police, Health"
