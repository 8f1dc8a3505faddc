"""The demo's notes and people to call: invented, of open cases alone, written once."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.days.rules import noon
from hub.errors import NotAllowed
from partners.agencies.models import Agency
from partners.partnerships.models import Partnership
from referrals.contacts import rules as contacts
from referrals.contacts.models import PersonToCall
from referrals.notes.models import Note
from referrals.notes.rules import problem_with
from reporting.demo.actions import set_up_partners, write_notes
from reporting.demo.rules.notes import notes_for, people_for
from tests.make import make_child, make_episode

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 29)
BORN = date(2011, 5, 3)
# Numbers that are given to nobody, kept for drama: Leeds, mobiles, and no area at all.
NOBODYS = re.compile(r"0113 496 0\d{3}|07700 900\d{3}|01632 960 \d{3}")


@pytest.fixture
def bradford() -> Partnership:
    set_up_partners(now=timezone.now(), by=operator())
    return Partnership.objects.get(code="bradford")


def test_the_notes_of_any_case_are_such_as_a_worker_could_have_written() -> None:
    referred = TODAY - timedelta(60)
    for number in range(200):
        notes = [note.written for note in notes_for(number, referred, TODAY)]
        assert 1 <= len(notes) <= 4
        assert [note.happened_on for note in notes] == sorted(note.happened_on for note in notes)
        for note in notes:
            assert referred <= note.happened_on <= TODAY
            assert problem_with(note, born=BORN, now=noon(TODAY) + timedelta(hours=6)) is None
        for entry in people_for(number, "Marden", referred):
            assert contacts.problem_with(entry, today=TODAY) is None
            assert NOBODYS.fullmatch(entry.telephone)
        assert notes == [note.written for note in notes_for(number, referred, TODAY)]


def test_open_cases_alone_have_notes_and_they_are_written_once(bradford: Partnership) -> None:
    by = User.objects.get(username="social")
    children = [make_child(partnership=bradford, by=by, reference=f"B{n:06}") for n in range(12)]
    for child in children:
        make_episode(child=child, by=by, referred_on=TODAY - timedelta(90))
    closed = make_child(partnership=bradford, by=by)
    make_episode(child=closed, by=by, referred_on=TODAY - timedelta(90), closed_on=TODAY)
    written = write_notes(partnership="bradford", today=TODAY, by=operator())
    assert written == Note.objects.count() > len(children)
    assert set(Note.objects.values_list("child", flat=True)) == {child.pk for child in children}
    assert set(PersonToCall.objects.values_list("child", flat=True)) == {c.pk for c in children}
    for note in Note.objects.select_related("author", "agency"):
        assert note.known_from == noon(note.happened_on)
        assert note.author == note.recorded_by
        assert note.agency
        assert note.agency.posts.filter(user=note.author).exists()
    assert write_notes(partnership="bradford", today=TODAY, by=operator()) == 0
    assert Note.objects.count() == written


def test_only_who_may_write_notes_writes_them(bradford: Partnership) -> None:
    with pytest.raises(NotAllowed):
        write_notes(partnership="bradford", today=TODAY, by=User.objects.get(username="analyst"))


def test_each_agency_of_the_demo_can_be_called(bradford: Partnership) -> None:
    for number in Agency.objects.values_list("telephone", flat=True):
        assert NOBODYS.fullmatch(number)
