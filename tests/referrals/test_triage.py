"""The triage desk: a referral is put to the right child, once, and a wrong match is undone."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.access.context import act_as
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict, NotAllowed, RuleBroken
from referrals.checks.actions import answer_check
from referrals.checks.models import AgencyCheck
from referrals.checks.rules import Answered
from referrals.children.models import Address, Alias, Child, ChildDetails
from referrals.episodes.models import Episode, EpisodeFact
from referrals.grants.actions import restrict
from referrals.intake.actions import amend_referral, withdraw_referral
from referrals.intake.models import Referral
from referrals.triage.actions import match_referral, undo_match
from tests.cast import Cast, ClientFor
from tests.make import make_child, make_episode, make_referral
from tests.outcomes import REFUSED, outcome
from tests.recording import typed
from tests.second_wall import as_application

LIA: dict[str, Any] = {
    "forenames": "Lia", "surname": "March", "date_of_birth": date(2012, 3, 5), "postcode": "BD99 1AA",
    "other_names": "Lee, leahm_04", "address": "7 Ferncliffe Row", "nhs_number": "9434765919",
}  # fmt: skip


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page_of(referral: Referral, deed: str = "") -> str:
    return f"/triage/{referral.pk}/{deed}"


@pytest.fixture
def leah(cast: Cast, amira: User) -> Child:
    """Leah Marsh, whose birth the referral has with day and month swapped."""
    return make_child(
        partnership=cast.bradford,
        by=amira,
        surname="Marsh",
        forenames="Leah",
        born=date(2012, 5, 3),
    )


@pytest.fixture
def referral(cast: Cast, nora: User) -> Referral:
    """A nurse refers Lia March."""
    return make_referral(partnership=cast.bradford, by=nora, **LIA)


@pytest.fixture
def desk(amira: User, client_for: ClientFor) -> Client:
    return client_for(amira)


# --- the list and the candidates ---------------------------------------------------------------


def test_a_referral_that_waits_leads_to_who_it_may_be(
    cast: Cast, amira: User, leah: Child, referral: Referral, desk: Client
) -> None:
    make_episode(child=leah, by=amira, reference="E-77")
    stranger = make_child(partnership=cast.bradford, by=amira, surname="Quill", forenames="Ada")
    assert "Find the child" in words(desk.get(f"/referrals/{referral.pk}/"))
    page = words(desk.get(page_of(referral)))
    assert "Marsh, Leah (opens in a new tab) , 14 (born 3 May 2012)" in page
    assert "day and month of birth swapped" in page
    assert "E-77 ? Not set referred 2 Mar 2026, open" in page
    assert stranger.reference not in page
    assert AuditEvent.objects.get(event="children.compared").after == {"children": [leah.reference]}


def test_who_is_not_the_child_is_set_aside_and_brought_back(
    leah: Child, referral: Referral, desk: Client
) -> None:
    aside = words(desk.get(page_of(referral, f"?not={leah.pk}&not=x")))
    assert f"Marsh, Leah, {leah.reference}: not this child Bring back" in aside
    assert "Why it may be the one" not in aside
    assert "None of these: register a new child" in aside


def test_a_hidden_child_is_no_candidate_and_cannot_be_matched(
    cast: Cast, dev: User, leah: Child, referral: Referral, desk: Client
) -> None:
    restrict(child=leah, because="A relative works here.", by=dev)
    page = words(desk.get(page_of(referral)))
    assert "No child whom you may see is like this one." in page
    hidden = desk.get(page_of(referral, f"same/{leah.pk}/"))
    absent = desk.get(page_of(referral, "same/999999/"))
    assert (hidden.status_code, absent.status_code) == (404, 404)


def test_the_page_asks_the_database_the_same_for_one_candidate_and_for_ten(
    cast: Cast, amira: User, leah: Child, referral: Referral, desk: Client
) -> None:
    make_episode(child=leah, by=amira)
    desk.get(page_of(referral))
    with CaptureQueriesContext(connection) as one:
        desk.get(page_of(referral))
    for number in range(12):
        child = make_child(
            partnership=cast.bradford, by=amira, surname="Marsh", forenames=f"Leah {number}",
            born=date(2012, 5, 3),
        )  # fmt: skip
        make_episode(child=child, by=amira)
    with CaptureQueriesContext(connection) as ten:
        assert "And 3 more who are less like." in words(desk.get(page_of(referral)))
    assert len(one) == len(ten)


# --- the same child ----------------------------------------------------------------------------


def test_the_same_child_without_an_open_episode_gets_one_made_from_the_referral(
    leah: Child, referral: Referral, desk: Client, amira: User
) -> None:
    make_episode(child=leah, by=amira, referred_on=date(2025, 1, 6), closed_on=date(2025, 3, 3))
    form = desk.get(page_of(referral, f"same/{leah.pk}/"))
    page = words(form)
    assert "Date of birth 5 March 2012 3 May 2012 Differs" in page
    assert "No episode of this child is open: the referral opens a new one." in page
    sent = desk.post(page_of(referral, f"same/{leah.pk}/"), typed(form))
    assert sent.status_code == 302, sent.context["page"].form.errors
    episode = Episode.objects.get(child=leah, closed_on=None)
    assert sent["Location"] == f"/children/{leah.pk}/episodes/{episode.pk}/"
    referral.refresh_from_db()
    assert (referral.child, referral.episode) == (leah, episode)
    fact = EpisodeFact.objects.get(episode=episode)
    said = (fact.referral_source, fact.referring_agency, fact.exploitation_types)
    assert said == ("2A", "Hillside School", ["CSE"])
    assert set(AgencyCheck.objects.filter(episode=episode).values_list("why", flat=True)) == {
        "new_referral"
    }
    again = desk.post(page_of(referral, f"same/{leah.pk}/"), typed(form))
    assert again["Location"] == sent["Location"]
    assert Episode.objects.filter(child=leah).count() == 2


@pytest.mark.parametrize("anew", [False, True])
def test_with_an_open_episode_the_person_chooses_and_nothing_is_chosen_before(
    anew: bool, leah: Child, referral: Referral, desk: Client, amira: User
) -> None:
    held = make_episode(child=leah, by=amira)
    address = page_of(referral, f"same/{leah.pk}/")
    form = desk.get(address)
    assert not form.context["page"].form["onto"].value()
    empty = desk.post(address, typed(form))
    assert empty.status_code == 422
    assert "Choose what the referral is" in words(empty)
    assert desk.post(address, typed(form, onto="new" if anew else str(held.pk))).status_code == 302
    referral.refresh_from_db()
    assert (referral.episode == held) is not anew
    assert Episode.objects.filter(child=leah).count() == 1 + anew
    asked = AgencyCheck.objects.filter(episode=referral.episode).values_list("why", flat=True)
    assert set(asked) == {"new_referral" if anew else "new_information"}


# --- none of these -----------------------------------------------------------------------------


def test_none_of_these_registers_the_child_with_what_was_typed(
    cast: Cast, leah: Child, referral: Referral, desk: Client
) -> None:
    address = page_of(referral, "new/")
    form = desk.get(f"{address}?none={leah.pk}")
    sent = desk.post(address, typed(form, learning_disability="unknown"))
    assert sent.status_code == 302
    child = Child.objects.get(surname="March")
    details = ChildDetails.objects.get(child=child)
    assert (details.date_of_birth, details.nhs_number) == (date(2012, 3, 5), "9434765919")
    assert set(Alias.objects.filter(child=child).values_list("name", flat=True)) == {
        "Lee",
        "leahm_04",
    }
    assert Address.objects.get(child=child).postcode == "BD99 1AA"
    referral.refresh_from_db()
    assert referral.child == child
    assert AgencyCheck.objects.filter(episode=referral.episode).exists()
    again = desk.post(address, typed(form, learning_disability="unknown"))
    assert again["Location"] == sent["Location"]
    assert Child.objects.filter(surname="March").count() == 1


def test_who_was_not_shown_must_be_looked_at_first(
    leah: Child, referral: Referral, desk: Client
) -> None:
    form = desk.get(page_of(referral, "new/"))
    assert not form.context["page"].form["none_of_these"].value()
    sent = desk.post(page_of(referral, "new/"), typed(form, learning_disability="unknown"))
    assert sent.status_code == 422
    assert "Children who may be the same" in words(sent)
    assert not Child.objects.filter(surname="March").exists()
    referral.refresh_from_db()
    assert referral.child is None


# --- two people, and the undoing ---------------------------------------------------------------


def test_two_people_at_one_referral_do_not_both_match_it(
    cast: Cast, amira: User, dev: User, leah: Child, referral: Referral, client_for: ClientFor
) -> None:
    address = page_of(referral, f"same/{leah.pk}/")
    one, other = client_for(amira), client_for(dev)
    first, second = typed(one.get(address)), typed(other.get(address))
    assert one.post(address, first).status_code == 302
    late = other.post(address, second)
    assert late.status_code == 409
    assert Episode.objects.filter(child=leah).count() == 1
    assert other.get(address).status_code == 409
    with pytest.raises(Conflict):
        match_referral(referral=referral, child=leah, onto=None, by=dev)


def test_a_referral_amended_meanwhile_is_looked_at_again(
    leah: Child, referral: Referral, desk: Client, amira: User
) -> None:
    address = page_of(referral, f"same/{leah.pk}/")
    form = desk.get(address)
    concern = replace(referral.concern, surname="Quill")
    amend_referral(referral=referral, concern=concern, seen=1, reason="Misheard.", by=amira)
    assert desk.post(address, typed(form)).status_code == 409
    assert not Episode.objects.filter(child=leah).exists()


@pytest.mark.parametrize("what", ["error", "stays"])
def test_a_wrong_match_is_undone_with_a_reason(
    what: str, leah: Child, referral: Referral, desk: Client, amira: User
) -> None:
    episode = match_referral(referral=referral, child=leah, onto=None, by=amira)
    assert "Take it off this child" in words(desk.get(f"/referrals/{referral.pk}/"))
    form = desk.get(page_of(referral, "undo/"))
    assert desk.post(page_of(referral, "undo/"), typed(form)).status_code == 422
    sent = typed(form, episode=what, reason="Her cousin.")
    assert desk.post(page_of(referral, "undo/"), sent)["Location"] == page_of(referral)
    assert desk.post(page_of(referral, "undo/"), sent)["Location"] == page_of(referral)
    referral.refresh_from_db()
    episode.refresh_from_db()
    assert referral.child is None
    assert (episode.closed_on is not None) == (what == "error")
    assert referral in Referral.objects.waiting()
    with pytest.raises(Conflict):
        undo_match(referral=referral, in_error=False, reason="Once more.", by=amira)


def test_what_was_asked_for_a_wrong_match_is_not_asked_any_more_and_what_was_answered_stays(
    cast: Cast, leah: Child, referral: Referral, amira: User, nora: User, client_for: ClientFor
) -> None:
    episode = match_referral(referral=referral, child=leah, onto=None, by=amira)
    other = make_referral(partnership=cast.bradford, by=nora)
    match_referral(referral=other, child=leah, onto=episode, by=amira)
    checks = AgencyCheck.objects.filter(episode=episode)
    asked = checks.count()
    assert (asked > 2, checks.exclude(referral=referral).exists()) == (True, False)
    police = checks.get(agency__code="police")
    answer_check(check=police, answered=Answered("nothing", "The index"), by=cast.people["ben"])
    undo_match(referral=referral, in_error=False, reason="Her cousin.", by=amira)
    assert checks.filter(withdrawn_at=None).count() == asked, "the other referral needs them"
    match_referral(referral=referral, child=leah, onto=episode, by=amira)
    undo_match(referral=other, in_error=False, reason="Another Leah.", by=amira)
    undo_match(referral=referral, in_error=False, reason="Her cousin.", by=amira)
    gone = checks.exclude(withdrawn_at=None)
    assert set(checks.filter(withdrawn_at=None)) == {police}
    assert (gone.count(), checks.outstanding().count()) == (asked, 0), "the police too, asked anew"
    event = AuditEvent.objects.get(event="checks.withdrawn")
    assert (event.reference, event.reason) == (episode.reference, "Her cousin.")
    assert len((event.before or {})["agencies"]) == asked
    health = gone.get(agency__code="health")
    with pytest.raises(RuleBroken, match="not asked any more"):
        answer_check(check=health, answered=Answered("nothing", "The index"), by=nora)
    seen = words(client_for(amira).get(f"/children/{leah.pk}/checks/"))
    assert "Community Health: not asked any more" in seen
    assert "1 of 1 back" in seen
    assert "Leah" not in words(client_for(nora).get("/checks/"))
    match_referral(referral=referral, child=leah, onto=episode, by=amira)
    assert checks.filter(withdrawn_at=None, agency__code="health").exists(), "it is asked anew"


def test_the_application_may_take_a_check_back_and_change_nothing_else_of_it(
    cast: Cast, amira: User, leah: Child, referral: Referral
) -> None:
    episode = match_referral(referral=referral, child=leah, onto=None, by=amira)
    may = "UPDATE referrals_agencycheck SET withdrawn_at = now(), withdrawn_by_id = %s"
    number = AgencyCheck.objects.filter(episode=episode).count()
    with as_application(), transaction.atomic():
        act_as(amira)
        assert outcome(may, amira.pk) == number
        for column in ("agency_id", "due_at", "answered_at", "referral_id"):
            assert outcome(f"UPDATE referrals_agencycheck SET {column} = {column}") == REFUSED
        act_as(cast.people["chloe"])
        assert outcome(may, amira.pk) == 0


def test_a_withdrawn_referral_and_another_childs_episode_are_refused(
    cast: Cast, amira: User, leah: Child, referral: Referral, desk: Client
) -> None:
    with pytest.raises(RuleBroken):
        match_referral(referral=referral, child=leah, onto=cast.unshared, by=amira)
    closed = make_episode(child=leah, by=amira, closed_on=date(2026, 3, 2))
    with pytest.raises(RuleBroken, match="closed"):
        match_referral(referral=referral, child=leah, onto=closed, by=amira)
    withdraw_referral(referral=referral, reason="Sent twice.", by=amira)
    assert desk.get(page_of(referral)).status_code == 409
    with pytest.raises(Conflict):
        match_referral(referral=referral, child=leah, onto=None, by=amira)


@pytest.mark.parametrize("who", ["ben", "nora", "chloe", "bea", "otto", "sid", "gus", "erin"])
def test_who_receives_no_referrals_here_matches_none_and_sees_no_candidate(
    who: str, cast: Cast, leah: Child, referral: Referral, client_for: ClientFor
) -> None:
    user = cast.people[who]
    with pytest.raises(NotAllowed):
        match_referral(referral=referral, child=leah, onto=None, by=user)
    answer = client_for(user).get(page_of(referral))
    assert answer.status_code == (404 if who == "erin" else 403)
    assert "Marsh" not in answer.content.decode()
