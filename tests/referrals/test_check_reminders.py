"""An agency that owes answers is reminded before they are due and after; no mail names anybody."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.errors import NotAllowed, RuleBroken
from partners.agencies.actions import set_asking
from partners.agencies.models import Agency
from partners.agencies.rules import Asking
from partners.partnerships.models import Partnership
from referrals.checks.actions import answer_check, ask_checks, make_reminders, send_reminder
from referrals.checks.models import AgencyCheck, CheckReminder
from referrals.checks.rules import AFTER, BEFORE, Answered, reminder_of
from referrals.checks.tasks import remind_of_checks
from referrals.episodes.models import Episode
from referrals.grants.actions import restrict
from tests.cast import Cast, ClientFor
from tests.recording import typed


@pytest.fixture
def due(cast: Cast) -> datetime:
    """Police and social care have a mailbox, health has none; all were asked about two children."""
    Agency.objects.filter(code__in=["police", "social-care"]).update(mailbox="team@example.org")
    for episode in (cast.shared, cast.unshared):
        ask_checks(episode=episode, why="new_referral", by=cast.people["amira"])
    return AgencyCheck.objects.latest("pk").due_at


def made(now: datetime) -> int:
    return make_reminders(now=now, by=operator())


def test_when_a_reminder_is_due() -> None:
    due = timezone.now()
    hours = {-2: "", -1: BEFORE, 0: AFTER, 23: AFTER, 24: ""}
    assert {n: reminder_of(due, due + timedelta(hours=n)) for n in hours} == hours


def test_each_agency_is_reminded_once_before_and_once_after(
    cast: Cast, due: datetime, ben: User
) -> None:
    assert made(due - timedelta(hours=2)) == 0
    assert made(due - timedelta(minutes=30)) == 2
    assert made(due - timedelta(minutes=5)) == 0
    police = Agency.objects.get(code="police")
    for check in AgencyCheck.objects.filter(agency=police):
        answer_check(check=check, answered=Answered("nothing", "Records"), by=ben)
    assert made(due + timedelta(minutes=1)) == 1
    assert made(due + timedelta(days=2)) == 0
    sent = [send_reminder(now=timezone.now(), by=operator()) for _each in range(4)]
    assert sent == [True, True, True, False]
    assert {message.to[0] for message in mail.outbox} == {"team@example.org"}
    words = "".join(f"{message.subject}{message.body}" for message in mail.outbox)
    for name in ("Marden", "Quillan", cast.shared.child.reference, cast.shared.reference):
        assert name not in words


def test_nobody_is_reminded_of_a_child_whom_its_people_may_no_longer_see(
    cast: Cast, due: datetime, dev: User
) -> None:
    for episode in (cast.shared, cast.unshared):
        restrict(child=episode.child, because="Confidential.", by=dev)
    assert made(due) == 1
    assert CheckReminder.objects.get().agency.code == "social-care"  # dev is named


def test_the_timer_makes_and_sends_and_twice_is_once(cast: Cast, due: datetime) -> None:
    AgencyCheck.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    for _each in range(2):
        remind_of_checks()
    assert len(mail.outbox) == 2


def test_the_manager_says_when_and_whom_and_where_to_remind(
    cast: Cast, dev: User, amira: User, client_for: ClientFor
) -> None:
    client, address = client_for(dev), reverse("partners-asking")
    police, health = (Agency.objects.get(code=code) for code in ("police", "health"))
    answers: dict[str, Any] = {
        "meets_at": "9:15", "due_at": "08.00", "asked": [f"{police.pk}"],
        f"mailbox_{health.pk}": "nurses@example.org", "reason": "Agreed with the agencies.",
    }  # fmt: skip
    early = client.post(address, typed(client.get(address), **{**answers, "due_at": "10:00"}))
    assert early.status_code == 422
    assert client.post(address, typed(client.get(address), **answers)).status_code == 302
    episode = Episode.objects.get(pk=cast.unshared.pk)
    asked = ask_checks(episode=episode, why="meeting", by=amira)
    assert [check.agency.code for check in asked] == ["police"]
    assert f"{timezone.localtime(asked[0].due_at):%H:%M}" == "08:00"
    health.refresh_from_db()
    assert health.mailbox == "nurses@example.org"


def test_without_a_reason_or_the_right_nothing_changes(cast: Cast, dev: User, amira: User) -> None:
    hub = Partnership.objects.get(code="bradford")
    asking = Asking(hub.meets_at, hub.checks_due_at, frozenset())
    with pytest.raises(RuleBroken):
        set_asking(partnership=hub, asking=asking, reason=" ", now=timezone.now(), by=dev)
    with pytest.raises(NotAllowed):
        set_asking(partnership=hub, asking=asking, reason="x", now=timezone.now(), by=amira)
    assert Agency.objects.filter(asked_checks=False).count() == 0
