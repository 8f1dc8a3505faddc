"""Agencies, posts and services: who works where, as what, and from when to when."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hub.access.rules import Role
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed, RuleBroken
from partners.agencies.actions import add_agency, appoint, give_telephone
from partners.agencies.models import Agency, Post
from partners.agencies.rules import ROLES_OF, roles_given
from partners.services.actions import offer
from partners.services.models import Service
from tests.cast import NOW, Cast

DAY = date(2026, 3, 2)


def agency_of(cast: Cast, code: str) -> Agency:
    return Agency.objects.get(partnership=cast.bradford, code=code)


def post(user: User, agency: Agency, by: User, role: Role | None = None) -> Post:
    role = role or max(ROLES_OF[agency.kind])
    return appoint(user=user, agency=agency, role=role, starts_on=DAY, now=NOW, by=by)


def test_an_agency_or_service_or_post_that_is_there_is_given_back_and_noted_once(
    cast: Cast, gus: User
) -> None:
    by, agency = operator(), agency_of(cast, "northlight")
    before = AuditEvent.objects.count()
    again = add_agency(
        partnership=cast.bradford, code="northlight", name="Other", kind="police", now=NOW, by=by
    )
    assert (again, again.name) == (agency, "Northlight")
    service = Service.objects.get(code="northlight")
    assert offer(agency=agency, code="northlight", name="Other", now=NOW, by=by) == service
    assert post(gus, agency, by) == post(gus, agency, by)
    assert AuditEvent.objects.count() == before + 1


def test_a_post_is_noted_with_the_role_that_it_gives(cast: Cast, gus: User, sid: User) -> None:
    post(gus, agency_of(cast, "social-care"), sid)
    event = AuditEvent.objects.latest("pk")
    assert (event.event, event.username, event.reference) == ("post.given", "sid", "gus")
    assert event.after == {
        "role": "social_worker",
        "agency": "social-care",
        "starts_on": "2026-03-02",
    }


def test_nobody_is_appointed_to_the_command_lines_role(cast: Cast, gus: User, sid: User) -> None:
    with pytest.raises(RuleBroken) as refusal:
        post(gus, agency_of(cast, "council"), sid, Role.OPERATOR)
    assert refusal.value.code == "post.operator"


def test_an_agency_administrator_gives_posts_in_the_own_agency_alone(cast: Cast, gus: User) -> None:
    council, police = agency_of(cast, "council"), agency_of(cast, "police")
    post(gus, council, operator(), Role.AGENCY_ADMINISTRATOR)
    newcomer = User.objects.create(username="noor", name="Noor Lacey")
    assert post(newcomer, council, gus, Role.BOARD_MEMBER).role == Role.BOARD_MEMBER
    with pytest.raises(NotAllowed, match="own agency"):
        post(newcomer, police, gus, Role.POLICE_OFFICER)


def test_an_administrator_of_one_partnership_appoints_nobody_in_another(
    cast: Cast, gus: User, sid: User
) -> None:
    with pytest.raises(NotAllowed, match="another partnership"):
        post(gus, Agency.objects.get(partnership=cast.kirklees), sid)


@pytest.mark.parametrize("person", ["amira", "chloe", "otto"])
def test_who_does_not_manage_people_appoints_nobody(person: str, cast: Cast, gus: User) -> None:
    with pytest.raises(NotAllowed):
        post(gus, agency_of(cast, "social-care"), cast.people[person])


def test_only_the_command_line_adds_agencies_and_services(cast: Cast, sid: User) -> None:
    with pytest.raises(NotAllowed):
        add_agency(partnership=cast.bradford, code="x", name="X", kind="police", now=NOW, by=sid)
    with pytest.raises(NotAllowed):
        offer(agency=agency_of(cast, "larkfield"), code="x", name="X", now=NOW, by=sid)


def test_a_post_is_held_from_its_first_day_to_its_last(cast: Cast, gus: User) -> None:
    held = Post.objects.filter(pk=post(gus, agency_of(cast, "health"), operator()).pk)
    held.update(ends_on=date(2026, 3, 9))
    days = [date(2026, 3, day) for day in (1, 2, 9, 10)]
    assert [held.held_on(day).exists() for day in days] == [False, True, True, False]


def test_a_post_does_not_end_before_it_starts(cast: Cast, gus: User) -> None:
    made = post(gus, agency_of(cast, "health"), operator())
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=made.pk).update(ends_on=date(2026, 3, 1))


def test_agencies_services_and_posts_are_shown_by_name(cast: Cast, amira: User) -> None:
    assert str(agency_of(cast, "northlight")) == str(Service.objects.get(code="northlight"))
    assert str(Post.objects.get(user=amira)) == f"{amira.pk} social_worker"


def test_nobody_gives_themselves_a_post(cast: Cast, sid: User) -> None:
    agency = Agency.objects.filter(partnership=cast.bradford).order_by("pk")[:1].get()
    with pytest.raises(RuleBroken, match="Ask another administrator"):
        appoint(
            user=sid,
            agency=agency,
            role=Role.HUB_MANAGER,
            starts_on=date(2026, 1, 1),
            now=NOW,
            by=sid,
        )


def test_an_agencys_telephone_is_given_by_who_sets_up_and_noted_once(cast: Cast, dev: User) -> None:
    by, agency = operator(), agency_of(cast, "police")
    for _twice in range(2):
        give_telephone(agency=agency, telephone="01632 960 100", now=NOW, by=by)
    assert agency_of(cast, "police").telephone == "01632 960 100"
    event = AuditEvent.objects.filter(event="agency.telephone_given").get()
    assert (event.before, event.after) == ({"telephone": ""}, {"telephone": "01632 960 100"})
    with pytest.raises(RuleBroken):
        give_telephone(agency=agency, telephone="ask the desk", now=NOW, by=by)
    with pytest.raises(NotAllowed):
        give_telephone(agency=agency, telephone="01632 960 101", now=NOW, by=dev)
    assert agency_of(cast, "police").telephone == "01632 960 100"


@pytest.mark.parametrize("kind", Agency.Kind.values)
def test_an_agency_has_the_roles_of_its_kind_and_its_administrator_gives_no_more(kind: str) -> None:
    whole = roles_given(kind, Role.SYSTEM_ADMINISTRATOR)
    own = roles_given(kind, Role.AGENCY_ADMINISTRATOR)
    assert Role.AGENCY_ADMINISTRATOR in own <= whole
    assert not own & {Role.HUB_MANAGER, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.OPERATOR}


def test_every_role_but_the_command_lines_has_an_agency() -> None:
    given = {role for kind in ROLES_OF for role in roles_given(kind, Role.SYSTEM_ADMINISTRATOR)}
    assert given == set(Role) - {Role.OPERATOR}


def test_a_charity_cannot_make_its_people_hub_social_workers(
    cast: Cast, gus: User, sid: User
) -> None:
    charity = agency_of(cast, "northlight")
    for by in (sid, operator()):
        with pytest.raises(RuleBroken, match="do not hold this role"):
            post(gus, charity, by, Role.SOCIAL_WORKER)
    assert post(gus, charity, sid, Role.SUPPORT_WORKER).role == Role.SUPPORT_WORKER
