"""The demo's agencies and the people who sign in to it: one for each role, all invented."""

from dataclasses import dataclass

from hub.access.rules import Role

# Printed by the demo, for its people alone.
PASSWORD = "synthetic-hub-2016"  # noqa: S105  # nosec B105


@dataclass(frozen=True)
class DemoAgency:
    """An agency of the demo; the number is one that is given to nobody (Ofcom's numbers for drama)."""

    partnership: str
    code: str
    name: str
    kind: str
    telephone: str


@dataclass(frozen=True)
class DemoPerson:
    """A person who can sign in to the demo."""

    username: str
    name: str
    role: Role
    partnership: str
    agency: str


AGENCIES = (
    DemoAgency(
        "bradford", "social_care", "Bradford Children's Social Care", "social_care", "01632 960 110"
    ),
    DemoAgency("bradford", "police", "District police", "police", "01632 960 120"),
    DemoAgency("bradford", "health", "Bradford community health", "health", "01632 960 130"),
    DemoAgency("bradford", "board", "Bradford Safeguarding Board", "board", "01632 960 140"),
    DemoAgency("bradford", "council", "Bradford Council", "council", "01632 960 150"),
    DemoAgency("bradford", "northlight", "Northlight Project", "charity", "01632 960 160"),
    DemoAgency("bradford", "stepstone", "Stepstone Youth Work", "charity", "01632 960 170"),
    DemoAgency("bradford", "oakwalk", "Oakwalk Support", "charity", "01632 960 180"),
    DemoAgency(
        "kirklees", "social_care", "Kirklees Children's Social Care", "social_care", "01632 960 190"
    ),
    DemoAgency("kirklees", "millrace", "Millrace Project", "charity", "01632 960 200"),
)

PEOPLE = (
    DemoPerson("manager", "Harriet Loxley", Role.HUB_MANAGER, "bradford", "social_care"),
    DemoPerson("social", "Amira Qureshi", Role.SOCIAL_WORKER, "bradford", "social_care"),
    DemoPerson("police", "Ben Castleton", Role.POLICE_OFFICER, "bradford", "police"),
    DemoPerson("nurse", "Nora Whitcombe", Role.NURSE_PRACTITIONER, "bradford", "health"),
    DemoPerson("charity", "Chloe Ramsden", Role.SUPPORT_WORKER, "bradford", "northlight"),
    DemoPerson("analyst", "Ana Petrova", Role.INTELLIGENCE_OFFICER, "bradford", "social_care"),
    DemoPerson("board", "Bea Hartnell", Role.BOARD_MEMBER, "bradford", "board"),
    DemoPerson("auditor", "Otto Lindqvist", Role.AUDITOR, "bradford", "council"),
    DemoPerson("agency", "Priya Raman", Role.AGENCY_ADMINISTRATOR, "bradford", "police"),
    DemoPerson("system", "Sid Marlowe", Role.SYSTEM_ADMINISTRATOR, "bradford", "council"),
    DemoPerson("kirklees", "Erin Sugden", Role.SOCIAL_WORKER, "kirklees", "social_care"),
)
