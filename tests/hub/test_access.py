"""Who may see and do what: everything fails closed, and the reviewed list is the one that is printed."""

from collections.abc import Iterable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone

from hub.access.gate import require, standing_of
from hub.access.rules import PERMISSIONS, ROLES, Permission, Role, Standing
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.errors import NotAllowed
from hub.management.commands import permissions_page as command
from hub.management.commands.permissions_page import PAGE, permissions_page
from partners.agencies.actions import appoint
from partners.agencies.models import Post
from partners.partnerships.models import Partnership
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.support.models import ServiceReferral
from risk.levels.models import RiskLevel
from tests.cast import NOW, Cast
from tests.hub.rows import any_row, own_models
from tests.make import make_child, make_episode, refer_to_service, set_level

# What belongs to no case; everything else has a partnership and is read through `visible_to`.
NOT_OF_A_CASE = {
    "User", "Remembered", "FactSource", "Heartbeat", "BoundarySet", "MachineUse", "Seal", "SentForm",
    "Ward", "RiskScale", "ScaleLevel",
}  # fmt: skip
# Read through `visible_to` by rules of their own, each tried beside its page.
OF_THEIR_OWN = {
    "Partnership", "AuditEvent", "Change", "Draft", "IntelligenceRelease", "MachineToken", "Post",
    "Preferences", "Release", "SavedFilter", "EmergencyAccess", "EmergencyAlert", "EmergencyReview",
    "SharingAgreement", "UnusualAccess", "UnusualAccessReview", "Disclosure", "DisclosureRecall",
    "Renewal", "Agency", "Identification", "IdentificationReview", "Information", "CheckReminder",
    "Referral", "ReferralVersion", "ReferralFeedback",
    "ReferralLink", "Absence", "NewlyQualified",
}  # fmt: skip
SCOPED = [model for model in own_models() if hasattr(model._default_manager.all(), "visible_to")]
CASES = [model for model in SCOPED if model.__name__ not in OF_THEIR_OWN]
CASES_AND_HUB: list[type[models.Model]] = [Partnership, *CASES]
SEES_ALL_CASES = {"amira", "ben", "dev", "nora"}
SEES_NO_CASE = ("bea", "otto", "sid")


def seen(model: type[models.Model], user: Any) -> Any:
    rows: Any = model._default_manager.all()
    return rows.visible_to(user)


def again(user: User) -> User:
    """The same person at their next request."""
    return User.objects.get(pk=user.pk)


def test_every_table_is_scoped_or_known_to_be_of_no_case() -> None:
    assert {model.__name__ for model in own_models()} - {
        m.__name__ for m in SCOPED
    } == NOT_OF_A_CASE
    assert all("partnership" in {f.name for f in model._meta.fields} for model in CASES)


def those_who_see(people: Iterable[Any], rows: Iterable[models.Model]) -> list[str]:
    """Whose eyes the rows reach, and which: empty where all is well."""
    return [
        f"{person} sees {type(row).__name__}"
        for person in people
        for row in rows
        if seen(type(row), person).filter(pk=row.pk).exists()
    ]


@pytest.fixture
def rows(cast: Cast) -> list[models.Model]:
    """One row of every table of cases of Bradford, and Bradford itself."""
    return [any_row(model, cast.bradford) for model in CASES_AND_HUB]


@pytest.fixture
def cases(rows: list[models.Model]) -> list[models.Model]:
    """The rows that tell of a case."""
    return [row for row in rows if type(row) in CASES]


def test_nothing_is_visible_without_a_standing(rows: list[models.Model], cast: Cast) -> None:
    amira = cast.people["amira"]
    assert those_who_see([AnonymousUser(), cast.people["gus"]], rows) == []
    assert len(those_who_see([amira], rows)) > 12
    amira.is_active = False
    assert those_who_see([amira], rows) == []


@pytest.mark.parametrize("days", [{"ends_on": -1}, {"starts_on": 1}])
def test_nothing_is_visible_after_the_last_day_of_a_post_or_before_its_first(
    days: dict[str, int], rows: list[models.Model], dev: User
) -> None:
    today = timezone.localdate()
    for name, number in days.items():
        Post.objects.filter(user=dev).update(**{name: today + timedelta(days=number)})
    assert those_who_see([again(dev)], rows) == []


def test_a_post_counts_on_its_last_day(rows: list[models.Model], dev: User) -> None:
    Post.objects.filter(user=dev).update(ends_on=timezone.localdate())
    assert those_who_see([again(dev)], rows)


def test_nothing_of_another_partnership_is_visible(rows: list[models.Model], erin: User) -> None:
    assert those_who_see([erin], rows) == []


def test_board_auditor_and_administrator_see_no_case(cases: list[models.Model], cast: Cast) -> None:
    assert those_who_see([cast.people[name] for name in SEES_NO_CASE], cases) == []


def test_a_charity_sees_nothing_that_was_not_referred_to_it(
    cases: list[models.Model], chloe: User, femi: User
) -> None:
    assert those_who_see([chloe, femi], cases) == []


def test_the_command_line_sees_every_partnership(rows: list[models.Model], cast: Cast) -> None:
    everywhere = rows + [any_row(model, cast.kirklees) for model in CASES_AND_HUB]
    seeing = those_who_see([operator()], everywhere)
    assert len(seeing) == len(everywhere)


def test_the_hub_sees_its_cases_and_the_police_records_are_for_those_who_may(
    cases: list[models.Model], cast: Cast
) -> None:
    for row in cases:
        needed = needed_for(type(row))
        holders = {name for name in SEES_ALL_CASES if standing(cast, name).may(needed)}
        who = {name for name in SEES_ALL_CASES if those_who_see([cast.people[name]], [row])}
        assert who == holders, type(row).__name__


def needed_for(model: type[models.Model]) -> Permission:
    """The permission with which a person sees all rows of a table."""
    rows: Any = model._default_manager.all()
    needed: Permission = rows.seen_with
    return needed


def standing(cast: Cast, name: str) -> Standing:
    found = standing_of(cast.people[name])
    assert found is not None
    return found


def test_the_nurse_and_the_social_worker_see_no_police_record(cast: Cast) -> None:
    of_them = ("risk.crimes", "risk.suspects", "risk.agenda")
    police = {m.__name__ for m in CASES if m.__module__.startswith(of_them)}
    hidden = {m.__name__ for m in CASES if not standing(cast, "amira").may(needed_for(m))}
    imports = {m.__name__ for m in CASES if m.__module__.startswith("reporting.")}
    assert hidden == police | imports
    assert not standing(cast, "nora").may(Permission.POLICE_RECORDS_VIEW)


# --- what a charity sees -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "visible"),
    [
        ({}, True),
        ({"outcome": "WAITING"}, False),
        ({"outcome": "DECLINED"}, False),
        ({"outcome": "ENDED"}, False),
        ({"outcome": ""}, False),
        ({"ended_on": date(2026, 3, 1)}, False),
        ({"service": "larkfield"}, False),
    ],
)
def test_a_charity_sees_a_child_while_its_own_service_supports_it(
    change: dict[str, Any], visible: bool, cast: Cast, amira: User, chloe: User
) -> None:
    child = make_child(partnership=cast.bradford, by=amira)
    episode = make_episode(child=child, by=amira, referred_on=date(2026, 2, 1))
    set_level(episode=episode, level="LOW", set_on=date(2026, 2, 2), by=amira)
    refer_to_service(**{"episode": episode, "service": "northlight", "by": amira, **change})
    assert Episode.objects.visible_to(chloe).contains(episode) is visible
    assert Child.objects.visible_to(chloe).contains(child) is visible
    assert RiskLevel.objects.visible_to(chloe).filter(episode=episode).exists() is visible
    assert ServiceReferral.objects.visible_to(chloe).filter(episode=episode).exists() is visible


def test_a_referral_that_was_corrected_away_shows_nothing(cast: Cast, chloe: User) -> None:
    assert Episode.objects.visible_to(chloe).get() == cast.shared
    ServiceReferral.objects.update(superseded_at=NOW, superseded_by=cast.people["amira"])
    assert not Episode.objects.visible_to(chloe).exists()


def test_a_service_of_the_same_name_elsewhere_opens_nothing(cast: Cast, chloe: User) -> None:
    refer_to_service(episode=cast.elsewhere, service="northlight", by=cast.people["erin"])
    assert not Episode.objects.visible_to(chloe).contains(cast.elsewhere)


# --- the gate ----------------------------------------------------------------------------------------


def test_one_without_the_right_is_told_what_it_is_and_whom_to_ask(cast: Cast, bea: User) -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(bea, Permission.LEVELS_RECORD, cast.shared)
    assert PERMISSIONS[Permission.LEVELS_RECORD] in str(refusal.value)
    assert "Ask your agency's administrator." in str(refusal.value)


@pytest.mark.parametrize("person", ["gus", None])
def test_nobody_without_a_standing_may_do_anything(person: str | None, cast: Cast) -> None:
    user = cast.people[person] if person else AnonymousUser()
    for permission in Permission:
        with pytest.raises(NotAllowed):
            require(user, permission)


def test_the_right_ends_at_the_own_partnership(cast: Cast, amira: User) -> None:
    assert require(amira, Permission.LEVELS_RECORD, cast.shared).role is Role.SOCIAL_WORKER
    assert require(amira, Permission.CASES_RECORD, cast.bradford).partnership_id == cast.bradford.pk
    for thing in (cast.elsewhere, cast.elsewhere.child, cast.kirklees):
        with pytest.raises(NotAllowed, match="another partnership"):
            require(amira, Permission.LEVELS_RECORD, thing)


def test_a_thing_of_no_partnership_does_not_pass_by_the_chance_of_its_number(
    cast: Cast, amira: User
) -> None:
    stranger = User(pk=cast.bradford.pk, username="x", name="X")
    with pytest.raises(NotAllowed):
        require(amira, Permission.LEVELS_RECORD, stranger)


def test_the_earliest_of_several_posts_counts(cast: Cast, amira: User) -> None:
    agency = Post.objects.get(user=cast.people["ben"]).agency
    appoint(
        user=amira,
        agency=agency,
        role=Role.POLICE_OFFICER,
        starts_on=date(2013, 1, 1),
        now=NOW,
        by=operator(),
    )
    found = standing_of(again(amira))
    assert found is not None
    assert found.role is Role.POLICE_OFFICER


# --- the reviewed list -------------------------------------------------------------------------------


def test_every_permission_has_a_sentence_and_somebody_who_holds_it() -> None:
    assert set(PERMISSIONS) == set(Permission)
    assert all(text.endswith(".") and text[0].isupper() for text in PERMISSIONS.values())
    assert set(Permission) == {held for entry in ROLES.values() for held in entry.permissions}


def test_every_role_has_a_title_and_a_sentence() -> None:
    assert set(ROLES) == set(Role)
    assert all(entry.title and entry.sentence.endswith(".") for entry in ROLES.values())
    assert len({entry.title for entry in ROLES.values()}) == len(ROLES)


def test_those_who_run_the_system_or_read_its_numbers_hold_no_right_to_cases() -> None:
    cases = {Permission.CASES_VIEW, Permission.SHARED_CASES_VIEW, Permission.CASES_RECORD,
             Permission.LEVELS_RECORD, Permission.POLICE_RECORDS_VIEW}  # fmt: skip
    for role in (
        Role.INTELLIGENCE_OFFICER,
        Role.BOARD_MEMBER,
        Role.AUDITOR,
        Role.AGENCY_ADMINISTRATOR,
        Role.SYSTEM_ADMINISTRATOR,
        Role.LICENSING_OFFICER,
        Role.PROBLEM_SOLVER,
    ):
        assert not ROLES[role].permissions & cases


def test_a_suspects_risk_is_set_by_the_suspect_manager_alone() -> None:
    holders = {
        role for role, entry in ROLES.items() if Permission.SUSPECTS_RECORD in entry.permissions
    }
    assert holders == {Role.SUSPECT_MANAGER}


def test_the_printed_page_is_the_list() -> None:
    assert PAGE.read_text(encoding="utf-8") == permissions_page(), (
        "docs/permissions.md is old: run manage.py permissions_page"
    )


def test_the_command_writes_the_page_and_says_when_it_is_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "permissions.md"
    monkeypatch.setattr(command, "PAGE", page)
    with pytest.raises(CommandError, match="is old"):
        call_command("permissions_page", check=True)
    call_command("permissions_page", stdout=StringIO())
    call_command("permissions_page", check=True)
    page.write_text(page.read_text() + "x")
    with pytest.raises(CommandError, match="is old"):
        call_command("permissions_page", check=True)
