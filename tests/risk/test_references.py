"""Cases by reference: what an analyst sees of a child, and how they see for an hour who it is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from hub.access.context import act_as
from hub.accounts.models import User
from hub.audit.models import AuditEvent, Verb
from hub.days.rules import age_on, london_date
from hub.errors import Conflict, RuleBroken
from referrals.children.actions import add_address, add_alias, add_status
from referrals.children.models import Child
from referrals.children.rules.spells import Held, Where
from referrals.grants.actions import give_grant, restrict
from referrals.grants.rules import Terms
from referrals.identities.actions import end_identification, identify
from referrals.identities.models import Identification
from referrals.identities.queries import identity_of, referenced
from referrals.joinings.actions import join_records, take_apart
from tests.cast import Cast, ClientFor
from tests.leaks import TOKEN
from tests.make import make_child, make_episode, make_missing, refer_to_service, set_level
from tests.recording import typed
from tests.second_wall import as_application

pytestmark = pytest.mark.django_db
WHO = ("Kit", "Marden", "Kitty", "14 Elm Row", "BD1 2AB", "3 May 2011", "2011")
BECAUSE = "Conflict 12 says another level."
HOME = Where(from_date=date(2026, 1, 5), line="14 Elm Row", postcode="BD1 2AB", ward="E05001370")


@pytest.fixture
def kit(cast: Cast, amira: User) -> Child:
    """A child with a name, another name, a home and a level that says why."""
    child = cast.shared.child
    add_alias(child=child, name="Kitty", kind="known_as", by=amira)
    add_address(child=child, where=HOME, ends_former=False, by=amira)
    set_level(
        episode=cast.shared,
        level="HIGH",
        set_on=date(2026, 3, 5),
        by=amira,
        rationale="Kit was seen.",
    )
    return child


@pytest.fixture
def analyst(ana: User, client_for: ClientFor) -> Client:
    return client_for(ana)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def at(child: Child, page: str = "") -> str:
    return f"/by-reference/{child.pk}/{page}"


def ask_who(analyst: Client, child: Child, because: str = BECAUSE) -> str:
    """Ask with a reason to see who a child is, and give the page that this leads to."""
    asked = typed(analyst.get(at(child, "identify/")), because=because)
    answer = analyst.post(at(child, "identify/"), asked, follow=True)
    return answer.content.decode()


def met(page: str) -> set[str]:
    return {word for word in WHO if word in page}


def test_a_case_by_reference_shows_what_is_counted_and_nobody_by_name(
    kit: Child, analyst: Client
) -> None:
    page = text(analyst, at(kit))
    for words in (
        kit.reference,
        "High",
        "set on 5 Mar 2026",
        "Northlight",
        "Wyke",
        "Female",
        f"{age_on(kit.date_of_birth, london_date(timezone.now()))}</dd>",
    ):
        assert words in page, words
    assert met(page) == set()
    assert "was seen" not in page


def test_the_ward_of_a_confidential_home_is_not_told(
    cast: Cast, amira: User, analyst: Client
) -> None:
    hidden = Where(from_date=date(2026, 1, 5), ward="E05001370", confidential=True)
    add_address(child=cast.unshared.child, where=hidden, ends_former=False, by=amira)
    page = text(analyst, at(cast.unshared.child))
    assert "Confidential" in page
    assert "Wyke" not in page


def test_a_whole_reference_leads_to_the_case_and_a_name_or_a_birthday_is_refused(
    cast: Cast, kit: Child, analyst: Client, ana: User
) -> None:
    for words in (kit.reference, f" {kit.reference.lower()} ", cast.shared.reference):
        answer = analyst.post("/by-reference/", {"reference": words})
        assert (answer.status_code, answer.headers["Location"]) == (302, at(kit))
    for words in ("Marden", "3/5/2011", "3 May 2011", "Kit 2011"):
        answer = analyst.post("/by-reference/", {"reference": words})
        assert answer.status_code == 422
        assert "would tell you who the child is" in answer.content.decode()
    answer = analyst.post("/by-reference/", {"reference": kit.reference[:-1]})
    assert answer.status_code == 422
    assert "it must be whole" in answer.content.decode()
    events = AuditEvent.objects.filter(event="search.viewed", user_id=ana.pk).order_by("pk")
    assert events[0].about == ["by reference", kit.reference]
    assert events.count() == 4  # what names a child was not looked for


def test_pages_of_cases_are_not_there_and_searches_refused_with_who_can_help(
    kit: Child, analyst: Client
) -> None:
    assert analyst.get(f"/children/{kit.pk}/").status_code == 404
    for address in ("/episodes/", "/search/", "/emergency/"):
        answer = analyst.get(address)
        assert answer.status_code == 403
        assert "Ask your agency" in answer.content.decode()


def test_with_a_reason_an_analyst_sees_for_an_hour_who_one_child_is(
    cast: Cast, kit: Child, analyst: Client, ana: User
) -> None:
    page = ask_who(analyst, kit, "  ")
    assert "the auditor reads it" in page
    assert not Identification.objects.exists()
    page = ask_who(analyst, kit)
    assert met(page) >= {"Kit", "Marden", "Kitty", "14 Elm Row", "BD1 2AB", "3 May 2011"}
    assert BECAUSE in page
    event = AuditEvent.objects.get(event="child.identified")
    assert (event.verb, event.user_id, event.reference) == (
        Verb.CONSULTATION,
        ana.pk,
        kit.reference,
    )
    assert event.reason == BECAUSE
    over = timezone.now() - timedelta(seconds=1)
    Identification.objects.update(starts_at=over - timedelta(hours=1), ends_at=over)
    assert met(text(analyst, at(kit))) == set()


def test_the_auditor_reads_who_saw_whom_and_why(
    kit: Child, analyst: Client, otto: User, client_for: ClientFor
) -> None:
    ask_who(analyst, kit)
    trail = (
        client_for(otto).post("/trail/", {"reference": kit.reference}, follow=True).content.decode()
    )
    assert "child.identified" in trail
    assert BECAUSE in trail


def test_one_child_at_a_time_and_no_longer_than_is_needed(
    cast: Cast, kit: Child, ana: User, analyst: Client
) -> None:
    ask_who(analyst, kit)
    ask_who(analyst, cast.unshared.child)
    assert met(text(analyst, at(kit))) == set()
    assert "Quillan" in text(analyst, at(cast.unshared.child))
    assert analyst.post(at(cast.unshared.child, "end/")).status_code == 302
    assert "Quillan" not in text(analyst, at(cast.unshared.child))
    assert analyst.post(at(cast.unshared.child, "end/")).status_code == 409
    assert AuditEvent.objects.filter(event="child.identification_ended").count() == 1


def test_a_confidential_home_is_told_to_nobody_by_reference(
    cast: Cast, amira: User, analyst: Client
) -> None:
    hidden = Where(
        from_date=date(2026, 1, 5), line="9 Moor View", postcode="BD9 1ZZ", confidential=True
    )
    add_address(child=cast.unshared.child, where=hidden, ends_former=False, by=amira)
    page = ask_who(analyst, cast.unshared.child)
    assert "Quillan" in page
    assert "Moor View" not in page


def test_a_hidden_child_is_absent_by_reference_too(
    cast: Cast, kit: Child, dev: User, ana: User, analyst: Client, client_for: ClientFor
) -> None:
    ask_who(analyst, kit)
    restrict(child=kit, because="Confidential in social care.", by=dev)
    for page in ("", "identify/"):
        assert analyst.get(at(kit, page)).status_code == 404
        assert analyst.get(at(cast.elsewhere.child, page)).status_code == 404
    assert analyst.post("/by-reference/", {"reference": kit.reference}).status_code == 422
    assert "Ana Keane" in client_for(dev).get(f"/children/{kit.pk}/access/new/").content.decode()
    give_grant(child=kit, to=ana, terms=Terms("To check it.", london_date(timezone.now())), by=dev)
    assert met(text(analyst, at(kit))) >= {"Kit"}


def test_the_database_itself_shows_an_analyst_no_row_and_no_name(
    kit: Child, ana: User, amira: User
) -> None:
    with as_application(), connection.cursor() as cursor:
        act_as(ana)
        for table in (
            "child",
            "childdetails",
            "alias",
            "address",
            "episodefact",
            "note",
            "persontocall",
        ):
            cursor.execute(f"SELECT count(*) FROM referrals_{table}")
            assert cursor.fetchone() == (0,), table
        assert referenced(kit.pk) is not None
        assert identity_of(kit.pk) is None
    with as_application():
        act_as(amira)
        assert referenced(kit.pk) is None  # who sees cases sees them on the pages of cases


def test_who_a_child_is_is_opened_by_an_analyst_for_themselves_and_for_an_hour(
    kit: Child, ana: User, ben: User
) -> None:
    with as_application():
        act_as(ana)
        child = referenced(kit.pk)
        assert child is not None
        with pytest.raises(RuleBroken):
            identify(child=child, because=" ", by=ana)
        identify(child=child, because=BECAUSE, by=ana)
        found = identity_of(kit.pk)
        assert found is not None
        assert found.name == "Kit Marden"
        act_as(ben)
        assert identity_of(kit.pk) is None
        act_as(ana)
        end_identification(child=child, by=ana)
        assert identity_of(kit.pk) is None
        with pytest.raises(Conflict):
            end_identification(child=child, by=ana)


def test_times_missing_and_services_are_counts(
    cast: Cast, kit: Child, amira: User, analyst: Client
) -> None:
    make_missing(child=kit, by=amira, start=datetime(2026, 3, 4, tzinfo=UTC))
    refer_to_service(episode=cast.shared, service="larkfield", by=amira)
    page = text(analyst, at(kit))
    assert "1, with 0 return interviews" in page
    assert "Larkfield" in page


# --- joined records ---------------------------------------------------------------------------------------


@pytest.fixture
def twice(cast: Cast, kit: Child, amira: User) -> Child:
    """A second record of Kit Marden, joined to the first, with an episode, a status and a later home."""
    child = make_child(
        partnership=cast.bradford,
        by=amira,
        surname="Marden",
        forenames="Kitt",
        reference="C-2TWICE",
    )
    episode = make_episode(
        child=child, by=amira, referred_on=date(2026, 3, 9), reference="E-2TWICE"
    )
    set_level(episode=episode, level="LOW", by=amira, set_on=date(2026, 3, 9))
    later = Where(from_date=date(2026, 2, 5), line="9 Moor View", ward="E05001347")
    add_address(child=child, where=later, ends_former=False, by=amira)
    add_status(child=child, held=Held(status="CP", from_date=date(2026, 3, 1)), by=amira)
    make_missing(child=child, by=amira, start=datetime(2026, 3, 4, tzinfo=UTC))
    join_records(child=child, kept=kit, reason="Same child.", by=amira)
    return child


def test_a_joined_record_is_read_with_the_kept_one_and_its_references_lead_there(
    kit: Child, twice: Child, analyst: Client
) -> None:
    for words in ("C-2TWICE", "e-2twice"):
        answer = analyst.post("/by-reference/", {"reference": words}, follow=True)
        assert answer.redirect_chain[-1][0] == at(kit)
    assert analyst.get(at(twice)).headers["Location"] == at(kit)
    page = text(analyst, at(kit))
    for said in (
        kit.reference,
        "E-2TWICE",
        "on record C-2TWICE",
        "Child-protection plan",
        "1, with 0 return interviews",
        "City</dd>",  # the ward of the later home
    ):
        assert said in page, said
    assert met(page) == set()
    event = AuditEvent.objects.filter(event="child.viewed").latest("pk")
    assert event.about == [kit.reference, "C-2TWICE"]


def test_who_each_record_says_that_the_child_is_opens_by_itself(
    kit: Child, twice: Child, analyst: Client
) -> None:
    page = ask_who(analyst, twice)
    assert "C-2TWICE says that this is until" in page.replace("</strong>", "")
    assert "Kitt Marden" in page
    assert "Kitty" not in page
    assert analyst.post(at(twice, "end/"), follow=True).redirect_chain[-1][0] == at(kit)
    assert met(text(analyst, at(kit))) == set()
    assert "Kitty" in ask_who(analyst, kit)


@pytest.mark.parametrize("hidden", ["kit", "twice"])
def test_a_record_whose_other_is_hidden_is_read_by_itself_and_tells_of_none(
    hidden: str, kit: Child, twice: Child, dev: User, analyst: Client
) -> None:
    secret, other = (kit, twice) if hidden == "kit" else (twice, kit)
    restrict(child=secret, because="Confidential in social care.", by=dev)
    assert analyst.get(at(secret)).status_code == 404
    page = text(analyst, at(other))
    assert secret.reference not in page
    assert "joined" not in page


def plain(page: str) -> str:
    return TOKEN.sub("", page)


def test_one_records_confidential_home_hides_the_ward_of_both_and_taken_apart_each_is_as_before(
    cast: Cast, kit: Child, amira: User, analyst: Client
) -> None:
    before = plain(text(analyst, at(kit)))
    child = make_child(partnership=cast.bradford, by=amira, surname="Marden", reference="C-3TWICE")
    hidden = Where(from_date=date(2025, 1, 5), ward="E05001347", confidential=True)
    add_address(child=child, where=hidden, ends_former=False, by=amira)
    alone = plain(text(analyst, at(child)))
    fact = join_records(child=child, kept=kit, reason="Same child.", by=amira)
    page = plain(text(analyst, at(kit)))
    assert "Confidential" in page
    assert "Wyke" not in page
    take_apart(fact=fact, reason="Cousins.", by=amira)
    assert (plain(text(analyst, at(kit))), plain(text(analyst, at(child)))) == (before, alone)
