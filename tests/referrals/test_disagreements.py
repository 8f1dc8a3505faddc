"""A professional disagreement: raised on an episode, taken up level by level, settled, kept for ever."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import add_working_days
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.models import Agency
from referrals.disagreements.actions import raise_disagreement, settle_disagreement, take_up
from referrals.disagreements.models import Disagreement
from referrals.disagreements.queries import Line
from referrals.disagreements.rules import AGREED, DECIDED, TAKEN_BACK
from referrals.episodes.models import Episode
from referrals.grants.actions import restrict
from tests.cast import Cast, ClientFor
from tests.make import make_child, make_episode
from tests.risk.meeting import today
from tests.risk.test_owed import HERE, rows_of
from tests.risk.writing import send

LIST = "/disagreements/"
ISSUE = "No strategy discussion was held, and the school saw him again."


def agency(cast: Cast, code: str) -> Agency:
    return Agency.objects.get(partnership=cast.bradford, code=code)


def raised(cast: Cast, by: User, against: str = "social-care") -> Disagreement:
    return raise_disagreement(
        episode=cast.unshared, issue=ISSUE, against=agency(cast, against), by=by
    )


def at(episode: Episode) -> str:
    return f"/children/{episode.child_id}/episodes/{episode.pk}/disagreement/"


def one(fact: Disagreement) -> str:
    return f"{LIST}{fact.pk}/"


def test_a_disagreement_goes_up_level_by_level_and_is_settled_with_the_reason(
    cast: Cast, ben: User, amira: User, client_for: ClientFor
) -> None:
    police, social_care = client_for(ben), client_for(amira)
    empty = send(police, at(cast.unshared), against="", issue="")
    assert set(empty.context["page"].form.errors) == {"against", "issue"}
    choices = dict(empty.context["page"].form.fields["against"].choices)
    assert "Police" not in choices.values()
    number = f"{agency(cast, 'social-care').pk}"
    sent = send(police, at(cast.unshared), against=number, issue=ISSUE)
    fact = Disagreement.objects.get()
    assert sent["Location"] == one(fact)
    assert (fact.level, fact.number, fact.due_on) == (1, 1, add_working_days(today(), 2))

    assert rows_of(social_care) == [("Quillan, Rae", "Disagreement 1: practitioners")]
    [row] = social_care.get(HERE).context["page"].rows
    page = social_care.get(row.address).context["page"]
    decided = send(social_care, page.settle, outcome=DECIDED, words="Ours.")
    assert "nobody decides alone" in decided.context["page"].form.errors["outcome"][0]
    assert send(social_care, page.take_up, words="Not agreed.").status_code == 302
    second = Disagreement.objects.known().get()
    assert (second.level, second.due_on) == (2, add_working_days(today(), 3))
    page = police.get(one(second)).context["page"]
    words = "A discussion is held on Monday."
    assert send(police, page.settle, outcome=DECIDED, words=words).status_code == 302

    page = police.get(one(fact)).context["page"]  # also by the number of an earlier version
    assert [(step.title, step.words) for step in page.steps] == [
        ("Raised: practitioners", ISSUE),
        ("Taken up: team managers", "Not agreed."),
        ("Settled: decided at this level", words),
    ]
    assert (page.take_up, page.settle) == ("", "")
    assert rows_of(social_care) == rows_of(police) == []
    events = AuditEvent.objects.filter(event__startswith="disagreement.").exclude(
        event="disagreement.viewed"
    )
    assert [(e.event, e.reason) for e in events.order_by("pk")] == [
        ("disagreement.raised", ""), ("disagreement.taken_up", "Not agreed."),
        ("disagreement.settled", words),
    ]  # fmt: skip


def test_it_stands_on_the_episodes_page_and_on_the_timeline(
    cast: Cast, ben: User, amira: User, chloe: User, client_for: ClientFor
) -> None:
    fact = raised(cast, ben)
    client, child = client_for(amira), cast.unshared.child_id
    page = client.get(f"/children/{child}/episodes/{cast.unshared.pk}/")
    [line] = page.context["tab"].disagreements
    assert line.between == "Police with Children's Social Care"
    assert one(fact).encode() in page.content
    assert at(cast.unshared).encode() in page.content
    timeline = client.get(f"/children/{child}/timeline/", {"kind": "disagreements"})
    assert b"Raised: practitioners" in timeline.content
    assert ISSUE.encode() in timeline.content
    settle_disagreement(fact=fact, outcome=AGREED, words="Held on Monday.", by=amira)
    timeline = client.get(f"/children/{child}/timeline/", {"kind": "disagreements"})
    assert b"Settled: agreed" in timeline.content
    assert client_for(chloe).get(one(fact)).status_code == 404


def test_the_parties_and_the_manager_act_and_others_read(
    cast: Cast, ben: User, amira: User, nora: User, dev: User, client_for: ClientFor
) -> None:
    fact = raised(cast, ben, against="health")
    client = client_for(amira)
    page = client.get(one(fact)).context["page"]
    assert (page.take_up, page.settle) == ("", "")
    assert client.get(f"{one(fact)}settle/").status_code == 403
    with pytest.raises(NotAllowed):
        take_up(fact=fact, words="Mine.", by=amira)
    with pytest.raises(RuleBroken, match="Only the agency that raised it"):
        settle_disagreement(fact=fact, outcome=TAKEN_BACK, words="No.", by=nora)
    up = take_up(fact=fact, words="It has waited for a week.", by=dev)
    with pytest.raises(Conflict):
        settle_disagreement(fact=fact, outcome=TAKEN_BACK, words="Old version.", by=ben)
    assert settle_disagreement(fact=up, outcome=TAKEN_BACK, words="Agreed.", by=ben).level == 2


def test_it_is_raised_with_another_agency_of_this_hub(
    cast: Cast, ben: User, erin: User, chloe: User, sid: User
) -> None:
    elsewhere = Agency.objects.get(partnership=cast.kirklees)
    for against in (elsewhere, agency(cast, "police")):
        with pytest.raises(RuleBroken):
            raise_disagreement(episode=cast.unshared, issue=ISSUE, against=against, by=ben)
    for person in (erin, chloe, sid):
        with pytest.raises(NotAllowed):
            raised(cast, person)
    assert not Disagreement.objects.exists()


def test_one_about_a_hidden_record_is_not_there(
    cast: Cast, ben: User, nora: User, dev: User, erin: User, client_for: ClientFor
) -> None:
    fact = raised(cast, nora, against="police")
    assert [line.name for line in _lines(client_for(ben))] == ["Disagreement 1"]
    restrict(child=cast.unshared.child, because="A relative of a colleague.", by=dev)
    for person in (ben, nora, erin):
        client = client_for(person)
        assert client.get(one(fact)).status_code == 404
        assert _lines(client) == []
        assert rows_of(client) == []


def _lines(client: Client) -> list[Line]:
    return list(client.get(LIST).context["page"].rows)


def test_the_open_ones_are_listed_first_due_first_and_the_settled_apart(
    cast: Cast, ben: User, client_for: ClientFor
) -> None:
    first, second = raised(cast, ben), raised(cast, ben, against="health")
    assert (first.number, second.number) == (1, 2)
    client = client_for(ben)
    up = take_up(fact=first, words="Not agreed.", by=ben)
    lines = client.get(LIST).context["page"].rows
    assert [(line.name, line.who) for line in lines] == [
        ("Disagreement 2", "Practitioners"), ("Disagreement 1", "Team managers"),
    ]  # fmt: skip
    settle_disagreement(fact=up, outcome=AGREED, words="Agreed.", by=ben)
    settled = client.get(LIST, {"state": "settled"}).context["page"].rows
    assert [(line.name, line.state) for line in settled] == [("Disagreement 1", "Agreed")]


def test_many_take_no_more_queries_than_one(cast: Cast, ben: User, client_for: ClientFor) -> None:
    client, counts = client_for(ben), []
    for many in (1, 12):
        for _ in range(many):
            child = make_child(partnership=cast.bradford, by=ben)
            raise_disagreement(
                episode=make_episode(child=child, by=ben), issue=ISSUE,
                against=agency(cast, "health"), by=ben,
            )  # fmt: skip
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert timezone.now() > Disagreement.objects.latest("pk").known_from
