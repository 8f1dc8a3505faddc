"""Tokens: what one may be asked for, how its secret is kept, how it stands."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.access.rules import Role
from hub.interface.rules import PREFIX, Scope, scopes_of

SECRET_BYTES = 32  # 256 bits by chance: a plain digest is enough, for nobody can try them all
SECRET = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}", re.ASCII)
LONGEST = timedelta(days=366)
LONGEST_NAME = 60
REASON_LONGEST = 500
NOTED_EVERY = timedelta(minutes=1)
REFUSED_PER_MINUTE = 60  # how many unknown tokens the trail tells of: whoever knocks cannot fill it


@dataclass(frozen=True)
class Asked:
    """What a token is asked for: the name of its account, the role, the scopes and the last day."""

    name: str
    role: str
    scopes: tuple[str, ...]
    expires_on: date


@dataclass(frozen=True)
class Wrong:
    """What is wrong, and beside which field the message belongs."""

    field: str
    message: str


def problem_with(asked: Asked, *, held: Collection[str], today: date) -> Wrong | None:
    """Say what is wrong with a token to be made, or None; `held` are the roles of the agency's people."""
    if not asked.name.strip() or len(asked.name) > LONGEST_NAME:
        return Wrong("name", f"Enter a name of at most {LONGEST_NAME} characters.")
    if asked.role not in held:
        message = (
            "Nobody of the agency holds this role, so no machine of theirs may. Choose another."
        )
        return Wrong("role", message)
    usable = scopes_of(Role(asked.role))
    if not asked.scopes or not set(asked.scopes) <= set(Scope):
        return Wrong("scopes", "Tick what the token is for.")
    if not set(asked.scopes) <= set(usable):
        can = ", ".join(usable) or "none of them"
        return Wrong("scopes", f"This role can use {can}. Tick no other.")
    if not today < asked.expires_on <= today + LONGEST:
        return Wrong("expires_on", "The last day must lie after today and within a year.")
    return None


def digest_of(secret: str) -> str:
    """Give what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_in(header: str) -> str:
    """Give the secret that an Authorization header bears; empty where it bears none of ours."""
    scheme, _space, secret = header.partition(" ")
    found = scheme.lower() == "bearer" and SECRET.fullmatch(secret)
    return secret if found else ""


def state_of(*, ended: bool, expires_at: datetime, stopped: bool, now: datetime) -> str:
    """Say in a word how a token stands; `stopped`: its account holds no post, or is closed."""
    if ended:
        return "Ended"
    if now >= expires_at:
        return "Expired"
    return "Account closed" if stopped else "In force"
