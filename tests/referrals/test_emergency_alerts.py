"""The alert of an emergency access: a row first, then a mail that names nobody, at least once."""

from contextlib import suppress
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from hub.access.context import acting_as
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.errors import NotAllowed
from hub.health.rules import addressees
from referrals.children.models import Child
from referrals.emergencies.actions import review_emergency, send_alert
from referrals.emergencies.models import EmergencyAlert
from referrals.emergencies.tasks import send_alerts
from referrals.grants.actions import restrict
from tests.cast import Cast
from tests.referrals.test_emergencies import ask, opened
from tests.second_wall import as_application

pytestmark = pytest.mark.django_db
TO = {"bradford": ["ig@council.example"], "kirklees": ["ig@kirklees.example"]}


@pytest.fixture
def kit(cast: Cast, dev: User) -> Child:
    """A child whose record only dev may see."""
    restrict(child=cast.shared.child, because="Confidential in social care.", by=dev)
    return cast.shared.child


@pytest.fixture
def post(settings: Any) -> None:
    settings.ALERTS_TO = TO
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.HUB_ADDRESS = "https://hub.example/"
    settings.DEFAULT_FROM_EMAIL = "hub@hub.example"


def test_an_alert_goes_out_once_and_names_nobody(
    cast: Cast, kit: Child, nora: User, post: None
) -> None:
    emergency = opened(kit, nora)
    ask(nora, reference="C-none")
    with as_application():
        send_alerts()
        send_alerts()
    assert len(mail.outbox) == 2
    for sent in mail.outbox:
        assert sent.to == ["ig@council.example"]
        assert sent.subject == "CSE Hub: an emergency access awaits review"
        assert sent.body == "An emergency access awaits review.\n\nhttps://hub.example/\n"
        assert set(sent.extra_headers) == {"Message-ID"}
    first = EmergencyAlert.objects.get(emergency=emergency)
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<{first.message}@hub.example>"
    assert first.sent_at is not None


def test_a_mail_that_fails_goes_out_again_with_the_same_number(
    kit: Child, nora: User, post: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies after the server took the mail and before that is noted: it goes again, the same."""
    opened(kit, nora)
    by = operator()
    with acting_as(by), suppress(RuntimeError), transaction.atomic():
        assert send_alert(now=timezone.now(), by=by)
        raise RuntimeError
    with acting_as(by):
        assert send_alert(now=timezone.now(), by=by)
        assert not send_alert(now=timezone.now(), by=by)
    first, second = mail.outbox
    assert first.extra_headers == second.extra_headers


def test_no_mail_goes_where_nobody_is_named_or_the_review_is_closed(
    kit: Child, nora: User, otto: User, post: None, settings: Any
) -> None:
    emergency = opened(kit, nora)
    settings.ALERTS_TO = {"kirklees": ["ig@kirklees.example"]}
    send_alerts()
    settings.ALERTS_TO = TO
    review_emergency(access=emergency, outcome="justified", words="Yes.", by=otto)
    send_alerts()
    assert mail.outbox == []
    with pytest.raises(NotAllowed):
        send_alert(now=timezone.now(), by=nora)


@pytest.mark.parametrize("wrong", ["bradford", "bradford=", "=a@b.example", "bradford=nobody"])
def test_a_setting_that_names_nobody_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="partnership=address"):
        addressees(wrong)
    assert addressees("a=b@c.example,d@e.example") == {"a": ["b@c.example", "d@e.example"]}
