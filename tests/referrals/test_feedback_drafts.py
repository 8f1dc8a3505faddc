"""A draft of what a referrer is told says when the decision changed after it was written, and is renewed."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hub.accounts.models import User
from hub.days.rules import LONDON, london_date
from hub.recording.models import Draft
from referrals.episodes.actions import close_episode
from referrals.episodes.models import Episode, EpisodeFact
from referrals.episodes.rules import Closing
from referrals.intake.actions import join_referral
from referrals.intake.models import Referral
from referrals.intake.rules import HAS_DECIDED, IS_LOOKING, rewritten
from risk.levels.actions import set_level
from risk.levels.models import RiskLevel
from risk.levels.rules import Decision
from tests.cast import Cast, ClientFor
from tests.make import make_referral
from tests.recording import typed

RENEW = "Write it anew, and keep what I typed"


@pytest.fixture
def put_to_a_child(cast: Cast, nora: User, amira: User) -> Referral:
    """A referral that nobody has decided on."""
    referral = make_referral(partnership=cast.bradford, by=nora)
    join_referral(referral=referral, child=cast.shared.child, episode=cast.shared, by=amira)
    return referral


def decide(episode: Episode, level: str, by: User) -> None:
    seen = Episode.objects.get(pk=episode.pk)
    decision = Decision(level, london_date(timezone.now()), "Agreed by all at the table.")
    set_level(episode=seen, decision=decision, seen_level=seen.level, by=by)


def keep(client: Client, address: str, **answers: Any) -> None:
    """Save it and come back later."""
    page = client.get(address)
    assert client.post(address, typed(page, **answers, later="1")).status_code == 302


def words_in(client: Client, address: str) -> str:
    return str(client.get(address).context["page"].form["words"].value())


def overtaken(client: Client, address: str) -> str:
    page = client.get(address)
    said: str = page.context["page"].overtaken
    text = page.content.decode()
    assert (RENEW in text) == bool(said)
    assert said in text
    return said


def test_a_draft_older_than_the_decision_says_so_and_is_renewed_with_what_was_typed(
    cast: Cast, amira: User, put_to_a_child: Referral, client_for: ClientFor
) -> None:
    client, address = client_for(amira), f"/referrals/{put_to_a_child.pk}/feedback/"
    drafted = words_in(client, address)
    assert IS_LOOKING in drafted
    mine = f"Dear Tess,\r\n{drafted} Call me on Monday."
    keep(client, address, words=mine, how="telephone")
    assert overtaken(client, address) == ""
    decide(cast.shared, "HIGH", amira)
    at = RiskLevel.objects.get(episode=cast.shared).known_from.astimezone(LONDON)
    said = f"The decision was changed on {at.day} {at:%B %Y} at {at:%H:%M}, after this draft was written."
    assert overtaken(client, address) == said

    page = client.get(address)
    # What was typed since counts too, whether it was kept or not.
    sent = typed(page, words=f"{mine} Or on Tuesday.", renew="1")
    assert client.post(address, sent).headers["Location"] == address
    renewed = client.get(address)
    assert "It is written anew. What you typed is kept." in renewed.content.decode()
    form = renewed.context["page"].form
    assert form["words"].value() == f"{mine} Or on Tuesday.".replace(IS_LOOKING, HAS_DECIDED)
    assert form["how"].value() == "telephone"
    assert overtaken(client, address) == ""
    answer = client.post(address, typed(renewed, told_on="today"))
    assert answer.status_code == 302
    assert HAS_DECIDED in put_to_a_child.feedback.get().words
    assert not Draft.objects.filter(address=address).exists()


def test_each_change_of_the_decision_counts_also_where_the_draft_was_kept_since(
    cast: Cast, amira: User, put_to_a_child: Referral, client_for: ClientFor
) -> None:
    client, address = client_for(amira), f"/referrals/{put_to_a_child.pk}/feedback/"
    decide(cast.shared, "LOW", amira)
    opened = client.get(address)
    decide(cast.shared, "MEDIUM", amira)
    # The script keeps a page that was opened before: it has seen the old decision.
    script = {"Accept": "application/json"}
    client.post(address, typed(opened, words="Mine alone.", later="1"), headers=script)
    assert overtaken(client, address)
    assert client.post(address, typed(client.get(address), how="post")).status_code != 302
    client.post(address, typed(client.get(address), renew="1"))
    assert words_in(client, address).endswith(" call 999.\n\nMine alone.")
    assert overtaken(client, address) == ""
    fact = EpisodeFact.objects.known().get(episode=cast.shared)
    today, why = london_date(timezone.now()), "The work is done."
    close_episode(fact=fact, closing=Closing(today, "RISK_REDUCED"), reason=why, by=amira)
    assert overtaken(client, address)


def test_who_has_no_draft_is_told_nothing_of_it(
    amira: User, cast: Cast, put_to_a_child: Referral, client_for: ClientFor
) -> None:
    client, address = client_for(amira), f"/referrals/{put_to_a_child.pk}/feedback/"
    decide(cast.shared, "HIGH", amira)
    assert overtaken(client, address) == ""
    assert HAS_DECIDED in words_in(client, address)


@pytest.mark.parametrize(
    ("before", "decided", "after"),
    [
        (f"Dear Tess. {IS_LOOKING} Yours", True, f"Dear Tess. {HAS_DECIDED} Yours"),
        (f"Dear Tess. {HAS_DECIDED} Yours", False, f"Dear Tess. {IS_LOOKING} Yours"),
        (f"Dear Tess. {HAS_DECIDED} Yours", True, f"Dear Tess. {HAS_DECIDED} Yours"),
        ("All mine.", True, "Drafted.\n\nAll mine."),
        ("", False, "Drafted."),
    ],
)
def test_the_sentence_that_is_old_is_put_right_and_nothing_else(
    before: str, decided: bool, after: str
) -> None:
    assert rewritten(before, "Drafted.", decided=decided) == after
