"""What every template knows: who is signed in, as what, and where they can go."""

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import reverse

from hub.access.gate import standing_of
from hub.access.rules import ROLES, Permission, Standing
from hub.accounts.rows import read_row
from hub.preferences.models import Density, Keys, Preferences

NO_POST = (
    "You hold no post at present, so there is nothing for you to open. "
    "Ask your agency's administrator to give you one."
)

# Where the menu leads besides Home: the words, the address's name, the key that follows g, the rights
# of which one is needed.
PLACES = (
    ("My work", "risk-my-work", "k", (Permission.CASES_VIEW, Permission.SHARED_CASES_VIEW)),
    ("Meetings", "risk-meetings", "t", (Permission.CASES_VIEW,)),
    ("Caseload", "referrals-caseload", "c", (Permission.CASES_VIEW, Permission.SHARED_CASES_VIEW)),
    ("Our notes", "referrals-our-notes", "v", (Permission.SHARED_NOTES_RECORD,)),
    ("Today's list", "risk-agenda", "j", (Permission.CASES_VIEW, Permission.SHARED_CASES_VIEW)),
    ("Referrals", "referrals-waiting", "f", (Permission.CASES_VIEW,)),
    ("Make a referral", "referrals-mine", "b", (Permission.REFERRALS_MAKE,)),
    ("Team", "risk-team", "z", (Permission.TEAM_LEAD,)),
    ("By reference", "risk-references", "r", (Permission.CASES_BY_REFERENCE,)),
    ("Imports", "reporting-imports", "i", (Permission.EXTRACT_IMPORT,)),
    ("Appendix 1", "appendix1", "a", (Permission.REPORT_PUBLISH,)),
    ("Access", "referrals-granted", "w", (Permission.GRANTS_MANAGE,)),
    ("Sharing", "partners-sharing", "s", (Permission.SHARING_MANAGE,)),
    ("Settings", "partners-settings", "y", (Permission.PARTNERSHIP_SETTINGS,)),
    ("People", "partners-people", "p", (Permission.PEOPLE_MANAGE,)),
    ("Machine access", "partners-machines", "m", (Permission.PEOPLE_MANAGE,)),
    ("Trail", "hub-trail", "l", (Permission.TRAIL_READ,)),
    ("Disclosures", "referrals-disclosures", "d", (Permission.DISCLOSURES_READ,)),
    ("Emergency access", "referrals-emergency-reviews", "e", (Permission.EMERGENCY_REVIEW,)),
    ("Unusual access", "referrals-findings", "u", (Permission.ACCESS_REVIEW,)),
    ("Identifications", "referrals-identifications", "o", (Permission.ACCESS_REVIEW,)),
)

# Not in the menu of who has another way there: who takes referrals in begins one on the page of those that
# wait; the manager finds the settings, and who sees what, on one page.
NOT_FOR = {
    "referrals-mine": Permission.REFERRALS_RECEIVE,
    "referrals-granted": Permission.PARTNERSHIP_SETTINGS,
    "partners-sharing": Permission.PARTNERSHIP_SETTINGS,
    "referrals-disclosures": Permission.PARTNERSHIP_SETTINGS,
}

# What begins a case where there is none yet: the words, the address's name, the right it needs.
BEGINNINGS = (
    ("Register a child", "referrals-child-new", Permission.CASES_RECORD),
    ("Upload an extract", "reporting-import-upload", Permission.EXTRACT_IMPORT),
)


@dataclass(frozen=True)
class NavigationEntry:
    """A place in the menu; `here` marks the page that is open, `key` follows g to go there."""

    label: str
    address: str
    here: bool
    key: str = ""


@dataclass(frozen=True)
class Key:
    """Keys to press one after the other (or together, where `together`), and how to do it without them."""

    presses: tuple[str, ...]
    does: str
    instead: str
    together: bool = False


@dataclass(frozen=True)
class Signed:
    """The person at the screen. `without_cases` says why, where they see no case.

    `beginnings` are links with their words, for pages that have nothing to show yet.
    """

    name: str
    role: str
    agency: str
    partnership: str
    sees_cases: bool
    without_cases: str
    navigation: list[NavigationEntry]
    preferences: Preferences
    writes_notes: bool = False
    beginnings: tuple[tuple[str, str], ...] = ()
    opens_in_emergency: bool = False
    reviews_access: bool = False
    posts: int = 1
    refers: bool = False

    @property
    def particulars(self) -> list[tuple[str, str]]:
        """What the home page lists: label and value."""
        rows = [("Role", self.role), ("Agency", self.agency), ("Partnership", self.partnership)]
        return [(label, value) for label, value in rows if value]

    @property
    def pages(self) -> list[NavigationEntry]:
        """Where the menu leads besides home."""
        return self.navigation[1:]

    @property
    def keys_on(self) -> bool:
        """Say whether single keys do something."""
        return self.preferences.keys == Keys.ON

    @property
    def asks_for_keys(self) -> bool:
        """Say whether "Use keys?" is asked: on the home page alone, until there is an answer."""
        return self.preferences.keys == Keys.NOT_ASKED and self.navigation[0].here

    @property
    def comfortable(self) -> bool:
        """Say whether the rows of work tables stand apart."""
        return self.preferences.density == Density.COMFORTABLE

    @property
    def keys(self) -> list[Key]:
        """List the keys that lead somewhere for this person."""
        pages = _keys_of_pages(self.navigation, self.sees_cases)
        return [*pages, *([KEY_OF_NOTES] if self.writes_notes else []), *KEYS_EVERYWHERE]


def site(request: HttpRequest) -> dict[str, object]:
    """Give the header its person, or none before sign-in (or where sign-in never came to pass)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"signed": None}
    own = read_row(Preferences, user.pk) or Preferences()
    return {"signed": _signed(user.name, standing_of(user), request.path, own)}


def _signed(name: str, standing: Standing | None, path: str, own: Preferences) -> Signed:
    places = _navigation(standing, path)
    if standing is None:
        return Signed(name, "No post at present", "", "", False, NO_POST, places, own)
    role = ROLES[standing.role]
    agency, partnership = standing.agency, standing.partnership
    sees = standing.may(Permission.CASES_VIEW) or standing.may(Permission.SHARED_CASES_VIEW)
    why = f"Your role opens no case. {role.title}: {role.sentence[0].lower()}{role.sentence[1:]}"
    writes = _holds(standing, (Permission.NOTES_RECORD, Permission.SHARED_NOTES_RECORD))
    return Signed(
        name=name,
        role=role.title,
        agency=agency,
        partnership=partnership,
        sees_cases=sees,
        without_cases=why,
        navigation=places,
        preferences=own,
        writes_notes=writes,
        beginnings=_beginnings(standing),
        opens_in_emergency=standing.may(Permission.EMERGENCY_OPEN),
        reviews_access=standing.may(Permission.ACCESS_REVIEW),
        posts=standing.posts,
        refers=_refers(standing),
    )


def _refers(standing: Standing) -> bool:
    """Say whether a referral is what the person most often comes for: a partner's, and not the hub's."""
    takes_in = standing.may(Permission.REFERRALS_RECEIVE)
    return standing.may(Permission.REFERRALS_MAKE) and not takes_in


def _beginnings(standing: Standing) -> tuple[tuple[str, str], ...]:
    return tuple((words, _to(name)) for words, name, needed in BEGINNINGS if standing.may(needed))


def _navigation(standing: Standing | None, path: str) -> list[NavigationEntry]:
    """List what the person can open; what they cannot is absent, never greyed."""
    places = [("Home", "hub-home", "h")]
    for label, name, key, needed in PLACES:
        left_out = NOT_FOR.get(name)
        if standing and _holds(standing, needed) and not (left_out and standing.may(left_out)):
            places.append((label, name, key))
    return [
        NavigationEntry(label, _to(name), _to(name) == path, key) for label, name, key in places
    ]


@cache
def _to(name: str) -> str:
    """Give the address of a page of the menu, which every page asks for anew."""
    return reverse(name)


def _holds(standing: Standing, any_of: tuple[Permission, ...]) -> bool:
    return any(standing.may(permission) for permission in any_of)


KEY_OF_NOTES = Key(("g", "n"), "Write a note, on a child's page", "Add or correct, on that page")
KEYS_EVERYWHERE = (
    Key(("j",), "Next row of a list", "Tab to the row's link"),
    Key(("k",), "Row before", "Shift and Tab"),
    Key(("Enter",), "Open the row", "The row's link"),
    Key(("?",), "List the keys", "Keys, at the foot of the page"),
    Key(("Ctrl", "Enter"), "Send the form you are typing in", "The form's button", together=True),
    Key(("Esc",), "Leave the field you are typing in", "Tab"),
)


def _keys_of_pages(places: list[NavigationEntry], searches: bool) -> list[Key]:
    go = [
        Key(("g", place.key), f"Go to {place.label}", "The menu") for place in places if place.key
    ]
    search = Key(("/",), "Search for a child", "The search box at the top of the page")
    return [*go, search] if searches else go
