"""The pages of a meeting: who sees what, who decides, what others see of it, and what bad input gets."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from partners.agencies.models import Agency
from referrals.checks.actions import answer_check, ask_checks
from referrals.checks.rules import Answered
from referrals.grants.actions import restrict
from referrals.notes.models import Note
from risk.meetings.actions import (
    add_to_agenda,
    finish_meeting,
    take_chair,
    take_over,
)
from risk.meetings.models import Meeting, MeetingDecision, MeetingTask
from risk.meetings.queries.entries import Entry
from risk.proposals.models import Proposal
from tests.cast import Cast, ClientFor
from tests.make import make_child, make_episode, make_missing, make_note
from tests.risk.meeting import (
    PLAN,
    REASON,
    at_level,
    item_of,
    meeting_of,
    panel_of,
    seen_at,
    send,
    today,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast: Cast, amira: User) -> Meeting:
    return meeting_of(cast, amira, cast.unshared, cast.shared)


NO_RISK = {"outcome": "NO_RISK", "rationale": REASON, "other_risks": "none"}


def test_a_decision_is_recorded_and_leads_to_the_next_child(
    cast: Cast, meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    first, second = (item_of(meeting, e).pk for e in (cast.unshared, cast.shared))
    address = f"/meetings/items/{first}/"
    answer = send(client, address, NO_RISK)
    assert answer.headers["Location"] == f"/meetings/items/{second}/"
    page = client.get(address).content.decode()
    assert "Decided by Amira Sadler" in page
    assert "Correct this decision" in page
    assert 'name="outcome"' not in page


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_is_kept(
    cast: Cast, meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    address = f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    sent = {"outcome": "HIGH", "rationale": "Seen with an older man.", "what_1": "Visit"}
    answer = send(client, address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Seen with an older man." in page
    assert "Choose which agency does it" in page
    whole = {**sent, "who_1": "", "what_1": ""}
    assert "Write what is done if it gets worse" in send(client, address, whole).content.decode()


def test_actions_other_risks_and_an_earlier_review_are_taken_from_the_form(
    cast: Cast, meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    client, address = client_for(amira), f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    sent = {
        "outcome": "MEDIUM",
        "rationale": REASON,
        "contingency": "Call 101.",
        "review_on": "+7",
        "other_risks": "refer",
        "referred_on": "Early help, for the younger brother",
        "what_2": "Visit together",
        "who_2": str(police.pk),
        "by_2": "+2",
    }
    assert send(client, address, sent).status_code == 302
    cast.unshared.refresh_from_db()
    assert cast.unshared.review_due_on == today() + timedelta(7)
    decision = MeetingDecision.objects.get()
    assert decision.other_risks == "Early help, for the younger brother"
    assert MeetingTask.objects.get().agency == police


def test_who_comes_late_sees_both_texts_and_who_decided(
    cast: Cast, meeting: Meeting, amira: User, dev: User, client_for: ClientFor
) -> None:
    item = item_of(meeting, cast.unshared)
    address = f"/meetings/items/{item.pk}/"
    first = client_for(amira)
    seen = seen_at(first, address)
    take_chair(meeting=meeting, by=dev)
    take_over(meeting=meeting, by=dev)
    assert send(client_for(dev), address, NO_RISK).status_code == 302
    late = {**NO_RISK, "rationale": "My own reason.", "seen": seen, "once": str(uuid4())}
    answer = first.post(address, late)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "My own reason." in page
    assert REASON in page
    assert "Dev Marlow" in page
    assert MeetingDecision.objects.count() == 1


def test_a_second_press_does_nothing_twice(
    cast: Cast, meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    client, address = client_for(amira), f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    sent = {**NO_RISK, "seen": seen_at(client, address), "once": str(uuid4())}
    answers = [client.post(address, sent) for _press in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {answers[0].headers["Location"]}
    assert MeetingDecision.objects.count() == 1


def test_whoever_does_not_record_sees_and_speaks_and_decides_nothing(
    cast: Cast, meeting: Meeting, ben: User, client_for: ClientFor
) -> None:
    client, item = client_for(ben), item_of(meeting, cast.unshared)
    address = f"/meetings/items/{item.pk}/"
    page = client.get(address).content.decode()
    assert "Amira Sadler records what is decided" in page
    assert "Add as Police" in page
    sent = {**NO_RISK, "seen": f"{item.pk}.{item.version}", "once": str(uuid4())}
    assert client.post(address, sent).status_code == 403
    said = {"text": "Stopped in a car on Friday.", "seen_by": "hub"}
    assert send(client, f"{address}say/", said).status_code == 302
    note = Note.objects.get(text="Stopped in a car on Friday.")
    assert (note.agency and note.agency.code, note.episode) == ("police", cast.unshared)
    assert "Stopped in a car on Friday." in client.get(address).content.decode()


def test_a_word_for_the_own_agency_is_not_shown_to_others_nor_to_the_room(
    cast: Cast, meeting: Meeting, amira: User, ben: User, client_for: ClientFor
) -> None:
    address = f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    police = client_for(ben)
    send(police, f"{address}say/", {"text": "For the police alone.", "seen_by": "own"})
    send(police, f"{address}say/", {"text": "For the hub.", "seen_by": "hub"})
    room = client_for(amira).get(f"/meetings/{meeting.pk}/room/").content.decode()
    page = client_for(amira).get(address).content.decode()
    for text in (room, page):
        assert "For the hub." in text
        assert "For the police alone." not in text
    assert "For the police alone." in police.get(address).content.decode()


def test_who_joins_takes_from_the_projected_screen_what_is_not_for_them(
    cast: Cast, meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    room = f"/meetings/{meeting.pk}/room/"
    before = client.get(room).content.decode()
    assert "Quillan" in before
    assert "Marden" in before
    northlight = Agency.objects.get(partnership=cast.bradford, code="northlight")
    client.post(f"/meetings/{meeting.pk}/seats/", {"agencies": [northlight.pk]})
    after = client.get(f"{room}live/?v=0").content.decode()
    assert "Quillan" not in after
    assert "Kit Marden, 15" in after
    assert "Referred by the school" not in after
    client.post(f"/meetings/{meeting.pk}/seats/", {})
    assert "Marden" not in client.get(room).content.decode()


def test_a_restricted_child_is_on_nobodys_agenda_but_of_those_named(
    cast: Cast, meeting: Meeting, ben: User, dev: User, client_for: ClientFor
) -> None:
    restrict(child=cast.unshared.child, because="Confidential in social care.", by=dev)
    client = client_for(ben)
    for page in ("", "room/", "minutes/", "live/?v=0"):
        text = client.get(f"/meetings/{meeting.pk}/{page}").content.decode()
        assert "Quillan" not in text
        assert "of 2 decided" not in text
    hidden = item_of(meeting, cast.unshared).pk
    assert client.get(f"/meetings/items/{hidden}/").status_code == 404
    assert ">1 Marden, Kit<" in client.get(
        f"/meetings/items/{item_of(meeting, cast.shared).pk}/"
    ).content.decode().replace("\n", "")


def test_a_screen_that_has_the_present_version_gets_nothing_and_leaves_no_trace(
    cast: Cast, meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    meeting.refresh_from_db()
    before = AuditEvent.objects.count()
    assert client.get(f"/meetings/{meeting.pk}/live/?v={meeting.version}").status_code == 204
    fresh = client.get(f"/meetings/{meeting.pk}/live/?v=0")
    assert fresh.status_code == 200
    assert b"Quillan" in fresh.content
    assert AuditEvent.objects.count() == before


def test_asking_what_is_new_keeps_nobody_signed_in(
    meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    client.get("/meetings/")
    session = dict(client.session.items())
    client.get(f"/meetings/{meeting.pk}/live/", headers={"HX-Request": "true"})
    assert dict(client.session.items()) == session


def test_a_decision_is_taken_back_and_decided_anew(
    cast: Cast, meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    client, address = client_for(amira), f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    send(client, address, NO_RISK)
    undo = client.get(f"{address}undo/").content.decode()
    assert "Recorded in error." in undo
    assert send(client, f"{address}undo/", {"reason": "Recorded in error."}).status_code == 302
    low = {"outcome": "LOW", "rationale": "What is different for this child."}
    assert send(client, address, low).status_code == 302
    cast.unshared.refresh_from_db()
    assert (cast.unshared.level, cast.unshared.closed_on) == ("LOW", None)


def test_the_panel_decides_on_its_screen_with_what_the_agencies_said(
    cast: Cast, amira: User, ben: User, dev: User, client_for: ClientFor
) -> None:
    at_level(cast.unshared, "MEDIUM", amira, days_ago=3)
    meeting = meeting_of(cast, amira, cast.unshared)
    address = f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    fall = {"outcome": "LOW", "rationale": REASON, "exit_plan": PLAN}
    assert send(client_for(amira), address, fall).status_code == 302
    finish_meeting(meeting=meeting, by=amira)
    proposal = Proposal.objects.get()
    police = client_for(ben)
    assert PLAN in police.get("/proposals/").content.decode()
    other = {"opinion": "other", "level": "HIGH", "words": "Seen twice this week."}
    assert send(police, f"/proposals/{proposal.pk}/view/", other).status_code == 302
    panel = panel_of(cast, dev, proposal)
    item = f"/meetings/items/{item_of(panel, cast.unshared).pk}/"
    assert "Seen twice this week." in client_for(dev).get(item).content.decode()
    ratify = {"outcome": "RATIFY", "rationale": "The plan holds."}
    assert send(client_for(dev), item, ratify).status_code == 302
    cast.unshared.refresh_from_db()
    assert cast.unshared.level == "LOW"


def test_finishing_lists_what_is_undecided_and_leads_to_the_minutes(
    cast: Cast, meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    client, address = client_for(amira), f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    send(client, address, NO_RISK)
    ask = client.get(f"/meetings/{meeting.pk}/finish/").content.decode()
    assert "Marden" in ask
    assert "Quillan" not in ask
    end = client.post(f"/meetings/{meeting.pk}/finish/", follow=True)
    page = end.content.decode()
    assert "One child is carried to the next." in page
    assert REASON in page
    assert "Carried to the next meeting" in page
    assert "/referrals/?list=feedback" in page
    of_ben = client_for(cast.people["ben"]).get(f"/meetings/{meeting.pk}/minutes/")
    assert of_ben.status_code == 200
    assert "list=feedback" not in of_ben.content.decode()


def test_the_screen_says_what_each_agency_answered_and_who_has_not(
    cast: Cast, meeting: Meeting, amira: User, ben: User, client_for: ClientFor
) -> None:
    agencies = Agency.objects.filter(partnership=cast.bradford, code__in=["police", "health"])
    checks = ask_checks(episode=cast.unshared, why="meeting", agencies=list(agencies), by=amira)
    [asked] = [check for check in checks if check.agency.code == "police"]
    known = Answered("held", "Crime records", text="Stopped twice in May.")
    answer_check(check=asked, answered=known, by=ben)
    client = client_for(amira)
    page = client.get(f"/meetings/items/{item_of(meeting, cast.unshared).pk}/").content.decode()
    assert "Stopped twice in May." in page
    assert "Outstanding" in page
    assert "1 of 2 back" in client.get(f"/meetings/{meeting.pk}/").content.decode()


def test_the_screen_says_what_came_since_one_last_looked(
    cast: Cast, amira: User, nora: User, client_for: ClientFor
) -> None:
    client = client_for(nora)
    client.get(f"/children/{cast.unshared.child_id}/")
    make_note(child=cast.unshared.child, by=amira, own_words="I want to go to school.")
    meeting = meeting_of(cast, amira, cast.unshared)
    page = client.get(f"/meetings/items/{item_of(meeting, cast.unshared).pk}/").content.decode()
    assert "Since you last looked" in page
    assert "1 note" in page
    assert "I want to go to school." in page


@pytest.mark.parametrize("page", ["", "room/", "minutes/"])
def test_a_page_asks_as_often_for_many_children_as_for_few(
    cast: Cast, amira: User, client_for: ClientFor, page: str
) -> None:

    client = client_for(amira)
    meeting = meeting_of(cast, amira, cast.unshared)
    client.get(f"/meetings/{meeting.pk}/{page}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/meetings/{meeting.pk}/{page}")
    more = [
        make_episode(child=make_child(partnership=cast.bradford, by=amira), by=amira)
        for _ in range(5)
    ]

    add_to_agenda(meeting=meeting, entries=[Entry(e, "reviews", ("x",)) for e in more], by=amira)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/meetings/{meeting.pk}/{page}")
    assert len(many) == len(few)


def test_what_a_decision_stands_on_is_read_once_for_the_screen_and_its_form(
    cast: Cast, meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    client, address = client_for(amira), f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    said = [query["sql"] for query in asked]
    for read in ('FROM "risk_scalelevel"', "risk_ground(", "risk_case(", "risk_meeting_room("):
        assert sum(read in each for each in said) == 1, read


def test_what_the_finisher_may_not_see_is_carried_for_who_may_and_shown_to_nobody_else(
    cast: Cast, meeting: Meeting, amira: User, dev: User, client_for: ClientFor
) -> None:
    at = f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    restrict(child=cast.unshared.child, because="Confidential in social care.", by=dev)
    end = client_for(amira).post(f"/meetings/{meeting.pk}/finish/", follow=True).content.decode()
    assert "One child is carried to the next." in end
    assert "Quillan" not in end
    seen = client_for(dev).get(at).content.decode()
    assert "Carried to the next meeting." in seen
    assert "Quillan" in client_for(dev).get("/today/").content.decode()
    assert "Quillan" not in client_for(amira).get("/today/").content.decode()


def test_a_child_of_the_list_without_an_open_episode_is_named_apart_with_why(
    cast: Cast, meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    gone = make_child(partnership=cast.bradford, by=amira, surname="Ashby", forenames="Lou")
    make_missing(child=gone, by=amira, start=timezone.now() - timedelta(hours=30))
    page = client_for(amira).get(f"/meetings/{meeting.pk}/").content.decode()
    apart = page.split("with no open episode")[1]
    assert "Ashby, Lou" in apart
    assert "Still missing since" in apart
    assert "Ashby" not in page.split("with no open episode")[0]


@pytest.mark.parametrize(
    "address", ["/meetings/{}/", "/meetings/items/{}/", "/meetings/items/{}/say/"]
)
@pytest.mark.parametrize("number", [0, 999_999_999, 2**63, 10**20])
def test_a_meeting_or_an_item_of_no_number_is_not_there(
    address: str, number: int, meeting: Meeting, amira: User, client_for: ClientFor
) -> None:
    assert client_for(amira).get(address.format(number)).status_code == 404
