"""Writing notes and keeping whom to call: who may, what stands, what stays readable, who is told."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent, Verb
from hub.errors import Conflict, NotAllowed, RuleBroken
from referrals.contacts.actions import correct_person_to_call, end_person_to_call
from referrals.contacts.models import PersonToCall
from referrals.contacts.rules import Entry
from referrals.notes.actions import correct_note, withdraw_note
from referrals.notes.models import Note
from referrals.notes.rules import Written
from tests.cast import Cast
from tests.make import make_note, make_person_to_call

DAY = date(2026, 3, 9)
WRITERS = ("amira", "dev", "ben", "nora")
OTHERS = ("ana", "chloe", "femi", "bea", "otto", "sid", "gus", "erin")
OF_CHARITIES = ("chloe", "femi")


def last_event() -> AuditEvent:
    return AuditEvent.objects.latest("pk")


@pytest.mark.parametrize("name", WRITERS)
def test_those_who_work_in_the_hub_write_notes(name: str, cast: Cast) -> None:
    by = cast.people[name]
    note = make_note(child=cast.shared.child, episode=cast.shared, by=by)
    assert (note.author, note.recorded_by, note.position) == (by, by, 1)
    assert note.agency is not None
    assert note.agency.posts.filter(user=by).exists()
    assert Note.objects.visible_to(by).get() == note


def test_the_command_line_writes_as_nobodys_agency(cast: Cast) -> None:
    assert make_note(child=cast.shared.child, by=operator()).agency is None


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_else_writes_or_keeps_anything(name: str, cast: Cast, amira: User) -> None:
    by, child = cast.people[name], cast.shared.child
    note, person = make_note(child=child, by=amira), make_person_to_call(child=child, by=amira)
    written, entry = Written(DAY, "Other words"), Entry("Aunt", "relative", DAY, "01632 960 002")
    if name not in OF_CHARITIES:  # whose own notes are told of in test_our_notes.py
        with pytest.raises(NotAllowed):
            make_note(child=child, by=by)
    for deed in (
        lambda: correct_note(note=note, episode=None, written=written, reason="x", by=by),
        lambda: withdraw_note(note=note, reason="x", by=by),
        lambda: make_person_to_call(child=child, by=by),
        lambda: correct_person_to_call(person=person, entry=entry, reason="x", by=by),
        lambda: end_person_to_call(person=person, to_date=DAY, by=by),
    ):
        with pytest.raises(NotAllowed):
            deed()
    assert (Note.objects.get(), PersonToCall.objects.get()) == (note, person)


@pytest.mark.parametrize("name", ["chloe", "femi", "bea", "otto", "sid", "gus", "erin"])
def test_who_does_not_see_whole_cases_reads_neither(name: str, cast: Cast, amira: User) -> None:
    make_note(child=cast.shared.child, by=amira)
    make_person_to_call(child=cast.shared.child, by=amira)
    by = cast.people[name]
    assert not Note.objects.visible_to(by).exists()
    assert not PersonToCall.objects.visible_to(by).exists()


def test_each_note_has_its_own_number_and_a_withdrawn_ones_is_not_given_again(
    cast: Cast, amira: User
) -> None:
    first = make_note(child=cast.shared.child, by=amira)
    second = make_note(child=cast.shared.child, by=amira)
    other = make_note(child=cast.unshared.child, by=amira)
    withdraw_note(note=second, reason="Wrong child.", by=amira)
    third = make_note(child=cast.shared.child, by=amira)
    assert [note.position for note in (first, second, other, third)] == [1, 2, 3, 4]


def test_a_correction_is_a_new_version_and_the_old_words_stay(
    cast: Cast, amira: User, dev: User
) -> None:
    old = make_note(child=cast.shared.child, by=amira, text="Seen at home.")
    before = timezone.now()
    words = Written(date(2026, 3, 8), "Seen at school.", "I was in class.", "visit")
    new = correct_note(note=old, episode=cast.shared, written=words, reason="Wrong place.", by=dev)
    assert (new.position, new.author, new.agency, new.recorded_by) == (1, amira, old.agency, dev)
    assert (new.text, new.own_words, new.kind, new.episode, new.reason) == (
        "Seen at school.", "I was in class.", "visit", cast.shared, "Wrong place.",
    )  # fmt: skip
    assert Note.objects.known().get() == new
    assert Note.objects.known(before).get().text == "Seen at home."


def test_a_withdrawn_note_stands_no_longer_and_why_is_on_the_trail(cast: Cast, amira: User) -> None:
    note = make_note(child=cast.shared.child, by=amira)
    before = timezone.now()
    withdraw_note(note=note, reason=" About another child. ", by=amira)
    assert not Note.objects.known().exists()
    assert Note.objects.known(before).get() == note
    event = last_event()
    assert (event.event, event.verb) == ("note.withdrawn", Verb.ALTERATION)
    assert (event.reason, event.reference) == ("About another child.", note.child.reference)


def test_the_trail_says_what_was_changed_and_repeats_no_words(cast: Cast, amira: User) -> None:
    note = make_note(child=cast.shared.child, by=amira, text="First secret")
    words = Written(DAY, "Second secret", "Third secret")
    correct_note(note=note, episode=cast.shared, written=words, reason="Misheard.", by=amira)
    written, corrected = AuditEvent.objects.filter(event__startswith="note.").order_by("pk")
    assert written.after == {
        "note": 1, "kind": "note", "happened_on": "2026-03-09", "episode": "", "seen_by": "hub",
    }  # fmt: skip
    assert corrected.before == written.after
    assert corrected.after == {
        **written.after, "episode": cast.shared.reference,
        "changed": ["text", "own_words", "episode_id"],
    }  # fmt: skip
    assert "secret" not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nothing_is_corrected_or_withdrawn_without_a_reason(
    reason: str, cast: Cast, amira: User
) -> None:
    note = make_note(child=cast.shared.child, by=amira)
    with pytest.raises(RuleBroken, match="why"):
        correct_note(
            note=note, episode=None, written=Written(DAY, "Other"), reason=reason, by=amira
        )
    with pytest.raises(RuleBroken, match="why"):
        withdraw_note(note=note, reason=reason, by=amira)
    assert Note.objects.known().get() == note


def test_a_correction_that_changes_nothing_is_refused(cast: Cast, amira: User) -> None:
    note = make_note(child=cast.shared.child, by=amira)
    with pytest.raises(RuleBroken) as error:
        correct_note(
            note=note, episode=None, written=Written(DAY, note.text), reason="Typo", by=amira
        )
    assert error.value.code == "note.unchanged"


def test_the_second_of_two_who_correct_a_note_is_told(cast: Cast, amira: User, dev: User) -> None:
    note = make_note(child=cast.shared.child, by=amira)
    seen_by_dev = Note.objects.get(pk=note.pk)
    new = correct_note(
        note=note, episode=None, written=Written(DAY, "Amira's"), reason="Typo", by=amira
    )
    with pytest.raises(Conflict):
        correct_note(
            note=seen_by_dev, episode=None, written=Written(DAY, "Dev's"), reason="Typo", by=dev
        )
    with pytest.raises(Conflict):
        withdraw_note(note=seen_by_dev, reason="Wrong child", by=dev)
    assert Note.objects.known().get() == new


def test_what_is_wrong_names_its_field_and_nothing_is_kept(cast: Cast, amira: User) -> None:
    with pytest.raises(RuleBroken) as error:
        make_note(child=cast.shared.child, by=amira, text="")
    assert error.value.field == "text"
    with pytest.raises(RuleBroken) as error:
        make_note(child=cast.shared.child, by=amira, episode=cast.unshared)
    assert error.value.field == "episode"
    with pytest.raises(RuleBroken) as error:
        make_person_to_call(child=cast.shared.child, by=amira, telephone="none")
    assert error.value.field == "telephone"
    assert not Note.objects.exists()
    assert not PersonToCall.objects.exists()


def test_a_person_to_call_is_corrected_with_a_reason_and_the_old_entry_stays(
    cast: Cast, amira: User, ben: User
) -> None:
    old = make_person_to_call(child=cast.shared.child, by=amira)
    before = timezone.now()
    entry = Entry("School  office ", "school", DAY, "01632 960 009", "After three.", True)
    new = correct_person_to_call(person=old, entry=entry, reason="New number.", by=ben)
    assert (new.name, new.telephone, new.safe_notes, new.preferred, new.position) == (
        "School office", "01632 960 009", "After three.", True, 1,
    )  # fmt: skip
    assert PersonToCall.objects.as_at(DAY).get() == new
    assert PersonToCall.objects.as_at(DAY, before).get().telephone == "01632 960 001"
    with pytest.raises(RuleBroken):
        correct_person_to_call(person=new, entry=entry, reason="Again.", by=ben)
    with pytest.raises(Conflict):
        correct_person_to_call(
            person=old, entry=Entry("Desk", "school", DAY, "101"), reason="x", by=amira
        )
    event = last_event()
    assert (event.event, event.reason) == ("person_to_call.corrected", "New number.")
    assert event.after == {"person_to_call": 1, "changed": ["telephone", "safe_notes", "preferred"]}


def test_a_person_is_called_no_longer_from_a_day_on_and_once(cast: Cast, amira: User) -> None:
    person = make_person_to_call(child=cast.shared.child, by=amira)
    before = timezone.now()
    with pytest.raises(RuleBroken) as error:
        end_person_to_call(person=person, to_date=date(2026, 3, 8), by=amira)
    assert error.value.field == "to_date"
    end_person_to_call(person=person, to_date=date(2026, 4, 1), by=amira)
    assert PersonToCall.objects.as_at(date(2026, 3, 31)).exists()
    assert not PersonToCall.objects.as_at(date(2026, 4, 1)).exists()
    assert PersonToCall.objects.as_at(date(2026, 4, 1), before).exists()
    with pytest.raises(Conflict):
        end_person_to_call(person=person, to_date=date(2026, 5, 1), by=amira)
    assert last_event().after == {"person_to_call": 1, "to_date": "2026-04-01"}


def test_the_trigger_keeps_notes_and_people_to_call(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'keep_facts'")
        kept = {row[0] for row in cursor.fetchall()}
    assert {"referrals_note", "referrals_persontocall"} <= kept
