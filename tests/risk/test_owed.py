"""One list of what a person owes: of every kind, overdue first, and nothing that is not theirs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import london_date
from partners.agencies.models import Agency
from referrals.checks.actions import answer_check, ask_checks
from referrals.checks.models import AgencyCheck
from referrals.checks.rules import Answered
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.grants.actions import restrict
from referrals.intake.actions import join_referral, receive_referral, tell_referrer
from referrals.intake.models import Referral
from risk.meetings.models import MeetingTask
from risk.owed.rules import due_of
from risk.proposals.actions import Change, give_view, propose
from risk.proposals.rules import Kind, Opinion, View
from tests.cast import Cast, ClientFor
from tests.hub.rows import any_row
from tests.make import CONCERN, allocate, make_child, make_episode, make_review, set_level
from tests.risk.meeting import PANEL, series_of, today
from tests.risk.writing import send

HERE = "/my-work/"


def rows_of(client: Client, kind: str = "") -> list[tuple[str, str]]:
    """What the page lists: whom it is about, and what."""
    page = client.get(HERE, {"kind": kind} if kind else {})
    assert page.status_code == 200
    return [(row.name, row.what) for row in page.context["page"].rows]


def make_action(cast: Cast, agency: str, due_on: date, **of: Any) -> MeetingTask:
    """An action of an agency for the child of the cast that is shared with nobody."""
    owner = Agency.objects.get(partnership=cast.bradford, code=agency)
    episode = of.get("episode", cast.unshared)
    leaning: dict[type[Model], Model] = {Agency: owner, Episode: episode, Child: episode.child}
    task: MeetingTask = any_row(MeetingTask, cast.bradford, leaning)
    MeetingTask.objects.filter(pk=task.pk).update(
        what="Visit the family", due_on=due_on, done_at=None, done_by=None, came_of_it=""
    )
    return task


def received(cast: Cast, days_ago: int) -> Referral:
    """A referral that came some days ago, by telephone."""
    came = timezone.now() - timedelta(days=days_ago)
    partnership, by = cast.bradford, cast.people["amira"]
    return receive_referral(
        partnership=partnership, concern=CONCERN, by=by, route="agency", received_at=came
    )


@pytest.fixture
def owing(cast: Cast) -> Cast:
    """Something of every kind for social care, each due on a day of its own."""
    amira, day = cast.people["amira"], today()
    child = make_child(partnership=cast.bradford, by=amira, surname="Rowan", forenames="Ash")
    undecided = make_episode(child=child, by=amira)
    told, _waits = (received(cast, days_ago) for days_ago in (40, 6))
    join_referral(referral=told, child=child, episode=undecided, by=amira)
    allocate(episode=undecided, worker=amira, by=amira)
    ask_checks(episode=cast.shared, why="new_referral", by=cast.people["dev"])
    hour_ago = timezone.now() - timedelta(hours=1)
    AgencyCheck.objects.filter(agency__code="social-care").update(due_at=hour_ago)
    set_level(episode=cast.unshared, level="HIGH", set_on=day - timedelta(days=60), by=amira)
    make_review(episode=cast.unshared, due_on=day - timedelta(days=45), by=amira)
    allocate(episode=cast.unshared, worker=amira, by=amira)
    make_action(cast, "social-care", day)
    series_of(cast, PANEL, "panel")
    change = Change(Kind.FALL, "Nothing for six weeks.", level="MEDIUM", exit_plan="Ends in May.")
    propose(episode=cast.unshared, change=change, by=amira)
    return cast


def test_all_that_a_social_worker_owes_is_on_one_list_overdue_first(
    owing: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    page = client.get(HERE).context["page"]
    assert [row.what for row in page.rows][:5] == [
        "Review of the level: High",
        f"Nobody has decided yet, {amira_s_undecided()}",
        "The referrer is to be told",
        "Referral that waits: a child",
        "Check: new referral",
    ]
    assert {row.what for row in page.rows[5:]} == {
        "Action: Visit the family",
        "For the panel: fall proposed",
    }
    assert [row.due.late for row in page.rows] == [True] * 5 + [False] * 2
    assert page.late == "5 overdue."
    labels = [tab.label for tab in page.tabs]
    assert labels == [
        "All (7)", "Checks (1)", "Actions (1)", "Referrals (1)", "Decisions (1)", "Feedback (1)",
        "Panel (1)", "Reviews (1)",
    ]  # fmt: skip


def amira_s_undecided() -> str:
    return Referral.objects.exclude(episode=None).values_list("episode__reference", flat=True)[0]


def test_every_row_opens_its_deed(owing: Cast, amira: User, client_for: ClientFor) -> None:
    client = client_for(amira)
    rows = client.get(HERE).context["page"].rows
    assert len({row.address for row in rows}) == 7
    for row in rows:
        opened = client.get(row.address)
        assert opened.status_code == 200, row
        assert b"<form" in opened.content or b"None of these" in opened.content, row


def test_a_list_of_one_kind_holds_that_alone_and_says_how_much(
    owing: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    assert rows_of(client, "review") == [("Quillan, Rae", "Review of the level: High")]
    page = client.get(HERE, {"kind": "action"}).context["page"]
    assert (page.paging.sentence, page.late) == ("1 thing to do.", "Nothing is overdue.")
    assert [tab.label for tab in page.tabs if tab.here] == ["Actions (1)"]
    assert len(rows_of(client, "nothing")) == 7


def test_what_is_done_leaves_the_list(owing: Cast, amira: User, client_for: ClientFor) -> None:
    client = client_for(amira)
    [check] = AgencyCheck.objects.filter(agency__code="social-care")
    answer_check(check=check, answered=Answered("nothing", "Our files"), by=amira)
    [action] = client.get(HERE, {"kind": "action"}).context["page"].rows
    sent = send(client, action.address, came_of_it="Seen at home, all is well.")
    assert sent["Location"] == HERE
    [told] = Referral.objects.exclude(episode=None)
    tell_referrer(referral=told, words="We work on it.", how="telephone", told_on=today(), by=amira)
    [proposal] = owing.unshared.proposals.all()
    give_view(proposal=proposal, view=View(Opinion.AGREE), by=amira)
    left = [what for _name, what in rows_of(client)]
    assert [what.partition(":")[0].partition(",")[0] for what in left] == [
        "Review of the level", "Nobody has decided yet", "Referral that waits",
    ]  # fmt: skip


def test_each_agency_owes_its_own_and_a_manager_no_review_of_a_colleagues(
    owing: Cast, ben: User, dev: User, client_for: ClientFor
) -> None:
    assert rows_of(client_for(ben)) == [
        ("Marden, Kit", "Check: new referral"), ("Quillan, Rae", "For the panel: fall proposed"),
    ]  # fmt: skip
    kinds = {what.partition(":")[0] for _name, what in rows_of(client_for(dev))}
    assert "Action" in kinds
    assert "Review of the level" not in kinds


def test_a_charity_owes_what_it_was_asked_about_its_own_child(
    owing: Cast, chloe: User, femi: User, client_for: ClientFor
) -> None:
    assert rows_of(client_for(chloe)) == [("Marden, Kit", "Check: new referral")]
    assert rows_of(client_for(femi)) == []
    assert b"Nothing awaits you." in client_for(femi).get(HERE).content


def test_nothing_is_said_of_a_record_that_is_restricted_meanwhile(
    owing: Cast, amira: User, dev: User, erin: User, client_for: ClientFor
) -> None:
    restrict(child=owing.shared.child, because="A colleague is a relative.", by=dev)
    told = [name for name, _what in rows_of(client_for(amira))]
    assert "Marden, Kit" not in told
    assert len(told) == 6
    assert rows_of(client_for(erin)) == []


def test_what_has_no_day_comes_last(owing: Cast, amira: User, client_for: ClientFor) -> None:
    child = make_child(partnership=owing.bradford, by=amira, surname="Zeal")
    allocate(episode=make_episode(child=child, by=amira), worker=amira, by=amira)
    rows = client_for(amira).get(HERE).context["page"].rows
    assert (rows[-1].name, rows[-1].due) == ("Zeal, Jodie", due_of(None, timezone.now()))


def test_the_list_is_on_the_trail_with_the_children_on_it(
    owing: Cast, chloe: User, client_for: ClientFor
) -> None:
    client_for(chloe).get(HERE)
    event = AuditEvent.objects.get(event="work.listed")
    assert event.about == ["own", owing.shared.child.reference]


def test_much_work_asks_the_database_as_often_as_little(
    owing: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    little = [queries(HERE), queries("/")]
    for _ in range(12):
        child = make_child(partnership=owing.bradford, by=amira)
        episode = make_episode(child=child, by=amira)
        ask_checks(episode=episode, why="meeting", by=amira)
        allocate(episode=episode, worker=amira, by=amira)
        make_action(owing, "social-care", today(), episode=episode)
    assert "1 to 25 of 43" in client.get(HERE).context["page"].paging.sentence
    assert [queries(HERE), queries("/")] == little


def test_home_counts_the_work_and_the_desk_and_each_number_opens_its_list(
    owing: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    page = client.get("/")
    assert (page.context["work"].number, page.context["work"].late) == (7, 5)
    assert "7 to do, 5 overdue" in page.content.decode()
    desk = page.context["desk"]
    assert [figure.number for figure in desk] == [1, 1]
    for figure in desk:
        listed = client.get(figure.link).context["page"]
        assert listed.paging.sentence == "1 referral."
        assert [row.over for row in listed.rows] == [True]


def test_the_desk_is_counted_for_who_takes_referrals_in(
    owing: Cast, ben: User, chloe: User, client_for: ClientFor
) -> None:
    for person in (ben, chloe):
        assert client_for(person).get("/").context["desk"] == []
    assert "1 to do</a>" in client_for(chloe).get("/").content.decode()


def test_without_anything_to_do_home_says_so(cast: Cast, nora: User, client_for: ClientFor) -> None:
    assert "Nothing to do</a>" in client_for(nora).get("/").content.decode()
    assert reverse("risk-my-work") == HERE
    assert london_date(timezone.now()) == today()


def test_a_page_that_is_not_there_is_the_nearest_one(
    owing: Cast, amira: User, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("risk.owed.views.PAGE_SIZE", 3)
    client = client_for(amira)

    def rows(query: str) -> list[str]:
        return [row.what for row in client.get(f"{HERE}?{query}").context["page"].rows]

    first, last = rows("page=1"), rows("page=3")
    assert (len(first), len(rows("page=2")), len(last)) == (3, 3, 1)
    for number in ("0", "-1", "", "none", "1e3"):
        assert rows(f"page={number}") == first, number
    for number in ("4", "2147483648", "9" * 40, "9" * 5000):
        assert rows(f"page={number}") == (last if len(number) < 5000 else first), number[:12]
    assert rows("kind=disagreement&page=7") == []
    assert rows("kind=check&page=7") == ["Check: new referral"]
