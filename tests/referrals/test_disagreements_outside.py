"""A charity disagrees with the hub about a child referred to it, is answered, and is told nothing else."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from hub.access.context import act_as
from hub.access.rules import Role
from hub.accounts.actions import open_account, operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import NotAllowed, RuleBroken
from partners.agencies.actions import appoint
from partners.agencies.models import Agency
from partners.sharing.actions import end_agreement
from partners.sharing.models import SharingAgreement
from referrals.disagreements.actions import (
    raise_disagreement,
    raise_with_hub,
    settle_disagreement,
    take_up,
)
from referrals.disagreements.models import Disagreement
from referrals.disagreements.rules import AGREED, DECIDED, TAKEN_BACK
from referrals.grants.actions import give_grant, restrict
from referrals.grants.rules import Terms
from referrals.joinings.actions import join_records
from referrals.support.models import ServiceReferral
from tests.cast import PASSWORD, Cast, ClientFor
from tests.make import make_child, refer_to_service
from tests.risk.test_owed import rows_of
from tests.risk.writing import at, send
from tests.second_wall import as_application, requests_as_application

LIST = "/disagreements/"
ISSUE = "The level fell, and she tells us that he waits at the school."


@pytest.fixture
def behind_the_wall() -> Iterator[None]:
    """Let every request pass the second wall too."""
    with requests_as_application():
        yield


def one(fact: Disagreement) -> str:
    return f"{LIST}{fact.pk}/"


def raised(cast: Cast, by: User) -> Disagreement:
    return raise_with_hub(child=cast.shared.child, issue=ISSUE, by=by)


def of_others(cast: Cast, by: User, against: str = "northlight") -> Disagreement:
    other = Agency.objects.get(partnership=cast.bradford, code=against)
    return raise_disagreement(episode=cast.shared, issue="Not for you.", against=other, by=by)


def colleague(cast: Cast) -> User:
    """Another worker of the same charity."""
    by, now, role = operator(), timezone.now(), Role.SUPPORT_WORKER
    made = open_account(username="kay", name="Kay Lund", password=PASSWORD, now=now, by=by)
    where = Agency.objects.get(partnership=cast.bradford, code="northlight")
    appoint(user=made, agency=where, role=role, starts_on=date(2020, 1, 1), now=now, by=by)
    return made


@pytest.mark.usefixtures("behind_the_wall")
def test_a_charity_raises_it_on_the_child_and_reads_its_course_and_outcome(
    cast: Cast, chloe: User, amira: User, ben: User, client_for: ClientFor
) -> None:
    of_others(cast, ben)  # the first on this episode
    charity, hub = client_for(chloe), client_for(amira)
    assert b"Raise a disagreement" in charity.get(at(cast, "")).content
    empty = send(charity, at(cast, "disagree/"), issue=" ")
    assert (empty.status_code, list(empty.context["page"].form.errors)) == (422, ["issue"])
    sent = send(charity, at(cast, "disagree/"), issue=ISSUE)
    fact = Disagreement.objects.get(outside=True)
    assert sent["Location"] == one(fact)
    assert (fact.number, fact.episode, fact.level) == (2, cast.shared, 1)
    assert (fact.raised_by.code, fact.against.code) == ("northlight", "social-care")

    assert rows_of(hub) == [("Marden, Kit", "Disagreement 2: practitioners")]
    shown = hub.get(one(fact)).context["page"]
    assert shown.read_by.startswith("Northlight raised it from outside the hub")
    assert shown.read_by in hub.get(shown.settle).content.decode()
    assert send(hub, shown.take_up, words="Not agreed.").status_code == 302

    page = charity.get(one(fact))
    steps = [(step.title, step.words) for step in page.context["page"].steps]
    assert steps == [("Raised: practitioners", ISSUE), ("Taken up: team managers", "Not agreed.")]
    settle, up = page.context["page"].settle, page.context["page"].take_up
    assert send(charity, up, words="Still not.").status_code == 302
    offered = dict(charity.get(settle).context["page"].form.fields["outcome"].choices)
    assert set(offered) == {AGREED, TAKEN_BACK}
    last = Disagreement.objects.known().get(outside=True)
    decided = send(hub, f"{one(last)}settle/", outcome=DECIDED, words="The level is set anew.")
    assert decided.status_code == 302
    told = charity.get(one(fact)).content.decode()
    assert "Settled: decided at this level" in told
    assert "The level is set anew." in told
    assert "/settle/" not in told
    [line] = charity.get(LIST, {"state": "settled"}).context["page"].rows
    assert (line.name, line.state) == ("Disagreement", "Decided at this level")
    said = AuditEvent.objects.filter(event="disagreement.raised", user_id=chloe.pk).get()
    assert (said.what, said.reference) == ("child", cast.shared.child.reference)


@pytest.mark.usefixtures("behind_the_wall")
def test_it_is_told_neither_numbers_nor_episodes_nor_the_disagreements_of_others(
    cast: Cast, chloe: User, amira: User, ben: User, client_for: ClientFor
) -> None:
    others = [of_others(cast, ben), of_others(cast, amira, "health")]
    fact = raised(cast, chloe)
    client = client_for(chloe)
    assert fact.number == 3
    for address in (LIST, one(fact), f"{one(fact)}up/", f"{one(fact)}settle/", "/my-work/"):
        page = client.get(address).content.decode()
        assert "Disagreement 3" not in page
        assert cast.shared.reference not in page
        assert "Not for you." not in page
    assert [line.pk for line in client.get(LIST).context["page"].rows] == [fact.pk]
    for other in others:
        for deed in ("", "up/", "settle/"):
            assert client.get(f"{one(other)}{deed}").status_code == 404
    assert LIST in client.get("/my-work/").content.decode()
    assert rows_of(client) == []
    assert ISSUE not in client.get(at(cast, "timeline/")).content.decode()


@pytest.mark.usefixtures("behind_the_wall")
def test_another_charity_that_sees_the_child_reads_none_of_it_and_colleagues_do(
    cast: Cast, chloe: User, femi: User, client_for: ClientFor
) -> None:
    refer_to_service(episode=cast.shared, service="larkfield", by=cast.people["amira"])
    mine, theirs = raised(cast, chloe), raised(cast, femi)
    assert list(Disagreement.objects.visible_to(colleague(cast))) == [mine]
    for person, seen in ((chloe, mine), (femi, theirs)):
        client = client_for(person)
        assert [line.pk for line in client.get(LIST).context["page"].rows] == [seen.pk]
        for fact in {mine, theirs} - {seen}:
            assert client.get(one(fact)).status_code == 404
    assert len(client_for(cast.people["amira"]).get(LIST).context["page"].rows) == 2


@pytest.mark.usefixtures("behind_the_wall")
def test_what_is_shared_no_more_or_hidden_is_gone(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    fact, client = raised(cast, chloe), client_for(chloe)
    assert client.get(one(fact)).status_code == 200
    ServiceReferral.objects.update(ended_on=date(2026, 3, 20), to_known_from=timezone.now())
    for address in (one(fact), f"{one(fact)}up/", at(cast, "disagree/")):
        assert client.get(address).status_code == 404
    assert client.get(LIST).context["page"].rows == []
    refer_to_service(
        episode=cast.shared,
        service="northlight",
        by=cast.people["amira"],
        referred_on=date(2026, 3, 21),
    )
    assert client.get(one(fact)).status_code == 200
    restrict(child=cast.shared.child, because="A relative of theirs.", by=cast.people["dev"])
    assert client.get(one(fact)).status_code == 404
    with pytest.raises(RuleBroken):
        raised(cast, chloe)


@pytest.mark.usefixtures("behind_the_wall")
def test_an_agreement_that_leaves_episodes_out_keeps_nobody_from_disagreeing(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    agreement = SharingAgreement.objects.get(agency__code="northlight")
    end_agreement(agreement=agreement, reason="The next is not signed.", by=cast.people["dev"])
    client = client_for(chloe)
    assert send(client, at(cast, "disagree/"), issue=ISSUE).status_code == 302
    fact = Disagreement.objects.get()
    assert send(client, f"{one(fact)}up/", words="Nobody answered.").status_code == 302
    new = Disagreement.objects.known().get()
    ended = send(client, f"{one(new)}settle/", outcome=TAKEN_BACK, words="We spoke.")
    assert ended.status_code == 302
    assert "Taken back" in client.get(one(fact)).content.decode()


def test_who_is_outside_decides_nothing_and_acts_on_nothing_else(
    cast: Cast, chloe: User, femi: User, erin: User, sid: User
) -> None:
    fact = raised(cast, chloe)
    second = take_up(fact=fact, words="Not agreed.", by=chloe)
    with pytest.raises(RuleBroken, match="The hub records what was decided"):
        settle_disagreement(fact=second, outcome=DECIDED, words="Ours.", by=chloe)
    against_us = of_others(cast, cast.people["ben"])
    for person, what in ((femi, second), (chloe, against_us), (erin, second), (sid, second)):
        with pytest.raises(NotAllowed):
            take_up(fact=what, words="Mine.", by=person)
    child = make_child(partnership=cast.bradford, by=cast.people["amira"])
    for person, refused in ((chloe, RuleBroken), (femi, RuleBroken), (erin, NotAllowed)):
        with pytest.raises(refused):
            raise_with_hub(child=child, issue=ISSUE, by=person)
    with pytest.raises(RuleBroken):
        raised(cast, femi)
    Agency.objects.filter(partnership=cast.bradford, code="social-care").update(kind="council")
    with pytest.raises(RuleBroken, match="no social care"):
        raised(cast, chloe)


def test_the_database_refuses_what_is_not_the_charitys_own(
    cast: Cast, chloe: User, ben: User
) -> None:
    mine, theirs = raised(cast, chloe), of_others(cast, ben)
    police = Agency.objects.get(partnership=cast.bradford, code="police")
    plain: dict[str, Any] = {
        "partnership": cast.bradford, "child": cast.shared.child, "episode": cast.shared, "number": 0,
        "issue": "So.", "raised_by": mine.raised_by, "against": police, "level": 1, "due_on": mine.due_on,
        "outside": True, "known_from": timezone.now(), "recorded_by": chloe,
    }  # fmt: skip
    with as_application(), transaction.atomic():
        act_as(chloe)
        assert list(Disagreement.objects.values_list("pk", flat=True)) == [mine.pk]
        assert Disagreement.objects.create(**plain).pk > theirs.pk
        for wrong in (
            {"raised_by": police},
            {"outside": False},
            {"child": cast.unshared.child, "episode": cast.unshared},
            {"episode": cast.unshared},
        ):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                Disagreement.objects.create(**{**plain, **wrong})
        assert Disagreement.objects.filter(pk=theirs.pk).update(issue="Changed.") == 0


def test_many_take_no_more_queries_than_one(
    cast: Cast, chloe: User, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    client = client_for(chloe)
    raised(cast, chloe)
    client.get(LIST)
    with django_assert_max_num_queries(60) as few:
        client.get(LIST)
    for _ in range(10):
        raised(cast, chloe)
    with django_assert_max_num_queries(len(few)):
        client.get(LIST)


@pytest.mark.usefixtures("behind_the_wall")
def test_of_a_joined_record_it_stands_on_the_episode_that_the_charity_is_shown(
    cast: Cast, dev: User, chloe: User, client_for: ClientFor
) -> None:
    kept = make_child(partnership=cast.bradford, by=dev)
    join_records(child=cast.shared.child, kept=kept, reason="Same child.", by=dev)
    northlight = Agency.objects.get(code="northlight").group
    give_grant(child=kept, to=northlight, terms=Terms("To help.", timezone.localdate()), by=dev)
    sent = send(client_for(chloe), f"/children/{kept.pk}/disagree/", issue=ISSUE)
    assert sent.status_code == 302
    fact = Disagreement.objects.get(outside=True)
    assert (fact.child, fact.episode) == (cast.shared.child, cast.shared)
