"""How posts end and are offered, whose name is whose, and a way in anew that is taken back."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from hub.access.rules import Role
from hub.accounts.actions import note_sign_in_refused, open_account
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict, RuleBroken
from partners.agencies.actions import appoint
from partners.agencies.models import Agency, Post
from partners.people.actions import (
    approve_renewal,
    ask_to_renew,
    end_post,
    let_go,
    renew,
    withdraw_renewal,
)
from tests.cast import NOW, PASSWORD, Cast, ClientFor

TODAY, DAY = timezone.localdate, timedelta(days=1)
CHOSEN = "otter-lantern-quarry"


def agency(cast: Cast, code: str) -> Agency:
    return Agency.objects.get(partnership=cast.bradford, code=code)


def given(cast: Cast, user: User, days: int, by: User) -> Post:
    """Give somebody another post at the police, to begin so many days from today."""
    now, role = timezone.now(), Role.SUSPECT_MANAGER
    day, police = TODAY() + days * DAY, agency(cast, "police")
    return appoint(user=user, agency=police, role=role, starts_on=day, now=now, by=by)


def stands(user: User) -> bool:
    """Ask the database what a person is now, as each request does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM partners_standing(%s, %s, 0)", [user.pk, TODAY()])
        return bool(cursor.fetchone()[0])


def test_a_post_that_ends_on_its_first_day_keeps_its_days_and_opens_nothing(
    cast: Cast, gus: User, sid: User, client_for: ClientFor
) -> None:
    post = given(cast, gus, 0, sid)
    assert stands(gus)
    end_post(post=post, reason="Given by mistake.", now=timezone.now(), by=sid)
    post.refresh_from_db()
    assert (post.starts_on, post.ends_on) == (TODAY(), None)
    assert not stands(gus)
    assert not Post.objects.held_on(TODAY()).filter(pk=post.pk).exists()
    page = client_for(sid).get(f"/people/{gus.pk}/").content.decode()
    assert re.search(rf"Ended {TODAY().day} \w+ {TODAY().year}", page)
    again = given(cast, gus, 0, sid)  # on the same day
    assert again.pk != post.pk
    assert stands(gus)


def test_a_post_ended_before_it_began_never_begins(
    cast: Cast, gus: User, sid: User, client_for: ClientFor
) -> None:
    post = given(cast, gus, 7, sid)
    desk = client_for(sid)
    assert ">Begins<" in desk.get("/people/").content.decode()
    end_post(post=post, reason="Not needed.", now=timezone.now(), by=sid)
    post.refresh_from_db()
    assert post.starts_on == TODAY() + 7 * DAY
    assert not Post.objects.held_on(TODAY() + 7 * DAY).filter(pk=post.pk).exists()
    assert "Never begun, ended" in desk.get("/people/").content.decode()
    with pytest.raises(Conflict):
        end_post(post=post, reason="Again.", now=timezone.now(), by=sid)


def test_a_post_that_ended_was_held_on_the_days_before(cast: Cast, sid: User) -> None:
    ben = cast.people["ben"]
    [post] = Post.objects.filter(user=ben)
    let_go(user=ben, reason="Moved.", now=timezone.now(), by=sid)
    held = Post.objects.filter(pk=post.pk)
    assert [held.held_on(day).exists() for day in (TODAY() - DAY, TODAY())] == [True, False]
    assert not stands(ben)


def test_a_leaver_with_a_post_elsewhere_to_come_keeps_the_account(
    cast: Cast, gus: User, sid: User
) -> None:
    given(cast, gus, 0, sid)
    later, health = TODAY() + 7 * DAY, agency(cast, "health")
    role, peg = Role.NURSE_PRACTITIONER, User.objects.create(username="peg", name="Peg Arden")
    appoint(user=gus, agency=health, role=role, starts_on=later, now=timezone.now(), by=sid)
    police, desk = agency(cast, "police"), Role.AGENCY_ADMINISTRATOR
    appoint(user=peg, agency=police, role=desk, starts_on=TODAY(), now=timezone.now(), by=sid)
    let_go(user=gus, reason="To health.", now=timezone.now(), by=peg)
    assert User.objects.get(pk=gus.pk).is_active


def test_an_agency_whose_post_was_ended_today_gives_no_reason_of_its_peoples_looks_any_more(
    db: None,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'referrals_looks'")
        assert "ended_at IS NULL" in cursor.fetchone()[0]


# --- a way in anew that is taken back ---------------------------------------------------------------------


def test_a_request_to_start_anew_is_taken_back_and_another_can_be_made(
    cast: Cast, sid: User, client_for: ClientFor
) -> None:
    ben, desk, now = cast.people["ben"], client_for(sid), timezone.now()
    asked = ask_to_renew(user=ben, reason="Lost.", now=now, by=sid)
    assert f"/people/renewals/{asked.pk}/withdraw/" in desk.get("/people/").content.decode()
    page = desk.post(f"/people/renewals/{asked.pk}/withdraw/", follow=True).content.decode()
    assert "Taken back." in page
    assert "taken back by Sid Varley" in page
    assert "second administrator approves" not in desk.get("/people/").content.decode()
    with pytest.raises(Conflict, match="taken back"):
        withdraw_renewal(renewal=asked, now=now, by=sid)
    ask_to_renew(user=ben, reason="Lost after all.", now=now, by=sid)
    assert AuditEvent.objects.filter(event="renewal.withdrawn", reference="ben").count() == 1


def test_a_code_that_is_taken_back_opens_nothing(cast: Cast, sid: User, gus: User) -> None:
    ben, now = cast.people["ben"], timezone.now()
    role, council = Role.SYSTEM_ADMINISTRATOR, agency(cast, "council")
    appoint(user=gus, agency=council, role=role, starts_on=TODAY(), now=now, by=sid)
    asked = ask_to_renew(user=ben, reason="Lost.", now=now, by=sid)
    code = approve_renewal(renewal=asked, now=now, by=gus)
    withdraw_renewal(renewal=asked, now=now, by=sid)
    with pytest.raises(RuleBroken, match="code is wrong"):
        renew(username="ben", code=code, password=CHOSEN, now=now)
    early = ask_to_renew(user=ben, reason="Lost.", now=now, by=sid)
    withdraw_renewal(renewal=early, now=now, by=gus)
    with pytest.raises(Conflict, match="taken back"):
        approve_renewal(renewal=early, now=now, by=gus)


# --- what is offered is taken -------------------------------------------------------------------------------


def offered(page: str) -> list[str]:
    return re.findall(r'<option value="(\d+ \w+)"', page)


def test_every_post_that_is_offered_is_given(cast: Cast, sid: User, client_for: ClientFor) -> None:
    desk, ben, police = client_for(sid), cast.people["ben"], agency(cast, "police")
    places = offered(desk.get("/people/new/").content.decode())
    assert f"{police.pk} suspect_manager" in places
    assert f"{police.pk} social_worker" not in places
    for number, place in enumerate(places):
        sent = {
            "once": str(uuid4()), "name": "Lee Park", "username": f"lee.{number}",
            "place": place, "starts_on": "today",
        }  # fmt: skip
        assert desk.post("/people/new/", sent).status_code == 200, place
    refused = sent | {"username": "lee.x", "place": f"{police.pk} social_worker"}
    assert desk.post("/people/new/", refused).status_code == 422
    assert f"{police.pk} police_officer" not in offered(
        desk.get(f"/people/{ben.pk}/post/").content.decode()
    )  # he holds it


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": "Lee\u200b Park"}, "a sign that cannot be seen"),
        ({"name": "123"}, "a name with letters"),
        ({"username": "l\u200bee"}, "letters from A to Z"),
        ({"username": "l\u0435e"}, "letters from A to Z"),  # the Cyrillic letter that looks like e
        ({"username": "AMIRA"}, "This user name is taken"),
        ({"starts_on": "1/1/1987"}, "within a year of today"),
        ({"starts_on": "1/1/2088"}, "within a year of today"),
    ],
)
def test_a_slip_in_a_name_or_a_day_comes_back_with_its_message(
    wrong: dict[str, Any], message: str, cast: Cast, sid: User, client_for: ClientFor
) -> None:
    health = agency(cast, "health")
    sent = {
        "once": str(uuid4()), "name": "Lee Park", "username": "lee", "starts_on": "today",
        "place": f"{health.pk} nurse_practitioner",
    } | wrong  # fmt: skip
    answer = client_for(sid).post("/people/new/", sent)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not User.objects.filter(name__startswith="Lee").exists()


@pytest.mark.parametrize("deed", ["anew", "leave", "post"])
def test_nobody_is_shown_a_form_about_themselves(
    deed: str, cast: Cast, sid: User, client_for: ClientFor
) -> None:
    desk = client_for(sid)
    assert desk.get(f"/people/{sid.pk}/{deed}/").status_code == 403
    [own] = Post.objects.filter(user=sid)
    assert desk.get(f"/people/posts/{own.pk}/end/").status_code == 403
    page = desk.get(f"/people/{sid.pk}/").content.decode()
    assert "another administrator changes" in page
    assert "/leave/" not in page


def test_no_page_of_the_desk_bears_a_name_in_its_title(
    cast: Cast, sid: User, client_for: ClientFor
) -> None:
    ben, desk = cast.people["ben"], client_for(sid)
    for path in ("", "anew/", "leave/", "post/"):
        page = desk.get(f"/people/{ben.pk}/{path}").content.decode()
        [title] = re.findall("<title>(.*)</title>", page)
        assert "ben" not in title.lower()
        assert "Ben Ashcroft" in page


# --- a name in any case -------------------------------------------------------------------------------------


def test_a_user_name_is_found_in_any_case(cast: Cast) -> None:
    cache.clear()
    for typed in ("Amira", "AMIRA", "amira"):
        browser = Client()
        sent = {"username": typed, "password": PASSWORD}
        assert browser.post("/sign-in/", sent).status_code == 302, typed
    note_sign_in_refused(username="AMIRA", now=timezone.now())
    assert AuditEvent.objects.latest("pk").reference == "amira"


def test_two_names_that_differ_by_capitals_alone_are_refused_by_the_database(
    cast: Cast, sid: User
) -> None:
    with pytest.raises(RuleBroken, match="taken"):
        open_account(username="AmirA", name="Lee", password=PASSWORD, now=NOW, by=sid)
    with pytest.raises(IntegrityError, match="any_case"), transaction.atomic():
        User.objects.create(username="AMIRA", name="Lee")
