"""Reading by machine a child who was entered twice: by either reference, as far as both are seen."""

import pytest

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from referrals.children.actions import add_status
from referrals.children.rules.spells import Held
from referrals.grants.actions import restrict
from referrals.joinings.actions import join_records, take_apart
from referrals.joinings.models import Joining
from tests.cast import Cast
from tests.make import make_address, make_child, make_episode
from tests.test_api import DAY, client_of, items


@pytest.fixture
def entered_twice(cast: Cast, amira: User) -> Joining:
    """A second record of Kit Marden with an episode, joined to the first."""
    child = make_child(
        partnership=cast.bradford, by=amira, surname="Marden", forenames="Kitt", reference="C-OLD"
    )
    make_episode(child=child, by=amira, reference="E-OLD")
    return join_records(child=child, kept=cast.shared.child, reason="Same child.", by=amira)


def test_the_reference_of_a_joined_record_reads_the_child_and_a_list_says_which_record_is_which(
    cast: Cast, amira: User, entered_twice: Joining
) -> None:
    machine, kept = client_of(amira), cast.shared.child.reference
    read = machine.get(f"/api/v1/children/{kept}").json()
    assert (read["reference"], read["joined_into"], read["joined"]) == (kept, None, ["C-OLD"])
    assert machine.get("/api/v1/children/C-OLD").json() == read
    event = AuditEvent.objects.filter(event="api.child.read").latest("pk")
    assert event.about == [kept, "C-OLD"]
    listed = {row["reference"]: row for row in items(machine.get("/api/v1/children"))}
    assert (listed["C-OLD"]["joined_into"], listed["C-OLD"]["joined"]) == (kept, [])
    assert (listed[kept]["joined_into"], listed[kept]["joined"]) == (None, ["C-OLD"])
    [old] = items(machine.get("/api/v1/children", {"reference": "C-OLD"}))
    assert old["identity"]["forenames"] == "Kitt"


def test_episodes_are_found_by_the_reference_of_any_record_and_by_their_own(
    cast: Cast, amira: User, entered_twice: Joining
) -> None:
    machine, both = client_of(amira), {cast.shared.reference, "E-OLD"}
    for reference in (cast.shared.child.reference, "C-OLD"):
        found = items(machine.get("/api/v1/episodes", {"child": reference}))
        assert {row["reference"] for row in found} == both
    assert machine.get("/api/v1/episodes/E-OLD").json()["child"] == "C-OLD"
    assert items(machine.get("/api/v1/episodes/E-OLD/levels")) == []


def test_what_holds_is_read_of_both_records_and_what_one_hides_both_hide(
    cast: Cast, amira: User, entered_twice: Joining
) -> None:
    kept, machine = cast.shared.child, client_of(amira)
    make_address(child=entered_twice.child, by=amira, from_date=DAY, postcode="BD1 1AA")
    add_status(child=entered_twice.child, held=Held("CP", DAY), by=amira)
    read = machine.get(f"/api/v1/children/{kept.reference}").json()
    assert (read["address_state"], read["address"]["postcode"]) == ("given", "BD1 1AA")
    assert [status["status"] for status in read["statuses"]] == ["CP"]
    make_address(child=kept, by=amira, from_date=DAY, postcode="BD2 2BB", confidential=True)
    for reference in (kept.reference, "C-OLD"):
        answer = machine.get(f"/api/v1/children/{reference}")
        assert answer.json()["address_state"] == "withheld"
        assert "BD1 1AA" not in answer.content.decode()


def test_a_joining_is_a_change_and_taken_apart_each_is_read_alone_again(
    cast: Cast, amira: User, entered_twice: Joining
) -> None:
    machine, kept = client_of(amira), cast.shared.child.reference
    since = {"changed_since": entered_twice.known_from.isoformat()}

    def changed() -> set[str]:
        return {row["reference"] for row in items(machine.get("/api/v1/children", since))}

    assert changed() == {kept, "C-OLD"}
    take_apart(fact=entered_twice, reason="Cousins.", by=amira)
    assert changed() == {kept, "C-OLD"}
    for reference in (kept, "C-OLD"):
        read = machine.get(f"/api/v1/children/{reference}").json()
        assert (read["reference"], read["joined_into"], read["joined"]) == (reference, None, [])


@pytest.mark.parametrize("hidden", ["kept", "child"])
def test_who_sees_one_of_the_two_records_reads_it_alone_and_learns_of_no_other(
    hidden: str, cast: Cast, chloe: User, nora: User, dev: User, entered_twice: Joining
) -> None:
    kept = cast.shared.child.reference
    shown = client_of(chloe).get(f"/api/v1/children/{kept}")
    assert (shown.json()["joined_into"], shown.json()["joined"]) == (None, [])
    assert "OLD" not in client_of(chloe).get("/api/v1/episodes", {"child": kept}).content.decode()
    restrict(child=getattr(entered_twice, hidden), because="Confidential.", by=dev)
    machine = client_of(nora)
    secret, other = (kept, "C-OLD") if hidden == "kept" else ("C-OLD", kept)
    assert machine.get(f"/api/v1/children/{secret}").status_code == 404
    assert items(machine.get("/api/v1/episodes", {"child": secret})) == []
    read = machine.get(f"/api/v1/children/{other}").json()
    assert (read["reference"], read["joined_into"], read["joined"]) == (other, None, [])
