"""The cast: the same people in every story, each with a fixture of their own name.

    amira     social worker of Bradford           ben    police officer
    chloe     charity worker, service northlight  femi   charity worker, service larkfield (no child)
    dev       hub manager                         ana    intelligence officer
    nora      nurse                               bea    board member
    otto      auditor                             sid    system administrator
    erin      social worker of Kirklees           gus    an account without a post

A stranger is nobody: `client_for(None)`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from hub.access.rules import Role
from hub.accounts.actions import open_account, operator
from hub.accounts.models import User
from partners.agencies.actions import add_agency, appoint
from partners.agencies.models import Agency
from partners.partnerships.actions import set_up
from partners.partnerships.models import Partnership
from partners.services.actions import offer
from partners.sharing.actions import make_agreement
from partners.sharing.rules import CATEGORIES, Agreed
from referrals.episodes.models import Episode
from tests.kept import KEPT
from tests.laid import TABLE
from tests.make import make_child, make_episode, refer_to_service

ClientFor = Callable[[User | None], Client]
PASSWORD = "lantern-kestrel-42"
BEGAN = date(2014, 1, 1)
EVERYTHING = Agreed(tuple(CATEGORIES), BEGAN, date(2099, 12, 31), "Signed in 2014")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

# Who: full name, role, agency's code. Kirklees has one agency in these stories.
PEOPLE: dict[str, tuple[str, Role | None, str]] = {
    "amira": ("Amira Sadler", Role.SOCIAL_WORKER, "social-care"),
    "ben": ("Ben Ashcroft", Role.POLICE_OFFICER, "police"),
    "chloe": ("Chloe Ferris", Role.SUPPORT_WORKER, "northlight"),
    "femi": ("Femi Oduya", Role.SUPPORT_WORKER, "larkfield"),
    "dev": ("Dev Marlow", Role.HUB_MANAGER, "social-care"),
    "ana": ("Ana Keane", Role.INTELLIGENCE_OFFICER, "police"),
    "nora": ("Nora Whitby", Role.NURSE_PRACTITIONER, "health"),
    "bea": ("Bea Holroyd", Role.BOARD_MEMBER, "board"),
    "otto": ("Otto Lindley", Role.AUDITOR, "council"),
    "sid": ("Sid Varley", Role.SYSTEM_ADMINISTRATOR, "council"),
    "erin": ("Erin Thackray", Role.SOCIAL_WORKER, "kirklees-social-care"),
    "gus": ("Gus Pell", None, ""),
}
STRANGER = "stranger"
AGENCIES = {
    "social-care": ("Children's Social Care", Agency.Kind.SOCIAL_CARE),
    "police": ("Police", Agency.Kind.POLICE),
    "northlight": ("Northlight", Agency.Kind.CHARITY),
    "larkfield": ("Larkfield", Agency.Kind.CHARITY),
    "health": ("Community Health", Agency.Kind.HEALTH),
    "board": ("Safeguarding Board", Agency.Kind.BOARD),
    "council": ("The Council", Agency.Kind.COUNCIL),
}


@dataclass(frozen=True)
class Cast:
    """The people, their partnerships, and three episodes that tell who may see what.

    `shared`: referred to Northlight and accepted, so that chloe sees it. `unshared`: of Bradford,
    shared with no charity. `elsewhere`: of Kirklees.
    """

    bradford: Partnership
    kirklees: Partnership
    people: dict[str, User]
    shared: Episode
    unshared: Episode
    elsewhere: Episode


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords without the slowness that protects real ones."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@dataclass(frozen=True)
class EmptyHub:
    """Two partnerships with everybody in post, and no child at all."""

    bradford: Partnership
    kirklees: Partnership
    people: dict[str, User]


@pytest.fixture
def empty_hub(db: None) -> EmptyHub:
    """Everybody, in post, on the first day."""
    return make_empty_hub()


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, in post, with the three episodes; the first note of a story is number 1."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('referrals_note_number', 1, false)")
    laid: Cast | None = TABLE.copy()
    return laid or KEPT.put_back()


def make_empty_hub() -> EmptyHub:
    """Found both partnerships, with their agencies, services and people."""
    by = operator()
    bradford = set_up(code="bradford", now=NOW, by=by)
    kirklees = set_up(code="kirklees", now=NOW, by=by)
    agencies = {
        code: add_agency(partnership=bradford, code=code, name=name, kind=kind, now=NOW, by=by)
        for code, (name, kind) in AGENCIES.items()
    }
    name, kind = AGENCIES["social-care"]
    agencies["kirklees-social-care"] = add_agency(
        partnership=kirklees, code="social-care", name=name, kind=kind, now=NOW, by=by
    )
    for code in ("northlight", "larkfield"):
        offer(agency=agencies[code], code=code, name=agencies[code].name, now=NOW, by=by)
        make_agreement(agency=agencies[code], agreed=EVERYTHING, by=by)
    return EmptyHub(bradford=bradford, kirklees=kirklees, people=_people(agencies, by))


def make_cast(hub: EmptyHub) -> Cast:
    """Open the three episodes in a hub that has none."""
    amira, erin = hub.people["amira"], hub.people["erin"]
    shared = _episode(hub.bradford, amira, "Marden", "Kit")
    refer_to_service(episode=shared, service="northlight", by=amira)
    return Cast(
        bradford=hub.bradford,
        kirklees=hub.kirklees,
        people=hub.people,
        shared=shared,
        unshared=_episode(hub.bradford, amira, "Quillan", "Rae"),
        elsewhere=_episode(hub.kirklees, erin, "Brightmore", "Sol"),
    )


def _people(agencies: dict[str, Agency], by: User) -> dict[str, User]:
    made = {}
    for username, (name, role, agency) in PEOPLE.items():
        user = open_account(username=username, name=name, password=PASSWORD, now=NOW, by=by)
        # Everybody has read the code of conduct; the stories' trails begin after that.
        user.conduct_accepted_on = timezone.localdate()
        user.save(update_fields=["conduct_accepted_on"])
        if role is not None:
            appoint(user=user, agency=agencies[agency], role=role, starts_on=BEGAN, now=NOW, by=by)
        made[username] = user
    return made


def _episode(partnership: Partnership, by: User, surname: str, forenames: str) -> Episode:
    child = make_child(partnership=partnership, by=by, surname=surname, forenames=forenames)
    return make_episode(child=child, by=by)


@pytest.fixture
def client_for() -> ClientFor:
    """A browser in which that person is signed in; None for a stranger."""

    def make(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return make


@pytest.fixture
def amira(cast: Cast) -> User:
    """A social worker of Bradford's hub."""
    return cast.people["amira"]


@pytest.fixture
def ben(cast: Cast) -> User:
    """A police officer."""
    return cast.people["ben"]


@pytest.fixture
def chloe(cast: Cast) -> User:
    """A charity worker whose service holds one child."""
    return cast.people["chloe"]


@pytest.fixture
def femi(cast: Cast) -> User:
    """A charity worker whose service holds no child."""
    return cast.people["femi"]


@pytest.fixture
def dev(cast: Cast) -> User:
    """The hub's manager."""
    return cast.people["dev"]


@pytest.fixture
def ana(cast: Cast) -> User:
    """The intelligence officer."""
    return cast.people["ana"]


@pytest.fixture
def nora(cast: Cast) -> User:
    """A nurse."""
    return cast.people["nora"]


@pytest.fixture
def bea(cast: Cast) -> User:
    """A member of the safeguarding board."""
    return cast.people["bea"]


@pytest.fixture
def otto(cast: Cast) -> User:
    """The information-governance auditor."""
    return cast.people["otto"]


@pytest.fixture
def sid(cast: Cast) -> User:
    """The system administrator."""
    return cast.people["sid"]


@pytest.fixture
def erin(cast: Cast) -> User:
    """A social worker of Kirklees."""
    return cast.people["erin"]


@pytest.fixture
def gus(cast: Cast) -> User:
    """An account without a post."""
    return cast.people["gus"]
