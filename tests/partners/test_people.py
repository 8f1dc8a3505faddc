"""Administrators and their people: taken on, confirmed, starting anew with two of them, cut off."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.access.rules import Role
from hub.accounts.actions import open_account, operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.actions import appoint
from partners.agencies.models import Agency, Post
from partners.people.actions import (
    approve_renewal,
    ask_to_renew,
    end_post,
    let_go,
    renew,
    take_on,
)
from partners.people.models import Renewal
from partners.people.rules import digest_of, new_code
from tests.cast import BEGAN, NOW, PASSWORD, Cast, ClientFor

CHOSEN = "otter-lantern-quarry"


@pytest.fixture
def peg(cast: Cast) -> User:
    """The police's own administrator."""
    by = operator()
    user = open_account(username="peg", name="Peg Arden", password=PASSWORD, now=NOW, by=by)
    user.conduct_accepted_on = timezone.localdate()
    user.save()
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    role = Role.AGENCY_ADMINISTRATOR
    appoint(user=user, agency=police, role=role, starts_on=BEGAN, now=NOW, by=by)
    return user


def _anew(username: str, code: str, password: str = CHOSEN) -> str:
    cache.clear()
    typed = {"username": username, "code": code, "password": password, "again": password}
    return Client().post("/sign-in/anew/", typed, follow=True).content.decode()


def test_a_new_colleague_chooses_a_password_with_the_code_that_was_read_out(
    cast: Cast, peg: User, client_for: ClientFor
) -> None:
    desk = client_for(peg)
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    typed = {
        "name": "Ravi Holt",
        "username": "ravi",
        "place": f"{police.pk} police_officer",
        "starts_on": "today",
        "once": "7d0cbd8e-4dc5-4c2d-9d4c-0a1d3d0d8f3c",
    }
    page = desk.post("/people/new/", typed).content.decode()
    [code] = re.findall(r'hub-key">([A-Z2-7-]{19})<', page)
    assert "Your new password is set" in _anew("ravi", code.lower().replace("-", " "))
    assert Client().post("/sign-in/", {"username": "ravi", "password": CHOSEN}).status_code == 302
    assert "The user name or the code is wrong" in _anew("ravi", code)  # it was good once
    assert code not in str(AuditEvent.objects.values_list("after", "reason", "before"))
    taken = desk.post("/people/new/", typed)
    assert (taken.status_code, "This user name is taken" in taken.content.decode()) == (422, True)


def test_a_lost_telephone_takes_two_administrators_and_ends_all_that_was(
    cast: Cast, peg: User, sid: User, client_for: ClientFor
) -> None:
    ben = cast.people["ben"]
    TOTP.activate(ben, "JBSWY3DPEHPK3PXP")
    bens = client_for(ben)
    assert bens.get("/episodes/").status_code == 200
    desk, other = client_for(peg), client_for(sid)
    asked = {
        "reason": "Telephone lost on the train.",
        "once": "5f0cbd8e-4dc5-4c2d-9d4c-0a1d3d0d8f3c",
    }
    desk.post(f"/people/{ben.pk}/anew/", asked)
    renewal = Renewal.objects.get()
    assert "another administrator approves" in desk.get("/people/").content.decode()
    assert desk.post(f"/people/renewals/{renewal.pk}/approve/").status_code == 422
    assert "Telephone lost on the train." in other.get("/people/").content.decode()
    page = other.post(f"/people/renewals/{renewal.pk}/approve/").content.decode()
    [code] = re.findall(r'hub-key">([A-Z2-7-]{19})<', page)
    assert other.post(f"/people/renewals/{renewal.pk}/approve/").status_code == 409
    assert bens.get("/episodes/").status_code == 200  # until it is used
    assert "at least 12 characters" in _anew("ben", code, "short")
    assert "Your new password is set" in _anew("ben", code)
    assert bens.get("/episodes/").status_code == 302
    assert not Authenticator.objects.filter(user=ben).exists()
    events = AuditEvent.objects.filter(reference="ben").exclude(event="post.given")
    assert [event.event for event in events.order_by("pk")][-3:] == [
        "renewal.asked", "renewal.approved", "renewal.used",
    ]  # fmt: skip


def test_a_code_is_nobody_elses_and_ends_after_an_hour(cast: Cast, peg: User, sid: User) -> None:
    ben, now = cast.people["ben"], timezone.now()
    renewal = ask_to_renew(user=ben, reason="Lost.", now=now, by=peg)
    code = approve_renewal(renewal=renewal, now=now, by=sid)
    for username, typed, at in (
        ("amira", code, now),
        ("ben", new_code(), now),
        ("ben", code, now + timedelta(hours=1)),
    ):
        with pytest.raises(RuleBroken, match="The user name or the code is wrong"):
            renew(username=username, code=typed, password=CHOSEN, now=at)
    renew(username="ben", code=code, password=CHOSEN, now=now + timedelta(minutes=59))


def test_codes_cannot_be_tried_out(cast: Cast, peg: User, sid: User) -> None:
    cache.clear()
    ben, now = cast.people["ben"], timezone.now()
    code = approve_renewal(
        renewal=ask_to_renew(user=ben, reason="Lost.", now=now, by=peg), now=now, by=sid
    )
    typed = {"username": "ben", "password": CHOSEN, "again": CHOSEN}
    for number in range(5):
        browser = Client(REMOTE_ADDR=f"192.0.2.{number}")
        browser.post("/sign-in/anew/", typed | {"code": new_code()})
    page = Client().post("/sign-in/anew/", typed | {"code": code}).content.decode()
    assert "too many wrong attempts" in page
    cache.clear()


def test_nobody_renews_themselves_and_an_agency_looks_after_its_own_alone(
    cast: Cast, peg: User, sid: User, amira: User
) -> None:
    now = timezone.now()
    with pytest.raises(RuleBroken, match="Nobody does this to themselves"):
        ask_to_renew(user=peg, reason="Lost.", now=now, by=peg)
    with pytest.raises(NotAllowed, match="your own agency"):
        ask_to_renew(user=amira, reason="Lost.", now=now, by=peg)
    with pytest.raises(NotAllowed, match="your own agency"):
        ask_to_renew(user=cast.people["erin"], reason="Lost.", now=now, by=sid)
    with pytest.raises(NotAllowed):
        ask_to_renew(user=cast.people["ben"], reason="Lost.", now=now, by=amira)
    care = Agency.objects.get(partnership=cast.bradford, code="social-care")
    with pytest.raises(NotAllowed, match="your own agency"):
        take_on(
            agency=care,
            username="x",
            name="X",
            role=Role.NURSE_PRACTITIONER,
            starts_on=BEGAN,
            now=now,
            by=peg,
        )


def test_an_administrator_of_ones_own_making_is_no_second_person(
    cast: Cast, sid: User, peg: User
) -> None:
    now, council = timezone.now(), Agency.objects.get(partnership=cast.bradford, code="council")
    role = Role.SYSTEM_ADMINISTRATOR
    made: list[User] = []
    for username, by in (("ghost", sid), ("shade", None)):
        taker = by or made[0]
        take_on(
            agency=council,
            username=username,
            name="G",
            role=role,
            starts_on=now.date(),
            now=now,
            by=taker,
        )
        made.append(User.objects.get(username=username))
    renewal = ask_to_renew(user=cast.people["ben"], reason="Lost.", now=now, by=sid)
    for approver in made:
        with pytest.raises(RuleBroken, match="taken on by who asks"):
            approve_renewal(renewal=renewal, now=now, by=approver)
    assert approve_renewal(renewal=renewal, now=now, by=peg)


def test_one_request_waits_at_a_time_and_one_code_is_good(cast: Cast, peg: User, sid: User) -> None:
    ben, now = cast.people["ben"], timezone.now()
    first = ask_to_renew(user=ben, reason="Lost.", now=now, by=peg)
    with pytest.raises(RuleBroken, match="asked for already"):
        ask_to_renew(user=ben, reason="Lost again.", now=now, by=sid)
    early = approve_renewal(renewal=first, now=now, by=sid)
    later = approve_renewal(
        renewal=ask_to_renew(user=ben, reason="Misheard.", now=now, by=peg), now=now, by=sid
    )
    with pytest.raises(RuleBroken, match="user name or the code is wrong"):
        renew(username="ben", code=early, password=CHOSEN, now=now + timedelta(minutes=1))
    renew(username="ben", code=later, password=CHOSEN, now=now + timedelta(minutes=1))


def test_neither_a_name_in_capitals_nor_a_post_twice_is_given(cast: Cast, sid: User) -> None:
    ben, police = cast.people["ben"], Agency.objects.get(partnership=cast.bradford, code="police")
    with pytest.raises(RuleBroken, match="name is taken"):
        open_account(username="BEN", name="B", password=PASSWORD, now=NOW, by=sid)
    with pytest.raises(RuleBroken, match="hold this post already"):
        appoint(
            user=ben,
            agency=police,
            role=Role.POLICE_OFFICER,
            starts_on=NOW.date(),
            now=NOW,
            by=sid,
        )


def test_the_database_itself_wants_two_people(cast: Cast, peg: User) -> None:
    now = timezone.now()
    held = ask_to_renew(user=cast.people["ben"], reason="Lost.", now=now, by=peg)
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        Renewal.objects.filter(pk=held.pk).update(
            approved_by=peg, approved_at=now, ends_at=now, digest=digest_of("x")
        )


def test_a_leaver_is_out_at_the_next_click_and_what_they_wrote_stays(
    cast: Cast, peg: User, client_for: ClientFor
) -> None:
    ben, bens, desk = cast.people["ben"], client_for(cast.people["ben"]), client_for(peg)
    assert bens.get("/episodes/").status_code == 200
    sent = {"reason": "Moved to another force.", "once": "6f0cbd8e-4dc5-4c2d-9d4c-0a1d3d0d8f3c"}
    assert desk.post(f"/people/{ben.pk}/leave/", sent).status_code == 302
    assert bens.get("/episodes/").headers["Location"].startswith("/sign-in/")
    assert Client().post("/sign-in/", {"username": "ben", "password": PASSWORD}).status_code == 422
    page = desk.get(f"/people/{ben.pk}/").content.decode()
    assert "The account is closed." in page
    assert AuditEvent.objects.filter(username="ben").exists()
    with pytest.raises(RuleBroken, match="account is closed"):
        ask_to_renew(user=User.objects.get(pk=ben.pk), reason="Lost.", now=timezone.now(), by=peg)


def test_one_who_holds_a_post_elsewhere_loses_the_own_agencys_alone(cast: Cast, peg: User) -> None:
    ben = cast.people["ben"]
    health = Agency.objects.get(partnership=cast.bradford, code="health")
    role = Role.NURSE_PRACTITIONER
    appoint(user=ben, agency=health, role=role, starts_on=BEGAN, now=NOW, by=operator())
    let_go(user=ben, reason="Moved.", now=timezone.now(), by=peg)
    today = timezone.localdate()
    assert [post.role for post in Post.objects.filter(user=ben).held_on(today)] == [role]
    assert User.objects.get(pk=ben.pk).is_active


def test_posts_are_confirmed_one_by_one_once_a_year(
    cast: Cast, peg: User, client_for: ClientFor
) -> None:
    desk = client_for(peg)
    assert "Confirm posts: 2 due" in desk.get("/people/").content.decode()
    page = desk.get("/people/confirm/").content.decode()
    assert "Ben Ashcroft" in page
    assert "Amira Sadler" not in page  # of another agency
    assert f'href="/people/{peg.pk}/"' not in page  # nobody confirms themselves
    [number] = {post.pk for post in Post.objects.filter(user=cast.people["ben"])}
    assert f"/people/posts/{number}/confirm/" in page
    desk.post(f"/people/posts/{number}/confirm/")
    assert "Ben Ashcroft" not in desk.get("/people/confirm/").content.decode()
    foreign = Post.objects.get(user=cast.people["amira"])
    assert desk.post(f"/people/posts/{foreign.pk}/confirm/").status_code == 404
    assert AuditEvent.objects.filter(event="post.confirmed", reference="ben").count() == 1


def test_the_list_asks_as_often_for_more_people(
    cast: Cast, sid: User, client_for: ClientFor
) -> None:
    desk = client_for(sid)
    desk.get("/people/")
    with CaptureQueriesContext(connection) as few:
        desk.get("/people/")
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    for number in range(30):
        by, role = operator(), Role.POLICE_OFFICER
        user = open_account(
            username=f"pc{number}", name=f"Pc {number}", password=PASSWORD, now=NOW, by=by
        )
        appoint(user=user, agency=police, role=role, starts_on=BEGAN, now=NOW, by=by)
    with CaptureQueriesContext(connection) as many:
        assert "40 posts." in desk.get("/people/").content.decode()
    assert len(few) == len(many)


def test_a_post_is_given_and_ended(cast: Cast, peg: User, client_for: ClientFor) -> None:
    ben, desk = cast.people["ben"], client_for(peg)
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    given = {
        "place": f"{police.pk} suspect_manager",
        "starts_on": "today",
        "once": "1f0cbd8e-4dc5-4c2d-9d4c-0a1d3d0d8f3c",
    }
    assert desk.post(f"/people/{ben.pk}/post/", given).status_code == 302
    post = Post.objects.get(user=ben, role=Role.SUSPECT_MANAGER)
    sent = {"reason": "Given by mistake.", "once": "2f0cbd8e-4dc5-4c2d-9d4c-0a1d3d0d8f3c"}
    assert desk.post(f"/people/posts/{post.pk}/end/", sent).status_code == 302
    assert "Police officer" in desk.get(f"/people/{ben.pk}/").content.decode()
    assert Post.objects.get(pk=post.pk).ended_at is not None
    with pytest.raises(Conflict, match="has ended already"):
        end_post(post=post, reason="Again.", now=timezone.now(), by=peg)


def test_the_command_line_makes_the_first_administrator_and_no_second(cast: Cast) -> None:
    told = {"agency": "town", "username": "pat", "name": "Pat Arden"}
    with pytest.raises(CommandError, match="has an administrator"):
        call_command("first_administrator", partnership="bradford", **told)
    said = StringIO()
    call_command("first_administrator", partnership="kirklees", stdout=said, **told)
    [code] = re.findall(r"pat: (\S{19})", said.getvalue())
    assert "Your new password is set" in _anew("pat", code)
    with pytest.raises(CommandError, match="has an administrator"):
        call_command("first_administrator", partnership="kirklees", **told | {"username": "lea"})
    with pytest.raises(CommandError, match="partnership"):
        call_command("first_administrator", partnership="nowhere", **told | {"username": "lea"})
