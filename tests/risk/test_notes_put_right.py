"""A note that is wrong: corrected with the old version beside it, withdrawn, and always on the trail."""

import re
from datetime import time

from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from referrals.notes.actions import withdraw_note
from referrals.notes.models import Note
from tests.cast import Cast, ClientFor
from tests.make import make_note, make_person_to_call
from tests.recording import typed
from tests.referrals.pages import page_of
from tests.risk.writing import at, send


def test_a_correction_shows_who_changed_what_and_why(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    make_note(child=cast.shared.child, by=amira, text="Seen at home.", kind="visit")
    answer = send(
        client_for(dev), at(cast, "notes/1/correct/"), text="Seen at school.", reason="Wrong place."
    )
    assert answer.status_code == 302
    page = page_of(client_for(amira), cast.shared, "timeline/?kind=notes")
    today = f"{timezone.localdate():%-d %b %Y}"
    assert "Seen at school. Amira Sadler, Children" in page
    assert f"Corrected on {today} by Dev Marlow: Wrong place." in page
    assert "It read, as of 9 Mar 2026 (Visit): Seen at home." in page


def test_the_form_for_a_correction_holds_what_stands(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    make_note(
        child=cast.shared.child, by=amira, kind="meeting", with_whom="the school",
        happened_time=time(9, 5), own_words="Yes.", episode=cast.shared,
    )  # fmt: skip
    sent = typed(client_for(amira).get(at(cast, "notes/1/correct/")))
    assert {name: str(sent[name]) for name in sent if name not in ("seen", "once")} == {
        "text": "Seen at school.", "own_words": "Yes.", "kind": "meeting",
        "with_whom": "the school", "happened_on": "9 March 2026", "happened_time": "09:05",
        "episode": str(cast.shared.pk), "seen_by": "hub", "for_agencies": "[]", "conditions": "",
    }  # fmt: skip


def test_the_second_of_two_editors_sees_both_versions_and_keeps_the_own(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    make_note(child=cast.shared.child, by=amira)
    address = at(cast, "notes/1/correct/")
    page = client_for(dev).get(address)
    send(client_for(amira), address, text="Amira's words.", reason="Typo.")
    answer = client_for(dev).post(address, typed(page, text="Dev's words.", reason="Other."))
    assert answer.status_code == 409
    shown = answer.content.decode().replace("&#x27;", "'")
    assert "Amira Sadler recorded" in shown
    assert "Amira's words." in shown
    assert "Dev's words." in shown
    again = client_for(dev).post(address, typed(answer))
    assert again.status_code == 302
    assert Note.objects.known().get().text == "Dev's words."


def test_who_was_correcting_a_note_that_is_withdrawn_loses_no_words(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    note = make_note(child=cast.shared.child, by=amira)
    address = at(cast, "notes/1/correct/")
    page = client_for(dev).get(address)
    withdraw_note(note=note, reason="Wrong child.", by=amira)
    answer = client_for(dev).post(address, typed(page, text="Dev's words.", reason="Other."))
    for _again_and_again in range(2):
        assert answer.status_code == 409
        assert "Dev's words." in answer.content.decode().replace("&#x27;", "'")
        answer = client_for(dev).post(address, typed(answer))
    assert not Note.objects.known().exists()


def test_a_withdrawn_note_leaves_a_line_and_none_of_its_words(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    make_note(child=cast.shared.child, by=amira, own_words="Of another child")
    client = client_for(amira)
    shown = client.get(at(cast, "notes/1/withdraw/")).content.decode()
    assert "Seen at school." in shown
    assert send(client, at(cast, "notes/1/withdraw/"), reason="").status_code == 422
    assert send(client, at(cast, "notes/1/withdraw/"), reason="Wrong child.").status_code == 302
    page = page_of(client, cast.shared, "timeline/")
    today = f"{timezone.localdate():%-d %b %Y}"
    assert f"Note withdrawn Withdrawn by Amira Sadler on {today}." in page
    for tab in ("", "timeline/"):
        page = page_of(client, cast.shared, tab)
        assert "Of another child" not in page
        assert "Seen at school" not in page


def test_a_note_of_another_child_and_one_that_never_was_are_not_there(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    make_note(child=cast.unshared.child, by=amira)
    make_person_to_call(child=cast.unshared.child, by=amira)
    for number in (1, 2, "9" * 30):
        for page in ("notes/{}/correct/", "notes/{}/withdraw/", "people-to-call/{}/correct/",
                     "people-to-call/{}/end/"):  # fmt: skip
            assert client_for(amira).get(at(cast, page.format(number))).status_code == 404


def test_opening_a_form_about_a_child_is_on_the_trail(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    make_note(child=cast.shared.child, by=amira)
    client = client_for(amira)
    for page, title in (("notes/new/", "Add a note"), ("notes/1/withdraw/", "Withdraw a note")):
        client.get(at(cast, page))
        event = AuditEvent.objects.latest("pk")
        assert (event.event, event.after) == ("child.viewed", {"page": title})


def test_no_title_names_anybody(cast: Cast, amira: User, client_for: ClientFor) -> None:
    make_note(child=cast.shared.child, by=amira, with_whom="Dana Thorley")
    make_person_to_call(child=cast.shared.child, by=amira, name="Dana Thorley")
    for page in ("notes/new/", "notes/1/correct/", "notes/1/withdraw/", "people-to-call/new/",
                 "people-to-call/1/correct/", "people-to-call/1/end/"):  # fmt: skip
        found = re.search(
            "<title>(.*)</title>", client_for(amira).get(at(cast, page)).content.decode()
        )
        assert found
        assert found[1].startswith(cast.shared.child.reference)
        assert not re.search("Thorley|Marden", found[1])
