"""Who needs a second factor to sign in, which providers of single sign-on an agency has, and until when
the code of conduct is accepted.
"""

import json
import re
import string
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256

from cryptography.fernet import Fernet, MultiFernet

from hub.access.rules import ROLES, Permission, Role
from hub.days.rules import years_after

# What anybody may know who holds a role: published numbers. Whoever can do more proves who they are twice
# (OWASP ASVS 5.0, 6.3.3: multi-factor authentication).
OPEN_WITH_ONE = frozenset({Permission.REPORT_PUBLISH})
CONDUCT_YEARS = 1
PASSWORD_SHORTEST = 12
# Fewer different signs than these are a row, such as aaaaaaaaaaab.
DIFFERENT_LEAST = 5
# So many letters and figures a password must have besides the words that people here know.
LEFT_LEAST = 8
KNOWN_SHORTEST = 3
KNOWN_HERE = (
    "csehub", "cse", "hub", "child", "children", "exploitation", "safeguarding", "safeguard", "partnership",
    "police", "social", "health", "charity", "council", "board", "agency", "password", "welcome", "signin",
)  # fmt: skip
ROWS = tuple(
    row * 3 for row in (
        "0123456789", "1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm",
        "qwertyuiopasdfghjklzxcvbnm", "1q2w3e4r5t6y7u8i9o0p",
    )
)  # fmt: skip
AROUND = string.digits + string.punctuation + " £€"
CORE_SHORTEST = 4
FIGURES_FOR_LETTERS = str.maketrans("013457@$!", "oieastasi")
# What everybody can type, and read out without a doubt: no letter of another alphabet that looks like ours.
USER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+'-]*", re.ASCII)
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def needs_second_factor(role: Role) -> bool:
    """Say whether a role opens more than published numbers."""
    return not ROLES[role].permissions <= OPEN_WITH_ONE


def user_name_problem(text: str) -> str | None:
    """Say what is wrong with a new user name, or None."""
    if USER_NAME.fullmatch(text):
        return None
    return "Use letters from A to Z, figures and . - _ ' @ + only, a letter or a figure first."


def name_problem(text: str) -> str | None:
    """Say what is wrong with a name, or None: two names that look the same must be the same."""
    if any(unicodedata.category(sign) in UNSEEN for sign in text):
        return "The name holds a sign that cannot be seen. Type it anew, without pasting."
    if not any(sign.isalpha() for sign in text):
        return "Enter a name with letters."
    return None


def password_problem(
    password: str, *, known: Collection[str], common: Collection[str]
) -> str | None:
    """Say what is wrong with a new password, or None (NIST SP 800-63B, OWASP ASVS 5.0, 6.2).

    `known` are words that everybody here knows: names of the person, agency and hub. A word of the list of
    `common` passwords stays one however it is dressed: with capitals, figures for letters, or others around.
    """
    if len(password) < PASSWORD_SHORTEST:
        return f"Use at least {PASSWORD_SHORTEST} characters. Three unrelated words are good."
    plain = password.lower()
    if len(set(plain)) < DIFFERENT_LEAST or any(plain in row or plain[::-1] in row for row in ROWS):
        return "This password is a row of signs that is easily guessed. Choose another."
    if not cores_of(plain).isdisjoint(common):
        return "Many people use this password, or one like it. Choose another."
    left = plain
    for word in sorted((*KNOWN_HERE, *map(str.lower, known)), key=len, reverse=True):
        left = left.replace(word, "") if len(word) >= KNOWN_SHORTEST else left
    if sum(sign.isalnum() for sign in left) < LEFT_LEAST and left != plain:
        return "This password is made of names that people here know. Add unrelated words."
    return None


def cores_of(plain: str) -> set[str]:
    """Give what a password in small letters may be made from: bare of what stands around, or a half."""
    first, last = len(plain) - len(plain.lstrip(AROUND)), len(plain.rstrip(AROUND))
    bare = {
        plain[start:end]
        for start in range(first + 1)
        for end in range(last, len(plain) + 1)
        if end - start >= CORE_SHORTEST
    }
    half = plain[: len(plain) // 2]
    bare |= {half} if half + half == plain else set()
    return bare | {text.translate(FIGURES_FOR_LETTERS) for text in bare}


def conduct_is_due(accepted_on: date | None, today: date) -> bool:
    """Say whether the code of conduct is to be accepted: at the first sign-in, and each year again."""
    return accepted_on is None or years_after(accepted_on, CONDUCT_YEARS) <= today


@dataclass(frozen=True)
class Provider:
    """An agency's own provider of single sign-on (OpenID Connect), as the file of HUB_SSO_FILE names it.

    `id` stands in addresses; `agency` is "partnership/agency": the provider lets in people of that agency
    alone. `second_factor`: it asks for a second factor itself, so the hub does not ask again.
    """

    id: str
    name: str
    agency: str
    server: str
    client_id: str
    secret: str
    second_factor: bool = False

    @property
    def app(self) -> dict[str, object]:
        """What the sign-in library wants to know of it."""
        return {
            "provider_id": self.id,
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.secret,
            "settings": {"server_url": self.server},
        }


def providers_from(text: str) -> dict[str, Provider]:
    """Read the providers of a JSON list; raises ValueError, saying what is wrong with which."""
    try:
        listed = json.loads(text)
    except ValueError as error:
        raise ValueError(f"HUB_SSO_FILE holds no JSON: {error}") from error
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise ValueError('HUB_SSO_FILE must hold a list of providers: [{"id": ...}, ...]')
    found: dict[str, Provider] = {}
    for number, entry in enumerate(listed, 1):
        provider = _provider(number, entry)
        if provider.id in found:
            raise ValueError(f"HUB_SSO_FILE names {provider.id} twice.")
        found[provider.id] = provider
    return found


def _provider(number: int, entry: dict[str, object]) -> Provider:
    needed = {field.name for field in fields(Provider)} - {"second_factor"}
    missing = sorted(needed - {name for name, value in entry.items() if value})
    unknown = sorted(set(entry) - needed - {"second_factor"})
    if missing or unknown:
        said = [f"lacks {', '.join(missing)}"] if missing else []
        said += [f"has {', '.join(unknown)}, which is unknown"] if unknown else []
        raise ValueError(f"HUB_SSO_FILE, entry {number}: it {' and '.join(said)}.")
    provider = Provider(**entry)  # type: ignore[arg-type]  # looked at below
    if not provider.id.replace("-", "").isalnum() or not provider.id.isascii():
        raise ValueError(
            f"HUB_SSO_FILE, entry {number}: an id has letters, digits and hyphens only."
        )
    if provider.agency.count("/") != 1:
        raise ValueError(f"HUB_SSO_FILE, entry {number}: agency is of the form partnership/agency.")
    local = provider.server.startswith(("http://localhost", "http://127.0.0.1"))
    if not provider.server.startswith("https://") and not local:
        raise ValueError(f"HUB_SSO_FILE, entry {number}: server must begin with https://.")
    return provider


# What a browser says of itself, the more special first: Edge calls itself Chrome too, and Chrome Safari.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_in_words(agent: str) -> str:
    """Say in words which browser on which system calls itself so: people know their own again."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "Another browser")
    system = next((name for sign, name in SYSTEMS if sign in agent), "another system")
    return f"{browser} on {system}"


def factor_cipher(secrets: Sequence[str]) -> MultiFernet:
    """Give the cipher of second factors' secrets: it encrypts with the first key, and opens with any."""
    keys = (sha256(b"hub.accounts.factor" + secret.encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
