"""The auditor's search: who looked at this child, what did this person look at, and is it sealed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import AuditEvent, Verb
from hub.trail.rules import MOST_DAYS, Asked, Day, read_asked
from hub.trail.views import trail_page
from risk.levels.actions import set_level
from risk.levels.rules import Decision
from tests.cast import Cast, ClientFor

AT = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
BLANK = dict.fromkeys(("reference", "person", "agency", "verb", "from_day", "to_day"), "")


def look(by: User, reference: str, minutes: int = 0) -> AuditEvent:
    return record(
        event="child.viewed", verb=Verb.CONSULTATION, what="child", reference=reference,
        at=AT + timedelta(minutes=minutes), by=by, after={"page": "secret words"},
    )  # fmt: skip


def asked(client_for: ClientFor, otto: User, **more: str) -> str:
    answer = client_for(otto).post(reverse("hub-trail"), {**BLANK, **more}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_looked_at_this_child_in_march(
    cast: Cast, otto: User, amira: User, ben: User, client_for: ClientFor
) -> None:
    look(amira, "C-9412")
    look(ben, "C-9412", minutes=1)
    look(ben, "C-9999", minutes=2)
    look(ben, "C-9412", minutes=60 * 24 * 40)
    page = asked(client_for, otto, reference="c-9412", from_day="1/3/2026", to_day="31/3/2026")
    assert "2 events." in page
    assert "amira, Hub social worker, Children&#x27;s Social Care" in page
    assert "ben, Police officer, Police" in page
    assert "C-9999" not in page
    assert "9 Mar 2026, 09:30:00" in page
    assert "Not yet" in page


def test_a_list_that_showed_the_child_is_found_too(
    cast: Cast, otto: User, amira: User, client_for: ClientFor
) -> None:
    record(
        event="search.viewed", verb=Verb.CONSULTATION, what="search", reference="abc", at=AT, by=amira,
        after={"children": ["C-9412", "C-9413"]},
    )  # fmt: skip
    assert "1 event." in asked(client_for, otto, reference="C-9413")


def test_what_did_this_person_look_at_shows_references_and_no_content(
    cast: Cast, otto: User, ben: User, client_for: ClientFor
) -> None:
    look(ben, "C-9412")
    page = asked(client_for, otto, person="Ben", verb="consultation", agency="pol")
    assert "child C-9412" in page
    assert "secret words" not in page


def test_the_search_itself_is_on_the_trail(cast: Cast, otto: User, client_for: ClientFor) -> None:
    asked(client_for, otto, reference="C-9412")
    event = AuditEvent.objects.get(event="trail.searched")
    assert event.after == {"reference": "C-9412", "found": "0 events."}


def test_events_of_another_partnership_are_not_found(
    cast: Cast, otto: User, erin: User, client_for: ClientFor
) -> None:
    look(erin, "C-9412")
    assert "No event answers." in asked(client_for, otto, reference="C-9412")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Enter a reference, a user name"),
        ({"from_day": "2/3/2026", "to_day": "1/3/2026"}, "The last day must be the first or a later one"),
        ({"from_day": "soon"}, "From must be a real date"),
        ({"verb": "gossip"}, "Choose one that is in the list"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_comes_back_with_its_message(
    typed: dict[str, str], said: str, otto: User, client_for: ClientFor
) -> None:
    answer = client_for(otto).post(reverse("hub-trail"), {**BLANK, **typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_search_is_of_its_own_session_and_of_the_last_hour(
    cast: Cast, otto: User, client_for: ClientFor
) -> None:
    client = client_for(otto)
    address = client.post(reverse("hub-trail"), {**BLANK, "person": "ben"}).headers["Location"]
    assert "ben" not in address
    assert client.get(address).status_code == 200
    assert client_for(otto).get(address).status_code == 404
    session = client.session
    for kept in session["trail_searches"].values():
        kept["at"] = "2020-01-01T00:00:00+00:00"
    session.save()
    assert client.get(address).status_code == 404


def test_a_sitting_is_one_person_s_and_ends_after_half_an_hour(
    cast: Cast, otto: User, amira: User, ben: User
) -> None:
    for by, minutes in ((amira, 0), (amira, 20), (ben, 25), (amira, 40), (amira, 75)):
        look(by, "C-9412", minutes)
    found = trail_page(otto, Asked(reference="C-9412"), "1").sittings
    assert [(one.username, len(one.entries)) for one in found] == [
        ("amira", 1), ("amira", 1), ("ben", 1), ("amira", 2),
    ]  # fmt: skip


def test_a_page_asks_as_much_for_one_event_as_for_thirty(cast: Cast, otto: User, ben: User) -> None:
    def queries(reference: str) -> int:
        with CaptureQueriesContext(connection) as ran:
            trail_page(otto, Asked(reference=reference), "1")
        return len(ran)

    look(ben, "C-1")
    for number in range(30):
        look(ben, "C-30", number)
    queries("C-1")  # who otto is, is asked once a request
    assert queries("C-1") == queries("C-30") == 4


def test_what_was_asked_is_kept_and_read_again() -> None:
    whole = Asked("C-1", "ben", "Police", "consultation", AT.date(), AT.date())
    assert read_asked(whole.as_json()) == whole
    assert (
        whole.words
        == "about C-1, by ben, of Police, consultation, from 9 March 2026, to 9 March 2026"
    )
    assert read_asked({}) == Asked()


def test_who_saw_the_child_on_a_list_or_changed_its_episode_is_found_by_the_child(
    cast: Cast, otto: User, amira: User, client_for: ClientFor
) -> None:
    client_for(amira).get(reverse("referrals-caseload"))
    decision = Decision("HIGH", cast.shared.referred_on, "Agreed at the meeting.")
    set_level(episode=cast.shared, decision=decision, seen_level="", by=amira)
    found = trail_page(otto, Asked(reference=cast.shared.child.reference), "1").sittings
    events = {entry.event for sitting in found for entry in sitting.entries}
    assert events == {"caseload.viewed", "level.set", "review.scheduled"}


def test_what_answers_is_counted_by_londons_days_above_the_list(
    cast: Cast, otto: User, amira: User, ben: User, client_for: ClientFor
) -> None:
    summer = datetime(2026, 6, 9, 22, 30, tzinfo=UTC)
    for person, reference, minutes in (
        (amira, "C-9412", 0),  # 23:30 in London
        (amira, "C-9412", 45),  # 0:15 of the next day
        (ben, "C-9413", 50),
        (ben, "C-9412", 55),
    ):
        record(
            event="child.viewed", verb=Verb.CONSULTATION, what="child", reference=reference,
            at=summer + timedelta(minutes=minutes), by=person,
        )  # fmt: skip
    record(
        event="caseload.viewed", verb=Verb.CONSULTATION, what="caseload", reference="open",
        at=summer + timedelta(minutes=56), by=ben,
    )  # fmt: skip
    june = Asked(from_day=date(2026, 6, 1), to_day=date(2026, 6, 30))
    page = trail_page(otto, june, "1")
    assert page.days == [Day(date(2026, 6, 10), 4, 2, 2), Day(date(2026, 6, 9), 1, 1, 1)]
    assert not page.earlier
    shown = asked(client_for, otto, person="amira", from_day="9/6/2026", to_day="30/6/2026")
    assert shown.index("By day") < shown.index("amira, Hub social worker")
    assert "10 Jun 2026</th>" in shown
    assert "By day" not in asked(client_for, otto, reference="C-none")


def test_the_latest_days_alone_are_counted_and_that_is_said(
    cast: Cast, otto: User, ben: User, client_for: ClientFor
) -> None:
    for day in range(MOST_DAYS + 1):
        look(ben, "C-9412", minutes=60 * 24 * day)
    page = trail_page(otto, Asked(reference="C-9412"), "1")
    assert len(page.days) == MOST_DAYS
    assert page.days[0].day == (AT + timedelta(days=MOST_DAYS)).date()
    assert page.earlier
    assert "Earlier days are not counted" in asked(client_for, otto, reference="C-9412")
