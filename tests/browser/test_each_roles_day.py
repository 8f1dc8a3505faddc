"""A short day of each role in a real browser: signing in, what the menu offers for it, signing out."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone

from hub.access.rules import ROLES, Role
from hub.accounts.actions import operator
from hub.days.rules import add_working_days, london_date
from partners.agencies.models import Post
from partners.partnerships.models import Partnership
from referrals.checks.models import AgencyCheck
from referrals.disagreements.models import Disagreement
from referrals.identities.models import Identification
from referrals.intake.models import Referral, ReferralFeedback
from referrals.notes.models import Note
from referrals.vigilance.models import UnusualAccess, UnusualAccessReview
from risk.agenda.models import PutForward
from risk.intelligence.models import IntelligenceLog
from risk.intelligence.rules import ASSESSMENTS, HANDLING, SOURCES
from risk.suspects.models import Suspect
from tests.browser.conftest import OpenPage
from tests.browser.days import Day, published, working_day
from tests.cast import Cast
from tests.hub.rows import any_row
from tests.make import make_child
from tests.referrals.test_vigilance import find, looked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HUB = ["My work", "Meetings", "Caseload", "Today's list", "Referrals"]
PARTNER = [*HUB, "Make a referral"]
SHARED = ["My work", "Caseload", "Today's list", "Make a referral"]
CHARITY = ["My work", "Caseload", "Our notes", "Today's list", "Make a referral"]
NUMBERS = ["Make a referral", "Appendix 1"]
WHY = "Two children name the same car."
Story = Callable[[Day, Cast], None]


def manager(day: Day, cast: Cast) -> None:
    day.follow("open, and nobody leads them")
    day.open("Settings")
    day.follow("Change notices and deadlines")
    day.fill(adult_weeks="30", reason="The board asked for it.")
    day.send()
    day.reads("The settings are changed.", "said from 30 weeks before")
    assert Partnership.objects.get(pk=cast.bradford.pk).adult_weeks == 30


def social_worker(day: Day, cast: Cast) -> None:
    day.follow(re.compile("to do, 1 overdue"))
    day.follow(re.compile("^Review.*Quillan, Rae"))
    day.choose("High", "Daily meeting")
    day.fill(rationale="He waits at the school still, and she goes with him.")
    day.send()
    day.reads("The level is recorded.", "Agreed: daily meeting.")
    day.open("Meetings")
    day.follow("Go to the meeting")
    day.reads("Agenda", "Quillan", "Marden")


def administrator(day: Day, cast: Cast) -> None:
    day.open("Referrals")
    day.follow("R-0001")
    day.follow("Tell the referrer")
    day.choose("By telephone")
    day.fill(told_on="today")
    day.send()
    assert "The hub is looking at it." in ReferralFeedback.objects.get().words


def officer(day: Day, cast: Cast) -> None:
    answer_a_check(day, "Police")
    day.open("Caseload")
    day.follow(cast.unshared.reference)
    day.deed("Log intelligence")
    day.fill(text="Seen in a car that two children named.", happened_on="today")
    day.choose(SOURCES["2"], ASSESSMENTS["C"], HANDLING["P"])
    day.send()
    assert IntelligenceLog.objects.get().child == cast.unshared.child


def suspect_manager(day: Day, cast: Cast) -> None:
    suspect = any_row(Suspect, cast.bradford)
    day.open("Today's list")
    day.follow("Put a suspect forward")
    next_meeting = add_working_days(london_date(timezone.now()), 0)
    day.fill(suspect=suspect.reference, for_day=f"{next_meeting:%d/%m/%Y}", because=WHY)
    day.send()
    day.reads(suspect.reference, WHY)
    assert PutForward.objects.get().suspect == suspect


def coordinator(day: Day, cast: Cast) -> None:
    day.open("Meetings")
    day.follow("Go to the meeting")
    day.reads("Missing, with the coordinator: 10:30", "Quillan, Rae")
    day.follow("Quillan, Rae")
    day.deed("Add a note")
    day.fill(text="Spoke with her at home, with her aunt.", own_words="I only wanted to be out.")
    day.pick("Kind", "Return")
    day.send()
    assert Note.objects.get().kind == "return_interview"


def nurse(day: Day, cast: Cast) -> None:
    answer_a_check(day, "Community Health")
    day.open("Caseload")
    day.follow(cast.shared.reference)
    day.deed("Add a person to call")


def education(day: Day, cast: Cast) -> None:
    day.reads("Marden, Kit")
    answer_a_check(day, "The Council")
    day.is_refused(f"/children/{cast.unshared.child_id}/")


def support_worker(day: Day, cast: Cast) -> None:
    day.follow(re.compile("^Open Marden, Kit"))
    day.deed("Raise a disagreement")
    day.fill(issue="The level fell, and he still waits at her school.")
    day.send()
    day.reads("Northlight with Children's Social Care", "Raised: practitioners")
    assert Disagreement.objects.get().outside
    day.is_refused(f"/children/{cast.unshared.child_id}/", "/meetings/", "/referrals/")


def licensing(day: Day, cast: Cast) -> None:
    day.open("Make a referral")
    day.follow("Make a referral")
    day.choose("No")
    day.send()
    day.fill(referrer_telephone="01632 960 001")
    day.send()
    day.choose("A place")
    day.send()
    day.fill(description="The arcade by the station")
    day.send()
    day.fill(what_happened="Girls of school age are bought drinks there.")
    day.send()
    day.press("Send the referral")
    sent = Referral.objects.latest("pk")
    day.reads(sent.reference)
    assert sent.about == "place"
    day.is_refused("/episodes/", "/my-work/", f"/children/{cast.shared.child_id}/")


def board_numbers(day: Day, cast: Cast) -> None:
    day.open("Appendix 1")
    day.reads("Published", "by Ana Keane", "Risk level")
    day.names_nobody()
    day.is_refused("/episodes/", "/search/", f"/children/{cast.shared.child_id}/")


def analyst(day: Day, cast: Cast) -> None:
    day.open("By reference")
    day.fill(reference=cast.unshared.child.reference)
    day.press("Open")
    day.reads(cast.unshared.reference)
    day.names_nobody()
    day.follow("See who this is")
    day.fill(because="Two children of the extract may be one.")
    day.send()
    day.reads("You see who this is until", "Quillan")
    day.press("End it now")
    day.names_nobody()
    assert Identification.objects.count() == 1


def auditor(day: Day, cast: Cast) -> None:
    day.open("Unusual access")
    finding = UnusualAccess.objects.get()
    day.follow(f"UA-{finding.pk}")
    day.choose("Explained")
    day.fill(words="She is no relative: her manager says so.")
    day.send()
    day.reads("None awaits your review.")
    assert UnusualAccessReview.objects.get().access == finding
    day.open("Trail")
    day.is_refused("/episodes/", f"/children/{cast.shared.child_id}/")


def agency_admin(day: Day, cast: Cast) -> None:
    day.follow(re.compile("Posts to confirm"))
    day.reads("Ben Ashcroft")
    assert "Nora Whitby" not in day.page.inner_text("main")
    day.press(re.compile("^Keep Ben"))
    day.reads("Kept: ")
    assert Post.objects.get(user=cast.people["ben"]).confirmed_on == london_date(timezone.now())
    day.is_refused("/episodes/", f"/children/{cast.shared.child_id}/", "/trail/")


def system_admin(day: Day, cast: Cast) -> None:
    day.open("People")
    day.follow("Nora Whitby")
    day.names_nobody()
    day.open("Machine access")
    day.names_nobody()
    day.is_refused(
        "/episodes/", "/my-work/", "/meetings/", "/trail/", f"/children/{cast.shared.child_id}/"
    )


def answer_a_check(day: Day, agency: str) -> None:
    """From home to what is owed, the first check answered."""
    day.follow(re.compile(r"^\d+ to do"))
    day.follow(re.compile("^Answer(?!ed)"))
    day.choose("Nothing held")
    day.fill(sources="Our own records of two years")
    day.send()
    answered = AgencyCheck.objects.filter(agency__name=agency).exclude(answered_at=None)
    assert answered.count() == 1


# Of each role: who has it, what the menu offers, what the day brings.
DAYS: dict[Role, tuple[str, list[str], Story]] = {
    Role.HUB_MANAGER: ("dev", [*HUB, "Team", "Appendix 1", "Settings"], manager),
    Role.SOCIAL_WORKER: ("amira", HUB, social_worker),
    Role.HUB_ADMINISTRATOR: ("hal", HUB, administrator),
    Role.POLICE_OFFICER: ("ben", PARTNER, officer),
    Role.SUSPECT_MANAGER: ("sue", PARTNER, suspect_manager),
    Role.MISSING_COORDINATOR: ("mel", PARTNER, coordinator),
    Role.NURSE_PRACTITIONER: ("nora", PARTNER, nurse),
    Role.EDUCATION_OFFICER: ("eve", SHARED, education),
    Role.SUPPORT_WORKER: ("chloe", CHARITY, support_worker),
    Role.LICENSING_OFFICER: ("lee", NUMBERS, licensing),
    Role.PROBLEM_SOLVER: ("pip", NUMBERS, board_numbers),
    Role.INTELLIGENCE_OFFICER: ("ana", ["By reference", "Imports", "Appendix 1"], analyst),
    Role.BOARD_MEMBER: ("bea", ["Appendix 1"], board_numbers),
    Role.AUDITOR: (
        "otto", ["Trail", "Disclosures", "Emergency access", "Unusual access"], auditor,
    ),
    Role.AGENCY_ADMINISTRATOR: ("ada", ["People", "Machine access"], agency_admin),
    Role.SYSTEM_ADMINISTRATOR: ("sid", ["People", "Machine access"], system_admin),
}  # fmt: skip
# They are out and about.
ON_A_PHONE = (Role.NURSE_PRACTITIONER, Role.SUPPORT_WORKER)
EVERY_DAY = Role.SUPPORT_WORKER


def test_each_role_that_signs_in_has_its_day() -> None:
    assert set(DAYS) == set(ROLES) - {Role.OPERATOR}


@pytest.mark.long
@pytest.mark.parametrize(
    "role",
    [pytest.param(role, marks=() if role is EVERY_DAY else pytest.mark.drill) for role in DAYS],
)
def test_a_day_from_sign_in_to_sign_out(role: Role, cast: Cast, open_page: OpenPage) -> None:
    username, menu, story = DAYS[role]
    working_day(cast)
    if story is board_numbers:
        published(cast)
    if story is auditor:
        looked(
            cast.people["nora"],
            make_child(partnership=cast.bradford, by=operator(), surname="Whitby"),
        )
        find(cast)
    day = Day(open_page("/", width=320 if role in ON_A_PHONE else 1280), username)
    day.sign_in()
    assert day.menu() == menu
    story(day, cast)
    day.sign_out()
    assert day.faults == {}
