"""Second factors: required by role, added, used once, lost; and what else is settled before any page."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from hub.access.rules import ROLES, Role
from hub.accounts.models import Remembered, User
from hub.accounts.rules import conduct_is_due, needs_second_factor
from hub.audit.models import AuditEvent
from partners.agencies.models import Agency, Post
from tests.cast import BEGAN, PASSWORD, Cast, ClientFor

REQUIRED = override_settings(SECOND_FACTOR_REQUIRED=True)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def signed_in_by_form(username: str = "amira", follow: str = "") -> tuple[Client, str]:
    """Sign in by the page; gives the browser and where it was led."""
    client = Client()
    typed = {"username": username, "password": PASSWORD, "next": follow}
    return client, client.post("/sign-in/", typed).headers["Location"]


def code_of(secret: str, steps: int = 0) -> str:
    """What the telephone shows now, or some half minutes before or after."""
    counter = int(timezone.now().timestamp()) // 30 + steps
    return str(format_hotp_value(hotp_value(secret, counter)))


def minutes_later(client: Client) -> None:
    """Let it be a while ago that the person proved who they are."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()


@pytest.fixture
def telephone(amira: User) -> str:
    """Amira's telephone; gives its secret."""
    TOTP.activate(amira, SECRET)
    return SECRET


@pytest.fixture(autouse=True)
def nothing_remembered(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_a_role_that_opens_more_than_published_numbers_needs_a_second_factor() -> None:
    without = {role for role in Role if not needs_second_factor(role)}
    assert without == {Role.BOARD_MEMBER}
    assert all(ROLES[role].permissions for role in without)


@REQUIRED
def test_one_who_needs_a_second_factor_adds_it_before_any_page(cast: Cast) -> None:
    client, _home = signed_in_by_form()
    for address in ("/", "/episodes/", f"/children/{cast.shared.child_id}/"):
        assert client.get(address).headers["Location"] == "/account/factors/"
    assert client.post("/search/", {"text": "marden"}).headers["Location"] == "/account/factors/"
    page = client.get("/account/factors/").content.decode()
    assert "Your role opens records of children, so a password alone is not enough." in page
    bea, _home = signed_in_by_form("bea")
    assert bea.get("/").status_code == 200


@REQUIRED
def test_a_telephone_is_added_after_the_password_again_and_opens_the_hub(cast: Cast) -> None:
    client, _home = signed_in_by_form()
    assert client.get("/account/factors/telephone/").status_code == 200  # not asked twice
    minutes_later(client)
    again = client.get("/account/factors/telephone/").headers["Location"]
    assert again.startswith("/account/again/?next=")
    assert "The password is wrong" in client.post(again, {"password": "x"}).content.decode()
    led = client.post(again, {"password": PASSWORD, "next": "/account/factors/telephone/"})
    page = client.get(led.headers["Location"]).content.decode()
    secret = re.findall(r'hub-key">(\w+)<', page)[0]
    picture = client.get("/account/factors/telephone/picture/")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    wrong = client.post("/account/factors/telephone/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "The code is wrong" in wrong.content.decode()
    right = client.post("/account/factors/telephone/", {"code": code_of(secret)})
    assert right.headers["Location"] == "/account/factors/codes/"
    codes = re.findall(r'hub-key">(\d{8})<', client.get("/account/factors/codes/").content.decode())
    assert len(codes) == 10
    assert "****" not in codes
    assert "shown once" in client.get("/account/factors/codes/").content.decode()
    assert client.get("/episodes/").status_code == 200
    kept = Authenticator.objects.get(type="totp", user__username="amira").data["secret"]
    assert secret not in kept  # encrypted where the database lies
    events = set(AuditEvent.objects.values_list("event", flat=True))
    assert "factor.telephone_added" in events


def test_a_code_is_asked_for_after_the_password_and_is_good_once(
    cast: Cast, telephone: str
) -> None:
    client, led = signed_in_by_form(follow="/episodes/")
    assert led == "/sign-in/code/"
    assert client.get("/episodes/").headers["Location"] == "/sign-in/?next=%2Fepisodes%2F"
    code = code_of(telephone)
    assert client.post(led, {"code": code}).headers["Location"] == "/episodes/"
    assert client.get("/episodes/").status_code == 200
    event = AuditEvent.objects.get(event="signed.in")
    assert event.after == {"ways": ["password", "one-time code"], "address": "127.0.0.1"}
    other, led = signed_in_by_form()
    page = other.post(led, {"code": code}).content.decode()  # seen over a shoulder
    assert "The code is wrong, or was used before" in page
    assert other.get("/episodes/").status_code == 302


def test_a_recovery_code_is_good_once_for_a_lost_telephone(cast: Cast, telephone: str) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    code = RecoveryCodes.activate(cast.people["amira"]).get_unused_codes()[0]
    client, led = signed_in_by_form()
    assert client.post(led, {"code": code}).headers["Location"] == "/"
    again, led = signed_in_by_form()
    assert "The code is wrong" in again.post(led, {"code": code}).content.decode()


def test_five_wrong_codes_shut_that_way_in(cast: Cast, telephone: str) -> None:
    client, led = signed_in_by_form()
    for _time in range(5):
        client.post(led, {"code": "000000"})
    page = client.post(led, {"code": code_of(telephone)}).content.decode()
    assert "too many wrong attempts" in page
    assert client.get("/episodes/").status_code == 302


def test_five_wrong_passwords_shut_an_account_from_every_address_though_redis_is_flushed(
    cast: Cast,
) -> None:
    wrong = {"username": "amira", "password": "wrong-wrong-wrong"}
    for number in range(5):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/sign-in/", wrong)
    right = {"username": "amira", "password": PASSWORD}
    answer = Client(REMOTE_ADDR="198.51.100.7").post("/sign-in/", right)
    assert answer.status_code == 422
    assert "too many wrong attempts, so this way in is shut for 15 minutes" in str(answer.content)
    assert Remembered.objects.filter(cache_key__contains="login_failed").exists()  # in the database
    assert Client().post("/sign-in/", right | {"username": "ben"}).status_code == 302


def test_capitals_in_the_name_are_no_way_round_the_lock(cast: Cast) -> None:
    for name in ("amira", "AMIRA", "Amira", "aMira", "amirA"):
        Client().post("/sign-in/", {"username": name, "password": "wrong-wrong-wrong"})
    answer = Client().post("/sign-in/", {"username": "amira", "password": PASSWORD})
    assert "too many wrong attempts" in answer.content.decode()


def test_the_code_of_conduct_comes_first_and_once_a_year(cast: Cast, client_for: ClientFor) -> None:
    amira = cast.people["amira"]
    User.objects.filter(pk=amira.pk).update(conduct_accepted_on=date(2020, 1, 1))
    client = client_for(User.objects.get(pk=amira.pk))
    led = client.get("/episodes/?page=2").headers["Location"]
    assert led == "/conduct/?next=%2Fepisodes%2F%3Fpage%3D2"
    assert "You accepted this on 1 Jan 2020" in client.get(led).content.decode()
    refused = client.post("/conduct/", {"next": "/episodes/?page=2"})
    assert (refused.status_code, "Tick the box" in refused.content.decode()) == (422, True)
    answer = client.post("/conduct/", {"accepted": "on", "next": "/episodes/?page=2"})
    assert answer.headers["Location"] == "/episodes/?page=2"
    assert client.get("/episodes/").status_code == 200
    last = AuditEvent.objects.filter(event="conduct.accepted", user_id=amira.pk).order_by("-pk")[0]
    assert last.before == {"accepted_on": "2020-01-01"}


@pytest.mark.parametrize(
    ("accepted", "today", "due"),
    [
        (None, date(2026, 3, 2), True),
        (date(2025, 3, 2), date(2026, 3, 1), False),
        (date(2025, 3, 2), date(2026, 3, 2), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
    ],
)
def test_an_acceptance_lasts_a_year(accepted: date | None, today: date, due: bool) -> None:
    assert conduct_is_due(accepted, today) is due


def _second_post(cast: Cast) -> Post:
    council = Agency.objects.get(partnership=cast.bradford, code="council")
    return Post.objects.create(
        user=cast.people["amira"],
        agency=council,
        role=Role.AUDITOR,
        starts_on=BEGAN + timedelta(days=1),
    )


def test_a_person_of_two_posts_chooses_one_and_the_trail_names_it(cast: Cast) -> None:
    auditing = _second_post(cast)
    client, _home = signed_in_by_form()
    assert client.get("/trail/").headers["Location"] == "/account/post/?next=%2Ftrail%2F"
    page = client.get("/account/post/?next=/trail/").content.decode()
    assert "Hub social worker, Children" in page
    assert "checked" not in page
    foreign = Post.objects.filter(user=cast.people["ben"]).get()
    assert client.post("/account/post/", {"post": foreign.pk}).status_code == 422
    chosen = client.post("/account/post/", {"post": auditing.pk, "next": "/trail/"})
    assert chosen.headers["Location"] == "/trail/"
    page = client.get("/trail/").content.decode()
    assert "Information-governance auditor" in page
    assert client.get("/episodes/").status_code == 403
    assert AuditEvent.objects.get(event="post.chosen").role == Role.AUDITOR
    client.post("/account/post/", {"post": Post.objects.order_by("pk").first().pk})  # type: ignore[union-attr]  # there is one
    assert client.get("/trail/").status_code == 403


def test_a_session_ends_when_its_persons_rights_change(cast: Cast) -> None:
    client, _home = signed_in_by_form()
    assert client.get("/episodes/").status_code == 200
    Post.objects.filter(user=cast.people["amira"]).update(role=Role.BOARD_MEMBER)
    assert client.get("/episodes/").headers["Location"] == "/sign-in/?next=%2Fepisodes%2F"
    assert "What you may do here has changed" in client.get("/sign-in/").content.decode()


def test_a_person_sees_where_they_are_signed_in_and_ends_another_session(cast: Cast) -> None:
    here, _home = signed_in_by_form()
    away = Client(HTTP_USER_AGENT="Firefox/7 (X11; Linux)", REMOTE_ADDR="192.0.2.9")
    away.post("/sign-in/", {"username": "amira", "password": PASSWORD})
    page = here.get("/account/sessions/").content.decode()
    assert "Firefox on Linux" in page
    assert page.count("This one") == 1
    assert "by password" in page
    assert "Hub social worker" in page  # the header is whole
    [number] = re.findall(r"/account/sessions/(\d+)/end/", page)
    ben, _home = signed_in_by_form("ben")
    assert ben.post(f"/account/sessions/{number}/end/").status_code == 404  # not his
    assert away.get("/episodes/").status_code == 200
    assert here.post(f"/account/sessions/{number}/end/").status_code == 302
    assert away.get("/episodes/").status_code == 302
    assert here.get("/episodes/").status_code == 200


def test_a_changed_password_ends_the_other_sessions(cast: Cast) -> None:
    here, _home = signed_in_by_form()
    away, _home = signed_in_by_form()
    new: dict[str, Any] = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    short = here.post("/account/password/", new)
    assert (short.status_code, "at least 12 characters" in short.content.decode()) == (422, True)
    same = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    assert (
        "that you use now. Choose another" in here.post("/account/password/", same).content.decode()
    )
    long = "otter-lantern-quarry"
    done = here.post(
        "/account/password/", {"oldpassword": PASSWORD, "password1": long, "password2": long}
    )
    assert done.headers["Location"] == "/account/"
    assert here.get("/episodes/").status_code == 200
    assert away.get("/episodes/").status_code == 302
    assert AuditEvent.objects.filter(event="password.changed").count() == 1
