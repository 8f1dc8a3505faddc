"""New information is a note that puts the case on the list of the next meeting, and may ask anew."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed, RuleBroken
from referrals.checks.models import AgencyCheck
from referrals.information.actions import add_information
from referrals.information.models import Information
from referrals.information.rules import Told, told_problem
from referrals.notes.actions import withdraw_note
from referrals.notes.models import Note
from referrals.notes.rules import Written
from tests.cast import Cast, ClientFor
from tests.make import make_child, make_episode, set_level
from tests.recording import typed

TOLD = Told("sighting", "5A")
WRITTEN = Written(date(2026, 3, 9), "Seen in town with adults.")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (TOLD, None),
        (Told("", "5A"), "what"),
        (Told("x", "5A"), "what"),
        (Told("told", ""), "source"),
    ],
)
def test_what_new_information_needs(told: Told, field: str | None) -> None:
    problem = told_problem(told)
    assert (problem and problem.field) == field


def test_it_stands_as_a_note_and_the_trail_bears_no_words(cast: Cast, nora: User) -> None:
    row = add_information(episode=cast.unshared, told=TOLD, written=WRITTEN, by=nora)
    note = Note.objects.get(position=row.note)
    assert (note.kind, note.text, note.agency) == ("information", WRITTEN.text, note.agency)
    event = AuditEvent.objects.get(event="information.given")
    assert "town" not in str(event.after)
    assert not AgencyCheck.objects.exists()


def test_the_agencies_are_asked_anew_by_who_may_ask(cast: Cast, amira: User, nora: User) -> None:
    add_information(episode=cast.unshared, told=TOLD, written=WRITTEN, ask_again=True, by=amira)
    assert set(AgencyCheck.objects.values_list("why", flat=True)) == {"new_information"}
    with pytest.raises(NotAllowed):
        add_information(episode=cast.unshared, told=TOLD, written=WRITTEN, ask_again=True, by=nora)
    assert Information.objects.count() == 1


def test_whoever_may_not_read_the_note_knows_of_no_information(
    cast: Cast, amira: User, ben: User, nora: User, chloe: User
) -> None:
    own = Written(date(2026, 3, 9), "For the police alone.", seen_by="own")
    add_information(episode=cast.shared, told=TOLD, written=own, by=ben)
    seen = {
        user.username: Information.objects.visible_to(user).count()
        for user in (amira, ben, nora, chloe)
    }
    assert seen == {"amira": 0, "ben": 1, "nora": 0, "chloe": 0}


def test_it_is_new_until_a_level_is_set_and_gone_with_its_note(cast: Cast, amira: User) -> None:
    row = add_information(episode=cast.unshared, told=TOLD, written=WRITTEN, by=amira)
    other = add_information(episode=cast.shared, told=TOLD, written=WRITTEN, by=amira)
    assert set(Information.objects.undecided()) == {row, other}
    set_level(
        episode=cast.unshared,
        level="HIGH",
        by=amira,
        set_on=timezone.localdate(),
        known_from=timezone.now(),
    )
    assert set(Information.objects.undecided()) == {other}
    withdraw_note(note=Note.objects.get(position=other.note), reason="Wrong child.", by=amira)
    assert not Information.objects.visible_to(amira).undecided().exists()


def test_about_a_closed_episode_or_by_a_charity_none_is_given(
    cast: Cast, amira: User, chloe: User
) -> None:
    child = make_child(partnership=cast.bradford, by=amira)
    closed = make_episode(child=child, by=amira, closed_on=date(2026, 3, 9))
    with pytest.raises(RuleBroken):
        add_information(episode=closed, told=TOLD, written=WRITTEN, by=amira)
    with pytest.raises(RuleBroken):
        add_information(episode=cast.unshared, told=Told("", ""), written=WRITTEN, by=amira)
    with pytest.raises(NotAllowed):
        add_information(episode=cast.shared, told=TOLD, written=WRITTEN, by=chloe)


def test_it_is_given_by_the_form_and_read_on_the_timeline(
    cast: Cast, amira: User, ben: User, client_for: ClientFor
) -> None:
    address = reverse("risk-child-information-new", args=[cast.unshared.child_id, cast.unshared.pk])
    for person, ask in ((amira, {"ask_again": "on"}), (ben, {})):
        client = client_for(person)
        page = client.get(address)
        assert ("ask_again" in page.context["page"].form.fields) == bool(ask)
        sent = client.post(
            address, typed(page, what="gifts", source="5A", text="A new telephone.", **ask)
        )
        assert sent.status_code == 302, sent.content
    assert AgencyCheck.objects.count() == 3
    timeline = client.get(reverse("risk-child-timeline", args=[cast.unshared.child_id]))
    assert "New information" in timeline.content.decode()
