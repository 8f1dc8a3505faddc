"""A charity's worker writes notes about the children of their service, and lists what the service wrote."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from hub.access.context import act_as
from hub.access.rules import Role
from hub.accounts.actions import open_account, operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed
from partners.agencies.actions import appoint
from partners.agencies.models import Agency
from partners.sharing.actions import end_agreement
from partners.sharing.models import SharingAgreement
from referrals.grants.actions import end_grant, give_grant, restrict
from referrals.grants.rules import Terms
from referrals.notes.actions import correct_note, withdraw_note
from referrals.notes.models import Note
from referrals.notes.rules import Written
from tests.cast import BEGAN, NOW, PASSWORD, Cast, ClientFor
from tests.make import make_episode, make_note
from tests.recording import typed
from tests.risk.writing import at
from tests.second_wall import as_application, requests_as_application

pytestmark = pytest.mark.django_db
OURS = "/notes/"


@pytest.fixture
def colleague(cast: Cast) -> User:
    """Another worker of Northlight."""
    agency, by = Agency.objects.get(code="northlight"), operator()
    user = open_account(username="ines", name="Ines Roper", password=PASSWORD, now=NOW, by=by)
    appoint(user=user, agency=agency, role=Role.SUPPORT_WORKER, starts_on=BEGAN, now=NOW, by=by)
    User.objects.filter(pk=user.pk).update(conduct_accepted_on=NOW.date())
    return User.objects.get(pk=user.pk)


@contextmanager
def acting(user: User) -> Iterator[None]:
    """As that person, as the application's role."""
    with as_application(), transaction.atomic():
        act_as(user)
        yield


def read(client: Any, page: int = 1) -> str:
    answer = client.get(f"{OURS}?page={page}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_charitys_worker_adds_a_note_on_the_childs_page_and_puts_it_right(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    client = client_for(chloe)
    assert "Add a note" in client.get(at(cast, "")).content.decode()
    page = client.get(at(cast, "notes/new/"))
    client.post(at(cast, "notes/new/"), typed(page, text="Came to the drop-in."))
    note = Note.objects.get()
    assert (note.author, note.agency and note.agency.code, note.seen_by) == (
        chloe, "northlight", "hub",
    )  # fmt: skip
    correcting = at(cast, f"notes/{note.position}/correct/")
    asked = typed(client.get(correcting), text="Came to the drop-in twice.", reason="Forgot one.")
    assert client.post(correcting, asked).status_code == 302
    assert "Came to the drop-in twice." in read(client)
    assert "Came to the drop-in.<" not in read(client)
    taking_back = at(cast, f"notes/{note.position}/withdraw/")
    client.post(taking_back, typed(client.get(taking_back), reason="Wrong child."))
    assert "There is no note yet." in read(client)


def test_the_list_has_what_the_service_wrote_the_latest_first_and_nothing_else(
    cast: Cast, amira: User, chloe: User, colleague: User, femi: User, client_for: ClientFor
) -> None:
    kit = cast.shared.child
    make_note(child=kit, by=chloe, text="Second.", happened_on=date(2026, 3, 10))
    make_note(child=kit, by=colleague, text="First.", seen_by="own")
    make_note(child=kit, by=amira, text="Of the hub.", seen_by="everybody")
    page = read(client_for(chloe))
    assert page.index("Second.") < page.index("First.")
    for words in ("Ines Roper", "Only Northlight", "Hub agencies only", "Marden, Kit", "2 notes."):
        assert words in page, words
    assert "Of the hub." not in page
    assert "First." in read(client_for(colleague))
    assert "There is no note yet." in read(client_for(femi))
    listed = AuditEvent.objects.filter(event="notes.listed", user_id=chloe.pk).get()
    assert kit.reference in listed.about


def test_the_hub_reads_what_a_charity_wrote_by_its_marking(
    cast: Cast, amira: User, chloe: User, femi: User, client_for: ClientFor
) -> None:
    make_note(child=cast.shared.child, by=chloe, text="For the hub.")
    make_note(child=cast.shared.child, by=chloe, text="For Northlight.", seen_by="own")
    page = client_for(amira).get(at(cast, "timeline/?kind=notes")).content.decode()
    assert "For the hub." in page
    assert "For Northlight." not in page
    assert client_for(femi).get(at(cast, "timeline/?kind=notes")).status_code == 404


def test_with_the_grant_or_behind_a_restriction_the_notes_are_gone(
    cast: Cast, dev: User, chloe: User, client_for: ClientFor
) -> None:
    make_note(child=cast.shared.child, by=chloe, text="Hers.")
    client = client_for(chloe)
    restrict(child=cast.shared.child, because="Confidential.", by=dev)
    assert "Hers." not in read(client)
    assert "Marden" not in read(client)
    rae, northlight = cast.unshared.child, Agency.objects.get(code="northlight").group
    grant = give_grant(
        child=rae, to=northlight, terms=Terms("To help.", timezone.localdate()), by=dev
    )
    make_note(child=rae, by=chloe, text="Of Rae.")
    assert "Of Rae." in read(client)
    end_grant(grant=grant, because="Moved on.", by=dev)
    assert "Of Rae." not in read(client)


def test_without_a_sharing_agreement_the_own_notes_stay(
    cast: Cast, dev: User, chloe: User, client_for: ClientFor
) -> None:
    make_note(child=cast.shared.child, by=chloe, text="Hers.")
    agreement = SharingAgreement.objects.get(agency__code="northlight")
    end_agreement(agreement=agreement, reason="It was not renewed.", by=dev)
    assert "Hers." in read(client_for(chloe))


def test_a_page_has_25_of_them(cast: Cast, chloe: User, client_for: ClientFor) -> None:
    for number in range(26):
        make_note(child=cast.shared.child, by=chloe, text=f"Number {number}.")
    client = client_for(chloe)
    assert "1 to 25 of 26 notes." in read(client)
    assert "Number 0." in read(client, 2)


# --- what the database refuses --------------------------------------------------------------------


def refused(user: User, **columns: Any) -> bool:
    """Whether the database refuses a note with these columns to that person."""
    agency = Agency.objects.get(code="northlight")
    whole = {"kind": "note", "happened_on": date(2026, 3, 9), "text": "Words.", "position": 99,
             "known_from": NOW, "recorded_by": user, "author": user, "agency": agency,
             "partnership": agency.partnership, **columns}  # fmt: skip
    try:
        with acting(user):
            Note.objects.create(**whole)
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return False


def test_the_database_takes_a_charitys_note_about_a_child_and_an_episode_shown_to_it_alone(
    cast: Cast, amira: User, chloe: User, femi: User
) -> None:
    kit = cast.shared.child
    beside = make_episode(child=kit, by=amira)
    assert not refused(chloe, child=kit)
    assert not refused(chloe, child=kit, episode=cast.shared)
    assert refused(chloe, child=kit, episode=beside)
    assert refused(chloe, child=cast.unshared.child)
    assert refused(femi, child=kit)
    police = Agency.objects.get(code="police")
    assert refused(chloe, child=kit, agency=police, author=amira)


def test_a_note_whose_episode_is_shown_no_longer_is_withdrawn_and_not_taken_off_its_episode(
    cast: Cast, dev: User, chloe: User, client_for: ClientFor
) -> None:
    note = make_note(child=cast.shared.child, by=chloe, episode=cast.shared, text="Hers.")
    agreement = SharingAgreement.objects.get(agency__code="northlight")
    end_agreement(agreement=agreement, reason="It was not renewed.", by=dev)
    client = client_for(chloe)
    with requests_as_application():
        correcting = at(cast, f"notes/{note.position}/correct/")
        sent = typed(client.get(correcting), episode="", text="Hers, anew.", reason="Why.")
        answer = client.post(correcting, sent)
        assert answer.status_code == 422
        assert "not shared with you any more" in answer.content.decode()
        assert "Hers, anew." in answer.content.decode()
        taking_back = at(cast, f"notes/{note.position}/withdraw/")
        sent = typed(client.get(taking_back), reason="Wrong child.")
        assert client.post(taking_back, sent).status_code == 302
    assert not Note.objects.known().exists()
    with acting(chloe), pytest.raises(DatabaseError):
        Note.objects.filter(pk=note.pk).update(superseded_at=None, superseded_by=None)


def test_a_line_leads_to_the_page_of_the_timeline_on_which_the_note_stands(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    first = make_note(child=cast.shared.child, by=chloe, text="The first of all.")
    for _each in range(51):
        make_note(child=cast.shared.child, by=chloe)
    client = client_for(chloe)
    address = at(cast, f"timeline/?kind=notes&note={first.position}")
    assert f"{address}#note-{first.position}".replace("&", "&amp;") in read(client, 3)
    page = client.get(address).content.decode()
    assert "The first of all." in page
    assert f'id="note-{first.position}"' in page
    assert "The first of all." not in client.get(f"{address}&page=1").content.decode()
    assert client.get(at(cast, "timeline/?note=none")).status_code == 200


def test_nobody_there_changes_a_note_of_others(cast: Cast, amira: User, chloe: User) -> None:
    note = make_note(child=cast.shared.child, by=amira, seen_by="everybody")
    for deed in (
        lambda: withdraw_note(note=note, reason="No.", by=chloe),
        lambda: correct_note(
            note=note,
            episode=None,
            written=Written(date(2026, 3, 9), "Mine."),
            reason="No.",
            by=chloe,
        ),
    ):
        with pytest.raises(NotAllowed, match="another agency"):
            deed()
    with acting(chloe):
        assert Note.objects.filter(pk=note.pk).exists()
        assert Note.objects.filter(pk=note.pk).update(superseded_at=NOW, superseded_by=chloe) == 0
