"""What a referral says, what it must say before it is sent, and by when it is decided."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from hub.access.rules import Role
from hub.codes.rules import code_list
from hub.days.rules import LONDON, add_working_days, age_on, is_working_day, working_days_between
from partners.partnerships.rules import BOUNDS
from referrals.children.rules.details import OLDEST, nhs_number_problem, plain_number, upn_problem

PREFIX = "R-"

# Requirement: the way in which a concern arrived. A partner who signs in uses the form.
FORM, LINK, PUBLIC, CALL_101, AGENCY_CALL, OUT_OF_HOURS = (
    "form",
    "link",
    "public",
    "101",
    "agency",
    "out_of_hours",
)
ROUTES = {
    FORM: "Form, sent by a partner",
    LINK: "Form, by a one-time link",
    PUBLIC: "Call from the public",
    CALL_101: "Call to 101",
    AGENCY_CALL: "Call from an agency",
    OUT_OF_HOURS: "Out of hours",
}
# What the hub's people take down themselves.
TAKEN_DOWN = (PUBLIC, CALL_101, AGENCY_CALL, OUT_OF_HOURS)

CHILD, PERSON, PLACE = "child", "person", "place"
ABOUT = {
    CHILD: "A child",
    PERSON: "A person who may harm children",
    PLACE: "A place",
}
GENDERS = {"F": "Female", "M": "Male", "U": "Unknown"}
YES, NO, UNKNOWN = "yes", "no", "unknown"
ANSWERS = {YES: "Yes", NO: "No", UNKNOWN: "Unknown"}
GIVEN, NOT_ASKED, REFUSED = "given", "not_asked", "refused"
CONSENT = {
    GIVEN: "Yes, they agree to it",
    NOT_ASKED: "No, they were not asked",
    REFUSED: "No, they were asked and refused",
}
KNOWS = {
    "both": "The child and the parents or carers",
    "child": "The child alone",
    "parents": "The parents or carers alone",
    "nobody": "Neither",
    UNKNOWN: "Unknown",
}
HOW_TOLD = {
    "telephone": "By telephone",
    "person": "Face to face",
    "email": "By e-mail",
    "letter": "By letter",
    "page": "On this page",
}
# Nobody under this age is described as a child of an age, nobody above it is one.
OLDEST_AGE = OLDEST


@dataclass(frozen=True)
class Concern:
    """What a referrer says: all of it as it was typed, whatever the hub finds out later.

    `source` is a code of the DfE's list, `types` are codes of the kinds of exploitation that are feared.
    A child's particulars may all be unknown; `description` says who or what a person or a place is.
    """

    about: str
    what_happened: str
    in_danger: str
    source: str = ""
    agency: str = ""
    referrer_name: str = ""
    referrer_post: str = ""
    referrer_telephone: str = ""
    referrer_email: str = ""
    forenames: str = ""
    surname: str = ""
    other_names: str = ""
    date_of_birth: date | None = None
    age_about: int | None = None
    gender: str = ""
    school: str = ""
    address: str = ""
    postcode: str = ""
    nhs_number: str = ""
    upn: str = ""
    description: str = ""
    exploitation_types: tuple[str, ...] = ()
    since: str = ""
    danger_action: str = ""
    health_needs: str = ""
    health_detail: str = ""
    consent: str = ""
    no_consent_reason: str = ""
    family_knows: str = ""

    def tidied(self) -> "Concern":
        """Give it with single spaces in names, and numbers as they are stored."""
        said: dict[str, Any] = {
            n: v.strip() if isinstance(v, str) else v for n, v in vars(self).items()
        }
        for name in ("forenames", "surname", "agency", "referrer_name"):
            said[name] = " ".join(said[name].split())
        for name in ("nhs_number", "upn"):
            said[name] = plain_number(said[name])
        said["exploitation_types"] = tuple(said["exploitation_types"])
        return Concern(**said)

    def columns(self) -> dict[str, Any]:
        """Give its columns as they are stored."""
        return {**asdict(self), "exploitation_types": list(self.exploitation_types)}

    def kept(self) -> dict[str, Any]:
        """Give it as a version keeps it: a day in figures."""
        born = self.date_of_birth
        return {**self.columns(), "date_of_birth": born.isoformat() if born else None}


@dataclass(frozen=True)
class Problem:
    """What is wrong, and beside which field the message belongs."""

    field: str
    message: str


def problem_with(concern: Concern, today: date) -> Problem | None:
    """Say what keeps a referral from being sent, or None; `concern` is tidied."""
    return next((Problem(*found) for found in _problems(concern, today)), None)


def _problems(said: Concern, today: date) -> Iterator[tuple[str, str]]:
    yield from _codes(said)
    if not said.in_danger:
        yield "in_danger", "Say whether anybody is in danger now"
    if said.in_danger == YES and not said.danger_action:
        yield "danger_action", "Write what was done about the danger"
    if not said.what_happened:
        yield "what_happened", "Write what happened, or what worries you"
    if not said.source:
        yield "source", "Choose who is worried. If nobody knows, choose Unknown"
    if said.about == CHILD:
        yield from _about_a_child(said, today)
    elif not said.description:
        yield "description", "Describe the person or the place"


def _codes(said: Concern) -> Iterator[tuple[str, str]]:
    lists: dict[str, Mapping[str, object]] = {
        "about": ABOUT,
        "in_danger": ANSWERS,
        "gender": GENDERS,
        "health_needs": ANSWERS,
        "consent": CONSENT,
        "family_knows": KNOWS,
        "source": code_list("referral_sources"),
    }
    for name, known in lists.items():
        given = getattr(said, name)
        if (given or name == "about") and given not in known:
            yield name, "Choose one that is in the list"
    if not set(said.exploitation_types) <= set(code_list("exploitation_types")):
        yield "exploitation_types", "Choose one that is in the list"


def _about_a_child(said: Concern, today: date) -> Iterator[tuple[str, str]]:
    if not (said.surname or said.forenames or said.other_names or said.description):
        yield "forenames", "Enter a name, or describe the child if you know none"
    born, age = said.date_of_birth, said.age_about
    if born and not 0 <= age_on(born, today) <= OLDEST_AGE:
        yield "date_of_birth", f"The date of birth must lie in the last {OLDEST_AGE} years"
    if age is not None and not 0 <= age <= OLDEST_AGE:
        yield "age_about", f"The age must be a number from 0 to {OLDEST_AGE}"
    for name, check in (("nhs_number", nhs_number_problem), ("upn", upn_problem)):
        typed = getattr(said, name)
        if typed and check(typed):
            yield name, check(typed)
    if not said.exploitation_types:
        yield "exploitation_types", "Choose the kinds of exploitation that are feared: at least one"
    yield from _consent(said)


def _consent(said: Concern) -> Iterator[tuple[str, str]]:
    if not said.consent:
        yield "consent", "Say whether they agree to the referral"
    elif said.consent != GIVEN and not said.no_consent_reason:
        yield "no_consent_reason", "Write why it is shared without consent"
    if not said.family_knows:
        yield "family_knows", "Say who knows of the referral, or that it is unknown"
    if not said.health_needs:
        yield "health_needs", "Say whether there are health needs, or that it is unknown"


def reference_of(number: int) -> str:
    """Write a referral's number as people say it."""
    return f"{PREFIX}{number:04}"


def due_on(received_at: datetime, working_days: int) -> date:
    """Give the day by which something is due that many working days after it came.

    What comes on a rest day counts as come on the next working day (Working Together to Safeguard
    Children, chapter 1, gives one working day for the decision on a referral).
    """
    day = received_at.astimezone(LONDON).date()
    return add_working_days(add_working_days(day, 0), working_days)


def clock(due: date, today: date) -> str:
    """Say how long there is left, in working days, or by how many it is over."""
    if due >= today:
        left = working_days_between(today, due)
        if not left:
            return "due today" if is_working_day(today) else "due next"
        return f"{left} working {'day' if left == 1 else 'days'} left"
    over = max(working_days_between(due, today), 1)
    return f"{over} working {'day' if over == 1 else 'days'} over"


RECEIVED, LOOKED_AT, DECIDED, WITHDRAWN = "received", "looked_at", "decided", "withdrawn"
# All that a referrer is told: never a level, never whether the child was known.
STATES = {
    RECEIVED: "Received",
    LOOKED_AT: "Being looked at",
    DECIDED: "Decided",
    WITHDRAWN: "Withdrawn",
}


def state_of(*, joined: bool, decided: bool, withdrawn: bool) -> str:
    """Say where a referral stands, as its referrer is told."""
    if withdrawn:
        return WITHDRAWN
    if decided:
        return DECIDED
    return LOOKED_AT if joined else RECEIVED


# --- the form, page by page ------------------------------------------------------------------------------

# Which of who writes it down: a partner who signs in, the hub with somebody on the telephone, or one who
# holds a one-time link.
PARTNER, DESK, HOLDER = "partner", "desk", "holder"

SECTIONS = (
    ("Who is worried", ("call", "who")),
    (
        "Child, person or place",
        ("about", "child", "birth", "where", "numbers", "described"),
    ),
    ("What happened", ("types", "happened", "health")),
    ("Safety now", ("safety", "danger")),
    ("Consent and sharing", ("consent",)),
)
# Safety comes first in every order: whoever is in danger now needs no form.
ORDER = (
    "safety",
    "danger",
    *(step for _title, steps in SECTIONS for step in steps if step not in ("safety", "danger")),
)
OF_A_CHILD = ("child", "birth", "where", "numbers", "types", "health", "consent")


def steps_of(writer: str, *, about: str, in_danger: str) -> tuple[str, ...]:
    """Give the pages that are asked, in their order, as far as the answers so far say."""
    return tuple(step for step in ORDER if _is_asked(step, writer, about, in_danger))


def _is_asked(step: str, writer: str, about: str, in_danger: str) -> bool:
    if step == "danger":
        return in_danger == YES
    if step == "call":
        return writer == DESK
    if step in OF_A_CHILD:
        return about == CHILD
    if step == "described":
        return about in (PERSON, PLACE)
    return True


def step_after(step: str, steps: tuple[str, ...]) -> str:
    """Give the page that follows; empty after the last."""
    order = ORDER.index(step)
    return next((later for later in steps if ORDER.index(later) > order), "")


# Of which kind of work a referrer is, by their role (DfE's list): nobody who signs in is asked.
SOURCE_OF_ROLE = {
    Role.POLICE_OFFICER: "6",
    Role.SUSPECT_MANAGER: "6",
    Role.MISSING_COORDINATOR: "6",
    Role.PROBLEM_SOLVER: "6",
    Role.NURSE_PRACTITIONER: "3F",
    Role.EDUCATION_OFFICER: "2B",
    Role.SUPPORT_WORKER: "8",
    Role.LICENSING_OFFICER: "5B",
}
SOURCE_OF_OTHERS = "5A"


def source_of(role: Role) -> str:
    """Give the code of the kind of work that a role is."""
    return SOURCE_OF_ROLE.get(role, SOURCE_OF_OTHERS)


# --- the hub's list -----------------------------------------------------------------------------------------

WAITING, LOOKED_AT_LIST, FEEDBACK, EVERY = "waiting", "looked-at", "feedback", "all"
FEEDBACK_LATE = "feedback-late"
OF_FEEDBACK = (FEEDBACK, FEEDBACK_LATE)
LISTS = {
    WAITING: "Waiting",
    LOOKED_AT_LIST: "Being looked at",
    FEEDBACK: "Referrer to be told",
    FEEDBACK_LATE: "Not told in time",
    EVERY: "All",
}


# --- what the referrer is told ------------------------------------------------------------------------------

TELL_MORE = "If you learn more, tell us at once; in an emergency call 999."


IS_LOOKING = "The hub is looking at it."
HAS_DECIDED = "The hub has looked at it and decided what to do."


def words_for_referrer(reference: str, received_on: date, *, decided: bool) -> str:
    """Draft what the referrer is told, for whoever tells them to add to.

    Neither a level nor what follows from it: who referred a child need not know how the case stands.
    """
    day = f"{received_on.day} {received_on:%B %Y}"
    came = HAS_DECIDED if decided else IS_LOOKING
    return f"Thank you for your referral {reference} of {day}. {came} {TELL_MORE}"


def rewritten(typed: str, drafted: str, *, decided: bool) -> str:
    """Bring a draft up to what came of it since, and keep what was typed around it.

    The one sentence that says what came of it is put right where it stands; where it stands no more, what is
    `drafted` now comes first and all that was typed below it.
    """
    now = HAS_DECIDED if decided else IS_LOOKING
    for sentence in (HAS_DECIDED, IS_LOOKING):
        if sentence in typed:
            return typed.replace(sentence, now)
    return f"{drafted}\n\n{typed}".strip()


# --- one-time links ----------------------------------------------------------------------------------------

# A browser keeps its secret so long at most; when its link opens nothing any more the partnership says.
SECRET_LASTS = timedelta(days=BOUNDS["link_days"][1])
# So many for an address or from a network address in an hour go out; whoever asks is told the same.
ASKED_TOO_OFTEN = "referral_link"


# How a link stands, and in which of these states it still opens something.
LINK_OPEN = ("Waiting to be sent", "Sent, not opened", "Opened, nothing sent yet")


def link_state(*, sent: bool, opened: bool, used: bool, withdrawn: bool, over: bool) -> str:
    """Say how a one-time link stands; what was sent by it counts before what became of it since."""
    if used:
        return "Used"
    if withdrawn:
        return "Withdrawn"
    if over:
        return "Ran out"
    waiting, unopened, open_still = LINK_OPEN
    return open_still if opened else unopened if sent else waiting


def digest_of(secret: str) -> str:
    """Give what the database keeps of a link's token or a browser's secret: neither can be read back."""
    return sha256(secret.encode()).hexdigest()


def domain_is_known(email: str, domains: Iterable[str]) -> bool:
    """Say whether a work address is of a domain that a partnership lists; without a list each is."""
    listed = [domain.lower().lstrip("@") for domain in domains]
    own = email.rpartition("@")[2].lower()
    return not listed or any(own == domain or own.endswith(f".{domain}") for domain in listed)
