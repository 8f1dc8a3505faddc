"""The pages on which a child's case is corrected: details, names, addresses, statuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from referrals.children.actions import (
    add_address,
    add_alias,
    add_status,
    correct_address,
    correct_details,
    end_record,
    withdraw_record,
)
from referrals.children.models import Address, Alias, CareStatus, Child, ChildDetails
from referrals.children.rules.details import Details
from referrals.children.rules.spells import Held, Where
from tests.cast import Cast, ClientFor
from tests.make import make_address
from tests.recording import form_in, typed
from tests.referrals.pages import page_of
from tests.referrals.test_register import words

FROM = date(2026, 3, 4)
WHY: dict[str, Any] = {"reason": "As the passport has it."}


@pytest.fixture
def kit(cast: Cast) -> Child:
    """The child whom Northlight supports."""
    return cast.shared.child


@pytest.fixture
def worker(amira: User, client_for: ClientFor) -> Client:
    """The social worker's browser."""
    return client_for(amira)


def at(child: Child, place: str) -> str:
    return f"/children/{child.pk}/{place}/"


def send(client: Client, address: str, code: int = 302, **answers: Any) -> Any:
    response = client.post(address, typed(client.get(address), **answers))
    assert response.status_code == code, words(response)
    return response


def details(child: Child) -> ChildDetails:
    return ChildDetails.objects.known().get(child=child)


def rename(child: Child, by: User, **changes: object) -> ChildDetails:
    fact = details(child)
    says = Details(**{**vars(fact.said), **changes})
    return correct_details(fact=fact, details=says, reason="Meanwhile.", by=by)


# --- details -----------------------------------------------------------------------------------


def test_details_are_corrected_on_a_page_that_shows_what_stands(kit: Child, worker: Client) -> None:
    form = form_in(worker.get(at(kit, "details")))
    assert (form["surname"].value(), form["learning_disability"].value()) == ("Marden", "unknown")
    send(worker, at(kit, "details"), surname="Marsden", nhs_number="943 476 5919", **WHY)
    assert (details(kit).surname, details(kit).nhs_number) == ("Marsden", "9434765919")
    assert AuditEvent.objects.filter(event="child.viewed", reference=kit.reference).exists()


def test_the_summary_says_what_it_read_before_and_why_it_was_corrected(
    cast: Cast, kit: Child, worker: Client, chloe: User, client_for: ClientFor
) -> None:
    send(worker, at(kit, "details"), surname="Marsden", gender="U", **WHY)
    page = page_of(worker, cast.shared)
    today = f"{timezone.localdate().day} {timezone.localdate():%b %Y}"
    assert "Kit Marsden" in page
    assert (
        f"Corrected on {today} by Amira Sadler: “As the passport has it.” "
        "It read: Name: Kit Marden; Gender: Female. Recorded by Amira Sadler." in page
    )
    shared = page_of(client_for(chloe), cast.shared)
    assert "Kit Marsden" in shared
    assert "Marden" not in shared
    assert "passport" not in shared


def test_a_case_as_it_was_known_before_has_the_old_details_and_offers_no_deed(
    cast: Cast, amira: User, kit: Child, worker: Client
) -> None:
    before = timezone.now().isoformat().replace("+", "%2B")
    rename(kit, amira, surname="Marsden")
    then = page_of(worker, cast.shared, f"?known_at={before}")
    assert "Kit Marden" in then
    assert "Marsden" not in then
    assert "Corrected" not in then
    assert "Correct the child" not in then
    assert "Correct the child" in page_of(worker, cast.shared)
    made = add_address(child=kit, where=Where(FROM, line="1 Row"), ends_former=False, by=amira)
    past = page_of(worker, cast.shared, f"addresses/?as_at={FROM}")
    assert "1 Row" in past
    assert f"{made.pk}/end/" not in past


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"surname": ""}, "Enter the surname"),
        ({"date_of_birth": "x"}, "Date of birth must be a real date"),
        ({"date_of_birth": "3/3/2026"}, "Date of birth lies after the referral of 2 March 2026"),
        ({"date_of_birth": "2/3/2008"}, "the child was 18 or older at the referral"),
        ({"nhs_number": "9434765918"}, "NHS number does not pass its own check"),
        ({"reason": ""}, "Write why it is corrected"),
        ({"reason": "  "}, "Write why it is corrected"),
        ({"surname": "Marden"}, "This says what is recorded already"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_is_kept(
    answers: dict[str, Any], said: str, kit: Child, worker: Client
) -> None:
    given = {"surname": "Marsden", **WHY, **answers}
    response = send(worker, at(kit, "details"), code=422, **given)
    assert said in words(response)
    form = form_in(response)
    assert all(form[name].value() == value for name, value in given.items())
    assert details(kit).surname == "Marden"


def test_two_who_correct_the_same_child_see_both_versions_and_neither_is_lost(
    kit: Child, dev: User, worker: Client
) -> None:
    answers = typed(worker.get(at(kit, "details")), surname="Marsden", **WHY)
    rename(kit, dev, surname="Mardon")
    late = worker.post(at(kit, "details"), answers)
    assert late.status_code == 409
    page = words(late)
    assert "Dev Marlow recorded" in page
    assert "Surname Mardon Marsden Differs" in page
    assert details(kit).surname == "Mardon"
    assert worker.post(at(kit, "details"), typed(late)).status_code == 302
    assert details(kit).surname == "Marsden"


def test_a_number_that_an_extract_brought_wrong_does_not_hinder_another_correction(
    kit: Child, amira: User, worker: Client
) -> None:
    fact = details(kit)
    ChildDetails.objects.filter(pk=fact.pk).update(
        superseded_at=timezone.now(), superseded_by=amira
    )
    wrong = {"nhs_number": "9434765918", "upn": "A801200001001"}
    ChildDetails.objects.create(
        child=kit, partnership=kit.partnership, recorded_by=amira, known_from=timezone.now(),
        **{**vars(fact.said), **wrong},
    )  # fmt: skip
    send(worker, at(kit, "details"), surname="Marsden", **WHY)
    assert details(kit).nhs_number == "9434765918"
    send(worker, at(kit, "details"), code=422, nhs_number="9434765917", **WHY)


# --- other names -------------------------------------------------------------------------------


def test_a_name_is_added_and_withdrawn_and_still_readable(
    cast: Cast, kit: Child, worker: Client
) -> None:
    send(worker, at(kit, "names/new"), name="kat_99", kind="online")
    alias = Alias.objects.get()
    page = page_of(worker, cast.shared)
    assert "Also known as kat_99 (online)" in page
    assert "withdraw the name kat_99 (online)" in page
    send(worker, at(kit, f"names/{alias.pk}/withdraw"), reason="Her sister's.")
    after = page_of(worker, cast.shared)
    assert "Also known as Not recorded" in after
    assert "It read: kat_99 (online)." in after
    assert worker.get(at(kit, f"names/{alias.pk}/withdraw")).status_code == 404


def test_who_still_types_when_a_name_was_withdrawn_is_told(
    kit: Child, amira: User, dev: User, worker: Client
) -> None:
    alias = add_alias(child=kit, name="Kitty", kind="known_as", by=amira)
    answers = typed(worker.get(at(kit, f"names/{alias.pk}/withdraw")), reason="Not hers.")
    withdraw_record(fact=alias, reason="Not hers.", by=dev)
    late = worker.post(at(kit, f"names/{alias.pk}/withdraw"), answers)
    assert late.status_code == 409
    assert "Dev Marlow" in words(late)


# --- addresses ---------------------------------------------------------------------------------


def test_the_first_address_asks_nothing_of_a_former_one_the_second_does(
    kit: Child, worker: Client
) -> None:
    assert "former" not in form_in(worker.get(at(kit, "addresses/new"))).fields
    send(worker, at(kit, "addresses/new"), line="1 Row", from_date="4/3/2026")
    send(worker, at(kit, "addresses/new"), code=422, line="2 Row", from_date="9/3/2026")
    send(worker, at(kit, "addresses/new"), line="2 Row", from_date="9/3/2026", former="ends")
    send(worker, at(kit, "addresses/new"), line="3 Row", from_date="10/3/2026", former="stays")
    ends = Address.objects.known().order_by("line").values_list("line", "to_date")
    assert list(ends) == [("1 Row", date(2026, 3, 9)), ("2 Row", None), ("3 Row", None)]


def test_an_address_is_corrected_ended_withdrawn_and_each_version_can_be_read(
    cast: Cast, kit: Child, amira: User, worker: Client
) -> None:
    old = make_address(child=kit, by=amira, from_date=FROM)
    correct = at(kit, f"addresses/{old.pk}/correct")
    send(worker, correct, line="8 Ferncliffe Row", from_date="3/3/2026", **WHY)
    # Its first version still names it.
    send(worker, at(kit, f"addresses/{old.pk}/end"), to_date="5/3/2026", reason="Moved.")
    page = page_of(worker, cast.shared, "addresses/")
    assert "8 Ferncliffe Row, BD99 1AA, City 3 Mar 2026 5 Mar 2026" in page
    assert (
        "“As the passport has it.” It read: 7 Ferncliffe Row, BD99 1AA, City, from 4 Mar 2026, still held."
        in page
    )
    assert (
        "“Moved.” It read: 8 Ferncliffe Row, BD99 1AA, City, from 3 Mar 2026, still held." in page
    )
    last = Address.objects.known().get()
    assert f"addresses/{last.pk}/end/" not in worker.get(at(kit, "addresses")).content.decode()
    send(worker, at(kit, f"addresses/{last.pk}/withdraw"), reason="Another child's.")
    gone = page_of(worker, cast.shared, "addresses/")
    assert "No address is recorded by this day." in gone
    assert "Withdrawn on" in gone


def test_a_former_address_and_the_new_one_of_the_same_moment_keep_their_own_histories(
    cast: Cast, kit: Child, amira: User, worker: Client
) -> None:
    make_address(child=kit, by=amira, from_date=FROM)
    new = Where(date(2026, 3, 9), line="2 New Row")
    made = add_address(child=kit, where=new, ends_former=True, by=amira)
    correct_address(
        fact=made, where=Where(date(2026, 3, 8), line="2 New Row"), reason="A day off.", by=amira
    )
    rows = worker.get(at(kit, "addresses")).context["tab"].addresses.rows
    told = {row.span.what: [earlier.read for earlier in row.earlier] for row in rows}
    assert told == {
        "2 New Row": ["2 New Row, from 9 Mar 2026, still held"],
        "7 Ferncliffe Row, BD99 1AA, City": [
            "7 Ferncliffe Row, BD99 1AA, City, from 4 Mar 2026, still held"
        ],
    }


def test_a_confidential_address_and_its_versions_stay_from_a_charity(
    cast: Cast, kit: Child, amira: User, chloe: User, client_for: ClientFor, worker: Client
) -> None:
    old = make_address(child=kit, by=amira, from_date=FROM)
    send(worker, at(kit, f"addresses/{old.pk}/correct"), confidential="on", **WHY)
    for tab in ("", "timeline/", "addresses/"):
        page = page_of(client_for(chloe), cast.shared, tab)
        assert "Ferncliffe" not in page
        assert "passport" not in page
    form = client_for(chloe).get(at(kit, f"addresses/{old.pk}/correct"))
    assert form.status_code == 403
    assert "Ferncliffe" not in form.content.decode()
    assert "Ferncliffe" in page_of(worker, cast.shared, "addresses/")


def test_a_ward_of_another_district_that_an_extract_brought_stays(
    kit: Child, amira: User, worker: Client
) -> None:
    old = make_address(child=kit, by=amira, from_date=FROM, ward="E05009999", postcode="odd")
    send(worker, at(kit, f"addresses/{old.pk}/correct"), line="8 Row", **WHY)
    assert Address.objects.known().get().said == Where(
        FROM, line="8 Row", postcode="odd", ward="E05009999"
    )


# --- statuses ----------------------------------------------------------------------------------


def test_a_status_is_recorded_corrected_ended_and_withdrawn(
    cast: Cast, kit: Child, worker: Client
) -> None:
    send(worker, at(kit, "statuses/new"), status="CIN", from_date="4/3/2026")
    number = CareStatus.objects.get().pk
    twice: dict[str, Any] = {"status": "CIN", "from_date": "5/3/2026"}
    response = send(worker, at(kit, "statuses/new"), code=422, **twice)
    assert "already recorded from 4 March 2026" in words(response)
    send(worker, at(kit, f"statuses/{number}/correct"), status="CP", to_date="", **WHY)
    send(worker, at(kit, f"statuses/{number}/end"), to_date="today", reason="Over.")
    page = page_of(worker, cast.shared, "addresses/")
    assert "Child-protection plan" in page
    assert "It read: Child in need, from 4 Mar 2026, still held." in page
    send(worker, at(kit, f"statuses/{number}/withdraw"), reason="Another child's.")
    assert not CareStatus.objects.known().exists()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"to_date": "+1"}, "The end lies in the future"),
        ({"to_date": "1/3/2026"}, "The end lies before the first day, 4 March 2026"),
        ({"to_date": ""}, "Enter the day on which it ended"),
        ({"reason": ""}, "Write why it ended"),
    ],
)
def test_an_end_that_cannot_be_is_told_beside_its_field(
    answers: dict[str, Any], said: str, kit: Child, amira: User, worker: Client
) -> None:
    status = add_status(child=kit, held=Held("CIN", FROM), by=amira)
    given = {"to_date": "today", "reason": "Over.", **answers}
    response = send(worker, at(kit, f"statuses/{status.pk}/end"), code=422, **given)
    assert said in words(response)
    (field,) = (name for name in answers)
    assert form_in(response)[field].errors


def test_two_who_end_the_same_status_see_both_days(
    kit: Child, amira: User, dev: User, worker: Client
) -> None:
    status = add_status(child=kit, held=Held("CIN", FROM), by=amira)
    address = at(kit, f"statuses/{status.pk}/end")
    answers = typed(worker.get(address), to_date="10/3/2026", reason="Over.")
    end_record(fact=status, to_date=date(2026, 3, 9), reason="Over.", by=dev)
    late = worker.post(address, answers)
    assert late.status_code == 409
    assert "9 March 2026 10 March 2026 Differs" in words(late)


# --- whose it is, and how much is asked --------------------------------------------------------


@pytest.mark.parametrize("place", ["addresses/{}/correct", "addresses/{}/end", "names/{}/withdraw"])
def test_what_is_another_childs_is_not_found_under_this_one(
    place: str, cast: Cast, kit: Child, amira: User, worker: Client
) -> None:
    other = cast.unshared.child
    address = make_address(child=other, by=amira, from_date=FROM)
    alias = add_alias(child=other, name="Rae-Rae", kind="known_as", by=amira)
    number = alias.pk if place.startswith("names") else address.pk
    assert worker.get(at(kit, place.format(number))).status_code == 404
    assert worker.get(at(other, place.format(number))).status_code == 200


def test_no_page_has_a_name_in_its_title_or_address(
    kit: Child, amira: User, worker: Client
) -> None:
    alias = add_alias(child=kit, name="Kitty", kind="known_as", by=amira)
    for place in ("details", "names/new", "addresses/new", f"names/{alias.pk}/withdraw"):
        page = worker.get(at(kit, place)).content.decode()
        title = page.partition("<title>")[2].partition("</title>")[0]
        assert kit.reference in title
        assert not {"Kit ", "Kitty", "Marden"} & set(title.split())


@pytest.mark.parametrize("tab", ["", "addresses/"])
def test_a_page_asks_the_same_with_one_correction_and_with_thirty(
    tab: str, cast: Cast, kit: Child, amira: User, worker: Client
) -> None:
    def correct_all(number: int) -> None:
        add_alias(child=kit, name=f"Kit {number}", kind="", by=amira)
        rename(kit, amira, surname=f"Marden{'n' * number}")
        day = FROM + timedelta(number)
        made = add_address(child=kit, where=Where(day, line="1"), ends_former=True, by=amira)
        correct_address(fact=made, where=Where(day, line="2"), reason="So.", by=amira)
        status = add_status(child=kit, held=Held("CIN", day, day), by=amira)
        withdraw_record(fact=status, reason="So.", by=amira)

    correct_all(1)
    page_of(worker, cast.shared, tab)
    with CaptureQueriesContext(connection) as one:
        page_of(worker, cast.shared, tab)
    for number in range(2, 31):
        correct_all(number)
    with CaptureQueriesContext(connection) as thirty:
        page_of(worker, cast.shared, tab)
    assert len(one) == len(thirty)
