"""A child is found though misspelt, swapped or transliterated, among those the person may see alone."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from bench.matching.names import someone
from bench.matching.people import enter
from bench.matching.slips import KINDS, slip
from hub.access.context import act_as
from hub.accounts.actions import operator
from hub.accounts.models import User
from referrals.children.actions import add_alias, correct_details, withdraw_record
from referrals.children.models import ChildDetails
from referrals.children.rules.details import Details
from referrals.grants.actions import restrict
from referrals.matching.actions import put_keys_right
from referrals.matching.models import MatchKey
from referrals.matching.queries import Alike, who_may_be
from referrals.matching.rules.births import compare, swapped
from referrals.matching.rules.likeness import MOST_SHOWN, Person, likeness
from referrals.matching.rules.names import heard, nearness
from referrals.search.rules import plain
from tests.cast import NOW, Cast
from tests.make import make_child, make_episode
from tests.sampled import drawn
from tests.second_wall import as_application

TODAY = date(2026, 3, 2)
BORN = date(2010, 5, 3)
NHS, UPN = "9434765919", "H801200001001"
ASKED = Person("Leah Marsh", BORN, ("Lee M",), NHS, UPN, "BD99 1AA", "F")
FAR = date(2012, 8, 20)


# --- names and births, as rules ------------------------------------------------------------------


@pytest.mark.parametrize(
    "spellings",
    [
        "Mohammed Muhammad Mohamed Mohammad Md",
        "Hussain Hussein Husain Hossain",
        "Yusuf Yousef Jusuf Youssef",
        "Nowak Novák",
        "Kowalska Kovalski Kowalsky",
        "Ivanova Ivanov Iwanow",
        "Lakatos Lakatoš Lakatosz Lakatosh",
        "Kovač Kovacs Kovach Kowacz",
        "Horváth Horwat",
        "Szymon Simon",
        "Chaudhry Choudhury Chowdhury",
        "Qureshi Kureishi",
        "Katarina Catherine Kateryna",
        "Stefan Shtefan Stephan",
        "Leigh Lee Lea",
    ],
)
def test_spellings_of_one_name_sound_alike(spellings: str) -> None:
    def skeleton(name: str) -> str:
        sound = heard(plain(name))
        return sound[:1] + sound[1:].replace("a", "")

    assert len({skeleton(name) for name in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("known", "why", "differs"),
    [
        (Person("MARSH Léah", BORN), "same name, in another order; same date of birth", ""),
        (Person("Lia Marsh", date(2010, 3, 5)), "name sounds alike; day and month of birth swapped", ""),
        (Person("Leah Marsh", date(2016, 5, 9)), "same name", "age differs 6 years"),
        (Person("Ada Quill", BORN, ("Leah Marsh",)), "known as Leah Marsh; same date of birth", ""),
        (Person("Ada Quill", FAR, (), NHS), "same NHS number", "another name; age differs 2 years"),
        (Person("Ada Quill", FAR, (), "", UPN), "same pupil number", "another name; age differs 2 years"),
        (Person("Leah Marsh", date(2010, 5, 8), gender="M"),
         "same name; one figure of the day of birth differs", "another gender"),
        (Person("Leah Marsh", date(2011, 5, 3)), "same name; born a year apart, on the same day", ""),
        (Person("Leah Marsh", BORN, postcode="BD99 1AA"), "same name; same date of birth; same postcode", ""),
        (Person("Leah Marsh", BORN, (), "9000000009"), "same name; same date of birth", "another NHS number"),
    ],
)  # fmt: skip
def test_what_speaks_for_and_against_is_said_in_words(
    known: Person, why: str, differs: str
) -> None:
    found = likeness(ASKED, known)
    assert ("; ".join(found.why), "; ".join(found.differs)) == (why, differs)
    assert found.enough


@pytest.mark.parametrize(
    "known", [Person("Ada Quill", FAR), Person("Ada Quill", date(2010, 5, 4)), Person("", FAR)]
)
def test_who_is_hardly_alike_is_not_worth_a_look(known: Person) -> None:
    assert not likeness(ASKED, known).enough


def test_more_that_is_alike_weighs_more() -> None:
    order = [
        Person("Leah Marsh", BORN, (), "9434765919"),
        Person("Leah Marsh", BORN),
        Person("Lia Marsh", BORN),
        Person("Lia Marsh", date(2010, 3, 5)),
        Person("Lia Marsh", FAR),
    ]
    weights = [likeness(ASKED, known).weight for known in order]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == len(weights)


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.dates(date(1990, 1, 1), date(2030, 1, 1)))
def test_two_births_differ_the_same_whichever_is_asked(one: date, other: date) -> None:
    there, back = compare(one, other), compare(other, one)
    assert there == back
    assert 0 <= there.share <= 1
    assert (there.share == 1) == (one == other)
    turned = swapped(one)
    assert turned is None or swapped(turned) == one


@given(st.text("abcdhjkmnoszwvy áčšž-", max_size=20), st.text("abcdhjkmnoszwvy áčšž-", max_size=20))
def test_a_name_is_itself_and_no_nearness_is_out_of_bounds(one: str, other: str) -> None:
    assert 0 <= nearness(one, other).share <= 1
    if plain(one).split():
        assert nearness(one, one).share == 1


@pytest.mark.django_db
def test_the_database_hears_names_as_the_rules_do() -> None:
    dice = Random(3)
    people = [someone(dice, number) for number in range(300)]
    parts = {part for one in people for part in plain(f"{one.forenames} {one.surname}").split()}
    parts |= {
        "knight",
        "wright",
        "md",
        "mohd",
        "singh",
        "hugh",
        "xhosa",
        "yusuf",
        "brown",
        "schulz",
        "",
        "hh",
    }
    parts |= {
        "".join(dice.choices("abcdghijkmnostuvwxyz", k=dice.randrange(1, 12))) for _ in range(500)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT p, referrals_heard(p) FROM unnest(%s::text[]) p", [sorted(parts)])
        rows = cursor.fetchall()
    assert dict(rows) == {part: heard(part) for part in parts}


# --- keys cannot be forgotten --------------------------------------------------------------------


def candidates(
    user: User, cast: Cast, name: str, born: date | None = None, nhs_number: str = ""
) -> Alike:
    return who_may_be(user, cast.bradford.pk, Person(name, born, nhs_number=nhs_number), TODAY)


def found_by(
    user: User, cast: Cast, name: str, born: date | None = None, nhs_number: str = ""
) -> set[int]:
    return {row.child_id for row in candidates(user, cast, name, born, nhs_number).rows}


def test_a_child_is_found_by_what_it_is_called_now_whoever_wrote_it(
    cast: Cast, amira: User
) -> None:
    child = make_child(
        partnership=cast.bradford, by=amira, surname="Horváth", forenames="Zsuzsanna"
    )
    born = child.date_of_birth
    assert found_by(amira, cast, "Zuzana Horvat", born) == {child.pk}
    details = ChildDetails.objects.known().get(child=child)
    new = Details("Milena", "Tokár", born, "F", nhs_number="9434765919")
    correct_details(fact=details, details=new, reason="Another child's name.", by=amira)
    assert found_by(amira, cast, "Milena Tokar", born) == {child.pk}
    assert found_by(amira, cast, "Zuzana Horvat") == set()
    assert found_by(amira, cast, "Ada Quill", date(1999, 1, 1), nhs_number="9434765919") == {
        child.pk
    }
    alias = add_alias(child=child, name="Dženifer", kind="", by=amira)
    assert found_by(amira, cast, "Jennifer", born) == {child.pk}
    withdraw_record(fact=alias, reason="Another child's.", by=amira)
    assert found_by(amira, cast, "Jennifer", None) == set()
    # By raw SQL, as an import writes.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE referrals_child SET surname = 'Lakatoš' WHERE id = %s", [child.pk])
    assert found_by(amira, cast, "Milena Lakatosh") == {child.pk}


def test_the_night_finds_nothing_to_put_right_and_puts_right_what_is_wrong(
    cast: Cast, amira: User
) -> None:
    child = make_child(partnership=cast.bradford, by=amira, surname="Lakatoš")
    add_alias(child=child, name="Luna", kind="", by=amira)
    assert put_keys_right(now=NOW, by=operator()) == 0
    before = set(MatchKey.objects.values_list("child_id", "part", "key"))
    MatchKey.objects.filter(child=child, part="who").delete()
    MatchKey.objects.create(partnership=cast.bradford, child=child, part="alias", key=7)
    assert put_keys_right(now=NOW, by=operator()) > 1
    assert set(MatchKey.objects.values_list("child_id", "part", "key")) == before


# --- whom one may know of ------------------------------------------------------------------------


def test_a_hidden_child_is_no_candidate_and_leaves_no_gap_in_the_count(
    cast: Cast, amira: User, dev: User, nora: User
) -> None:
    made = [
        make_child(
            partnership=cast.bradford, by=amira, surname="Marsh", forenames="Leah", born=BORN
        )
        for _number in range(12)
    ]
    assert candidates(nora, cast, "Lia Marsh", BORN).more == 2
    for child in made[:3]:
        restrict(child=child, because="A relative works here.", by=dev)
    seen = candidates(nora, cast, "Lia Marsh", BORN)
    assert {row.child_id for row in seen.rows} == {child.pk for child in made[3:]}
    assert seen.more == 0


def test_the_keys_of_a_hidden_child_do_not_push_others_out(
    cast: Cast, amira: User, dev: User, nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list of those who are weighed is cut in the database: what is cut is what the person may see."""
    monkeypatch.setattr("referrals.matching.queries.MOST_WEIGHED", 2)
    likest = make_child(
        partnership=cast.bradford, by=amira, surname="Marsh", forenames="Leah", born=BORN
    )
    others = [
        make_child(partnership=cast.bradford, by=amira, surname="Marsh", forenames=name, born=BORN)
        for name in ("Lia", "Lea")
    ]
    restrict(child=likest, because="A relative works here.", by=dev)
    with as_application():
        act_as(nora)
        assert found_by(nora, cast, "Leah Marsh", BORN) == {child.pk for child in others}


@pytest.mark.parametrize("who", ["chloe", "femi", "bea", "otto", "sid", "gus", "erin"])
def test_who_sees_no_whole_case_here_has_no_key_and_no_candidate(who: str, cast: Cast) -> None:
    user = cast.people[who]
    child = cast.unshared.child
    with as_application():
        act_as(user)
        assert (
            found_by(user, cast, f"{child.forenames} {child.surname}", child.date_of_birth) == set()
        )
        assert not MatchKey.objects.filter(partnership=cast.bradford).exists()


def test_never_more_than_ten_are_shown_and_each_says_why(cast: Cast, amira: User) -> None:
    for number in range(MOST_SHOWN + 3):
        make_child(
            partnership=cast.bradford, by=amira, surname="Marsh", forenames="Leah",
            born=BORN + timedelta(days=number),
        )  # fmt: skip
    alike = candidates(amira, cast, "Leah Marsh", BORN)
    assert (len(alike.rows), alike.more) == (MOST_SHOWN, 3)
    assert alike.rows[0].why == ("same name", "same date of birth")
    assert all(row.why for row in alike.rows)


def test_episodes_stand_with_the_candidate(cast: Cast, amira: User) -> None:
    child = make_child(
        partnership=cast.bradford,
        by=amira,
        surname="Marsh",
        forenames="Leah",
        born=date(2009, 9, 17),
    )
    make_episode(child=child, by=amira, reference="E-77")
    [row] = candidates(amira, cast, "Lia Marsh", child.date_of_birth).rows
    assert [episode.reference for episode in row.episodes] == ["E-77"]


# --- how well, and by index ----------------------------------------------------------------------


def common_from(number: int) -> None:
    """Let a key be common that so many children have, where a thousand make it so in a hub."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef('referrals_alike(text[],date,text[],bigint,integer)'::regprocedure)"
        )
        (body,) = cursor.fetchone()
        changed = body.replace("bigint := 1000", f"bigint := {number}")
        assert changed != body or number == 1000
        cursor.execute(changed)


@pytest.mark.long
@pytest.mark.parametrize("common", drawn([1000, 20], 1))
def test_of_misspelt_children_nearly_all_are_among_the_first_ten(
    common: int, cast: Cast, amira: User
) -> None:
    """A sample: `make bench` asks the same of a hundred thousand children, many of whom have common names."""
    common_from(common)
    dice = Random(2016)
    people = [someone(dice, number) for number in range(600)]
    children = enter(cast.bradford, people, operator())
    missed = []
    for number in range(10 * len(KINDS)):
        at = dice.randrange(len(people))
        typed = slip(people[at], dice, list(KINDS)[number % len(KINDS)])
        rows = who_may_be(amira, cast.bradford.pk, typed.person, TODAY).rows
        if children[at].pk not in {row.child_id for row in rows}:
            missed.append((typed, people[at]))
    assert len(missed) <= 0.03 * 10 * len(KINDS), missed


def test_the_index_of_keys_serves_the_role_that_is_walled(cast: Cast, nora: User) -> None:
    """Equality tells nothing of a row that is kept back, so row security lets the index be used."""
    with as_application(), transaction.atomic(), connection.cursor() as cursor:
        act_as(nora)
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "EXPLAIN SELECT child_id FROM referrals_matchkey WHERE key = ANY (%s) AND partnership_id = %s",
            [[1, 2, 3], cast.bradford.pk],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "using referrals_matchkey_found" in plan
    assert "Index Cond: ((key = ANY" in plan
