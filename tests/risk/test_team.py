"""The team: who leads how much, what nobody leads, who is newly qualified, who covers for whom."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.access.rules import Role
from hub.accounts.actions import open_account, operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.actions import appoint
from partners.agencies.models import Agency, Post
from partners.staffing.actions import (
    end_absence,
    end_newly_qualified,
    enter_newly_qualified,
    plan_absence,
)
from partners.staffing.models import Absence, NewlyQualified
from referrals.episodes.actions import allocate as allocate_by_hand
from referrals.episodes.models import Allocation, Episode, EpisodeFact
from referrals.episodes.rules import Worker
from referrals.grants.actions import restrict
from risk.team.actions import give_out
from tests.cast import BEGAN, NOW, Cast, ClientFor
from tests.make import allocate, make_caseload, make_child, make_episode, make_review, set_level
from tests.risk.meeting import today
from tests.risk.test_owed import HERE, make_action, rows_of
from tests.risk.writing import send

TEAM, UNALLOCATED = "/team/", "/team/unallocated/"


@pytest.fixture
def gita(cast: Cast) -> User:
    """Another social worker of Bradford."""
    by = operator()
    user = open_account(username="gita", name="Gita Rowe", password="long-enough-9", now=NOW, by=by)
    user.conduct_accepted_on = today()
    user.save(update_fields=["conduct_accepted_on"])
    agency = Agency.objects.get(partnership=cast.bradford, code="social-care")
    appoint(user=user, agency=agency, role=Role.SOCIAL_WORKER, starts_on=BEGAN, now=NOW, by=by)
    return user


def post_of(user: User) -> Post:
    return Post.objects.select_related("agency", "user").get(user=user)


def qualify(user: User, by: User, days: int = 90) -> NewlyQualified:
    last = today() + timedelta(days=days)
    return enter_newly_qualified(post=post_of(user), starts_on=today(), ends_on=last, by=by)


def away(user: User, cover: User, by: User, **days: date) -> Absence:
    first, last = days.get("first", today()), days.get("last", today() + timedelta(days=7))
    return plan_absence(
        away=post_of(user), cover=post_of(cover), starts_on=first, ends_on=last, by=by
    )


# --- who leads how much ----------------------------------------------------------------------------------


def test_the_manager_sees_who_leads_how_much_and_each_name_opens_it(
    cast: Cast, amira: User, dev: User, ben: User, client_for: ClientFor
) -> None:
    day = today()
    for level, number in (("HIGH", 2), ("LOW", 1)):
        for _ in range(number):
            episode = make_episode(child=make_child(partnership=cast.bradford, by=amira), by=amira)
            set_level(episode=episode, level=level, set_on=day, by=amira)
            make_review(episode=episode, due_on=day - timedelta(days=1), by=amira)
            allocate(episode=episode, worker=amira, by=amira)
    allocate(episode=cast.shared, worker=ben, by=amira)
    make_action(cast, "police", day - timedelta(days=1), episode=episode)
    client = client_for(dev)
    page = client.get(TEAM).context["page"]
    found = {member.name: member for member in page.members}
    assert list(found) == ["Amira Sadler", "Ben Ashcroft", "Dev Marlow"]
    load = found["Amira Sadler"].load
    assert (load.high, load.medium, load.low, load.other, load.cases) == (2, 0, 1, 0, 3)
    assert (load.overdue, load.actions, load.late) == (3, 1, 1)
    assert found["Ben Ashcroft"].load.other == 1
    assert (found["Dev Marlow"].load.cases, found["Dev Marlow"].link) == (0, "")
    assert "3 open episodes" in client.get(found["Amira Sadler"].link).content.decode()
    assert page.unallocated == 1


def test_a_lead_without_a_post_is_named_and_a_hidden_case_is_not_counted(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    Episode.objects.filter(pk=cast.unshared.pk).update(lead_worker="Jo Former")
    members = client_for(dev).get(TEAM).context["page"].members
    assert [m.what for m in members if m.name == "Jo Former"] == ["Holds no post here"]
    restrict(child=cast.unshared.child, because="A colleague is a relative.", by=amira_leads(cast))
    names = [m.name for m in client_for(dev).get(TEAM).context["page"].members]
    assert "Jo Former" not in names


def amira_leads(cast: Cast) -> User:
    """Amira, who may restrict what she leads; the manager is then not named."""
    amira = cast.people["amira"]
    start = cast.unshared.referred_on
    Allocation.objects.create(
        episode=cast.unshared, partnership=cast.bradford, worker="amira", from_date=start,
        lead=True, known_from=timezone.now(), recorded_by=amira,
    )  # fmt: skip
    return amira


def test_many_cases_take_no_more_queries_than_few(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    client = client_for(dev)

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    few = [queries(TEAM), queries(UNALLOCATED)]
    make_caseload(partnership=cast.bradford, number=20, by=amira)
    for _ in range(5):
        make_episode(child=make_child(partnership=cast.bradford, by=amira), by=amira)
    assert [queries(TEAM), queries(UNALLOCATED)] == few


# --- what nobody leads ----------------------------------------------------------------------------------


def test_several_cases_that_nobody_leads_are_given_to_one_person_the_gravest_first(
    cast: Cast, amira: User, dev: User, client_for: ClientFor
) -> None:
    set_level(episode=cast.unshared, level="HIGH", set_on=today(), by=amira)
    client = client_for(dev)
    page = client.get(UNALLOCATED)
    labels = [label for _code, label in page.context["page"].form.fields["episodes"].choices]
    quillan, marden = cast.unshared.child.reference, cast.shared.child.reference
    assert labels[0].startswith(f"Quillan, Rae ({quillan}): High, referred ")
    assert labels[1].startswith(f"Marden, Kit ({marden}): Not set, referred ")
    assert client.post(UNALLOCATED, {}).status_code == 422
    both = [f"{cast.shared.pk}", f"{cast.unshared.pk}"]
    sent = send(client, UNALLOCATED, episodes=both, worker="amira")
    assert sent["Location"] == TEAM
    led = Episode.objects.filter(pk__in=both).values_list("lead_worker", flat=True)
    assert set(led) == {"Amira Sadler"}
    assert "Every open case has somebody who leads it." in client.get(UNALLOCATED).content.decode()
    listed = AuditEvent.objects.filter(event="team.unallocated_listed").order_by("pk")
    assert {cast.shared.child.reference, cast.unshared.child.reference} <= set(listed[0].about)


def test_all_are_given_or_none_and_somebody_elses_allocation_is_not_overwritten(
    cast: Cast, dev: User, amira: User
) -> None:
    seen = [Episode.objects.get(pk=one.pk) for one in (cast.unshared, cast.shared)]
    worker = Worker("amira", "Amira Sadler", "social-care")
    by_hand = Worker("ben", "Ben Ashcroft", "police")
    allocate_by_hand(
        episode=cast.shared, worker=by_hand, lead=True, from_date=today(), seen_lead="", by=amira
    )
    with pytest.raises(Conflict):
        give_out(episodes=seen, worker=worker, from_date=today(), by=dev)
    assert Episode.objects.get(pk=cast.unshared.pk).lead_worker == ""
    with pytest.raises(NotAllowed):
        give_out(episodes=seen, worker=worker, from_date=today(), by=amira)


# --- newly qualified ------------------------------------------------------------------------------------


def test_who_is_newly_qualified_leads_no_case_of_cse_and_the_form_says_why(
    cast: Cast, dev: User, sid: User, gita: User, client_for: ClientFor
) -> None:
    until = qualify(gita, sid).ends_on
    client = client_for(dev)
    chosen = {"episodes": [f"{cast.unshared.pk}"], "worker": "gita"}
    refused = send(client, UNALLOCATED, **chosen)
    assert refused.status_code == 422
    [said] = refused.context["page"].form.errors["worker"]
    words = f"{until.day} {until:%B %Y}"
    reference = cast.unshared.child.reference
    assert said.startswith(
        f"{reference}: Gita Rowe is newly qualified until {words}, and leads no case"
    )
    episode = cast.unshared
    address = f"/children/{episode.child_id}/episodes/{episode.pk}/allocate/"
    form = {"lead": "lead", "worker": "gita", "from_date": f"{today():%d/%m/%Y}"}
    assert "worker" in send(client, address, **form).context["page"].form.errors
    assert send(client, address, **{**form, "lead": "beside"}).status_code == 302
    member = next(m for m in client.get(TEAM).context["page"].members if m.name == "Gita Rowe")
    assert member.notes == (f"Newly qualified until {until.day} {until:%b %Y}",)


def lead(episode: Episode, by: User, **more: Any) -> Allocation:
    worker = Worker("gita", "Gita Rowe", "social-care")
    day = more.get("from_date", today())
    return allocate_by_hand(
        episode=episode, worker=worker, lead=True, from_date=day, seen_lead="", by=by
    )


def test_they_lead_where_other_exploitation_alone_is_feared_and_once_it_is_over(
    cast: Cast, amira: User, sid: User, gita: User
) -> None:
    entered = qualify(gita, sid)
    facts = EpisodeFact.objects.filter(episode=cast.unshared).values()[0]
    other = make_episode(child=make_child(partnership=cast.bradford, by=amira), by=amira)
    assert facts["exploitation_types"] in ([], ["CSE"])
    with pytest.raises(RuleBroken, match="newly qualified"):
        lead(other, amira)
    of_gangs = make_episode(
        child=make_child(partnership=cast.bradford, by=amira), by=amira, exploitation_types=("CCE",)
    )
    assert lead(of_gangs, amira).lead
    with pytest.raises(RuleBroken, match="newly qualified"):  # back-dated to a day before it began
        lead(other, amira, from_date=today() - timedelta(days=1))
    end_newly_qualified(entered=entered, post=post_of(gita), reason="Registered early.", by=sid)
    assert lead(other, amira).lead
    with pytest.raises(Conflict):
        end_newly_qualified(entered=entered, post=post_of(gita), reason="Again.", by=sid)


def test_an_administrator_enters_it_on_the_persons_page_and_nobody_else_does(
    cast: Cast, sid: User, dev: User, amira: User, ben: User, gita: User, client_for: ClientFor
) -> None:
    client, post = client_for(sid), post_of(gita)
    address = f"/people/posts/{post.pk}/qualifying/"
    assert b"Enter as newly qualified" in client.get(f"/people/{gita.pk}/").content
    wrong = send(client, address, starts_on="today", ends_on="+2000")
    assert "within two years" in wrong.context["page"].form.errors["ends_on"][0]
    assert send(client, address, starts_on="today", ends_on="+90").status_code == 302
    assert b"Newly qualified until" in client.get(f"/people/{gita.pk}/").content
    again = send(client, address, starts_on="today", ends_on="+9")
    assert "starts_on" in again.context["page"].form.errors
    assert send(client, f"{address}end/", reason="Registered.").status_code == 302
    assert client.get(f"{address}end/").status_code == 404
    for person in (dev, amira):
        with pytest.raises(NotAllowed):
            qualify(gita, person)
    with pytest.raises(RuleBroken, match="Only a social worker"):
        qualify(ben, sid)
    assert not NewlyQualified.objects.visible_to(ben).exists()


def test_what_is_entered_never_changes(cast: Cast, sid: User, gita: User, amira: User) -> None:
    qualify(gita, sid)
    away(gita, amira, gita)
    for table in ("newlyqualified", "absence"):
        with (
            pytest.raises(InternalError, match="nothing else of it changes"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE partners_{table} SET ends_on = ends_on + 1")


# --- away and cover -------------------------------------------------------------------------------------


@pytest.fixture
def held(cast: Cast, gita: User) -> Episode:
    """A high case that gita leads, whose review is late."""
    episode, amira = cast.unshared, cast.people["amira"]
    set_level(episode=episode, level="HIGH", set_on=episode.referred_on, by=amira)
    make_review(episode=episode, due_on=today() - timedelta(days=2), by=amira)
    allocate(episode=episode, worker=gita, by=amira)
    return episode


def test_who_covers_sees_the_others_work_marked_and_no_more_of_it_than_before(
    held: Episode, cast: Cast, amira: User, dev: User, gita: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    assert rows_of(client) == []
    absence = away(gita, amira, gita)
    [row] = client.get(HERE).context["page"].rows
    assert (row.name, row.covering) == ("Quillan, Rae", "Gita Rowe")
    assert b"Covering for Gita Rowe" in client.get(HERE).content
    assert client.get("/").context["work"].number == 1
    [own] = client_for(gita).get(HERE).context["page"].rows
    assert own.covering == ""
    restrict(child=held.child, because="A relative of a colleague.", by=dev)
    assert rows_of(client) == []
    assert client.get(f"/children/{held.child_id}/").status_code == 404
    end_absence(absence=absence, by=gita)
    assert Absence.objects.on(today()).count() == 0


def test_what_both_hold_is_ones_own_and_cover_ends_with_its_last_day(
    held: Episode, amira: User, dev: User, gita: User, client_for: ClientFor
) -> None:
    Allocation.objects.create(
        episode=held, partnership=held.partnership, worker="amira", from_date=held.referred_on,
        known_from=timezone.now(), recorded_by=amira,
    )  # fmt: skip
    away(gita, amira, dev, first=today() - timedelta(days=3), last=today())
    [row] = client_for(amira).get(HERE).context["page"].rows
    assert row.covering == ""
    Allocation.objects.filter(worker="amira").update(
        superseded_at=timezone.now(), superseded_by=amira
    )
    assert len(rows_of(client_for(amira))) == 1
    members = client_for(dev).get(TEAM).context["page"].members
    [note] = next(m.notes for m in members if m.name == "Gita Rowe")
    assert note == f"Away until {today().day} {today():%b %Y}, Amira Sadler covers"


def test_each_says_when_they_are_away_and_the_manager_for_all(
    cast: Cast, amira: User, ben: User, dev: User, gita: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    form = client.get("/away/new/").context["page"].form
    assert "away" not in form.fields
    assert {code for code, _name in form.fields["cover"].choices} == {"", "dev", "gita"}
    sent = send(client, "/away/new/", starts_on="today", ends_on="+7", cover="gita")
    assert sent["Location"] == "/away/"
    twice = send(client, "/away/new/", starts_on="+7", ends_on="+9", cover="gita")
    assert "starts_on" in twice.context["page"].form.errors
    [row] = client.get("/away/").context["page"].rows
    assert (row.absence.user, row.absence.cover, row.mine) == (amira, gita, True)
    manager = client_for(dev)
    both = {"starts_on": "today", "ends_on": "+3"}
    wrong = send(manager, "/away/new/", away="gita", cover="amira", **both)
    assert "away on some of these days" in wrong.context["page"].form.errors["cover"][0]
    other = send(manager, "/away/new/", away="gita", cover="ben", **both)
    assert "same agency" in other.context["page"].form.errors["cover"][0]
    assert client_for(ben).get("/away/").context["page"].rows == []
    with pytest.raises(NotAllowed):
        end_absence(absence=row.absence, by=gita)
    assert client_for(gita).get("/away/").context["page"].rows[0].mine is False
    ended = client.post(f"/away/{row.absence.pk}/end/")
    assert ended["Location"] == "/away/"
    assert client.get("/away/").context["page"].rows == []
    with pytest.raises(Conflict):
        end_absence(absence=row.absence, by=dev)


def test_another_hubs_manager_and_people_are_apart(
    cast: Cast, amira: User, erin: User, gita: User, client_for: ClientFor
) -> None:
    absence = away(amira, gita, amira)
    assert not Absence.objects.visible_to(erin).exists()
    assert client_for(erin).post(f"/away/{absence.pk}/end/").status_code == 404
    with pytest.raises(NotAllowed):
        end_absence(absence=absence, by=erin)
