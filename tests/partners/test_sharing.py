"""A sharing agreement says what an agency's workers see of a shared child; without one, next to nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.models import Agency
from partners.sharing.actions import end_agreement, make_agreement
from partners.sharing.models import SharingAgreement
from partners.sharing.rules import CATEGORIES, Agreed, problem_with, state_of
from referrals.notes.models import Note
from reporting.demo.actions import set_up_partners
from tests.cast import NOW, Cast, ClientFor
from tests.make import make_note
from tests.recording import typed
from tests.referrals.pages import page_of
from tests.risk.test_printing import sheet_of
from tests.test_hidden_records import shown
from tests.test_second_wall import numbers, scoped_models, seeing_as
from tests.whole_case import make_whole_case

TODAY = timezone.localdate()
DAY = timedelta(days=1)
# What stays: who the child is, that it was referred to them, by whose grant, and their own writing.
STAYS = {
    "referrals_child", "referrals_servicereferral", "referrals_sight", "referrals_note",
    # What the agency was asked, what she referred, and her own deeds.
    "referrals_agencycheck", "referrals_referral", "referrals_referralversion", "referrals_disagreement",
    "hub_auditevent",
}  # fmt: skip
OPENED_BY = {
    "episodes": {
        "referrals_episode", "referrals_episodefact", "referrals_allocation", "risk_risklevel", "risk_review",
    },
    "addresses": {"referrals_address"},
    "notes": {"referrals_note", "referrals_checkanswer"},
    "intelligence": {"risk_intelligencelog", "risk_intelligencerelease"},
}  # fmt: skip


def agreed(*categories: str, starts_on: date = TODAY, ends_on: date = TODAY + DAY) -> Agreed:
    return Agreed(categories, starts_on, ends_on, "Signed on paper")


def agreement(cast: Cast, code: str = "northlight") -> SharingAgreement:
    return SharingAgreement.objects.get(agency__code=code, agency__partnership=cast.bradford)


def anew(cast: Cast, *categories: str) -> User:
    """End Northlight's agreement, enter another for these categories, and sign chloe in afresh."""
    end_agreement(agreement=agreement(cast), reason="Another is signed.", by=cast.people["dev"])
    if categories:
        agency = Agency.objects.get(partnership=cast.bradford, code="northlight")
        make_agreement(agency=agency, agreed=agreed(*categories), by=cast.people["dev"])
    return User.objects.get(username="chloe")


def seen_by_each_wall(user: User) -> set[str]:
    """Which tables show anything to the person; the two walls must show the same rows."""
    first = {model._meta.db_table: shown(model, user) for model in scoped_models()}
    with seeing_as(user):
        assert {table: numbers(table) for table in first} == first
    return {table for table, rows in first.items() if rows}


def of_others(user: User) -> set[int]:
    """The notes that the person is shown and another agency wrote; her own stay hers."""
    again = User.objects.get(pk=user.pk)
    with seeing_as(again):
        assert numbers("referrals_note") == shown(Note, again)
    return set(Note.objects.visible_to(again).exclude(author=again).values_list("pk", flat=True))


def test_each_category_opens_its_tables_and_nothing_else_on_both_walls(cast: Cast) -> None:
    make_whole_case(cast)
    chloe = cast.people["chloe"]
    every = set().union(*OPENED_BY.values())
    assert seen_by_each_wall(chloe) == STAYS | every
    assert seen_by_each_wall(anew(cast)) == STAYS
    assert of_others(chloe) == set()
    for category, tables in OPENED_BY.items():
        dev, agency = cast.people["dev"], Agency.objects.get(code="northlight")
        made = make_agreement(agency=agency, agreed=agreed(category), by=dev)
        assert seen_by_each_wall(User.objects.get(username="chloe")) == STAYS | tables, category
        assert bool(of_others(chloe)) == (category == "notes")
        end_agreement(agreement=made, reason="Next.", by=dev)


def test_an_agency_reads_its_own_notes_without_an_agreement(cast: Cast, amira: User) -> None:
    northlight = Agency.objects.get(code="northlight")
    own, other = (
        make_note(child=cast.shared.child, by=amira, seen_by="everybody") for _each in "12"
    )
    copy: dict[str, Any] = {"agency": northlight, "position": 99}
    for field in Note._meta.concrete_fields:
        if field.name not in ("id", "position", "agency", "written_at"):
            copy[field.attname] = getattr(own, field.attname)
    theirs = Note.objects.create(**copy)
    chloe = anew(cast)
    assert set(Note.objects.visible_to(chloe)) == {theirs}
    with seeing_as(chloe):
        assert numbers("referrals_note") == {theirs.pk}
    assert other.pk != theirs.pk


def test_when_an_agreement_has_ended_the_pages_keep_who_the_child_is_and_no_more(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    make_whole_case(cast)
    reference = cast.shared.reference
    before = page_of(client_for(chloe), cast.shared, "timeline/")
    assert "Ferncliffe" in before
    assert reference in before
    browser = client_for(anew(cast))
    tabs = ("", "timeline/", "levels/", "addresses/", "support/", "intelligence/")
    pages = [page_of(browser, cast.shared, tab) for tab in tabs]
    pages.append(sheet_of(browser, cast.shared, part="all"))
    for page in pages:
        assert "Marden" in page
        assert "Not shared with your agency" in page
        assert "no sharing agreement opens it to your agency: Episodes" in page
        for hidden in (reference, "Ferncliffe", "High", "Amira", "Seen at school", "Seen in town"):
            assert hidden not in page, hidden
    assert "Northlight" in pages[tabs.index("support/")]
    for address in ("/", "/episodes/"):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert reference not in answer.content.decode()
    found = browser.post("/search/", {"text": "Marden"}, follow=True).content.decode()
    assert "Marden, Kit" in found
    assert reference not in found


def test_the_manager_enters_an_agreement_and_ends_it_on_the_page(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    browser, health = client_for(dev), Agency.objects.get(code="health")
    answers = {
        "agency": f"{health.pk}", "categories": ["episodes", "notes"], "starts_on": "today",
        "ends_on": "+365", "basis": "Sharing agreement of 2026",
    }  # fmt: skip
    sent = browser.post("/sharing/new/", typed(browser.get("/sharing/new/"), **answers))
    assert sent.status_code == 302
    again = browser.post("/sharing/new/", typed(browser.get("/sharing/new/"), **answers))
    assert again.status_code == 422
    assert "End it first" in again.content.decode()
    made = agreement(cast, "health")
    assert (made.categories, made.ends_on) == (["episodes", "notes"], TODAY + 365 * DAY)
    page = browser.get("/sharing/").content.decode()
    assert page.count("In force") == 3
    address = f"/sharing/{made.pk}/end/"
    assert browser.post(address, typed(browser.get(address), reason="")).status_code == 422
    late = browser.get(address)
    assert browser.post(address, typed(browser.get(address), reason="Over.")).status_code == 302
    assert browser.post(address, typed(late, reason="Over.")).status_code == 409
    after = browser.get("/sharing/").content.decode()
    assert after.count("In force") == 2
    assert after.index("Ended") > after.index("In force")
    events = AuditEvent.objects.filter(event__startswith="agreement.").order_by("-pk")[:2]
    assert [(event.event, event.reference, event.user_id) for event in events] == [
        ("agreement.ended", "health", dev.pk), ("agreement.made", "health", dev.pk),
    ]  # fmt: skip


def test_nobody_else_enters_or_ends_one_and_not_elsewhere(cast: Cast, dev: User) -> None:
    standing = agreement(cast)
    for name in ("amira", "ben", "chloe", "ana", "erin", "sid", "otto"):
        by = cast.people[name]
        with pytest.raises(NotAllowed):
            make_agreement(agency=standing.agency, agreed=agreed("notes"), by=by)
        with pytest.raises(NotAllowed):
            end_agreement(agreement=standing, reason="x", by=by)
    elsewhere = Agency.objects.get(partnership=cast.kirklees)
    with pytest.raises(NotAllowed):
        make_agreement(agency=elsewhere, agreed=agreed("notes"), by=dev)
    with pytest.raises(RuleBroken):
        end_agreement(agreement=standing, reason=" ", by=dev)
    end_agreement(agreement=standing, reason="x", by=dev)
    with pytest.raises(Conflict):
        end_agreement(agreement=standing, reason="x", by=dev)


def test_an_agreement_counts_from_its_first_to_its_last_day(cast: Cast) -> None:
    rows = SharingAgreement.objects.filter(pk=agreement(cast).pk)
    began, last = date(2014, 1, 1), date(2099, 12, 31)
    held = [rows.in_force(day).exists() for day in (began - DAY, began, last, last + DAY)]
    assert held == [False, True, True, False]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (agreed(), "categories"),
        (agreed("everything"), "categories"),
        (Agreed(("notes",), TODAY, TODAY, " "), "basis"),
        (agreed("notes", ends_on=TODAY - DAY), "ends_on"),
        (agreed("notes", starts_on=TODAY - 9 * DAY, ends_on=TODAY - DAY), "ends_on"),
    ],
)
def test_what_is_wrong_with_an_agreement_names_its_field(said: Agreed, field: str) -> None:
    problem = problem_with(said, today=TODAY)
    assert problem
    assert problem.field == field


def test_an_agreement_that_is_wrong_is_not_entered(cast: Cast, dev: User) -> None:
    with pytest.raises(RuleBroken):
        make_agreement(agency=Agency.objects.get(code="health"), agreed=agreed(), by=dev)


def test_how_an_agreement_stands_is_said_in_a_word() -> None:
    days = (TODAY, TODAY + DAY)
    assert state_of(*days, None, TODAY - DAY) == "To come"
    assert state_of(*days, None, TODAY) == "In force"
    assert state_of(*days, None, TODAY + 2 * DAY) == "Ran out"
    assert state_of(*days, TODAY, TODAY) == "Ended"


@pytest.mark.django_db
def test_the_demos_charities_have_an_agreement_once() -> None:
    for _time in range(2):
        set_up_partners(now=NOW, by=operator())
    offering = Agency.objects.filter(services__isnull=False).distinct()
    assert offering
    for agency in offering:
        assert list(agency.agreements.get().categories) == sorted(CATEGORIES)
