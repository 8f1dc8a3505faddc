"""Attacks on signing in and on sessions, each played out as an attacker would and each of no avail."""

import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.access.rules import Role
from hub.accounts.actions import open_account, operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from partners.agencies.actions import appoint
from partners.agencies.models import Agency
from partners.people.actions import approve_renewal, ask_to_renew
from partners.people.rules import new_code
from tests.cast import BEGAN, NOW, PASSWORD, Cast, ClientFor
from tests.hub.device import PRESENT, WAY, Device, asked, is_in
from tests.hub.test_factors import SECRET, code_of, minutes_later, signed_in_by_form

CHOSEN = "otter-lantern-quarry"


@pytest.fixture(autouse=True)
def nothing_remembered(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def telephone(amira: User) -> str:
    TOTP.activate(amira, SECRET)
    return SECRET


# Sessions: fixed, replayed, outlived.


def _planted() -> tuple[Client, str]:
    """A browser whose session an attacker began, and its key."""
    client = Client()
    session = client.session
    session["left"] = "by somebody"
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    return client, str(session.session_key)


def test_a_planted_session_is_not_the_persons_after_a_code_or_a_passkey(
    cast: Cast, telephone: str
) -> None:
    device = Device(cast.people["ben"])
    coded, first = _planted()
    led = coded.post("/sign-in/", {"username": "amira", "password": PASSWORD}).headers["Location"]
    coded.post(led, {"code": code_of(telephone)})
    keyed, second = _planted()
    keyed.post(WAY, {"credential": device.answer(asked(keyed))})
    for client, planted in ((coded, first), (keyed, second)):
        assert is_in(client)
        thief = Client()
        thief.cookies["sessionid"] = planted
        assert not is_in(thief)


def test_a_cookie_is_worth_nothing_after_its_persons_password_account_or_post_is_gone(
    cast: Cast, client_for: ClientFor
) -> None:
    for person, deed in (
        ("ben", lambda user: user.set_password(CHOSEN)),
        ("dev", lambda user: setattr(user, "is_active", False)),
        ("ana", lambda user: user.posts.all().delete()),
    ):
        user = cast.people[person]
        client = client_for(user)
        assert is_in(client)
        kept = client.cookies["sessionid"].value
        deed(user)
        user.save()
        assert not is_in(client), person
        replayed = Client()
        replayed.cookies["sessionid"] = kept
        assert not is_in(replayed), person


def test_a_session_that_got_a_new_key_is_still_listed_and_ended(cast: Cast) -> None:
    here, _home = signed_in_by_form()
    away, _home = signed_in_by_form()
    keys = [away.session.session_key]
    for address, typed in (
        ("/hide/", {}),
        ("/show/", {"password": PASSWORD}),
        ("/account/again/", {"password": PASSWORD}),
        ("/account/password/", {"oldpassword": PASSWORD, "password1": CHOSEN, "password2": CHOSEN}),
    ):
        assert away.post(address, typed).status_code == 302, address
        keys.append(away.session.session_key)
    assert len(set(keys)) == 4  # hidden, proved again, and with a new password
    here = Client()
    here.post("/sign-in/", {"username": "amira", "password": CHOSEN})
    [number] = re.findall(r"/account/sessions/(\d+)/end/", here.get("/account/sessions/").text)
    here.post(f"/account/sessions/{number}/end/")
    assert not is_in(away)


def test_an_account_closed_between_password_and_code_does_not_come_in(
    cast: Cast, telephone: str
) -> None:
    client, led = signed_in_by_form()
    User.objects.filter(username="amira").update(is_active=False)
    answer = client.post(led, {"code": code_of(telephone)})
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/sign-in/")
    assert not is_in(client)
    assert not AuditEvent.objects.filter(event="signed.in").exists()


def test_a_password_changed_between_password_and_code_ends_that_sign_in(
    cast: Cast, telephone: str
) -> None:
    client, led = signed_in_by_form()
    amira = User.objects.get(username="amira")
    amira.set_password(CHOSEN)
    amira.save()
    assert client.post(led, {"code": code_of(telephone)}).headers.get("Location") == "/sign-in/"
    assert not is_in(client)


def test_a_closed_account_does_not_come_in_by_its_passkey(cast: Cast) -> None:
    device, client = Device(cast.people["amira"]), Client()
    User.objects.filter(username="amira").update(is_active=False)
    answer = client.post(WAY, {"credential": device.answer(asked(client))})
    assert answer.headers["Location"] == "/sign-in/"
    assert not is_in(client)


# Codes and passkeys: played again, tried out.


def test_a_code_is_not_good_twice_however_it_is_written(cast: Cast, telephone: str) -> None:
    client, led = signed_in_by_form()
    code = code_of(telephone)
    client.post(led, {"code": code})
    assert is_in(client)
    for written in (code, f"{code[:3]} {code[3:]}", f" {code} ", f"{code[:3]}-{code[3:]}"):
        other, led = signed_in_by_form()
        other.post(led, {"code": written})
        assert not is_in(other), written
    minutes_later(client)
    client.post("/account/again/code/", {"code": code})  # nor to prove oneself again
    assert client.get("/account/factors/codes/new/").status_code == 302


def test_the_code_that_set_a_telephone_up_does_not_sign_in_as_well(cast: Cast) -> None:
    client, _home = signed_in_by_form()
    client.post("/account/again/", {"password": PASSWORD})
    page = client.get("/account/factors/telephone/").content.decode()
    code = code_of(re.findall(r'hub-key">(\w+)<', page)[0])
    assert client.post("/account/factors/telephone/", {"code": code}).status_code == 302
    other, led = signed_in_by_form()
    other.post(led, {"code": code})
    assert not is_in(other)


def test_a_new_browser_for_each_code_is_no_way_round_the_lock(cast: Cast, telephone: str) -> None:
    for number in range(5):
        client, led = signed_in_by_form()
        assert led == "/sign-in/code/"
        client.post(led, {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{number}")
    client, led = signed_in_by_form()
    assert "too many wrong attempts" in client.post(led, {"code": code_of(telephone)}).text
    assert not is_in(client)


def test_old_recovery_codes_end_when_new_ones_are_made(cast: Cast, telephone: str) -> None:
    old = RecoveryCodes.activate(cast.people["amira"]).get_unused_codes()
    client, led = signed_in_by_form()
    client.post(led, {"code": old[0]})
    client.post("/account/again/", {"password": PASSWORD})
    assert client.post("/account/factors/codes/new/").status_code == 302
    other, led = signed_in_by_form()
    other.post(led, {"code": old[1]})
    assert not is_in(other)


def test_a_passkeys_answer_is_good_once_and_in_the_browser_that_was_asked(cast: Cast) -> None:
    device, client, thief = Device(cast.people["amira"]), Client(), Client()
    answer = {"credential": device.answer(asked(client))}
    asked(thief)
    assert thief.post(WAY, answer).headers["Location"] == "/sign-in/"
    assert not is_in(thief)
    assert client.post(WAY, answer).headers["Location"] == "/"
    assert is_in(client)
    client.post("/sign-out/")
    client.post(WAY, answer)
    assert not is_in(client)
    asked(client)
    client.post(WAY, answer)
    assert not is_in(client)


def test_a_passkey_of_another_site_without_a_finger_or_of_nobody_opens_nothing(cast: Cast) -> None:
    amira, ben = cast.people["amira"], cast.people["ben"]
    device, posing = Device(amira), Device(amira, host="elsewhere.example")
    unproved, client = Device(ben), Client()
    claimed = Device(ben)
    claimed.handle = device.handle  # ben's own key under amira's number
    for answer in (
        posing.answer(asked(client)),
        unproved.answer(asked(client), PRESENT),
        claimed.answer(asked(client)),
        "{}",
        "[]",
        "1",
        '"x"',
        '{"response": []}',
        '{"response": {"userHandle": "!"}}',
    ):
        assert client.post(WAY, {"credential": answer}).status_code == 302
        assert not is_in(client), answer


# Whether a name is known: by the answer, by the work, by the lock.


EACH_ITS_OWN = {"X-Request-ID", "Content-Length"}  # of the second the page itself tells as much


def _bare(answer: Any, name: str) -> tuple[object, ...]:
    """What can be told from an answer, without the name that was typed and the form's token."""
    page = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return (
        answer.status_code,
        page.replace(name, "NAME"),
        sorted((kind, said) for kind, said in answer.headers.items() if kind not in EACH_ITS_OWN),
        sorted(answer.cookies),
    )


def _worked(client: Client, address: str, typed: dict[str, str]) -> tuple[object, ...]:
    """The answer, how many passwords were hashed for it, and how often the database was asked."""
    hash_once = MD5PasswordHasher.encode
    with (
        patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=hash_once) as hashed,
        CaptureQueriesContext(connection) as queries,
    ):
        answer = client.post(address, typed)
    return (*_bare(answer, typed["username"]), hashed.call_count, len(queries))


@pytest.fixture
def names(cast: Cast) -> dict[str, str]:
    """One of each kind of name: of an account, a closed one, one without a post, and nobody's."""
    User.objects.filter(username="femi").update(is_active=False)
    return {"known": "chloe", "closed": "femi", "without a post": "gus", "unknown": "zelda"}


def test_signing_in_does_not_tell_a_known_name_from_an_unknown_one(names: dict[str, str]) -> None:
    found = {}
    for kind, name in names.items():
        cache.clear()
        found[kind] = _worked(
            Client(), "/sign-in/", {"username": name, "password": "wrong-wrong-wrong"}
        )
    assert found["unknown"][4] == 1
    for kind, told in found.items():
        assert told == found["unknown"], kind


def test_a_closed_account_with_its_right_password_looks_as_one_with_a_wrong_one(
    names: dict[str, str],
) -> None:
    right = _worked(Client(), "/sign-in/", {"username": "femi", "password": PASSWORD})
    cache.clear()
    wrong = _worked(Client(), "/sign-in/", {"username": "femi", "password": "wrong-wrong-w"})
    assert right == wrong


def test_starting_anew_does_not_tell_a_known_name_from_an_unknown_one(
    names: dict[str, str],
) -> None:
    found, code = {}, new_code()
    for kind, name in names.items():
        cache.clear()
        typed = {"username": name, "code": code, "password": CHOSEN, "again": CHOSEN}
        found[kind] = _worked(Client(), "/sign-in/anew/", typed)
    for kind, told in found.items():
        assert told == found["unknown"], kind


def test_the_lock_does_not_tell_a_known_name_from_an_unknown_one(names: dict[str, str]) -> None:
    found = {}
    for kind, name in names.items():
        cache.clear()
        typed = {"username": name, "password": "wrong-wrong-wrong"}
        for _time in range(5):
            Client().post("/sign-in/", typed)
        found[kind] = _worked(Client(), "/sign-in/", typed)
    assert "too many wrong attempts" in str(found["unknown"][1])
    for kind, told in found.items():
        assert told == found["unknown"], kind


# A session left open, and what the trail has of it all.


def test_guessing_the_password_from_a_stolen_session_is_stopped(
    amira: User, client_for: ClientFor
) -> None:
    for address, name in (("/account/again/", "password"), ("/account/password/", "oldpassword")):
        thief = client_for(amira)
        new = {"password1": CHOSEN, "password2": CHOSEN}
        statuses = [
            thief.post(address, {name: f"guess-{number}", **new}).status_code
            for number in range(11)
        ]
        assert statuses[-1] == 429, address
        assert thief.post(address, {name: PASSWORD, **new}).status_code == 429


def test_every_try_that_fails_is_on_the_trail(cast: Cast, telephone: str) -> None:
    client, led = signed_in_by_form()
    assert client.post(led, {"code": "000000"}).status_code == 422
    posing = Device(cast.people["ben"], host="elsewhere.example")
    keyed = Client()
    keyed.post(WAY, {"credential": posing.answer(asked(keyed))})
    typed = {"username": "chloe", "code": new_code(), "password": CHOSEN, "again": CHOSEN}
    Client().post("/sign-in/anew/", typed)
    for _time in range(6):  # the sixth is not even looked at
        Client().post("/sign-in/", {"username": "dev", "password": "wrong-wrong-wrong"})
    refused = AuditEvent.objects.filter(event="signed.in.refused").order_by("pk")
    found = list(refused.values_list("reference", flat=True))
    assert found == ["amira", "unknown name", "chloe", *["dev"] * 6]


# Starting anew: what began with the old password ends.


def test_starting_anew_ends_sign_ins_that_wait_for_their_code(
    cast: Cast, telephone: str, sid: User
) -> None:
    waiting, led = signed_in_by_form()
    assert led == "/sign-in/code/"
    now, amira = timezone.now(), cast.people["amira"]
    renewal = ask_to_renew(user=amira, reason="Lost.", now=now, by=sid)
    code = approve_renewal(renewal=renewal, now=now, by=second_administrator(cast))
    typed = {"username": "amira", "code": code, "password": CHOSEN, "again": CHOSEN}
    assert Client().post("/sign-in/anew/", typed).status_code == 302
    assert waiting.get(led).headers["Location"] == "/sign-in/"
    TOTP.activate(User.objects.get(username="amira"), SECRET)  # the next telephone
    waiting.post(led, {"code": code_of(SECRET)})
    assert not is_in(waiting)


def second_administrator(cast: Cast) -> User:
    by, council = operator(), Agency.objects.get(partnership=cast.bradford, code="council")
    user = open_account(username="pat", name="Pat Arden", password=PASSWORD, now=NOW, by=by)
    role = Role.SYSTEM_ADMINISTRATOR
    appoint(user=user, agency=council, role=role, starts_on=BEGAN, now=NOW, by=by)
    return user
