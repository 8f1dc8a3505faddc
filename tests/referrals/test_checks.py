"""Agencies are asked what they know about a child, answer in their own box, and nobody else's."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import LONDON
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.models import Agency
from referrals.checks.actions import answer_check, ask_checks, change_answer
from referrals.checks.models import AgencyCheck, CheckAnswer, agencies_to_ask
from referrals.checks.queries import stands_of
from referrals.checks.rules import (
    ANSWER,
    ANSWERED,
    CHANGE,
    LAPSED,
    NOTHING,
    OPEN_TO,
    OUTSTANDING,
    OVERDUE,
    SETTLED,
    Answered,
    Stand,
    answer_problem,
    due_at,
    state_of,
)  # fmt: skip
from referrals.grants.actions import restrict
from tests.cast import Cast, ClientFor
from tests.make import make_child, make_episode, set_level
from tests.recording import typed

ASKED = datetime(2026, 3, 6, 15, 20, tzinfo=UTC)  # a Friday
KNOWN = Answered("held", "Crime records", "Seen in town with adults.")
MY_WORK = "/my-work/"
NOTHING_HELD = Answered("nothing", "Crime records")


def send(client: Client, address: str, **answers: Any) -> Any:
    """Send a form as a browser would."""
    return client.post(address, typed(client.get(address), **answers))


def codes(agencies: Any) -> list[str]:
    return sorted(agency.code for agency in agencies)


def asked_of(cast: Cast, code: str, episode: Any = None) -> AgencyCheck:
    on = episode or cast.unshared
    return AgencyCheck.objects.get(episode=on, agency__code=code)


@pytest.fixture
def asked(cast: Cast) -> list[AgencyCheck]:
    return ask_checks(episode=cast.unshared, why="new_referral", by=cast.people["amira"])


# --- the rules --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2026, 3, 5, 15, tzinfo=UTC), date(2026, 3, 6)),
        (ASKED, date(2026, 3, 9)),
        (datetime(2026, 3, 7, 2, tzinfo=UTC), date(2026, 3, 9)),
        (datetime(2026, 4, 2, 12, tzinfo=UTC), date(2026, 4, 7)),  # before Easter
        (datetime(2026, 6, 1, 23, 30, tzinfo=UTC), date(2026, 6, 3)),  # past midnight in London
    ],
)
def test_an_answer_is_due_on_the_morning_of_the_next_working_day(
    moment: datetime, due: date
) -> None:
    assert due_at(moment, time(8, 30)) == datetime.combine(due, time(8, 30), LONDON)


@pytest.mark.parametrize(
    ("answered", "decided", "late", "state", "opens"),
    [
        (False, False, False, OUTSTANDING, ANSWER),
        (False, False, True, OVERDUE, ANSWER),
        (True, False, False, ANSWERED, CHANGE),
        (True, False, True, ANSWERED, CHANGE),
        (True, True, False, SETTLED, NOTHING),
        (True, True, True, SETTLED, NOTHING),
        (False, True, False, LAPSED, NOTHING),
        (False, True, True, LAPSED, NOTHING),
    ],
)
def test_how_a_check_stands_and_what_it_is_open_to(
    answered: bool, decided: bool, late: bool, state: str, opens: str
) -> None:
    due = ASKED - timedelta(hours=1) if late else ASKED
    assert state_of(answered=answered, decided=decided, due=due, now=ASKED) == state
    assert OPEN_TO[state] == opens


@pytest.mark.parametrize(
    ("answered", "field"),
    [
        (KNOWN, None),
        (NOTHING_HELD, None),
        (Answered("", "Records"), "knows"),
        (Answered("held", "Records", "  "), "text"),
        (Answered("held", "Records", "x" * 10_001), "text"),
        (Answered("nothing", "Records", "But this."), "knows"),
        (Answered("nothing", " "), "sources"),
        (Answered("nothing", "x" * 301), "sources"),
        (Answered("nothing", "Records", seen_by="x"), "seen_by"),
        (Answered("nothing", "Records", seen_by="named"), "for_agencies"),
    ],
)
def test_what_an_answer_needs(answered: Answered, field: str | None) -> None:
    problem = answer_problem(answered)
    assert (problem and problem.field) == field


def test_who_is_late_is_named_before_who_is_awaited() -> None:
    stand = Stand(answered=("Health",), waiting=("Northlight",), late=("Police",))
    assert (stand.back, stand.missing) == ("1 of 3 back", "Police (overdue), Northlight")
    assert Stand().back == ""


# --- who is asked -----------------------------------------------------------------------------------------


def test_every_agency_that_sees_cases_is_asked_and_a_charity_only_about_a_child_it_is_shown(
    cast: Cast, amira: User
) -> None:
    hub = ["health", "police", "social-care"]
    today = timezone.localdate()
    assert codes(agencies_to_ask(cast.unshared.child, today)) == hub
    assert codes(agencies_to_ask(cast.shared.child, today)) == [
        "health",
        "northlight",
        "police",
        "social-care",
    ]
    asked = ask_checks(episode=cast.unshared, why="new_referral", by=amira)
    assert sorted(check.agency.code for check in asked) == hub


def test_about_a_restricted_record_only_those_are_asked_of_whom_somebody_is_named(
    cast: Cast, dev: User
) -> None:
    restrict(child=cast.unshared.child, because="Confidential in social care.", by=dev)
    found = agencies_to_ask(cast.unshared.child, timezone.localdate())
    assert codes(found) == ["social-care"]  # dev, who restricted it


def test_a_charity_that_is_not_shown_the_child_cannot_be_asked(cast: Cast, amira: User) -> None:
    northlight = Agency.objects.get(code="northlight")
    with pytest.raises(RuleBroken) as refused:
        ask_checks(episode=cast.unshared, why="meeting", agencies=[northlight], by=amira)
    assert refused.value.code == "check.agency"
    assert not AgencyCheck.objects.exists()


def test_the_partnership_says_which_are_asked_by_default(cast: Cast, amira: User) -> None:
    Agency.objects.filter(code="health").update(asked_checks=False)
    asked = ask_checks(episode=cast.unshared, why="new_referral", by=amira)
    assert sorted(check.agency.code for check in asked) == ["police", "social-care"]
    health = Agency.objects.get(code="health")
    assert ask_checks(episode=cast.unshared, why="meeting", agencies=[health], by=amira)


def test_one_that_has_not_answered_is_not_asked_twice(
    cast: Cast, amira: User, ben: User, asked: list[AgencyCheck]
) -> None:
    answer_check(check=asked_of(cast, "police"), answered=KNOWN, by=ben)
    again = ask_checks(episode=cast.unshared, why="new_information", by=amira)
    assert [check.agency.code for check in again] == ["police"]
    stand = stands_of(amira, [cast.unshared.pk], timezone.now())[cast.unshared.pk]
    assert stand.back == "0 of 3 back"  # of the police the last time counts


@pytest.mark.parametrize("person", ["ben", "nora", "chloe", "erin", "otto"])
def test_who_does_not_record_cases_of_this_hub_asks_nobody(cast: Cast, person: str) -> None:
    with pytest.raises(NotAllowed):
        ask_checks(episode=cast.unshared, why="new_referral", by=cast.people[person])


def test_about_a_closed_episode_nobody_is_asked(cast: Cast, amira: User) -> None:
    child = make_child(partnership=cast.bradford, by=amira)
    closed = make_episode(child=child, by=amira, closed_on=date(2026, 3, 9))
    for episode, why, code in (
        (closed, "meeting", "check.closed"),
        (cast.unshared, "x", "check.why"),
    ):
        with pytest.raises(RuleBroken) as refused:
            ask_checks(episode=episode, why=why, by=amira)
        assert refused.value.code == code


# --- answering --------------------------------------------------------------------------------------------


def test_an_agency_answers_in_its_own_box_and_the_trail_bears_no_words(
    cast: Cast, ben: User, asked: list[AgencyCheck]
) -> None:
    check = asked_of(cast, "police")
    answer = answer_check(check=check, answered=KNOWN, by=ben)
    check.refresh_from_db()
    assert check.answered_at == answer.known_from
    event = AuditEvent.objects.get(event="check.answered")
    assert event.after is not None
    assert event.after["knows"] == "held"
    assert "town" not in str(event.after)


def test_nobody_writes_in_another_agencys_box(
    cast: Cast, amira: User, ben: User, nora: User, asked: list[AgencyCheck]
) -> None:
    check = asked_of(cast, "police")
    with pytest.raises(NotAllowed):
        answer_check(check=check, answered=KNOWN, by=nora)
    answer = answer_check(check=check, answered=KNOWN, by=ben)
    with pytest.raises(NotAllowed):
        change_answer(answer=answer, answered=NOTHING_HELD, reason="Wrong.", by=amira)
    with pytest.raises(Conflict):
        answer_check(check=check, answered=NOTHING_HELD, by=ben)


def test_an_answer_is_changed_until_it_is_decided_and_the_old_one_stays(
    cast: Cast, amira: User, ben: User, asked: list[AgencyCheck]
) -> None:
    check = asked_of(cast, "police")
    old = answer_check(check=check, answered=NOTHING_HELD, by=ben)
    with pytest.raises(RuleBroken):
        change_answer(answer=old, answered=NOTHING_HELD, reason="Again.", by=ben)
    new = change_answer(answer=old, answered=KNOWN, reason="Found in older records.", by=ben)
    assert CheckAnswer.objects.visible_to(amira).filter(asked=check).count() == 2
    set_level(
        episode=cast.unshared,
        level="HIGH",
        by=amira,
        set_on=timezone.localdate(),
        known_from=timezone.now(),
    )
    with pytest.raises(RuleBroken) as refused:
        change_answer(answer=new, answered=NOTHING_HELD, reason="Wrong.", by=ben)
    assert refused.value.code == "check.decided"
    with pytest.raises(RuleBroken):
        answer_check(check=asked_of(cast, "health"), answered=KNOWN, by=cast.people["nora"])
    assert stands_of(amira, [cast.unshared.pk], timezone.now()) == {}


def test_who_was_shut_out_later_reads_no_earlier_answer(
    cast: Cast, ben: User, nora: User, asked: list[AgencyCheck]
) -> None:
    answer = answer_check(check=asked_of(cast, "police"), answered=KNOWN, by=ben)
    narrow = Answered(KNOWN.knows, KNOWN.sources, KNOWN.text, seen_by="own")
    assert CheckAnswer.objects.visible_to(nora).exists()
    change_answer(answer=answer, answered=narrow, reason="Not for all.", by=ben)
    assert not CheckAnswer.objects.visible_to(nora).exists()
    assert CheckAnswer.objects.visible_to(ben).count() == 2


# --- the pages --------------------------------------------------------------------------------------------


def test_what_awaits_an_answer_is_listed_overdue_first_and_one_leads_to_the_next(
    cast: Cast, amira: User, ben: User, client_for: ClientFor
) -> None:
    later = ask_checks(episode=cast.shared, why="meeting", by=amira)
    ask_checks(episode=cast.unshared, why="new_referral", by=amira)
    late = asked_of(cast, "police")
    hour_ago = timezone.now() - timedelta(hours=1)
    AgencyCheck.objects.filter(pk=late.pk).update(due_at=hour_ago)
    client = client_for(ben)
    rows = client.get(MY_WORK).context["page"].rows
    assert [(row.name, row.due.late) for row in rows] == [
        ("Quillan, Rae", True), ("Marden, Kit", False),
    ]  # fmt: skip
    sent = send(client, rows[0].address, knows="nothing", sources="Crime records")
    mine = next(check for check in later if check.agency.code == "police")
    assert sent["Location"] == reverse("risk-child-check", args=[mine.child_id, mine.pk])
    sent = send(client, sent["Location"], knows="held", sources="All", text="Seen in town.")
    assert sent["Location"] == MY_WORK
    answered = client.get(reverse("referrals-checks-answered")).context["page"].rows
    assert [row.changes for row in answered] == [True] * 2


def boxes(client: Client, episode: Any) -> dict[str, Any]:
    page = client.get(reverse("risk-child-checks", args=[episode.child_id])).context["page"]
    return {box.agency: box for round in page.rounds for box in round.boxes} | {
        box.agency: box for box in page.told
    }


def test_each_reads_what_the_marking_lets_them_and_who_is_outstanding_is_plain(
    cast: Cast, amira: User, ben: User, nora: User, chloe: User, client_for: ClientFor
) -> None:
    ask_checks(episode=cast.shared, why="new_referral", by=amira)
    checks = {
        code: asked_of(cast, code, cast.shared) for code in ("police", "health", "northlight")
    }
    own = Answered("held", "Records", "For the police alone.", seen_by="own", source_protected=True)
    answer_check(check=checks["police"], answered=own, by=ben)
    to_all = Answered(
        "held", "School nurse", "Missed two visits.", seen_by="everybody", source_protected=True
    )
    answer_check(check=checks["health"], answered=to_all, by=nora)
    seen = boxes(client_for(amira), cast.shared)
    assert seen["Police"].answer is None
    assert seen["Police"].unshared
    assert seen["Northlight"].state == OUTSTANDING
    assert (seen["Community Health"].answer.sources, seen["Community Health"].answer.by) == ("", "")
    assert boxes(client_for(nora), cast.shared)["Community Health"].answer.sources == "School nurse"
    of_charity = boxes(client_for(chloe), cast.shared)
    assert set(of_charity) == {"Northlight", "Community Health"}
    assert of_charity["Northlight"].verb == "Answer"


def test_a_charity_answers_by_its_own_page_and_is_told_of_no_other_child(
    cast: Cast, amira: User, chloe: User, femi: User, client_for: ClientFor
) -> None:
    for episode in (cast.shared, cast.unshared):
        ask_checks(episode=episode, why="new_referral", by=amira)
    client = client_for(chloe)
    rows = client.get(MY_WORK).context["page"].rows
    assert [row.name for row in rows] == ["Marden, Kit"]
    send(client, rows[0].address, knows="held", sources="Session notes", text="Comes each week.")
    assert asked_of(cast, "northlight", cast.shared).answered_at is not None
    assert client_for(femi).get(MY_WORK).context["page"].rows == []


def test_the_hub_asks_by_the_form_with_the_usual_agencies_ticked(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    address = reverse("risk-child-checks-ask", args=[cast.unshared.child_id, cast.unshared.pk])
    ticked = client.get(address).context["page"].form.initial["agencies"]
    assert len(ticked) == 3
    sent = send(client, address, why="new_information", agencies=ticked)
    assert sent.status_code == 302
    assert AgencyCheck.objects.filter(why="new_information").count() == 3
    again = send(client, address, why="new_information", agencies=ticked)
    assert again.status_code == 422
    assert b"has not answered yet" in again.content


def test_many_answers_take_no_more_queries_than_one(
    cast: Cast, amira: User, ben: User, client_for: ClientFor
) -> None:
    client, counts = client_for(ben), []
    here = reverse("referrals-checks-answered")
    for many in (1, 20):
        for _ in range(many):
            child = make_child(partnership=cast.bradford, by=amira)
            ask_checks(episode=make_episode(child=child, by=amira), why="meeting", by=amira)
        AgencyCheck.objects.filter(answered_at=None).update(answered_at=timezone.now())
        client.get(here)
        with CaptureQueriesContext(connection) as queries:
            client.get(here)
        counts.append(len(queries))
    assert counts[0] == counts[1]
