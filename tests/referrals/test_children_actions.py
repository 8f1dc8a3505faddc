"""Correcting children by hand: who may, what is kept, what an import does with it afterwards."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent, Verb
from hub.days.rules import london_date
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.partnerships.models import Partnership
from referrals.children.actions import (
    add_address,
    add_alias,
    add_status,
    correct_address,
    correct_details,
    correct_status,
    end_record,
    withdraw_record,
)
from referrals.children.models import Address, Alias, CareStatus, Child, ChildDetails
from referrals.children.rules.details import Details
from referrals.children.rules.spells import Held, Where
from referrals.episodes.models import Episode
from reporting.extracts.models import ImportConflict
from reporting.upkeep.actions import renew_current_values
from tests.cast import Cast
from tests.make import make_address, make_child, make_episode
from tests.reporting.importing import JODIE, counts, import_files, take

FROM = date(2026, 3, 4)
ROW = Where(FROM, line="7 Ferncliffe Row", postcode="BD99 1AA", ward="E05001347")


def details(child: Child) -> ChildDetails:
    return ChildDetails.objects.known().get(child=child)


def changed(child: Child, **changes: object) -> Details:
    return Details(**{**vars(details(child).said), **changes})


def code(deed: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(RuleBroken) as caught:
        deed()
    return caught.value.code, caught.value.field


def last_event() -> AuditEvent:
    return AuditEvent.objects.order_by("pk").last() or AuditEvent()


# --- details -----------------------------------------------------------------------------------


def test_corrected_details_are_a_new_version_and_the_old_one_is_as_it_was_known(
    cast: Cast, amira: User
) -> None:
    child = cast.shared.child
    before = timezone.now()
    old = details(child)
    new = correct_details(
        fact=old,
        details=changed(child, surname="Marsden"),
        reason=" As on the passport. ",
        by=amira,
    )
    assert (new.surname, new.reason, new.recorded_by) == ("Marsden", "As on the passport.", amira)
    assert [fact.surname for fact in ChildDetails.objects.known().filter(child=child)] == [
        "Marsden"
    ]
    then = ChildDetails.objects.known(before).filter(child=child)
    assert [fact.surname for fact in then] == ["Marden"]
    child.refresh_from_db()
    assert child.surname == "Marsden"
    event = last_event()
    assert (event.event, event.verb, event.reference) == (
        "child.details_corrected", Verb.ALTERATION, child.reference,
    )  # fmt: skip
    assert event.before is not None
    assert event.after is not None
    assert (event.before["surname"], event.after["surname"]) == ("Marden", "Marsden")
    assert event.reason == "As on the passport."


def test_all_of_the_current_columns_follow_so_the_nightly_check_finds_nothing(
    cast: Cast, amira: User
) -> None:
    child = cast.shared.child
    says = Details(
        "Kim", "Hart", date(2012, 1, 2), "M", "WBRI", "9434765919", "H801200001001", True
    )
    correct_details(fact=details(child), details=says, reason="Wrong child entered.", by=amira)
    assert renew_current_values(now=timezone.now(), by=operator())["children"] == []
    assert details(child).said == says


def test_without_a_reason_or_a_change_nothing_is_corrected(cast: Cast, amira: User) -> None:
    fact = details(cast.shared.child)
    says = changed(cast.shared.child, gender="U")
    assert code(lambda: correct_details(fact=fact, details=says, reason=" ", by=amira)) == (
        "fact.reason", "",
    )  # fmt: skip
    assert code(
        lambda: correct_details(fact=fact, details=fact.said, reason="None.", by=amira)
    ) == ("fact.same", "")
    assert details(cast.shared.child) == fact


def test_a_date_of_birth_that_an_episode_speaks_against_is_refused(cast: Cast, amira: User) -> None:
    child = cast.shared.child
    fact = details(child)
    after = changed(child, date_of_birth=cast.shared.referred_on + timedelta(1))
    adult = changed(child, date_of_birth=date(2008, 3, 2))
    for says, what in ((after, "child.born_after_referral"), (adult, "child.adult_at_referral")):
        deed = lambda says=says: correct_details(fact=fact, details=says, reason="So.", by=amira)  # noqa: E731
        assert code(deed) == (what, "date_of_birth")


def test_what_an_extract_brought_against_the_rules_does_not_hinder_other_corrections(
    cast: Cast, amira: User
) -> None:
    child = make_child(partnership=cast.bradford, by=amira, born=date(2001, 1, 1))
    make_episode(child=child, by=amira)
    says = changed(child, forenames="Jo")
    correct_details(fact=details(child), details=says, reason="So.", by=amira)
    assert details(child).forenames == "Jo"


@pytest.mark.parametrize(
    "who", ["ben", "nora", "ana", "chloe", "bea", "otto", "sid", "gus", "erin"]
)
def test_who_may_not_record_children_changes_nothing(who: str, cast: Cast, amira: User) -> None:
    by, child = cast.people[who], cast.shared.child
    place = make_address(child=child, by=amira, from_date=FROM)
    name = add_alias(child=child, name="Kitty", kind="known_as", by=amira)
    status = add_status(child=child, held=Held("CIN", FROM), by=amira)
    fact, events = details(child), AuditEvent.objects.count()
    deeds: list[Callable[[], object]] = [
        lambda: correct_details(fact=fact, details=changed(child, gender="U"), reason="So.", by=by),
        lambda: add_alias(child=child, name="Kat", kind="online", by=by),
        lambda: add_address(child=child, where=ROW, ends_former=True, by=by),
        lambda: correct_address(fact=place, where=Where(FROM, line="8"), reason="So.", by=by),
        lambda: add_status(child=child, held=Held("LAC", FROM), by=by),
        lambda: correct_status(fact=status, held=Held("CP", FROM), reason="So.", by=by),
        lambda: end_record(fact=place, to_date=FROM, reason="So.", by=by),
        lambda: withdraw_record(fact=name, reason="So.", by=by),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    assert AuditEvent.objects.count() == events
    assert not Address.objects.exclude(superseded_at=None).exists()


def test_the_manager_may_as_well(cast: Cast, dev: User) -> None:
    says = changed(cast.shared.child, gender="U")
    correct_details(fact=details(cast.shared.child), details=says, reason="So.", by=dev)
    assert details(cast.shared.child).recorded_by == dev


# --- other names -------------------------------------------------------------------------------


def test_another_name_is_recorded_once_and_withdrawn_with_its_reason(
    cast: Cast, amira: User
) -> None:
    child = cast.shared.child
    first = add_alias(child=child, name="Kitty", kind="known_as", by=amira)
    second = add_alias(child=child, name="kat_99", kind="online", by=amira)
    assert (first.position, second.position) == (1, 2)
    again = lambda: add_alias(child=child, name="KITTY", kind="", by=amira)  # noqa: E731
    assert code(again) == ("alias.twice", "name")
    assert code(lambda: withdraw_record(fact=first, reason="", by=amira))[0] == "fact.reason"
    withdraw_record(fact=first, reason="Her sister's name.", by=amira)
    assert list(Alias.objects.known().filter(child=child)) == [second]
    assert last_event().reason == "Her sister's name."
    assert (last_event().before, last_event().after) == (
        {"name": "Kitty", "kind": "known_as"},
        None,
    )
    with pytest.raises(Conflict):
        withdraw_record(fact=first, reason="Again.", by=amira)


# --- addresses ---------------------------------------------------------------------------------


def test_a_new_address_ends_the_former_on_its_first_day_or_stands_beside_it(
    cast: Cast, amira: User
) -> None:
    child = cast.shared.child
    old = make_address(child=child, by=amira, from_date=date(2026, 3, 1), line="1 Old Row")
    second = add_address(child=child, where=ROW, ends_former=False, by=amira)
    assert {a.pk for a in Address.objects.as_at(FROM).filter(child=child)} == {old.pk, second.pk}
    third = Where(date(2026, 3, 9), postcode="BD98 1AA")
    add_address(child=child, where=third, ends_former=True, by=amira)
    standing = Address.objects.known().filter(child=child)
    ends = dict(standing.values_list("from_date", "to_date"))
    assert ends == {
        date(2026, 3, 1): third.from_date,
        FROM: third.from_date,
        third.from_date: None,
    }
    known = set(standing.exclude(to_date=None).values_list("to_known_from", flat=True))
    assert known == {standing.get(to_date=None).known_from}


def test_a_former_address_that_begins_later_is_not_ended_before_it_began(
    cast: Cast, amira: User
) -> None:
    make_address(child=cast.shared.child, by=amira, from_date=date(2026, 4, 1))
    deed = lambda: add_address(child=cast.shared.child, where=ROW, ends_former=True, by=amira)  # noqa: E731
    assert code(deed) == ("address.former_later", "from_date")
    assert Address.objects.count() == 1


def test_two_addresses_of_one_day_both_stand(cast: Cast, amira: User) -> None:
    for number in (1, 2):
        made = add_address(child=cast.shared.child, where=ROW, ends_former=False, by=amira)
        assert made.position == number


def test_an_address_is_corrected_with_its_days_and_ended(cast: Cast, amira: User) -> None:
    old = make_address(child=cast.shared.child, by=amira, from_date=FROM)
    before = timezone.now()
    where = Where(date(2026, 3, 2), line="8 Ferncliffe Row", confidential=True)
    new = correct_address(fact=old, where=where, reason="Misread.", by=amira)
    ended = end_record(fact=new, to_date=FROM, reason="Moved.", by=amira)
    assert (ended.said, ended.to_known_from) == (
        Where(date(2026, 3, 2), FROM, line="8 Ferncliffe Row", confidential=True), ended.known_from,
    )  # fmt: skip
    assert Address.objects.known(before).get() == old
    assert code(lambda: end_record(fact=ended, to_date=FROM, reason="So.", by=amira)) == (
        "spell.ended", "to_date",
    )  # fmt: skip
    with pytest.raises(Conflict):
        correct_address(fact=old, where=Where(FROM, line="9"), reason="Late.", by=amira)


def test_where_a_child_is_kept_safe_does_not_stand_on_the_trail(cast: Cast, amira: User) -> None:
    safe = Where(
        FROM, line="The Old Mill", postcode="BD97 1AA", ward="E05001347", confidential=True
    )
    made = add_address(child=cast.shared.child, where=safe, ends_former=False, by=amira)
    end_record(fact=made, to_date=FROM, reason="Moved on.", by=amira)
    trail = "".join(f"{event.before}{event.after}" for event in AuditEvent.objects.all())
    assert "2026-03-04" in trail
    for hidden in ("Old Mill", "BD97", "E05001347"):
        assert hidden not in trail


# --- statuses ----------------------------------------------------------------------------------


def test_a_status_is_recorded_corrected_ended_and_withdrawn(cast: Cast, amira: User) -> None:
    child = cast.shared.child
    made = add_status(child=child, held=Held("CIN", FROM), by=amira)
    assert code(lambda: add_status(child=child, held=Held("CIN", FROM), by=amira)) == (
        "status.twice", "from_date",
    )  # fmt: skip
    plan = correct_status(fact=made, held=Held("CP", FROM), reason="Conference.", by=amira)
    ended = end_record(fact=plan, to_date=london_date(timezone.now()), reason="Over.", by=amira)
    assert isinstance(ended, CareStatus)
    assert CareStatus.objects.known().get() == ended
    withdraw_record(fact=ended, reason="Another child's.", by=amira)
    assert not CareStatus.objects.known().exists()
    assert [e.event for e in AuditEvent.objects.order_by("-pk")[:4]] == [
        "status.withdrawn", "status.ended", "status.corrected", "status.recorded",
    ]  # fmt: skip


# --- with imports ------------------------------------------------------------------------------


def imported() -> Child:
    return Child.objects.get(reference="C1")


@pytest.mark.django_db
def test_after_a_correction_an_import_that_says_otherwise_is_a_conflict_and_the_hub_stands(
    tmp_path: Path,
) -> None:
    import_files(tmp_path)
    says = changed(imported(), surname="Fenwicke")
    correct_details(fact=details(imported()), details=says, reason="Passport.", by=operator())
    result = take(tmp_path)
    assert (result.new_conflicts, result.changes) == (1, 0)
    assert ImportConflict.objects.get().in_hub["surname"] == "Fenwicke"
    assert imported().surname == "Fenwicke"
    assert take(tmp_path).new_conflicts == 0


@pytest.mark.django_db
def test_an_imported_address_ended_in_the_hub_stays_ended_when_it_is_imported_again(
    tmp_path: Path,
) -> None:
    rows = [
        {"child_id": "C1", "from_date": "2015-04-01", "to_date": "", "line": "7 Ferncliffe Row"}
    ]
    import_files(tmp_path, addresses=rows)
    old = Address.objects.get()
    end_record(fact=old, to_date=date(2015, 9, 1), reason="Moved.", by=operator())
    old.refresh_from_db()
    assert (old.to_date, old.superseded_by) == (None, operator())
    result = take(tmp_path)
    assert counts(result, "addresses").held_back == 1
    assert Address.objects.known().get().to_date == date(2015, 9, 1)


@pytest.mark.django_db
def test_an_extract_imported_again_leaves_what_was_recorded_by_hand_alone(tmp_path: Path) -> None:
    import_files(tmp_path)
    child = imported()
    add_alias(child=child, name="Jo", kind="known_as", by=operator())
    add_address(
        child=child, where=Where(date(2015, 4, 2), line="x"), ends_former=True, by=operator()
    )
    add_status(child=child, held=Held("LAC", date(2015, 4, 2)), by=operator())
    result = import_files(tmp_path, children=[JODIE], aliases=[], addresses=[], statuses=[])
    assert (result.changes, result.new_conflicts) == (0, 0)
    assert Alias.objects.known().count() == CareStatus.objects.known().count() == 1
    assert Address.objects.known().count() == 1
    assert Episode.objects.count() == Partnership.objects.count() == 1


@pytest.mark.django_db
def test_a_report_of_before_the_correction_knows_the_old_date_of_birth(tmp_path: Path) -> None:
    import_files(tmp_path)
    before = datetime.now(UTC)
    says = changed(imported(), date_of_birth=date(2002, 5, 3))
    correct_details(fact=details(imported()), details=says, reason="Certificate.", by=operator())
    of_child = ChildDetails.objects.filter(child=imported())
    assert of_child.known(before).get().date_of_birth == date(2001, 5, 3)
    assert of_child.known().get().date_of_birth == date(2002, 5, 3)
