"""Who sees a child beyond their role, and from whom one is hidden: grants, restrictions, persons shut out."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent, Verb
from hub.days.rules import london_date
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.models import Agency
from partners.services.actions import offer
from partners.services.models import Service
from referrals.children.models import Address, Child
from referrals.episodes.models import Episode
from referrals.grants.actions import (
    end_grant,
    give_grant,
    put_sight_right,
    restrict,
)
from referrals.grants.models import GroupGrant, PersonGrant, Sight
from referrals.grants.rules import Terms, end_of, last_day, usual_end
from referrals.support.models import ServiceReferral
from risk.levels.models import RiskLevel
from tests.cast import NOW, Cast
from tests.make import allocate, make_address, make_child, make_episode, refer_to_service, set_level

pytestmark = pytest.mark.django_db


def today() -> date:
    return london_date(timezone.now())


def again(user: User) -> User:
    """The same person at their next request."""
    return User.objects.get(pk=user.pk)


def sees(user: User, child: Child) -> bool:
    """Whether a person sees a child, and with it the same of its episodes."""
    person = again(user)
    child_seen = Child.objects.visible_to(person).contains(child)
    episodes = Episode.objects.visible_to(person).filter(child=child).exists()
    assert child_seen == episodes
    return child_seen


def for_days(days: int, because: str = "They run the school's group.") -> Terms:
    return Terms(because, today() + timedelta(days=days))


def northlight(cast: Cast) -> Any:
    return Service.objects.get(partnership=cast.bradford, code="northlight").group


# --- service referrals ------------------------------------------------------------------------------


def test_an_accepted_referral_grants_and_its_end_ends_the_grant(cast: Cast, chloe: User) -> None:
    grant = GroupGrant.objects.get(episode=cast.shared)
    assert (grant.group, grant.by_referral) == (northlight(cast), True)
    assert sees(chloe, cast.shared.child)
    ServiceReferral.objects.filter(episode=cast.shared).update(
        ended_on=date(2026, 3, 9), to_known_from=NOW
    )
    grant.refresh_from_db()
    assert grant.ended_at is not None
    assert grant.ended_because == "The service referral ended."
    assert not sees(chloe, cast.shared.child)


def test_rows_written_in_bulk_and_by_sql_grant_as_well(cast: Cast, chloe: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO referrals_servicereferral (partnership_id, episode_id, service, referred_on,"
            " outcome, position, known_from, recorded_by_id)"
            " SELECT partnership_id, %s, service, referred_on, outcome, 1, known_from, recorded_by_id"
            " FROM referrals_servicereferral",
            [cast.unshared.pk],
        )
    assert sees(chloe, cast.unshared.child)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE referrals_servicereferral SET superseded_at = now(), superseded_by_id = recorded_by_id"
        )
    assert not sees(chloe, cast.unshared.child)


def test_a_referral_that_is_corrected_but_still_stands_keeps_one_grant(
    cast: Cast, amira: User, chloe: User
) -> None:
    refer_to_service(
        episode=cast.shared, service="northlight", by=amira, referred_on=date(2026, 4, 1)
    )
    old = ServiceReferral.objects.get(episode=cast.shared, referred_on=cast.shared.referred_on)
    ServiceReferral.objects.filter(pk=old.pk).update(superseded_at=NOW, superseded_by=amira)
    assert GroupGrant.objects.get(episode=cast.shared).ended_at is None
    assert sees(chloe, cast.shared.child)


def test_a_service_entered_later_is_granted_what_was_referred_to_its_code(
    cast: Cast, amira: User, femi: User
) -> None:
    refer_to_service(episode=cast.unshared, service="larkfield-evenings", by=amira)
    assert not sees(femi, cast.unshared.child)
    agency = Agency.objects.get(partnership=cast.bradford, code="larkfield")
    offer(agency=agency, code="larkfield-evenings", name="Evenings", now=NOW, by=operator())
    assert sees(femi, cast.unshared.child)


def test_a_grant_of_one_episode_shows_that_episode_alone(
    cast: Cast, amira: User, chloe: User
) -> None:
    other = make_episode(child=cast.shared.child, by=amira)
    assert list(Episode.objects.visible_to(chloe)) == [cast.shared]
    assert not Episode.objects.visible_to(chloe).contains(other)


# --- grants by hand ---------------------------------------------------------------------------------


def test_a_grant_to_an_agency_shows_the_child_with_what_comes_later(
    cast: Cast, dev: User, amira: User, femi: User
) -> None:
    child = cast.unshared.child
    agency = Agency.objects.get(partnership=cast.bradford, code="larkfield")
    give_grant(child=child, to=agency.group, terms=for_days(90), by=dev)
    later = make_episode(child=child, by=amira)
    set_level(episode=later, level="LOW", set_on=date(2026, 3, 3), by=amira)
    make_address(child=child, by=amira, from_date=date(2026, 3, 3))
    person = again(femi)
    assert set(Episode.objects.visible_to(person)) == {cast.unshared, later}
    assert RiskLevel.objects.visible_to(person).filter(episode=later).exists()
    assert Address.objects.visible_to(person).filter(child=child).exists()


def test_a_grant_by_name_shows_the_child_to_that_person_alone(
    cast: Cast, dev: User, chloe: User, femi: User, bea: User
) -> None:
    child = cast.unshared.child
    for person in (femi, bea):
        give_grant(child=child, to=person, terms=for_days(1), by=dev)
    assert sees(femi, child)
    assert not sees(chloe, child)
    assert not sees(bea, child)  # a name opens no more than the role does


def test_a_grant_runs_out_at_the_end_of_its_last_day(cast: Cast, dev: User, femi: User) -> None:
    grant = give_grant(child=cast.unshared.child, to=femi, terms=for_days(0), by=dev)
    assert sees(femi, cast.unshared.child)
    assert grant.expires_at == end_of(today())
    ran_out = timezone.now() - timedelta(minutes=1)
    Sight.objects.filter(person_grant=grant.pk).update(expires_at=ran_out)
    assert not sees(femi, cast.unshared.child)


def test_a_grant_that_ended_shows_nothing_and_is_kept(cast: Cast, dev: User, femi: User) -> None:
    grant = give_grant(child=cast.unshared.child, to=femi, terms=for_days(9), by=dev)
    end_grant(grant=grant, because="The group has ended.", by=dev)
    assert not sees(femi, cast.unshared.child)
    assert not Sight.objects.filter(person_grant=grant.pk).exists()
    kept = PersonGrant.objects.get(pk=grant.pk)
    assert (kept.ended_by, kept.ended_because) == (dev, "The group has ended.")
    with pytest.raises(Conflict):
        end_grant(grant=grant, because="Again.", by=dev)
    give_grant(child=cast.unshared.child, to=femi, terms=for_days(9), by=dev)
    assert sees(femi, cast.unshared.child)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (for_days(9, " "), "grant.reason"),
        (for_days(-1), "grant.past"),
        (for_days(367), "grant.too_long"),
    ],
)
def test_a_grant_has_a_reason_and_a_last_day_within_a_year(
    terms: Terms, code: str, cast: Cast, dev: User, femi: User
) -> None:
    with pytest.raises(RuleBroken) as broken:
        give_grant(child=cast.unshared.child, to=femi, terms=terms, by=dev)
    assert broken.value.code == code
    assert not PersonGrant.objects.exists()


def test_nobody_holds_two_grants_of_a_child_and_one_that_ran_out_is_followed(
    cast: Cast, dev: User, femi: User
) -> None:
    child = cast.unshared.child
    over = timezone.now() - timedelta(days=1)
    old = PersonGrant.objects.create(
        content_object=child, partnership=cast.bradford, user=femi, granted_by=dev, because="Then.",
        permission=GroupGrant.objects.get().permission,
        starts_at=over - timedelta(days=1), expires_at=over,
    )  # fmt: skip
    assert not sees(femi, child)
    give_grant(child=child, to=femi, terms=for_days(2), by=dev)
    assert sees(femi, child)
    old.refresh_from_db()
    assert old.ended_because == "It ran out."
    with pytest.raises(RuleBroken, match="a grant already"):
        give_grant(child=child, to=femi, terms=for_days(2), by=dev)


def test_the_lead_worker_grants_and_another_social_worker_does_not(
    cast: Cast, amira: User, ben: User, femi: User, erin: User
) -> None:
    child = cast.unshared.child
    for person in (amira, ben, femi, erin):
        with pytest.raises(NotAllowed):
            give_grant(child=child, to=femi, terms=for_days(9), by=person)
    allocate(episode=cast.unshared, worker=amira, by=amira)
    give_grant(child=child, to=femi, terms=for_days(9), by=amira)
    assert sees(femi, child)


def test_the_trail_says_to_whom_why_and_until_when(cast: Cast, dev: User, femi: User) -> None:
    give_grant(child=cast.unshared.child, to=femi, terms=for_days(9), by=dev)
    event = AuditEvent.objects.get(event="grant.given")
    assert (event.verb, event.reference) == (Verb.DISCLOSURE, cast.unshared.child.reference)
    assert event.reason == "They run the school's group."
    assert event.after == {"to": "femi", "until": for_days(9).until.isoformat()}


def test_the_grant_of_a_referral_is_ended_by_the_service_alone(cast: Cast, dev: User) -> None:
    grant = GroupGrant.objects.get(episode=cast.shared)
    with pytest.raises(RuleBroken, match="the service's support ends"):
        end_grant(grant=grant, because="Enough.", by=dev)


def test_the_database_keeps_grants_whoever_asks(cast: Cast, dev: User, femi: User) -> None:
    grant = give_grant(child=cast.unshared.child, to=femi, terms=for_days(9), by=dev)
    rows = PersonGrant.objects.filter(pk=grant.pk)
    with pytest.raises(IntegrityError, match="grants are kept"), transaction.atomic():
        rows.update(because="Something else.")
    with pytest.raises(IntegrityError, match="grants are kept"), transaction.atomic():
        rows._raw_delete(rows.db)


# --- the night's check ------------------------------------------------------------------------------


def test_the_night_finds_nothing_to_put_right_after_every_deed(
    cast: Cast, dev: User, femi: User, amira: User
) -> None:
    kit = cast.shared.child
    give_grant(child=kit, to=femi, terms=for_days(9), by=dev)
    make_episode(child=kit, by=amira)
    end_grant(grant=PersonGrant.objects.get(), because="Enough.", by=dev)
    give_grant(child=cast.unshared.child, to=northlight(cast), terms=for_days(9), by=dev)
    restrict(child=kit, because="Confidential.", by=dev)
    ServiceReferral.objects.update(superseded_at=NOW, superseded_by=amira)
    assert put_sight_right(now=NOW, by=operator()) == 0
    assert not AuditEvent.objects.filter(event="sight.put_right").exists()


def test_the_night_puts_right_what_was_tampered_with(cast: Cast, chloe: User, dev: User) -> None:
    Sight.objects.all().delete()
    Sight.objects.create(
        partnership=cast.bradford, audience=northlight(cast).pk, child=cast.unshared.child,
        episode=cast.unshared,
    )  # fmt: skip
    assert put_sight_right(now=NOW, by=operator()) == 2
    assert list(Episode.objects.visible_to(again(chloe))) == [cast.shared]
    assert AuditEvent.objects.get(event="sight.put_right").after == {"rows": 2}
    with pytest.raises(NotAllowed):
        put_sight_right(now=NOW, by=cast.people["ben"])


def test_days_and_moments_of_a_grant_agree() -> None:
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31)):
        assert last_day(end_of(day)) == day
    assert usual_end(date(2026, 1, 1)) == date(2026, 4, 1)


def test_a_child_of_another_partnership_is_not_shown_by_a_grant(
    cast: Cast, dev: User, erin: User, femi: User
) -> None:
    child = make_child(partnership=cast.kirklees, by=erin)
    with pytest.raises(NotAllowed):
        give_grant(child=child, to=femi, terms=for_days(9), by=dev)
    give_grant(child=child, to=femi, terms=for_days(9), by=operator())
    assert not Child.objects.visible_to(again(femi)).contains(child)
