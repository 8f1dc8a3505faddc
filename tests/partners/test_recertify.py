"""Once a year: posts are kept, changed and ended one by one, by keyboard, and what was kept can be undone."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from hub.access.rules import Role
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict
from partners.agencies.actions import appoint
from partners.agencies.models import Agency, Post
from partners.people.actions import ask_to_renew, confirm_post, let_go, unconfirm_post
from tests.cast import BEGAN, NOW, Cast, ClientFor

LIST = "/people/confirm/"


def rows(page: str) -> list[int]:
    """The posts of the list, in its order."""
    return [int(number) for number in re.findall(r"/posts/(\d+)/confirm/", page)]


def focused(page: str) -> list[int]:
    """The posts whose button has the focus."""
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    return [rows(form)[0] for form in forms if "autofocus" in form and rows(form)]


def keep(desk: Client, post: int) -> str:
    return desk.post(f"/people/posts/{post}/confirm/", follow=True).content.decode()


def test_what_is_kept_is_said_and_the_next_row_has_the_focus(
    cast: Cast, sid: User, client_for: ClientFor
) -> None:
    desk = client_for(sid)
    page = desk.get(LIST).content.decode()
    assert focused(page) == []  # who opens the list begins at its heading
    _first, second, third, *_more = rows(page)
    page = keep(desk, second)
    name = Post.objects.get(pk=second).user.name
    assert f"Kept: {name}, " in page
    assert focused(page) == [third]
    assert 'aria-describedby="kept"' in page
    page = keep(desk, rows(page)[-1])
    assert focused(page) == [rows(page)[-1]]  # the last row is gone: the one before it
    while left := rows(page):
        page = keep(desk, left[0])
    assert "All posts are confirmed" in page
    assert "Kept: " in page


def test_what_was_kept_last_can_be_undone(cast: Cast, sid: User, client_for: ClientFor) -> None:
    desk = client_for(sid)
    first, *_more = rows(desk.get(LIST).content.decode())
    before = timezone.localdate() - timedelta(days=400)
    Post.objects.filter(pk=first).update(confirmed_on=before)
    keep(desk, first)
    page = desk.post(f"/people/posts/{first}/unconfirm/", follow=True).content.decode()
    assert focused(page) == [first]
    assert "Kept: " not in page
    assert Post.objects.get(pk=first).confirmed_on == before
    assert desk.post(f"/people/posts/{first}/unconfirm/").status_code == 404
    assert AuditEvent.objects.filter(event="post.confirmation_undone").count() == 1
    with pytest.raises(Conflict, match="Nothing was said"):
        unconfirm_post(
            post=Post.objects.get(pk=first), before=None, now=timezone.now(), by=operator()
        )


def test_who_comes_second_is_told(cast: Cast, sid: User, client_for: ClientFor) -> None:
    desk = client_for(sid)
    first, *_more = rows(desk.get(LIST).content.decode())
    confirm_post(post=Post.objects.get(pk=first), now=timezone.now(), by=operator())
    assert "decided about this post meanwhile" in keep(desk, first)
    assert not AuditEvent.objects.filter(event="post.confirmed", username="sid").exists()


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 30, "\u0663", "%00"])
def test_an_odd_address_shows_the_list(
    odd: str, cast: Cast, sid: User, client_for: ClientFor
) -> None:
    answer = client_for(sid).get(f"{LIST}?page={odd}&kept={odd}&at={odd}")
    assert answer.status_code in (200, 400)


def test_a_role_is_changed_and_one_is_led_back_to_the_list(
    cast: Cast, sid: User, client_for: ClientFor
) -> None:
    desk, ben = client_for(sid), cast.people["ben"]
    [post] = Post.objects.filter(user=ben)
    at = f"/people/posts/{post.pk}/change/?due=1"
    form = desk.get(at).content.decode()
    assert 'value="suspect_manager"' in form
    assert 'value="police_officer"' not in form  # he is that already
    assert 'value="social_worker"' not in form
    sent = {"once": str(uuid4()), "role": "suspect_manager", "reason": "Moved teams."}
    assert desk.post(at, sent).headers["Location"] == LIST
    held = Post.objects.filter(user=ben).held_on(timezone.localdate())
    assert [each.role for each in held] == [Role.SUSPECT_MANAGER]
    events = AuditEvent.objects.filter(reference="ben").order_by("pk")
    assert [each.event for each in events][-2:] == ["post.ended", "post.given"]
    [new] = held
    ended = {"once": str(uuid4()), "reason": "Left."}
    there = desk.post(f"/people/posts/{new.pk}/end/?due=1", ended).headers["Location"]
    assert there == LIST


def test_an_administrators_home_says_what_awaits_them(
    cast: Cast, sid: User, client_for: ClientFor
) -> None:
    desk, ben = client_for(sid), cast.people["ben"]
    due = len(rows(desk.get(LIST).content.decode()))
    page = desk.get("/").content.decode()
    assert f"Posts to confirm: {due}, of them overdue: {due}" in page
    assert "Nobody's starting anew awaits your approval" in page
    council, peg = (
        Agency.objects.get(partnership=cast.bradford, code="police"),
        User.objects.create(username="peg", name="Peg Arden"),
    )
    role = Role.AGENCY_ADMINISTRATOR
    appoint(user=peg, agency=council, role=role, starts_on=BEGAN, now=NOW, by=operator())
    ask_to_renew(user=ben, reason="Lost.", now=timezone.now(), by=peg)
    ask_to_renew(user=cast.people["amira"], reason="Lost.", now=timezone.now(), by=sid)
    assert "Starting anew, to be approved: 1<" in desk.get("/").content.decode()
    let_go(user=ben, reason="Left.", now=timezone.now(), by=sid)
    assert "Needs you" in desk.get("/").content.decode()
    assert "Posts to confirm" not in client_for(cast.people["bea"]).get("/").content.decode()
