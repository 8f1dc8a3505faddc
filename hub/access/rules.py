"""Who may do what: the one reviewed list of permissions and roles.

Each has a sentence for humans; docs/permissions.md is made from this file and a test compares the two.
"""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """A deed that a role may hold."""

    CASES_VIEW = "cases.view"
    SHARED_CASES_VIEW = "shared_cases.view"
    CASES_BY_REFERENCE = "cases.by_reference"
    CASES_RECORD = "cases.record"
    RECORDS_JOIN = "records.join"
    NOTES_RECORD = "notes.record"
    SHARED_NOTES_RECORD = "shared_notes.record"
    REFERRALS_MAKE = "referrals.make"
    REFERRALS_RECEIVE = "referrals.receive"
    CHECKS_ANSWER = "checks.answer"
    LEVELS_RECORD = "levels.record"
    MEETINGS_HOLD = "meetings.hold"
    MEETINGS_CONFIRM = "meetings.confirm"
    VIEWS_GIVE = "views.give"
    DISAGREEMENTS_RAISE = "disagreements.raise"
    POLICE_RECORDS_VIEW = "police_records.view"
    SUSPECTS_RECORD = "suspects.record"
    SUSPECTS_PUT_FORWARD = "suspects.put_forward"
    PLACES_PUT_FORWARD = "places.put_forward"
    EXCEPTIONS_VIEW = "exceptions.view"
    INTELLIGENCE_RECORD = "intelligence.record"
    GRANTS_MANAGE = "grants.manage"
    GRANTS_MANAGE_LED = "grants.manage_led"
    EMERGENCY_OPEN = "emergency.open"
    EMERGENCY_REVIEW = "emergency.review"
    ACCESS_REVIEW = "access.review"
    SHARING_MANAGE = "sharing.manage"
    TEAM_LEAD = "team.lead"
    REPORT_FULL = "report.full"
    REPORT_PUBLISH = "report.publish"
    EXTRACT_IMPORT = "extract.import"
    PARTNERSHIP_SET_UP = "partnership.set_up"
    PARTNERSHIP_SETTINGS = "partnership.settings"
    PEOPLE_MANAGE = "people.manage"
    TRAIL_READ = "trail.read"
    DISCLOSURES_READ = "disclosures.read"


PERMISSIONS: dict[Permission, str] = {
    Permission.CASES_VIEW: "See every child and episode of the partnership.",
    Permission.SHARED_CASES_VIEW: "See the children granted to oneself, the own agency or its services.",
    Permission.CASES_BY_REFERENCE: (
        "See children by reference alone: age, ward, levels, dates; who one is with a reason, for an hour."
    ),
    Permission.CASES_RECORD: "Record children, episodes, addresses, statuses and allocations.",
    Permission.RECORDS_JOIN: "Join two records of one child, and take them apart again.",
    Permission.NOTES_RECORD: "Write notes about a child, and keep whom to call.",
    Permission.SHARED_NOTES_RECORD: "Write notes about the children one is shown, and list them.",
    Permission.REFERRALS_MAKE: "Refer a concern to the hub, and follow one's own referrals.",
    Permission.REFERRALS_RECEIVE: (
        "Take calls down as referrals, put referrals to a child, and tell referrers what came of them."
    ),
    Permission.CHECKS_ANSWER: "Answer for one's agency what it was asked about a child.",
    Permission.LEVELS_RECORD: "Record a child's risk level with its reason.",
    Permission.MEETINGS_HOLD: "Open and finish a meeting, say who is there, record for it.",
    Permission.MEETINGS_CONFIRM: (
        "Stand behind a low level of a child under 13 or with a learning disability."
    ),
    Permission.VIEWS_GIVE: "Say what one's agency thinks, and where it disagrees with another.",
    Permission.DISAGREEMENTS_RAISE: "Disagree with the hub about a child one is shown, and follow that.",
    Permission.POLICE_RECORDS_VIEW: "See crimes, suspects, their occurrences and all intelligence.",
    Permission.SUSPECTS_RECORD: "Record a suspect's risk level.",
    Permission.SUSPECTS_PUT_FORWARD: "Put a suspect forward for a day's meeting, and take one back.",
    Permission.PLACES_PUT_FORWARD: (
        "Put a place forward for a day's meeting, and record what the meeting said of it."
    ),
    Permission.EXCEPTIONS_VIEW: "List the children of whom nobody decided for too long.",
    Permission.INTELLIGENCE_RECORD: "Log police intelligence with its grading, release it and recall it.",
    Permission.GRANTS_MANAGE: "Say who sees any child: grants, restrictions, people shut out.",
    Permission.GRANTS_MANAGE_LED: "Say who sees the children whom one leads.",
    Permission.EMERGENCY_OPEN: (
        "Open a hidden record in an emergency, with a reason and for some hours; somebody else reviews it."
    ),
    Permission.EMERGENCY_REVIEW: (
        "Review why records were opened in an emergency and what was done meanwhile, without seeing a case."
    ),
    Permission.ACCESS_REVIEW: "Review unusual looks at children, and at who one is; see no case.",
    Permission.SHARING_MANAGE: "Enter sharing agreements with agencies, and end them.",
    Permission.TEAM_LEAD: "See who has how many cases, and say who covers for whom.",
    Permission.REPORT_FULL: "Make the full Appendix 1 report, small numbers included.",
    Permission.REPORT_PUBLISH: "Make the Appendix 1 report with disclosure control.",
    Permission.EXTRACT_IMPORT: "Import a hub extract.",
    Permission.PARTNERSHIP_SET_UP: "Create a partnership with its settings, agencies and geography.",
    Permission.PARTNERSHIP_SETTINGS: "Change the settings: days, meetings, checks, tools and services.",
    Permission.PEOPLE_MANAGE: "Give people their accounts and roles.",
    Permission.TRAIL_READ: "Read the audit trail.",
    Permission.DISCLOSURES_READ: "Read the log of what left the hub, to whom and by which law.",
}


class Role(StrEnum):
    """The post a person holds in an agency of a partnership."""

    HUB_MANAGER = "hub_manager"
    SOCIAL_WORKER = "social_worker"
    HUB_ADMINISTRATOR = "hub_administrator"
    POLICE_OFFICER = "police_officer"
    SUSPECT_MANAGER = "suspect_manager"
    MISSING_COORDINATOR = "missing_coordinator"
    NURSE_PRACTITIONER = "nurse_practitioner"
    EDUCATION_OFFICER = "education_officer"
    SUPPORT_WORKER = "support_worker"
    LICENSING_OFFICER = "licensing_officer"
    PROBLEM_SOLVER = "problem_solver"
    INTELLIGENCE_OFFICER = "intelligence_officer"
    BOARD_MEMBER = "board_member"
    AUDITOR = "auditor"
    AGENCY_ADMINISTRATOR = "agency_administrator"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    OPERATOR = "operator"


@dataclass(frozen=True)
class RoleEntry:
    """A role as people read it."""

    title: str
    sentence: str
    permissions: frozenset[Permission]


def _entry(title: str, sentence: str, *permissions: Permission) -> RoleEntry:
    return RoleEntry(title, sentence, frozenset(permissions))


# What everybody in the hub may do who sees its cases.
IN_THE_HUB = (
    Permission.CASES_VIEW,
    Permission.EMERGENCY_OPEN,
    Permission.NOTES_RECORD,
    Permission.CHECKS_ANSWER,
    Permission.REFERRALS_MAKE,
    Permission.PLACES_PUT_FORWARD,
)
ROLES: dict[Role, RoleEntry] = {
    Role.HUB_MANAGER: _entry(
        "Hub manager",
        "Leads the hub's work, sees every case and both forms of the report.",
        *IN_THE_HUB,
        Permission.CASES_RECORD,
        Permission.RECORDS_JOIN,
        Permission.LEVELS_RECORD,
        Permission.MEETINGS_HOLD,
        Permission.MEETINGS_CONFIRM,
        Permission.VIEWS_GIVE,
        Permission.POLICE_RECORDS_VIEW,
        Permission.GRANTS_MANAGE,
        Permission.SHARING_MANAGE,
        Permission.PARTNERSHIP_SETTINGS,
        Permission.DISCLOSURES_READ,
        Permission.REPORT_FULL,
        Permission.REPORT_PUBLISH,
        Permission.REFERRALS_RECEIVE,
        Permission.EXCEPTIONS_VIEW,
        Permission.TEAM_LEAD,
    ),
    Role.SOCIAL_WORKER: _entry(
        "Hub social worker",
        "Records the daily meeting's decisions and holds cases.",
        *IN_THE_HUB,
        Permission.CASES_RECORD,
        Permission.RECORDS_JOIN,
        Permission.LEVELS_RECORD,
        Permission.MEETINGS_HOLD,
        Permission.VIEWS_GIVE,
        Permission.GRANTS_MANAGE_LED,
        Permission.REFERRALS_RECEIVE,
    ),
    Role.HUB_ADMINISTRATOR: _entry(
        "Hub administrator",
        "Enters children, referrals and allocations for the hub; sets no level.",
        *IN_THE_HUB,
        Permission.CASES_RECORD,
        Permission.REFERRALS_RECEIVE,
        Permission.MEETINGS_HOLD,
    ),
    Role.POLICE_OFFICER: _entry(
        "Police officer",
        "Sees cases, crimes and suspects, writes notes, and logs and releases intelligence.",
        *IN_THE_HUB,
        Permission.VIEWS_GIVE,
        Permission.POLICE_RECORDS_VIEW,
        Permission.INTELLIGENCE_RECORD,
        Permission.SUSPECTS_PUT_FORWARD,
    ),
    Role.SUSPECT_MANAGER: _entry(
        "Police suspect manager",
        "Sees cases, crimes and suspects, manages the suspects' risk, and logs intelligence.",
        *IN_THE_HUB,
        Permission.VIEWS_GIVE,
        Permission.POLICE_RECORDS_VIEW,
        Permission.SUSPECTS_RECORD,
        Permission.INTELLIGENCE_RECORD,
        Permission.SUSPECTS_PUT_FORWARD,
    ),
    Role.MISSING_COORDINATOR: _entry(
        "Missing coordinator",
        "Follows the children who go missing and the talks after their return; sees cases, writes notes.",
        *IN_THE_HUB,
        Permission.VIEWS_GIVE,
    ),
    Role.NURSE_PRACTITIONER: _entry(
        "Nurse practitioner",
        "Sees cases for what matters to a child's health and risk.",
        *IN_THE_HUB,
        Permission.VIEWS_GIVE,
    ),
    Role.EDUCATION_OFFICER: _entry(
        "Education officer",
        "Sees the children whom the hub has shared with education, and nobody else.",
        Permission.SHARED_CASES_VIEW,
        Permission.REFERRALS_MAKE,
        Permission.CHECKS_ANSWER,
    ),
    Role.SUPPORT_WORKER: _entry(
        "Support worker of a charity",
        "Sees the children referred to the own service and nobody else, and writes notes about them.",
        Permission.SHARED_CASES_VIEW,
        Permission.SHARED_NOTES_RECORD,
        Permission.REFERRALS_MAKE,
        Permission.CHECKS_ANSWER,
        Permission.DISAGREEMENTS_RAISE,
    ),
    Role.LICENSING_OFFICER: _entry(
        "Licensing officer",
        "Works on premises and taxis: reads published numbers, and no child's record.",
        Permission.REPORT_PUBLISH,
        Permission.REFERRALS_MAKE,
    ),
    Role.PROBLEM_SOLVER: _entry(
        "Problem-solving officer",
        "Works on places where children are at risk: reads published numbers, and no child's record.",
        Permission.REPORT_PUBLISH,
        Permission.REFERRALS_MAKE,
    ),
    Role.INTELLIGENCE_OFFICER: _entry(
        "Intelligence officer",
        "Imports the extracts and makes the yearly statistics; sees children by reference alone.",
        Permission.CASES_BY_REFERENCE,
        Permission.REPORT_FULL,
        Permission.REPORT_PUBLISH,
        Permission.EXTRACT_IMPORT,
    ),
    Role.BOARD_MEMBER: _entry(
        "Board member",
        "Reads published numbers and no case.",
        Permission.REPORT_PUBLISH,
    ),
    Role.AUDITOR: _entry(
        "Information-governance auditor",
        "Asks who looked at what, reviews emergency and unusual access; sees the trail and no case.",
        Permission.TRAIL_READ,
        Permission.DISCLOSURES_READ,
        Permission.EMERGENCY_REVIEW,
        Permission.ACCESS_REVIEW,
    ),
    Role.AGENCY_ADMINISTRATOR: _entry(
        "Agency administrator",
        "Gives the agency's people their accounts; sees no case.",
        Permission.PEOPLE_MANAGE,
    ),
    Role.SYSTEM_ADMINISTRATOR: _entry(
        "System administrator",
        "Keeps the system running and sees no case.",
        Permission.PEOPLE_MANAGE,
    ),
    Role.OPERATOR: _entry(
        "Operator at the command line",
        "The account as which commands on the server act: imports, reports, set-up. Nobody signs in as it.",
        Permission.CASES_VIEW,
        Permission.POLICE_RECORDS_VIEW,
        Permission.CASES_RECORD,
        Permission.NOTES_RECORD,
        Permission.LEVELS_RECORD,
        Permission.MEETINGS_HOLD,
        Permission.GRANTS_MANAGE,
        Permission.SHARING_MANAGE,
        Permission.REPORT_FULL,
        Permission.REPORT_PUBLISH,
        Permission.EXTRACT_IMPORT,
        Permission.PARTNERSHIP_SET_UP,
        Permission.PARTNERSHIP_SETTINGS,
        Permission.PEOPLE_MANAGE,
        Permission.TRAIL_READ,
        Permission.DISCLOSURES_READ,
        Permission.EMERGENCY_REVIEW,
        Permission.ACCESS_REVIEW,
        Permission.REFERRALS_MAKE,
        Permission.REFERRALS_RECEIVE,
    ),
}


@dataclass(frozen=True)
class Standing:
    """What a person is here and now: role, partnership, agency and, for a charity, its services.

    `partnership_id` is None for the operator alone, who acts for every partnership. `agency` and
    `partnership` are the names of theirs. `groups` are the numbers of the own agency's group and of its
    services', for one whose role sees what is shared; `categories` what the agency's sharing agreement
    in force opens to them. `posts` is how many they hold today, `post_id` the one they act in.
    """

    user_id: int
    role: Role
    partnership_id: int | None
    agency_id: int | None = None
    services: tuple[str, ...] = ()
    agency: str = ""
    partnership: str = ""
    groups: tuple[int, ...] = ()
    categories: tuple[str, ...] = ()
    post_id: int | None = None
    posts: int = 1

    @property
    def audiences(self) -> tuple[int, ...]:
        """As whom a person is shown children: the groups, and by name: the own number with a minus."""
        return (*self.groups, -self.user_id)

    def may(self, permission: Permission) -> bool:
        """Say whether the role holds a permission."""
        return permission in ROLES[self.role].permissions


class Purpose(StrEnum):
    """What the system does in somebody's name beyond what they may open themselves.

    REPORT: statistics count every case of the partnership, whoever asks for them, and an import compares with
    all. UPKEEP: timed work removes what is past its time, whosever it is. LINK: a stranger asks for a way in.
    """

    REPORT = "report"
    UPKEEP = "upkeep"
    LINK = "link"


EVERY_PARTNERSHIP = "*"
# The pages of a one-time link (referrals/intake), by their names: they ask for the link themselves.
OF_A_LINK = "refer-"
TOLD = "user_id partnership_id agency_id permissions services audiences categories purpose link"
SETTINGS = tuple(f"hub.{name}" for name in TOLD.split())


def settings_of(
    user_id: int | None, standing: Standing | None, purpose: Purpose | None
) -> dict[str, str]:
    """Give the database's settings for one who acts; nobody has none, an account without a post its number.

    The policies read them (hub/migrations/0009_the_second_wall.py): lists are joined by commas.
    """
    told = dict.fromkeys(SETTINGS, "")
    told["hub.user_id"] = "" if user_id is None else str(user_id)
    told["hub.purpose"] = purpose or ""
    if standing is None:
        return told
    number = standing.partnership_id
    return {
        **told,
        "hub.partnership_id": EVERY_PARTNERSHIP if number is None else str(number),
        "hub.agency_id": "" if standing.agency_id is None else str(standing.agency_id),
        "hub.permissions": ",".join(sorted(ROLES[standing.role].permissions)),
        "hub.services": ",".join(standing.services),
        "hub.audiences": ",".join(map(str, standing.audiences)),
        "hub.categories": ",".join(standing.categories),
    }
