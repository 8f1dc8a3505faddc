"""A new key of the hub: second factors are encrypted anew, and the former key can go."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt, encrypt
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from hub.accounts.actions import reseal_factors
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed
from tests.second_wall import as_application

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FORMER, NEW = "former-" * 8, "new-" * 15
BEFORE = override_settings(SECRET_KEY=FORMER, SECRET_KEY_FALLBACKS=[])
BOTH = override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[FORMER])
NEW_ALONE = override_settings(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[])


def told() -> str:
    said = StringIO()
    with as_application():
        call_command("reseal_factors", stdout=said)
    return said.getvalue()


def codes_of(user: User) -> list[str]:
    factor = Authenticator.objects.get(user=user, type="recovery_codes")
    codes: list[str] = RecoveryCodes(factor).generate_codes()
    return codes


def opens(user: User) -> str:
    return str(decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"]))


@pytest.fixture
def codes(amira: User, ben: User) -> list[str]:
    """Amira's recovery codes; she has a telephone too, and Ben a passkey and codes from elsewhere."""
    with BEFORE:
        TOTP.activate(amira, SECRET)
        RecoveryCodes.activate(amira)
        moved = {"migrated_codes": [encrypt("11112222"), encrypt("33334444")], "used_mask": 1}
        Authenticator.objects.create(user=ben, type="recovery_codes", data=moved)
        Authenticator.objects.create(
            user=ben, type="webauthn", data={"name": "Key", "credential": {}}
        )
        return codes_of(amira)


def test_after_it_the_former_key_can_go_and_nobodys_codes_have_changed(
    codes: list[str], amira: User, ben: User
) -> None:
    with BOTH:
        assert told() == "3 encrypted anew. None needs a former key any more.\n"
        assert told().startswith("0 encrypted anew.")
    with NEW_ALONE:
        assert opens(amira) == SECRET
        assert codes_of(amira) == codes
        assert codes_of(ben) == ["11112222", "33334444"]
    event = AuditEvent.objects.filter(event="factors.resealed").earliest("pk")
    assert (event.username, event.after) == ("operator", {"factors": 3})


def test_without_the_former_key_it_says_what_is_missing_and_changes_nothing(
    codes: list[str], amira: User
) -> None:
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    with NEW_ALONE, pytest.raises(CommandError, match="into HUB_FORMER_SECRET_KEYS"):
        told()
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before
    assert not AuditEvent.objects.filter(event="factors.resealed").exists()


def test_nobody_but_the_operator_may(amira: User) -> None:
    with pytest.raises(NotAllowed):
        reseal_factors(now=timezone.now(), by=amira)
