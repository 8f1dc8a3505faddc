"""A passkey's device made of software: it signs what a browser would hand on from a telephone."""

import json
import secrets
from hashlib import sha256

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from hub.accounts.models import User

HOST = "testserver"
WAY = "/sign-in/passkey/"
FLAG = AuthenticatorData.FLAG
PRESENT, VERIFIED, ATTESTED = FLAG.USER_PRESENT, FLAG.USER_VERIFIED, FLAG.ATTESTED


class Device:
    """Holds one passkey of one person."""

    def __init__(self, user: User, host: str = HOST) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.handle = user_pk_to_url_str(user).encode()
        self.host = host
        WebAuthn.add(user, "Invented telephone", self._made())

    def _made(self) -> dict[str, object]:
        """What the device gave when the passkey was made."""
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]  # fido2's
        held = AttestedCredentialData.create(bytes(16), self.id, public)
        said = AuthenticatorData.create(self._site, PRESENT | VERIFIED | ATTESTED, 0, held)
        client = CollectedClientData.create("webauthn.create", b"any", f"https://{self.host}")
        return self._answer(client, attestationObject=AttestationObject.create("none", said, {}))

    def answer(self, challenge: str, flags: AuthenticatorData.FLAG = PRESENT | VERIFIED) -> str:
        """Sign what the site asks, as the browser posts it."""
        said = AuthenticatorData.create(self._site, flags, 0)
        client = CollectedClientData.create(
            "webauthn.get", websafe_decode(challenge), f"https://{self.host}"
        )
        signature = self.key.sign(said + client.hash, ec.ECDSA(SHA256()))
        told = {"authenticatorData": said, "signature": signature, "userHandle": self.handle}
        return json.dumps(self._answer(client, **told))

    @property
    def _site(self) -> bytes:
        return sha256(self.host.encode()).digest()

    def _answer(self, client: bytes, **told: bytes) -> dict[str, object]:
        plain = {name: websafe_encode(value) for name, value in told.items()}
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "response": {"clientDataJSON": websafe_encode(client), **plain},
            "clientExtensionResults": {"credProps": {"rk": True}},
        }


def asked(client: Client) -> str:
    """The challenge that the site puts to a browser that would sign in with a passkey."""
    options = client.get(WAY, headers={"x-requested-with": "XMLHttpRequest"}).json()
    assert not options["request_options"]["publicKey"].get("allowCredentials")  # names nobody
    return str(options["request_options"]["publicKey"]["challenge"])


def is_in(client: Client) -> bool:
    """Whether that browser opens a page of the hub."""
    return client.get("/account/").status_code == 200
