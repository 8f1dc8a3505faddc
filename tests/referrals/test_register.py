"""Registering a child: who may be the same is shown first, and nothing typed is lost."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed, RuleBroken
from partners.partnerships.models import Partnership
from referrals.children.models import Address, Alias, Child, ChildDetails
from referrals.children.rules.details import Details
from referrals.register.actions import NewChild, register_child
from tests.cast import Cast, ClientFor
from tests.make import make_child, make_episode
from tests.recording import typed
from tests.reporting.importing import import_files, take

PAGE = "/children/new/"
LEAH = Details("Leah", "Marsh", date(2012, 5, 3), "F")
ANSWERS = {
    "forenames": "Leah",
    "surname": "Marsh",
    "date_of_birth": "3/5/2012",
    "gender": "F",
    "learning_disability": "unknown",
}


def register(
    partnership: Partnership, by: User, new: NewChild | None = None, *not_these: int
) -> Child:
    return register_child(
        partnership=partnership, new=new or NewChild(LEAH), not_these=not_these, by=by
    )


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def send(client: Client, **answers: Any) -> Any:
    return client.post(PAGE, typed(client.get(PAGE), **{**ANSWERS, **answers}))


# --- the page ----------------------------------------------------------------------------------


def test_a_child_nobody_knows_is_registered_with_all_that_was_typed(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    response = send(
        client,
        ethnicity="WBRI",
        nhs_number="943 476 5919",
        upn="h801200001001",
        learning_disability="yes",
        other_names="Lee M\n\n  Lee   M \nleahm_04",
        line="7 Ferncliffe Row",
        postcode="bd991aa",
        ward="E05001347",
        confidential="on",
        from_date="1/2/2026",
    )
    child = Child.objects.get(surname="Marsh")
    assert response.status_code == 302
    assert response.url == f"/children/{child.pk}/episodes/new/"
    assert (child.reference, child.partnership) == ("H-0001", cast.bradford)
    details = ChildDetails.objects.get(child=child)
    assert details.said == Details(
        "Leah", "Marsh", date(2012, 5, 3), "F", "WBRI", "9434765919", "H801200001001", True
    )
    assert list(Alias.objects.order_by("position").values_list("name", "position")) == [
        ("Lee M", 1),
        ("leahm_04", 2),
    ]
    address = Address.objects.get()
    assert (address.postcode, address.ward, address.confidential) == ("BD99 1AA", "E05001347", True)
    assert {address.known_from, address.recorded_by} == {details.known_from, amira}
    event = AuditEvent.objects.get(event="child.registered")
    assert event.reference == "H-0001"
    assert "Ferncliffe" not in str(event.after)
    page = words(client.get(response.url))
    assert "The child is registered. Now record the concern" in page
    assert "Leah Marsh" in page


def test_those_who_may_be_the_same_are_shown_and_none_of_these_registers(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    known = make_child(
        partnership=cast.bradford, by=amira, surname="Marsh", forenames="Lia", born=date(2012, 3, 5)
    )
    make_episode(child=known, by=amira, reference="E-77")
    first = send(client, other_names="Lee", nhs_number="943 476 5919")
    assert first.status_code == 422
    page = words(first)
    assert "Children who may be the same" in page
    assert "Marsh, Lia (opens in a new tab) 14 (born 5 Mar 2012)" in page
    assert "Name sounds alike, day and month of birth swapped" in page
    assert "E-77" in page
    assert not Child.objects.filter(surname="Marsh", forenames="Leah").exists()
    assert first.context["page"].form["nhs_number"].value() == "943 476 5919"
    assert AuditEvent.objects.get(event="children.compared").after == {
        "children": [known.reference]
    }
    none = typed(first, none_of_these=[str(known.pk)])
    assert client.post(PAGE, none).status_code == 302
    made = Child.objects.get(forenames="Leah")
    assert Alias.objects.get(child=made).name == "Lee"


def test_none_of_these_is_said_of_those_who_were_shown_and_of_no_others(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    first = make_child(partnership=cast.bradford, by=amira, surname="Marsh", forenames="Leah")
    shown = send(client)
    make_child(partnership=cast.bradford, by=amira, surname="Marsh", forenames="Léah")
    again = client.post(PAGE, typed(shown, none_of_these=[str(first.pk)]))
    assert again.status_code == 422
    assert "Marsh, Léah" in words(again)
    assert again.context["page"].form["none_of_these"].errors
    assert Child.objects.filter(surname="Marsh").count() == 2


def test_a_child_of_another_partnership_is_not_shown(
    cast: Cast, amira: User, erin: User, client_for: ClientFor
) -> None:
    make_child(partnership=cast.kirklees, by=erin, surname="Marsh", forenames="Leah")
    assert send(client_for(amira)).status_code == 302


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"forenames": ""}, "Enter the forenames"),
        ({"surname": " "}, "Enter the surname"),
        ({"surname": "x" * 121}, "Surname must have 120 characters or fewer"),
        ({"date_of_birth": ""}, "Enter the date of birth"),
        ({"date_of_birth": "31/2/2011"}, "Date of birth must be a real date"),
        ({"date_of_birth": "3/5/2031"}, "Date of birth lies in the future"),
        ({"date_of_birth": "3/5/1971"}, "Date of birth lies more than 25 years ago"),
        ({"gender": "X"}, "Choose one that is in the list"),
        ({"gender": ""}, "Choose the gender"),
        ({"ethnicity": "ZZ"}, "Choose one that is in the list"),
        ({"nhs_number": "9434765918"}, "NHS number does not pass its own check"),
        ({"nhs_number": "12"}, "NHS number must be ten digits"),
        ({"upn": "A801200001001"}, "Pupil number does not pass its own check"),
        ({"learning_disability": ""}, "Choose whether there is a learning disability"),
        ({"postcode": "nowhere"}, "Postcode must be whole"),
        ({"line": "7 Row"}, "Enter the day from which the child lived there"),
        ({"from_date": "1/2/2026"}, "Enter the address, its postcode or its ward"),
        ({"line": "7 Row", "from_date": "+1"}, "The first day lies in the future"),
        ({"line": "7 Row", "from_date": "2/5/2012"}, "lies before the child"),
        ({"ward": "E09999999"}, "Choose one that is in the list"),
        ({"other_names": "\n".join("abcdefghijk")}, "Other names: at most 10"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_what_was_typed_is_kept(
    answers: dict[str, str], said: str, cast: Cast, amira: User, client_for: ClientFor
) -> None:
    response = send(client_for(amira), **answers)
    assert response.status_code == 422
    assert said in words(response)
    (name, value), *_ = answers.items()
    form = response.context["page"].form
    assert form[name].value() == value
    assert form.errors
    assert not Child.objects.filter(surname="Marsh").exists()


@pytest.mark.parametrize(
    ("who", "led"), [("amira", True), ("dev", True), ("ben", False), ("chloe", False)]
)
def test_a_search_leads_to_registering_for_those_who_may(
    who: str, led: bool, cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(cast.people[who])
    results = client.post("/search/", {"text": "Nobody"}, follow=True)
    for response in (client.get("/search/"), results):
        assert ('href="/children/new/"' in response.content.decode()) == led


def test_a_second_press_registers_nobody_twice(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    answers = typed(client.get(PAGE), **ANSWERS)
    first = client.post(PAGE, answers)
    alike = client.post(PAGE, answers)
    assert Child.objects.filter(surname="Marsh").count() == 1
    assert first.status_code == 302
    assert alike.status_code == 302
    assert alike["Location"] == first["Location"]


def test_the_page_asks_the_database_the_same_for_one_who_is_alike_and_for_thirty(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    make_child(partnership=cast.bradford, by=amira, surname="Marsh", forenames="Leah")
    send(client)
    with CaptureQueriesContext(connection) as one:
        assert send(client).status_code == 422
    for number in range(30):
        child = make_child(
            partnership=cast.bradford,
            by=amira,
            surname="Marsh",
            forenames=f"Leah {number}",
            born=LEAH.date_of_birth,
        )
        make_episode(child=child, by=amira)
    with CaptureQueriesContext(connection) as thirty:
        page = words(send(client))
    assert "And 21 more who are less like." in page
    assert len(one) == len(thirty)


# --- the action --------------------------------------------------------------------------------


def test_references_run_on_in_each_partnership_past_those_of_extracts(
    cast: Cast, amira: User, erin: User
) -> None:
    for odd in ("H-7x", "H7", "H-", "C-9999", "H-99999999999999"):
        make_child(partnership=cast.bradford, by=amira, reference=odd, born=date(2009, 1, 1))
    make_child(partnership=cast.bradford, by=amira, reference="H-0041", born=date(2009, 1, 1))
    assert register(cast.bradford, amira).reference == "H-0042"
    assert register(cast.kirklees, erin).reference == "H-0001"


@pytest.mark.parametrize(
    "who", ["ben", "nora", "ana", "chloe", "bea", "otto", "sid", "gus", "erin"]
)
def test_who_may_not_record_children_registers_nobody(who: str, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        register(cast.bradford, cast.people[who])
    assert not Child.objects.filter(surname="Marsh").exists()


def test_a_child_registered_meanwhile_is_looked_at_first(cast: Cast, amira: User) -> None:
    first = register(cast.bradford, amira)
    with pytest.raises(RuleBroken, match="may be this one") as caught:
        register(cast.bradford, amira)
    assert caught.value.code == "child.maybe_known"
    assert register(cast.bradford, amira, None, first.pk).reference == "H-0002"


def test_the_same_number_alone_is_enough_to_be_looked_at(cast: Cast, amira: User) -> None:
    nhs: dict[str, Any] = {"nhs_number": "9434765919"}
    upn: dict[str, Any] = {"upn": "H801200001001"}
    for forename, day, numbers in (("Ada", 19, nhs), ("Beth", 20, upn)):
        other = Details(forename, f"Quill{forename}", date(2009, 9, day), "F", **numbers)
        register(cast.bradford, amira, NewChild(other))
        new = NewChild(Details("Ivo", "Tarn", date(2012, 12, 30), "M", **numbers))
        with pytest.raises(RuleBroken):
            register(cast.bradford, amira, new)


@pytest.mark.django_db
def test_an_extract_imported_again_leaves_a_child_registered_by_hand_alone(tmp_path: Path) -> None:
    import_files(tmp_path)
    child = register(Partnership.objects.get(), operator(), NewChild(LEAH, ("Lee",)))
    result = take(tmp_path)
    assert (result.changes, result.new_conflicts) == (0, 0)
    assert ChildDetails.objects.known().get(child=child).said == LEAH
    assert Alias.objects.known().get(child=child).name == "Lee"
