"""Tokens of machines: who makes and ends them, and what opens with one that is good no more."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from hub.access.rules import Role
from hub.accounts.actions import open_account, operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict, NotAllowed, RuleBroken
from hub.interface.rules import PER_MINUTE, Scope, scopes_of
from partners.agencies.actions import appoint
from partners.agencies.models import Agency, Post
from partners.machines.actions import end_token, make_token, note_use
from partners.machines.models import MachineToken, MachineUse
from partners.machines.rules import Asked, digest_of, secret_in
from partners.people.actions import ask_to_renew, let_go
from tests.cast import BEGAN, NOW, PASSWORD, Cast, ClientFor
from tests.machines import by_token, machine_like

CHILDREN = "/api/v1/children"


@pytest.fixture
def lena(cast: Cast) -> User:
    """The administrator of the charity Northlight."""
    return administrator(cast, "lena", "northlight")


def administrator(cast: Cast, name: str, agency: str) -> User:
    by = operator()
    user = open_account(username=name, name=name.title(), password=PASSWORD, now=NOW, by=by)
    User.objects.filter(pk=user.pk).update(conduct_accepted_on=timezone.localdate())
    where = Agency.objects.get(partnership=cast.bradford, code=agency)
    role = Role.AGENCY_ADMINISTRATOR
    appoint(user=user, agency=where, role=role, starts_on=BEGAN, now=NOW, by=by)
    return user


def agency_of(user: User) -> Agency:
    return Post.objects.select_related("agency__partnership").get(user=user).agency


def asked(**other: Any) -> Asked:
    last = timezone.localdate() + timedelta(90)
    said: dict[str, Any] = {
        "name": "Case transfer",
        "role": Role.SUPPORT_WORKER,
        "scopes": (Scope.CHILDREN_READ,),
        "expires_on": last,
    }
    return Asked(**{**said, **other})


def token() -> MachineToken:
    return MachineToken.objects.select_related("post__user").latest("pk")


def is_refused(secret: str) -> bool:
    answer = by_token(secret).get(CHILDREN)
    assert answer.status_code == 200 or "Bearer" in answer.headers["WWW-Authenticate"]
    return answer.status_code == 401


# --- making one ------------------------------------------------------------------------------------------


def test_an_agencys_administrator_makes_a_token_on_the_page_and_sees_its_secret_once(
    cast: Cast, lena: User, client_for: ClientFor
) -> None:
    browser, last = client_for(lena), timezone.localdate() + timedelta(30)
    sent = {
        "once": str(uuid4()), "name": "Case transfer", "scopes": ["children:read", "episodes:read"],
        "expires_on": last.isoformat(),
    }  # fmt: skip
    made = browser.post("/machines/new/", sent)
    [secret] = re.findall(r"csehub_[\w-]{43}", made.content.decode())
    [child] = by_token(secret).get(CHILDREN).json()["items"]
    assert child["reference"] == cast.shared.child.reference
    again = browser.post("/machines/new/", sent)
    assert again.status_code == 302
    page = browser.get("/machines/").content.decode()
    for words in ("Case transfer", "Support worker", "episodes:read", "by Lena", "In force"):
        assert words in page
    assert "Never" not in page
    assert secret not in page
    assert digest_of(secret) not in page
    assert MachineToken.objects.count() == 1


def test_of_a_secret_only_its_digest_is_kept(cast: Cast, amira: User) -> None:
    secret = machine_like(amira, Scope.CHILDREN_READ)
    assert token().digest == digest_of(secret)
    with connection.cursor() as cursor:
        for table in ("hub_auditevent", "hub_change", "partners_machinetoken", "hub_user"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{secret}%"])
            assert cursor.fetchone() == (0,)


def test_what_is_typed_wrong_comes_back_with_its_message(
    cast: Cast, lena: User, client_for: ClientFor
) -> None:
    browser = client_for(lena)
    empty = browser.post("/machines/new/", {"once": str(uuid4())})
    assert empty.status_code == 422
    for words in ("Enter a name", "Tick what the token is for"):
        assert words in empty.content.decode()
    assert "Community Health" not in empty.content.decode()


def test_a_token_is_used_by_its_own_account_and_one_of_a_closed_account_is_shown_as_such(
    cast: Cast, amira: User, sid: User, client_for: ClientFor
) -> None:
    machine_like(amira, Scope.CHILDREN_READ)
    with pytest.raises(NotAllowed):
        note_use(token=token(), now=timezone.now(), by=amira)
    User.objects.filter(pk=token().post.user_id).update(is_active=False)
    assert "Account closed" in client_for(sid).get("/machines/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": Role.SOCIAL_WORKER}, "role"),
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("everything",)}, "scopes"),
        ({"scopes": (Scope.REPORT_READ,)}, "scopes"),
        ({"name": " "}, "name"),
        ({"name": "???"}, "name"),
        ({"name": "Case\u200btransfer"}, "name"),
        ({"expires_on": timezone.localdate()}, "expires_on"),
        ({"expires_on": timezone.localdate() + timedelta(367)}, "expires_on"),
    ],
)
def test_a_token_never_does_more_than_somebody_of_the_agency_may_nor_lasts_longer_than_a_year(
    wrong: dict[str, Any], field: str, cast: Cast, lena: User
) -> None:
    with pytest.raises(RuleBroken) as fault:
        make_token(agency=agency_of(lena), asked=asked(**wrong), now=timezone.now(), by=lena)
    assert fault.value.field == field


def test_one_agencys_administrator_knows_nothing_of_anothers_tokens(
    cast: Cast, lena: User, client_for: ClientFor, amira: User
) -> None:
    machine_like(amira, Scope.CHILDREN_READ)
    with pytest.raises(NotAllowed):
        make_token(agency=agency_of(amira), asked=asked(), now=timezone.now(), by=lena)
    with pytest.raises(NotAllowed):
        end_token(token=token(), reason="Not ours", now=timezone.now(), by=lena)
    browser = client_for(lena)
    assert "Case transfer" not in browser.get("/machines/").content.decode()
    assert browser.get(f"/machines/{token().pk}/end/").status_code == 404


def test_a_service_account_gets_a_second_token_under_its_name_and_no_other_role(
    cast: Cast, lena: User
) -> None:
    first = make_token(agency=agency_of(lena), asked=asked(), now=timezone.now(), by=lena)
    second = make_token(agency=agency_of(lena), asked=asked(), now=timezone.now(), by=lena)
    assert first.token.post_id == second.token.post_id
    assert not is_refused(first.secret)
    assert not is_refused(second.secret)


def test_a_role_that_opens_no_address_gets_no_token(cast: Cast, lena: User) -> None:
    administrator(cast, "mara", "northlight")
    wanted = asked(role=Role.AGENCY_ADMINISTRATOR)
    with pytest.raises(RuleBroken, match="can use none of them"):
        make_token(agency=agency_of(lena), asked=wanted, now=timezone.now(), by=lena)


def test_another_role_needs_another_name(cast: Cast, amira: User, dev: User) -> None:
    machine_like(amira, Scope.CHILDREN_READ)
    with pytest.raises(RuleBroken, match="another role"):
        machine_like(dev, Scope.CHILDREN_READ)
    machine_like(dev, Scope.CHILDREN_READ, name="Managers' figures")


def test_a_persons_account_gets_no_token(cast: Cast, amira: User) -> None:
    User.objects.filter(pk=amira.pk).update(username="bradford.social-care.case-transfer")
    with pytest.raises(RuleBroken, match="belongs to a person"):
        machine_like(amira, Scope.CHILDREN_READ)


def test_nobody_signs_in_as_a_machine_and_it_leads_no_case(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    machine_like(amira, Scope.CHILDREN_READ)
    account = token().post.user
    assert not account.has_usable_password()
    for password in ("", "!", account.password):
        sent = {"username": account.username, "password": password}
        assert Client().post("/sign-in/", sent).status_code == 422
    episode = cast.unshared
    page = client_for(amira).get(f"/children/{episode.child_id}/episodes/{episode.pk}/allocate/")
    assert page.status_code == 200
    assert "Amira Sadler" in page.content.decode()
    assert "Case transfer" not in page.content.decode()


def test_a_service_account_is_given_no_password_by_starting_anew(cast: Cast, sid: User) -> None:
    machine_like(cast.people["amira"], Scope.CHILDREN_READ)
    with pytest.raises(RuleBroken, match="Nobody signs in as a service account"):
        ask_to_renew(user=token().post.user, reason="Lost", now=timezone.now(), by=sid)


def test_who_lets_a_service_account_go_ends_its_tokens(cast: Cast, amira: User, sid: User) -> None:
    secret = machine_like(amira, Scope.CHILDREN_READ)
    assert not is_refused(secret)
    let_go(user=token().post.user, reason="The project is over.", now=timezone.now(), by=sid)
    assert is_refused(secret)


# --- what opens nothing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "", "Bearer", "Bearer ", "Bearer csehub_", "Bearer x", "Basic {secret}", "{secret}",
        "Bearer {secret}x", "Bearer {secret} {secret}", "Bearer  {secret}", "Bearer {upper}",
        "Bearer csehub_éééééééééééééééééééééééééééééééééééééééééé",
    ],
)  # fmt: skip
def test_a_header_that_bears_no_token_opens_nothing(header: str, cast: Cast, amira: User) -> None:
    secret = machine_like(amira, Scope.CHILDREN_READ)
    sent = header.format(secret=secret, upper=secret.upper())
    answer = Client().get(CHILDREN, HTTP_AUTHORIZATION=sent)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="hub"')
    assert not is_refused(secret)


def test_a_token_that_was_ended_opens_nothing_from_the_next_request_on(
    cast: Cast, amira: User, sid: User, client_for: ClientFor
) -> None:
    secret = machine_like(amira, Scope.CHILDREN_READ)
    assert not is_refused(secret)
    sent = {"once": str(uuid4()), "reason": "The project is over."}
    assert client_for(sid).post(f"/machines/{token().pk}/end/", sent).status_code == 302
    assert is_refused(secret)
    assert is_refused(secret)
    assert "Ended" in client_for(sid).get("/machines/").content.decode()
    with pytest.raises(Conflict):
        end_token(token=token(), reason="Again", now=timezone.now(), by=sid)
    with pytest.raises(RuleBroken):
        end_token(token=token(), reason=" ", now=timezone.now(), by=sid)


def test_a_token_that_has_expired_opens_nothing(
    cast: Cast, amira: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = machine_like(amira, Scope.CHILDREN_READ, days=1)
    last = token().expires_at
    for moment, refused in ((last - timedelta(seconds=1), False), (last, True)):
        monkeypatch.setattr(
            "partners.machines.middleware.timezone.now", lambda moment=moment: moment
        )
        assert is_refused(secret) is refused
        monkeypatch.undo()


@pytest.mark.parametrize("way", ["closed", "left", "role lost"])
def test_a_leavers_token_opens_nothing(way: str, cast: Cast, amira: User) -> None:
    secret = machine_like(amira, Scope.CHILDREN_READ)
    user = token().post.user
    if way == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif way == "left":
        yesterday = timezone.localdate() - timedelta(1)
        Post.objects.filter(user=user).update(starts_on=yesterday, ends_on=yesterday)
    else:
        Post.objects.filter(user=user).update(role=Role.AUDITOR)
    answer = by_token(secret).get(CHILDREN)
    assert answer.status_code == (403 if way == "role lost" else 401)


def test_a_scope_that_the_token_lacks_is_refused(cast: Cast, amira: User) -> None:
    machine = by_token(machine_like(amira, Scope.CHILDREN_READ))
    assert machine.get(CHILDREN).status_code == 200
    for address in ("episodes", "episodes/E-1", "episodes/E-1/levels", "reports/appendix1"):
        answer = machine.get(f"/api/v1/{address}")
        assert answer.status_code == 403
        assert "lacks the scope" in answer.json()["detail"]


def test_refused_tokens_are_on_the_trail_without_what_was_sent(cast: Cast, amira: User) -> None:
    secret = machine_like(amira, Scope.CHILDREN_READ)
    end_token(token=token(), reason="Lost", now=timezone.now(), by=operator())
    assert is_refused(secret)
    assert is_refused(f"{secret[:-1]}_")
    unknown, ended = AuditEvent.objects.filter(event="token.refused").order_by("-pk")
    assert (ended.username, ended.reference) == (
        token().post.user.username,
        f"{token().post.user.username} {token().pk}",
    )
    assert (unknown.username, unknown.reference) == ("operator", "unknown token")


def test_who_goes_on_knocking_does_not_fill_the_trail(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partners.machines.actions.REFUSED_PER_MINUTE", 3)
    for _ in range(5):
        assert is_refused("csehub_" + "x" * 43)
    assert AuditEvent.objects.filter(event="token.refused").count() == 3


def test_who_asks_too_often_waits(cast: Cast, amira: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partners.machines.middleware.PER_MINUTE", 3)
    machine = by_token(machine_like(amira, Scope.CHILDREN_READ))
    answers = [machine.get(f"{CHILDREN}?{asked}") for asked in ("", "x=1", "limit=1", "", "")]
    assert [answer.status_code for answer in answers] == [200, 400, 200, 429, 429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert AuditEvent.objects.filter(event="api.throttled").count() == 1
    user = token().post.user
    with connection.cursor() as cursor:  # a minute goes by
        cursor.execute("ALTER TABLE hub_auditevent DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE hub_auditevent SET at = at - interval '1 minute' WHERE user_id = %s", [user.pk]
        )
        cursor.execute("ALTER TABLE hub_auditevent ENABLE TRIGGER USER")
    assert machine.get(CHILDREN).status_code == 200
    assert PER_MINUTE >= 60


def test_last_use_is_noted_once_a_minute(cast: Cast, amira: User) -> None:
    machine = by_token(machine_like(amira, Scope.CHILDREN_READ))
    machine.get(CHILDREN)
    first = MachineUse.objects.get().at
    machine.get(CHILDREN)
    assert MachineUse.objects.get().at == first
    MachineUse.objects.update(at=first - timedelta(minutes=2))
    machine.get(CHILDREN)
    assert MachineUse.objects.get().at > first - timedelta(minutes=1)


# --- what holds it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "scopes = '{report:read}'",
        "expires_at = expires_at + interval '1 year'",
        "digest = 'x'",
        "ended_at = NULL, ended_by_id = NULL",
    ],
)
def test_the_database_lets_a_token_end_once_and_nothing_else(
    change: str, cast: Cast, amira: User
) -> None:
    machine_like(amira, Scope.CHILDREN_READ)
    if "ended_at" in change:
        end_token(token=token(), reason="Over", now=timezone.now(), by=operator())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE partners_machinetoken SET {change}")


def test_a_header_is_read_in_one_way() -> None:
    secret = "csehub_" + "aB3-_" * 8 + "xyz"
    assert secret_in(f"Bearer {secret}") == secret_in(f"bearer {secret}") == secret
    assert (
        secret_in(f"Token {secret}") == secret_in(secret) == secret_in(f"Bearer {secret}\n") == ""
    )


def test_each_role_uses_the_scopes_of_its_rights() -> None:
    assert scopes_of(Role.BOARD_MEMBER) == [Scope.REPORT_READ]
    assert scopes_of(Role.SUPPORT_WORKER) == [
        Scope.CHILDREN_READ,
        Scope.EPISODES_READ,
        Scope.LEVELS_READ,
    ]
    assert scopes_of(Role.HUB_MANAGER) == list(Scope)
    assert scopes_of(Role.AUDITOR) == scopes_of(Role.SYSTEM_ADMINISTRATOR) == []
