"""Narrowing and sorting the caseload, all of it in the address; filters kept for oneself."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed
from referrals.caseload.actions import delete_filter, save_filter
from referrals.caseload.models import SavedFilter
from referrals.caseload.rules import Filters, View, worker_code
from referrals.caseload.views import CaseloadPage, caseload_page
from referrals.episodes.actions import allocate as give_to
from referrals.episodes.actions import end_allocation
from referrals.episodes.models import Episode
from referrals.episodes.rules import Worker
from referrals.support.models import ServiceReferral
from tests.cast import Cast, ClientFor
from tests.make import (
    allocate,
    make_caseload,
    make_child,
    make_episode,
    make_review,
    refer_to_service,
    set_level,
)

TODAY = date(2026, 3, 27)
LEVELS = ("HIGH", "MEDIUM", "LOW", "NO_RISK", "")


@pytest.fixture
def five(cast: Cast, erin: User) -> list[Episode]:
    """Five open episodes of Kirklees beside the one that is there: one at each level."""
    Episode.objects.filter(pk=cast.elsewhere.pk).update(closed_on=TODAY)
    made = []
    for index, level in enumerate(LEVELS):
        child = make_child(
            partnership=cast.kirklees,
            by=erin,
            surname=f"Tarn{'dabec'[index]}",
            reference=f"K-{index}",
            born=date(2010 + index, 1, 1),
        )
        day = date(2026, 1, 1) + timedelta(days=index)
        episode = make_episode(child=child, by=erin, referred_on=day, reference=f"KE-1{index}")
        if level:
            set_level(episode=episode, level=level, set_on=date(2026, 2, 9 - index), by=erin)
        made.append(episode)
    return made


def _page(user: User, query: str = "") -> CaseloadPage:
    return caseload_page(user, QueryDict(query), TODAY)


def _shown(user: User, query: str) -> list[str]:
    return [row.reference for row in _page(user, query).rows]


@pytest.mark.parametrize(
    ("level", "left"),
    [
        ("HIGH", ["KE-10"]),
        ("AT_RISK", ["KE-10", "KE-11", "KE-12"]),
        ("NO_RISK", ["KE-13"]),
        ("NOT_SET", ["KE-14"]),
        ("", ["KE-10", "KE-11", "KE-12", "KE-13", "KE-14"]),
    ],
)
def test_the_list_is_narrowed_to_a_level_and_not_set_is_one(
    level: str, left: list[str], five: list[Episode], erin: User
) -> None:
    page = _page(erin, f"level={level}")
    assert [row.reference for row in page.rows] == left
    things = "open episode" if len(left) == 1 else "open episodes"
    assert page.paging.sentence == f"{len(left)} {things}."


@pytest.mark.parametrize(
    ("review", "left"),
    [("overdue", ["KE-10"]), ("soon", ["KE-11", "KE-12"]), ("none", ["KE-14"])],
)
def test_the_list_is_narrowed_by_how_the_review_stands(
    review: str, left: list[str], five: list[Episode], erin: User
) -> None:
    for episode, days in zip(five, (-1, 0, 7, 8), strict=False):
        make_review(episode=episode, due_on=TODAY + timedelta(days=days), by=erin)
    assert _shown(erin, f"review={review}") == left


def test_the_list_is_narrowed_to_a_lead_worker_without_a_name_in_the_address(
    five: list[Episode], erin: User
) -> None:
    allocate(episode=five[2], worker=erin, by=erin)
    code = worker_code(erin.name)
    assert "Erin" not in code
    assert _shown(erin, f"worker={code}") == ["KE-12"]
    assert _shown(erin, "worker=nobody") == ["KE-10", "KE-11", "KE-13", "KE-14"]
    assert [tag.words for tag in _page(erin, f"worker={code}").tags] == [
        "Lead worker: Erin Thackray"
    ]


def test_mine_are_those_that_one_leads_or_works_on_today(five: list[Episode], erin: User) -> None:
    me, other = Worker("erin", "Erin Thackray"), Worker("BW7", "Erin Thackray")
    began = TODAY - timedelta(9)
    give_to(episode=five[0], worker=me, lead=True, from_date=TODAY, seen_lead="", by=erin)
    give_to(episode=five[1], worker=me, lead=False, from_date=began, seen_lead="", by=erin)
    ended = give_to(episode=five[2], worker=me, lead=True, from_date=began, seen_lead="", by=erin)
    end_allocation(allocation=ended, to_date=TODAY, reason="Moved to another team.", by=erin)
    ahead = TODAY + timedelta(1)
    give_to(episode=five[3], worker=me, lead=True, from_date=ahead, seen_lead="", by=erin)
    give_to(episode=five[4], worker=other, lead=True, from_date=began, seen_lead="", by=erin)
    assert _shown(erin, "worker=mine") == ["KE-10", "KE-11"]
    assert [tag.words for tag in _page(erin, "worker=mine").tags] == ["Lead worker: Mine"]


def test_what_is_mine_high_and_late_is_a_link_on_every_caseload_but_a_charitys(
    cast: Cast, amira: User, chloe: User
) -> None:
    link = "/episodes/?level=HIGH&review=overdue&worker=mine"
    assert _page(amira).ready[0] == ("Mine, high and overdue", link)
    assert _page(amira, link.partition("?")[2]).form.errors == {}
    assert _page(chloe).ready == []


@pytest.mark.parametrize("outcome", ServiceReferral.Outcome.values)
def test_a_service_supports_once_it_has_accepted_until_it_ends(
    outcome: str, five: list[Episode], erin: User
) -> None:
    refer_to_service(episode=five[1], service="millrace", outcome=outcome, by=erin)
    ended = refer_to_service(episode=five[2], service="millrace", ended_on=TODAY, by=erin)
    assert ended.ended_on == TODAY
    with_one = ["KE-11"] if outcome == ServiceReferral.Outcome.ACCEPTED else []
    assert _shown(erin, "service=with") == with_one
    assert _shown(erin, "service=without") == [
        e.reference for e in five if e.reference not in with_one
    ]


@pytest.mark.parametrize("typed", ["3/1/2026", "2026-01-03", "3 Jan 26"])
def test_the_list_is_narrowed_to_referrals_since_a_day(
    typed: str, five: list[Episode], erin: User
) -> None:
    page = _page(erin, f"since={typed}")
    assert [row.reference for row in page.rows] == ["KE-12", "KE-13", "KE-14"]
    assert page.query == "since=2026-01-03"
    assert [tag.words for tag in page.tags] == ["Referred since: 3 Jan 2026"]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("reference=e-12", ["KE-12"]),
        ("reference=k-3", ["KE-13"]),
        ("reference=%", []),
        ("set_before=8/2/2026", ["KE-12", "KE-13"]),  # one has no level at all
    ],
)
def test_the_list_is_narrowed_to_a_part_of_either_reference_and_to_levels_set_before_a_day(
    query: str, left: list[str], five: list[Episode], erin: User
) -> None:
    assert _shown(erin, query) == left


def test_filters_join_and_each_has_a_link_that_drops_it(five: list[Episode], erin: User) -> None:
    page = _page(erin, "level=AT_RISK&since=2/1/2026&sort=-referred&size=25")
    assert [row.reference for row in page.rows] == ["KE-12", "KE-11"]
    assert [(tag.words, tag.link) for tag in page.tags] == [
        ("Level: High, Medium or Low", "/episodes/?since=2026-01-02&sort=-referred&size=25"),
        ("Referred since: 2 Jan 2026", "/episodes/?level=AT_RISK&sort=-referred&size=25"),
    ]
    assert page.cleared == "/episodes/?sort=-referred&size=25"


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("reference", "01234"),
        ("-reference", "43210"),
        ("name", "12403"),
        ("age", "43210"),
        ("-age", "01234"),
        ("level", "01234"),
        ("-level", "43210"),
        ("since", "32104"),
        ("-since", "01234"),
        ("-referred", "43210"),
        ("worker", "20134"),
    ],
)
def test_the_whole_list_is_sorted_and_what_is_not_recorded_comes_last(
    sort: str, order: str, five: list[Episode], cast: Cast, erin: User, amira: User
) -> None:
    allocate(episode=five[0], worker=erin, by=erin)
    allocate(episode=five[2], worker=amira, by=erin)
    assert _shown(erin, f"sort={sort}") == [f"KE-1{number}" for number in order]


def test_a_heading_sorts_then_turns_round_and_says_how_it_is_sorted(
    five: list[Episode], erin: User, client_for: ClientFor
) -> None:
    client = client_for(erin)
    usual = client.get("/episodes/?level=AT_RISK").content.decode()
    assert (
        'aria-sort="ascending"><a class="hub-sort" href="/episodes/?level=AT_RISK&amp;sort=-review"'
        in usual
    )
    assert 'href="/episodes/?level=AT_RISK&amp;sort=name"' in usual
    named = client.get("/episodes/?level=AT_RISK&sort=name").content.decode()
    assert named.count("aria-sort=") == 1
    assert 'href="/episodes/?level=AT_RISK&amp;sort=-name"' in named


@pytest.mark.parametrize(
    "query", ["sort=x", "sort=--name", "sort=", "size=7", "size=x", "size=-25", "size=1e2"]
)
def test_an_order_or_size_that_is_none_gives_the_usual(
    query: str, five: list[Episode], erin: User
) -> None:
    page = _page(erin, query)
    assert page.query == ""
    assert len(page.rows) == 5


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("since=soon", "Enter a day, such as 3/5/2026"),
        ("since=" + "9" * 50, "Enter a day, such as 3/5/2026"),
        ("set_before=31/2/2026", "Enter a day, such as 3/5/2026"),
        ("level=WORST", "This is not in the list any more. Choose another"),
        ("worker=gone", "This is not in the list any more. Choose another"),
        ("reference=" + "x" * 61, "References have at most 60 characters"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_the_rest_still_holds(
    query: str, message: str, five: list[Episode], erin: User, client_for: ClientFor
) -> None:
    response = client_for(erin).get(f"/episodes/?{query}&review=none")
    page = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Caseload - CSE Hub</title>" in page
    assert page.count(message) == 2  # in the summary and beside the field
    assert "Review due: None planned" in page


def test_none_match_says_so_and_leads_back(
    five: list[Episode], erin: User, client_for: ClientFor
) -> None:
    page = client_for(erin).get("/episodes/?level=HIGH&reference=zzz").content.decode()
    assert "No open episode answers all of these filters." in page
    assert '<a class="govuk-link" href="/episodes/">clear all filters</a>' in page
    assert "0 open episodes." in page


def test_a_filter_shows_nobody_whom_one_may_not_see(
    cast: Cast, chloe: User, amira: User, client_for: ClientFor
) -> None:
    allocate(episode=cast.unshared, worker=amira, by=amira)
    page = client_for(chloe).get(f"/episodes/?reference={cast.unshared.reference}")
    assert "0 open episodes." in page.content.decode()
    assert "Amira Sadler" not in page.content.decode()  # she leads no child of Northlight's


def test_a_charity_sees_no_other_service_of_its_child(cast: Cast, chloe: User, amira: User) -> None:
    refer_to_service(episode=cast.shared, service="larkfield", by=amira)
    assert [row.services for row in _page(amira).rows if row.services] == [
        ["Larkfield", "Northlight"]
    ]
    (row,) = _page(chloe).rows
    assert row.services == ["Northlight"]


def test_the_pages_keep_the_filters_and_the_size(
    cast: Cast, erin: User, client_for: ClientFor
) -> None:
    make_caseload(partnership=cast.kirklees, number=30, by=erin)
    page = client_for(erin).get("/episodes/?level=MEDIUM&size=25").content.decode()
    assert "1 to 25 of 30 open episodes." in page
    assert 'href="?level=MEDIUM&amp;size=25&amp;page=2"' in page
    assert 'aria-label="25 rows on a page" aria-current="true"' in page


def test_a_page_of_ten_and_one_of_a_hundred_ask_the_database_the_same(
    cast: Cast, erin: User, client_for: ClientFor
) -> None:
    make_caseload(partnership=cast.kirklees, number=10, by=erin)
    client = client_for(erin)
    client.get("/")  # a session's first page notes when it began
    counts = []
    for more in (0, 90):
        make_caseload(partnership=cast.kirklees, number=more, by=erin)
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/episodes/?level=MEDIUM&size=100&sort=name")
        counts.append((len(asked), page.content.decode().count('data-label="Name"')))
    (few, ten), (many, hundred) = counts
    assert (ten, hundred) == (10, 100)
    assert few == many


def test_the_trail_says_by_which_filters_the_list_was_seen(
    five: list[Episode], erin: User, client_for: ClientFor
) -> None:
    client_for(erin).get("/episodes/?level=HIGH")
    event = AuditEvent.objects.get(event="caseload.viewed")
    assert event.after == {"episodes": ["KE-10"], "query": "level=HIGH"}


# --- filters kept for oneself ------------------------------------------------------------------------


def _save(client: Client, name: str, query: str = "level=HIGH&review=overdue") -> int:
    return client.post("/episodes/filters/save/", {"name": name, "query": query}).status_code


def test_a_saved_filter_stands_above_the_list_for_its_owner_alone(
    cast: Cast, amira: User, ben: User, client_for: ClientFor
) -> None:
    assert _save(client_for(amira), "Overdue and high") == 302
    link = (
        '<a class="govuk-link" href="/episodes/?level=HIGH&amp;review=overdue">Overdue and high</a>'
    )
    assert link in client_for(amira).get("/episodes/").content.decode()
    assert "Overdue and high" not in client_for(ben).get("/episodes/").content.decode()
    assert AuditEvent.objects.get(event="filter.saved").username == "amira"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Enter a name for these filters"),
        ("x" * 61, "Names of filters have at most 60 characters"),
        ("Mine", "You have a filter of this name."),
    ],
)
def test_a_filter_that_cannot_be_saved_says_why_and_loses_nothing(
    name: str, message: str, cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    _save(client, "Mine")
    response = client.post("/episodes/filters/save/", {"name": name, "query": "level=LOW"})
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert "Level: Low" in page
    assert f'value="{name}"' in page or not name
    assert SavedFilter.objects.count() == 1


def test_two_people_may_use_the_same_name(
    cast: Cast, amira: User, ben: User, client_for: ClientFor
) -> None:
    assert _save(client_for(amira), "High") == _save(client_for(ben), "High") == 302


@pytest.mark.parametrize("query", ["level=WORST&next=//x.example", "", "%00&<script>"])
def test_only_what_makes_sense_is_saved(
    query: str, cast: Cast, amira: User, client_for: ClientFor
) -> None:
    assert _save(client_for(amira), "Odd", query) == 302
    assert SavedFilter.objects.get().query == ""


def test_a_saved_filter_is_deleted_by_its_owner_alone(
    cast: Cast, amira: User, ben: User, client_for: ClientFor
) -> None:
    _save(client_for(amira), "Mine")
    saved = SavedFilter.objects.get()
    address = "/episodes/filters/delete/"
    for number in (str(saved.pk), "0", "x", "", "9" * 30, "²"):
        assert client_for(ben).post(address, {"filter": number}).status_code == 404
    assert client_for(amira).post(address, {"filter": saved.pk}).status_code == 302
    assert not SavedFilter.objects.exists()
    event = AuditEvent.objects.get(event="filter.deleted")
    assert event.before == {"name": "Mine", "query": "level=HIGH&review=overdue"}


def test_the_actions_themselves_refuse_what_is_not_ones_own(
    cast: Cast, amira: User, ben: User, bea: User
) -> None:
    now = timezone.now()
    saved = save_filter(name="Mine", view=View(Filters(level="HIGH")), now=now, by=amira)
    with pytest.raises(NotAllowed):
        delete_filter(saved=saved, now=now, by=ben)
    with pytest.raises(NotAllowed):
        save_filter(name="Mine", view=View(), now=now, by=bea)
    assert not SavedFilter.objects.visible_to(cast.people["gus"]).exists()
