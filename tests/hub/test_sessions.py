"""A session ends by the clock, and what was sent after its end is kept for the person who sent it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.recording.models import Draft
from hub.sessions.actions import forget_ended
from hub.sessions.clock import BEGAN, SEEN
from hub.sessions.rules import seconds_left
from hub.sessions.tasks import forget_what_is_over
from tests.cast import PASSWORD, ClientFor
from tests.hub.recording_site import DIARY
from tests.recording import form_in, typed

PAGE = "/diary/"


@pytest.fixture(autouse=True)
def diary() -> Iterator[None]:
    DIARY.__init__()  # type: ignore[misc]  # as new
    with override_settings(ROOT_URLCONF="tests.hub.recording_site"):
        yield


@pytest.fixture
def desk(client_for: ClientFor, amira: User) -> Client:
    """Amira at her desk, with a page open."""
    desk = client_for(amira)
    desk.get(PAGE)
    return desk


def idle(desk: Client, time: timedelta) -> None:
    """Let that time pass without a deed."""
    Session.objects.filter(pk=desk.cookies["sessionid"].value).update(
        expire_date=timezone.now() + timedelta(hours=1) - time
    )


def begun(desk: Client, ago: timedelta) -> None:
    """Let the session have begun that long ago; its last deed was now."""
    session: Any = desk.session
    session[BEGAN] = (timezone.now() - ago).isoformat()
    session.save()


def test_a_person_who_does_something_stays_signed_in(desk: Client) -> None:
    session: Any = desk.session
    session[SEEN] = (timezone.now() - timedelta(minutes=50)).isoformat()
    session.save()
    idle(desk, timedelta(minutes=50))
    assert desk.get(PAGE).status_code == 200
    left = Session.objects.get().expire_date - timezone.now()
    assert left > timedelta(minutes=59)


def test_a_page_within_a_minute_of_the_last_writes_nothing(desk: Client) -> None:
    before = Session.objects.get().session_data
    desk.get(PAGE)
    assert Session.objects.get().session_data == before


def test_an_idle_session_ends(desk: Client) -> None:
    idle(desk, timedelta(minutes=61))
    answer = desk.get(PAGE)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/?next=%2Fdiary%2F"


def test_no_session_outlasts_a_working_day_however_busy(desk: Client) -> None:
    begun(desk, timedelta(hours=9, minutes=59))
    assert desk.get(PAGE).status_code == 200
    begun(desk, timedelta(hours=10, minutes=1))
    assert desk.get(PAGE).status_code == 302
    assert not Session.objects.filter(pk=desk.cookies["sessionid"].value).exists()


@pytest.mark.parametrize("way", ["idle", "long"])
def test_what_was_sent_too_late_comes_back_after_signing_in(
    desk: Client, client_for: ClientFor, amira: User, way: str
) -> None:
    sent = typed(desk.get(PAGE), line="A long account of the visit")
    if way == "idle":
        idle(desk, timedelta(minutes=61))
    else:
        begun(desk, timedelta(hours=11))
    answer = desk.post(PAGE, sent, follow=True)
    assert answer.redirect_chain == [("/sign-in/?next=%2Fdiary%2F", 302)]
    assert "kept for 15 minutes" in answer.content.decode()
    assert DIARY.lines == ["Old line"]
    signed = {"username": "amira", "password": PASSWORD, "next": PAGE}
    page = desk.post("/sign-in/", signed, follow=True)
    assert form_in(page)["line"].value() == "A long account of the visit"
    assert "This was not recorded." in page.content.decode()
    assert desk.post(PAGE, typed(page)).status_code == 302
    assert DIARY.lines[-1] == "A long account of the visit"


def test_it_comes_back_to_no_other_person(desk: Client, client_for: ClientFor, dev: User) -> None:
    sent = typed(desk.get(PAGE), line="For my eyes")
    idle(desk, timedelta(minutes=61))
    desk.post(PAGE, sent)
    assert form_in(client_for(dev).get(PAGE))["line"].value() == "Old line"


def test_nothing_is_kept_of_what_a_stranger_sends(client_for: ClientFor, desk: Client) -> None:
    sent = typed(desk.get(PAGE), line="Mischief")
    answer = client_for(None).post(PAGE, sent)
    assert answer.headers["Location"] == "/sign-in/"
    forged = Client()
    forged.cookies["sessionid"] = "x" * 32
    forged.post(PAGE, sent)
    assert not Draft.objects.exists()


def test_nothing_is_kept_after_signing_out_a_new_password_or_an_hour(
    client_for: ClientFor, amira: User, cast: object
) -> None:
    for spoil in ("sign out", "password", "hour"):
        desk = client_for(amira)
        sent = typed(desk.get(PAGE), line="Too late")
        cookie = desk.cookies["sessionid"].value
        idle(desk, timedelta(minutes=61 if spoil != "hour" else 125))
        if spoil == "sign out":
            Session.objects.all().delete()
        elif spoil == "password":
            amira.set_password("another-lantern-43")
            amira.save()
        desk.cookies["sessionid"] = cookie
        assert desk.post(PAGE, sent).headers["Location"] == "/sign-in/", spoil
    assert not Draft.objects.exists()


def test_what_is_past_all_measure_is_not_kept_and_nothing_breaks(desk: Client) -> None:
    sent = typed(desk.get(PAGE), line="x" * 70_000)
    idle(desk, timedelta(minutes=61))
    assert desk.post(PAGE, sent).headers["Location"] == "/sign-in/"


def test_the_clock_can_be_asked_without_being_wound(desk: Client) -> None:
    session: Any = desk.session
    session[SEEN] = (timezone.now() - timedelta(minutes=58)).isoformat()
    session.save()
    assert 100 < desk.get("/session/").json()["seconds"] <= 120
    assert 100 < desk.get("/session/").json()["seconds"] <= 120
    assert desk.post("/session/").json()["seconds"] > 3500


def test_the_page_tells_the_script_how_long_is_left(desk: Client) -> None:
    assert 'data-ends="3' in desk.get(PAGE).content.decode()


def test_the_first_limit_counts() -> None:
    now = timezone.now()
    limits: Any = {"now": now, "idle": timedelta(hours=1), "longest": timedelta(hours=10)}
    assert seconds_left(began=now, seen=now, **limits) == 3600
    old = now - timedelta(hours=9, minutes=50)
    assert seconds_left(began=old, seen=now, **limits) == 600
    assert seconds_left(began=old - timedelta(hours=1), seen=now, **limits) == 0


def test_ended_sessions_and_old_drafts_are_forgotten(desk: Client) -> None:
    idle(desk, timedelta(minutes=61))
    assert forget_ended(now=timezone.now(), by=operator()) == 0
    idle(desk, timedelta(minutes=125))
    forget_what_is_over()
    assert not Session.objects.exists()
