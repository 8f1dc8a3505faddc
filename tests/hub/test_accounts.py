"""Accounts: opened by those who may, and the one as which commands act, which nobody can sign in as."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import Client

from hub.access.gate import standing_of
from hub.access.rules import Role
from hub.accounts.actions import (
    note_sign_in,
    note_sign_in_refused,
    note_sign_out,
    open_account,
    operator,
)
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed, RuleBroken
from tests.cast import NOW, PASSWORD

pytestmark = pytest.mark.django_db


def test_the_command_line_has_one_account_made_at_its_first_use() -> None:
    assert operator() == operator()
    standing = standing_of(operator())
    assert standing is not None
    assert (standing.role, standing.partnership_id) == (Role.OPERATOR, None)


def test_there_is_no_second_operator() -> None:
    operator()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="second", name="Second", is_operator=True)


@pytest.mark.parametrize("password", ["", "!", "operator", PASSWORD])
def test_nobody_signs_in_as_the_command_line(password: str, client: Client) -> None:
    user = operator()
    assert not user.has_usable_password()
    assert authenticate(username="operator", password=password) is None
    client.post("/sign-in/", {"username": "operator", "password": password})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("username", ["operator", "amira"])
def test_a_user_name_that_is_taken_is_refused(username: str, amira: User) -> None:
    with pytest.raises(RuleBroken) as refusal:
        open_account(username=username, name="Another", password=PASSWORD, now=NOW, by=operator())
    assert refusal.value.code == "account.taken"


def test_the_command_lines_name_cannot_be_taken_before_its_first_use(sid: User) -> None:
    assert User.objects.filter(is_operator=True).exists()  # the cast was set up by it
    with pytest.raises(RuleBroken):
        open_account(username="operator", name="Another", password=PASSWORD, now=NOW, by=sid)


def test_a_new_account_opens_nothing_until_there_is_a_post(sid: User) -> None:
    user = open_account(username="noor", name="Noor Lacey", password=PASSWORD, now=NOW, by=sid)
    assert user.check_password(PASSWORD)
    assert PASSWORD not in user.password
    assert standing_of(user) is None
    event = AuditEvent.objects.latest("pk")
    assert (event.event, event.reference, event.username) == ("account.opened", "noor", "sid")


def test_a_social_worker_opens_no_account(amira: User) -> None:
    with pytest.raises(NotAllowed):
        open_account(username="noor", name="Noor Lacey", password=PASSWORD, now=NOW, by=amira)
    assert not User.objects.filter(username="noor").exists()


def test_signing_in_and_out_leave_a_trace(amira: User) -> None:
    note_sign_in(ways=["password"], address="192.0.2.1", now=NOW, by=amira)
    note_sign_out(now=NOW, by=amira)
    traces = AuditEvent.objects.filter(username="amira", what="account").order_by("pk")
    assert [trace.event for trace in traces] == ["signed.in", "signed.out"]


def test_a_refused_sign_in_is_noted_without_what_may_be_a_password() -> None:
    note_sign_in_refused(username="x" * 500, now=NOW)
    event = AuditEvent.objects.latest("pk")
    assert event.event == "signed.in.refused"
    assert event.reference == "unknown name"
    assert event.username == "operator"


def test_a_person_is_shown_by_name() -> None:
    assert str(User(username="a", name="Amira Sadler")) == "Amira Sadler"


@pytest.mark.parametrize("password", ["short", "password1234", "newcomer-one"])
def test_an_easy_password_is_refused_with_the_reason(password: str) -> None:
    with pytest.raises(RuleBroken, match=r"password|12 characters"):
        open_account(
            username="newcomer-one",
            name="Nell",
            password=password,
            now=NOW,
            by=operator(),
        )
    assert not User.objects.filter(username="newcomer-one").exists()
