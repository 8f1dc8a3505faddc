"""Notes and people to call on a child's pages: written in a moment, read by those who may, put right."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from partners.agencies.actions import give_telephone
from partners.agencies.models import Agency
from referrals.episodes.models import Allocation
from referrals.notes.actions import correct_note
from referrals.notes.models import Note
from referrals.notes.rules import Written
from tests.cast import NOW, Cast, ClientFor
from tests.make import (
    allocate,
    make_child,
    make_episode,
    make_note,
    make_person_to_call,
    set_level,
)
from tests.recording import form_in, typed
from tests.referrals.pages import page_of
from tests.risk.writing import at, send

DAY = date(2026, 3, 9)


# --- writing -------------------------------------------------------------------------------------


def test_a_note_is_of_today_and_of_the_open_episode_unless_one_says_otherwise(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    page = client.get(at(cast, "notes/new/"))
    assert form_in(page)["text"].field.widget.attrs["autofocus"]
    answer = client.post(at(cast, "notes/new/"), typed(page, text="Seen at school."))
    note = Note.objects.get()
    assert answer.headers["Location"] == at(cast, "timeline/?kind=notes&note=1#note-1")
    assert (note.text, note.kind, note.happened_on) == (
        "Seen at school.", "note", timezone.localdate(),
    )  # fmt: skip
    assert (note.episode, note.author) == (cast.shared, amira)
    assert "The note is saved." in client.get(at(cast, "")).content.decode()


def test_of_several_open_episodes_none_is_chosen_for_one(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    second = make_episode(child=cast.shared.child, by=amira)
    send(client_for(amira), at(cast, "notes/new/"), text="About the child.")
    send(client_for(amira), at(cast, "notes/new/"), text="About this.", episode=second.pk)
    first, last = Note.objects.order_by("position")
    assert (first.episode, last.episode) == (None, second)


def test_a_contact_keeps_when_and_with_whom(cast: Cast, nora: User, client_for: ClientFor) -> None:
    answers = {"kind": "telephone", "with_whom": "the GP", "happened_on": "9/3/26"}
    send(client_for(nora), at(cast, "notes/new/"), text="Spoke.", happened_time="14.30", **answers)
    page = page_of(client_for(nora), cast.shared, "timeline/")
    assert "9 Mar 2026 Telephone call with the GP at 14:30" in page
    assert "Spoke. Nora Whitby, Community Health" in page
    assert f"Recorded on {timezone.localdate():%-d %b %Y}." in page


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"text": ""}, "Write what happened, or what the child said."),
        ({"kind": ""}, "Choose what kind of note this is"),
        ({"kind": "gossip"}, "Choose one that is in the list"),
        ({"happened_on": ""}, "Enter the day it happened"),
        ({"happened_on": "soon"}, "Day must be a real date"),
        ({"happened_on": "+1"}, "The day lies in the future."),
        ({"happened_on": "1/1/1999"}, "The day lies before the child"),
        ({"happened_time": "half past"}, "Enter a time as 14:30"),
        ({"happened_time": "25:00"}, "Enter a time as 14:30"),
        ({"with_whom": "x" * 201}, "With must have 200 characters or fewer"),
        ({"episode": "999999"}, "Choose one that is in the list"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    answers: dict[str, str], message: str, cast: Cast, amira: User, client_for: ClientFor
) -> None:
    typed_words = {"text": "Long and careful words.", "own_words": "", **answers}
    answer = send(client_for(amira), at(cast, "notes/new/"), **typed_words)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page.replace("&#x27;", "'")
    assert "Error: " in page
    for name, value in typed_words.items():
        assert value in page or name in ("kind", "episode")
    assert not Note.objects.exists()


def test_another_childs_episode_cannot_be_chosen(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    answer = send(client_for(amira), at(cast, "notes/new/"), text="x", episode=cast.unshared.pk)
    assert answer.status_code == 422
    assert not Note.objects.exists()


def test_a_real_browser_needs_the_forms_token_and_has_it(cast: Cast, amira: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(amira)
    page = client.get(at(cast, "notes/new/"))
    form = page.content.decode().split("data-keeps-draft", 1)[1]
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.split("</form>", 1)[0])
    assert found
    sent = {**typed(page, text="Seen."), "csrfmiddlewaretoken": found[1]}
    assert client.post(at(cast, "notes/new/"), sent).status_code == 302


def test_a_second_press_writes_no_second_note(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    sent = typed(client.get(at(cast, "notes/new/")), text="Once.")
    answers = [client.post(at(cast, "notes/new/"), sent) for _twice in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Note.objects.count() == 1


def test_a_half_written_note_is_kept_and_found_again(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    address = at(cast, "notes/new/")
    client.post(address, {**typed(client.get(address), text="Half of it"), "later": "1"})
    assert not Note.objects.exists()
    assert "Half of it" in client.get(address).content.decode()
    assert "Half of it" not in client_for(dev).get(address).content.decode()
    send(client, address)
    assert Note.objects.get().text == "Half of it"
    assert "Half of it" not in client.get(address).content.decode()


def test_a_child_without_an_episode_has_notes_too(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    child = make_child(partnership=cast.bradford, by=amira)
    answer = send(client_for(amira), f"/children/{child.pk}/notes/new/", text="Before any episode.")
    assert answer.status_code == 302
    assert Note.objects.get().episode is None


# --- reading -------------------------------------------------------------------------------------


def test_the_summary_shows_the_childs_latest_words_and_asks_when_they_are_old(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    child = cast.shared.child
    page = page_of(client_for(amira), cast.shared)
    assert "Nothing the child said is recorded by this day. Who will speak with the child?" in page
    make_note(child=child, by=amira, own_words="I want to stay at this school.")
    make_note(child=child, by=amira, own_words="Earlier words.", happened_on=date(2026, 3, 8))
    make_note(child=child, by=amira, happened_on=date(2026, 3, 10))
    page = page_of(client_for(amira), cast.shared, "?as_at=2026-03-23&known_at=")
    assert "In the child's words, 9 Mar 2026" in page
    assert "“I want to stay at this school.” Said 2 weeks ago." in page
    assert "Older than" not in page
    set_level(episode=cast.shared, level="HIGH", set_on=DAY, by=amira)
    assert "Older than" not in page_of(client_for(amira), cast.shared)
    set_level(episode=cast.shared, level="LOW", set_on=date(2026, 3, 10), by=amira)
    page = page_of(client_for(amira), cast.shared)
    assert "Older than the present level, set 10 Mar 2026: who will speak with the child?" in page


def test_the_summary_shows_the_latest_notes_and_leads_to_all(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    for number in range(5):
        make_note(
            child=cast.shared.child, by=amira, text=f"Words {number}", happened_on=date(2026, 3, 9 - number)
        )  # fmt: skip
    response = client_for(amira).get(at(cast, ""))
    page = response.content.decode()
    assert [number for number in range(5) if f"Words {number}" in page] == [0, 1, 2]
    assert f'href="{at(cast, "timeline/?kind=notes")}"' in page


def test_the_newest_note_stands_first_and_notes_can_be_shown_alone(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    for text in ("First of the day", "Second of the day"):
        make_note(child=cast.shared.child, by=amira, text=text)
    page = page_of(client_for(amira), cast.shared, "timeline/?kind=notes")
    assert page.index("Second of the day") < page.index("First of the day")
    assert "2 events" in page
    assert "Referred to the hub" not in page


def test_as_at_a_day_and_as_known_then_the_notes_are_those_of_that_time(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    old = make_note(child=cast.shared.child, by=amira, text="Wrong words")
    between = timezone.now().isoformat().replace("+00:00", "Z")
    correct_note(
        note=old, episode=None, written=Written(DAY, "Right words"), reason="Misheard.", by=amira
    )
    page = page_of(client_for(amira), cast.shared, f"timeline/?known_at={between}")
    assert "Wrong words" in page
    assert "Right words" not in page
    before = page_of(client_for(amira), cast.shared, "timeline/?as_at=2026-03-08")
    assert "words" not in before


def test_nothing_can_be_changed_from_the_past(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    make_note(child=cast.shared.child, by=amira)
    make_person_to_call(child=cast.shared.child, by=amira)
    for tab in ("", "timeline/"):
        now = client_for(amira).get(at(cast, tab)).content.decode()
        past = client_for(amira).get(at(cast, f"{tab}?as_at=2026-03-10")).content.decode()
        assert re.search("(notes|people-to-call)/1/correct/", now)
        assert not re.search("(notes|people-to-call)/(1|new)/", past)


def test_a_charity_reads_no_note_and_calls_the_lead_worker_alone(
    cast: Cast, amira: User, ben: User, chloe: User, client_for: ClientFor
) -> None:
    for code, number in (("social-care", "01632 960 100"), ("police", "01632 960 200")):
        agency = Agency.objects.get(partnership=cast.bradford, code=code)
        give_telephone(agency=agency, telephone=number, now=NOW, by=operator())
    for worker, code, lead in ((amira, "social-care", True), (ben, "police", False)):
        held = allocate(episode=cast.shared, worker=worker, by=amira)
        row = {"agency": code, "lead": lead}
        Allocation.objects.bulk_create([_again(held, row)])
    make_note(child=cast.shared.child, by=amira, own_words="My own words.")
    make_person_to_call(child=cast.shared.child, by=amira, ask_first=True)
    charity = "".join(page_of(client_for(chloe), cast.shared, tab) for tab in ("", "timeline/"))
    for hidden in ("Seen at school", "My own words", "Latest notes", "School office",
                   "Restricted", "01632 960 001", "01632 960 200", "People to call"):  # fmt: skip
        assert hidden not in charity
    assert "Social Care, leads since 2 Mar 2026" in charity
    assert 'href="tel:+441632960100"' in client_for(chloe).get(at(cast, "")).content.decode()
    hub = page_of(client_for(amira), cast.shared)
    assert "01632 960 100" in hub
    assert "01632 960 200" not in hub


def _again(held: Allocation, row: dict[str, Any]) -> Allocation:
    """The same allocation, from an agency: facts are kept, so the test writes another."""
    return Allocation(
        episode=held.episode,
        partnership=held.partnership,
        worker=f"{held.worker}-again",
        worker_name=held.worker_name,
        from_date=held.from_date,
        recorded_by=held.recorded_by,
        known_from=held.known_from,
        **row,
    )


@pytest.mark.parametrize("tab", ["", "timeline/"])
def test_thirty_notes_and_people_take_no_more_queries_than_one(
    tab: str, cast: Cast, amira: User, ben: User, client_for: ClientFor
) -> None:
    client, child = client_for(amira), cast.shared.child
    counts = []
    for number in (1, 29):
        for index in range(number):
            by = (amira, ben)[index % 2]
            note = make_note(child=child, by=by, episode=cast.shared, own_words="Words.")
            words = Written(DAY, f"Corrected {index}", "Words.")
            correct_note(note=note, episode=cast.shared, written=words, reason="Typo.", by=by)
            make_person_to_call(child=child, by=by)
        client.get(at(cast, tab))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(at(cast, tab)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
