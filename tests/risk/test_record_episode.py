"""Recording an episode on its pages: what a social worker sees, types, and is told."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import london_date
from referrals.episodes.actions import allocate, close_episode, correct_episode
from referrals.episodes.models import Allocation, Episode, EpisodeFact
from referrals.episodes.rules import Closing, Referral, Worker
from risk.levels.actions import set_level, withdraw_level
from risk.levels.models import RiskLevel
from risk.levels.rules import Decision
from tests.cast import Cast, ClientFor
from tests.recording import typed

pytestmark = pytest.mark.django_db

REFERRED = date(2026, 3, 2)
CONCERN = {
    "referred_on": "3/3/2026", "referral_source": "2A", "referring_agency": "Harden High School",
    "exploitation_types": ["CSE", "CCE"],
}  # fmt: skip
LEVEL = {"level": "HIGH", "rationale": "Agreed by all.", "agreed": "daily"}


@pytest.fixture
def client(cast: Cast, amira: User, client_for: ClientFor) -> Client:
    """Amira's browser."""
    return client_for(amira)


@pytest.fixture
def episode(cast: Cast) -> Episode:
    """An open episode of Bradford, referred on 2 March."""
    return cast.unshared


def today() -> date:
    return london_date(timezone.now())


def of(episode: Episode, page: str = "") -> str:
    return f"/children/{episode.child_id}/episodes/{episode.pk}/{page}"


def words(response: object) -> str:
    text = response.content.decode()  # type: ignore[attr-defined]  # a response of the test's browser
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def decide(episode: Episode, by: User, level: str = "LOW", seen: str = "") -> RiskLevel:
    decision = Decision(level, today(), "Agreed.", "panel")
    return set_level(episode=episode, decision=decision, seen_level=seen, by=by)


def standing(episode: Episode) -> EpisodeFact:
    return EpisodeFact.objects.known().get(episode=episode)


# --- an episode ----------------------------------------------------------------------------------------


def test_a_new_episode_is_opened_beside_one_that_is_named(client: Client, episode: Episode) -> None:
    address = f"/children/{episode.child_id}/episodes/new/"
    page = client.get(address)
    assert f"{episode.reference} (referred 2 Mar 2026) is open already" in words(page)
    response = client.post(address, typed(page, **CONCERN))
    made = Episode.objects.get(reference="HE-00001")
    assert response.headers["Location"] == of(made)
    seen = words(client.get(of(made)))
    assert "Schools" in seen
    assert "Child sexual exploitation, Child criminal exploitation" in seen
    assert "Recorded by Amira Sadler" in seen


def test_a_day_ahead_is_said_beside_its_field_and_what_was_typed_is_kept(
    client: Client, episode: Episode
) -> None:
    address = f"/children/{episode.child_id}/episodes/new/"
    wrong = {**CONCERN, "referred_on": "+1"}
    response = client.post(address, typed(client.get(address), **wrong))
    assert response.status_code == 422
    assert words(response).count("The day lies in the future") == 2
    assert "Harden High School" in response.content.decode()
    assert not Episode.objects.filter(reference__startswith="HE-").exists()


def test_a_correction_shows_the_old_version_with_who_and_why(
    client: Client, episode: Episode
) -> None:
    page = client.get(of(episode, "correct/"))
    client.post(of(episode, "correct/"), typed(page, **CONCERN, reason="The letter says so."))
    seen = words(client.get(of(episode)))
    assert "Referred 3 Mar 2026" in seen
    assert "Changed on" in seen
    assert "It read: Referred on 2 Mar 2026 by nobody recorded" in seen
    assert "Why: The letter says so." in seen


def test_a_kind_that_an_extract_gave_stays_with_a_correction(
    client: Client, episode: Episode, amira: User
) -> None:
    odd = Referral(REFERRED, "6", "", ("CSE", "FORCED_MARRIAGE"))
    correct_episode(fact=standing(episode), referral=odd, reason="As in the file.", by=amira)
    page = client.get(of(episode, "correct/"))
    client.post(of(episode, "correct/"), typed(page, referral_source="2A", reason="A school."))
    assert standing(episode).exploitation_types == ["CSE", "FORCED_MARRIAGE"]


def test_of_two_who_correct_it_the_second_sees_both_versions(
    client: Client, episode: Episode, dev: User
) -> None:
    page = client.get(of(episode, "correct/"))
    theirs = Referral(REFERRED, "6", "Police", ("CSE",))
    correct_episode(fact=standing(episode), referral=theirs, reason="Called.", by=dev)
    response = client.post(of(episode, "correct/"), typed(page, **CONCERN, reason="The letter."))
    assert response.status_code == 409
    assert "Dev Marlow recorded" in words(response)
    for said in ("Police", "Harden High School", "2 March 2026", "3 March 2026"):
        assert said in response.content.decode()
    assert standing(episode).referral_source == "6"


def test_an_episode_is_closed_and_a_wrong_closing_taken_away(
    client: Client, episode: Episode
) -> None:
    form = {"closed_on": "9/3/2026", "closure_reason": "MOVED", "reason": "The panel agreed."}
    form["told"] = "Leeds, the duty desk."
    client.post(of(episode, "close/"), typed(client.get(of(episode, "close/")), **form))
    seen = words(client.get(of(episode)))
    assert "Closed 9 Mar 2026" in seen
    assert "Moved out of the district" in seen
    assert "Record a level" not in seen.split("Episode E-")[-1]
    page = client.get(of(episode, "closing/"))
    asked = client.post(of(episode, "closing/"), typed(page, closed="closed", closed_on="",
                                                       reason="Wrong child."))  # fmt: skip
    assert "Enter the day of the closing" in words(asked)
    client.post(of(episode, "closing/"), typed(page, closed="open", reason="Wrong child."))
    episode.refresh_from_db()
    assert episode.closed_on is None
    assert "Closed on 9 Mar 2026: Moved out of the district." in words(client.get(of(episode)))


def test_a_closed_episode_says_that_it_is(client: Client, episode: Episode, amira: User) -> None:
    closing = Closing(date(2026, 3, 9), "MOVED")
    close_episode(fact=standing(episode), closing=closing, reason="Moved.", by=amira)
    page = client.get(of(episode, "close/"))
    response = client.post(of(episode, "close/"), typed(page, reason="Again."))
    assert response.status_code == 422
    assert "A new concern is a new episode" in words(response)


# --- who holds it --------------------------------------------------------------------------------------


def test_an_episode_is_given_to_a_colleague_who_then_finds_it_among_their_own(
    client: Client, episode: Episode, cast: Cast, client_for: ClientFor
) -> None:
    page = client.get(of(episode, "allocate/"))
    assert "Nobody leads this episode" in words(page)
    offered = page.content.decode()
    for name in ("Amira Sadler, Children", "Nora Whitby, Community Health", "Chloe Ferris"):
        assert name in offered
    for name in ("Otto Lindley", "Bea Holroyd", "Sid Varley", "Erin Thackray", "Gus Pell"):
        assert name not in offered
    answer = client.post(of(episode, "allocate/"), typed(page, lead="lead", worker="nora"))
    assert answer.headers["Location"] == of(episode)
    held = Allocation.objects.get(episode=episode)
    assert (held.worker, held.worker_name, held.agency) == ("nora", "Nora Whitby", "health")
    mine = client_for(cast.people["nora"]).get("/episodes/?worker=mine")
    assert episode.reference in words(mine)
    assert "1 open episode." in words(mine)


def test_one_who_does_not_sign_in_here_is_given_it_by_name(
    client: Client, episode: Episode
) -> None:
    page = client.get(of(episode, "allocate/"))
    both = typed(page, lead="lead", worker="nora", worker_name="Ravi Nair")
    assert "one of the two" in words(client.post(of(episode, "allocate/"), both))
    client.post(of(episode, "allocate/"), typed(page, lead="lead", worker_name="Ravi Nair"))
    assert "Ravi Nair, leads since" in words(client.get(of(episode))).replace(" ,", ",")


def test_a_handover_that_crossed_another_shows_both(
    client: Client, episode: Episode, dev: User
) -> None:
    page = client.get(of(episode, "allocate/"))
    ben = Worker("ben", "Ben Ashcroft", "police")
    allocate(episode=episode, worker=ben, lead=True, from_date=REFERRED, seen_lead="", by=dev)
    response = client.post(of(episode, "allocate/"), typed(page, lead="lead", worker="nora"))
    assert response.status_code == 409
    assert "Ben Ashcroft, Police" in words(response)
    assert "Nora Whitby, Community Health" in words(response)
    assert Allocation.objects.known().get(episode=episode).worker == "ben"


def test_a_workers_time_is_ended_by_any_number_of_its_versions(
    client: Client, episode: Episode, amira: User
) -> None:
    ben = Worker("ben", "Ben Ashcroft", "police")
    held = allocate(
        episode=episode, worker=ben, lead=True, from_date=REFERRED, seen_lead="", by=amira
    )
    address = f"/children/{episode.child_id}/allocations/{held.pk}/end/"
    page = client.get(address)
    client.post(address, typed(page, to_date="5/3/2026", reason="Left the hub."))
    assert Allocation.objects.known().get(episode=episode).to_date == date(2026, 3, 5)
    assert "from 2 Mar 2026 to 5 Mar 2026" in words(client.get(of(episode)))
    assert client.get(address).status_code == 200
    assert client.post(address, typed(page, to_date="6/3/2026", reason="x")).status_code == 302
    assert Allocation.objects.known().get(episode=episode).to_date == date(2026, 3, 5)


# --- its level -----------------------------------------------------------------------------------------


def test_a_level_is_recorded_from_the_childs_page_with_the_review_it_brings(
    client: Client, episode: Episode
) -> None:
    way = client.get(f"/children/{episode.child_id}/level/")
    assert way.headers["Location"] == of(episode, "level/")
    page = client.get(of(episode, "level/"))
    seen = words(page)
    assert "No CSE risk closes it at once" in seen
    review = today() + timedelta(28)
    assert f"High {review.day} {review:%b %Y}" in seen
    assert not re.search(r'type="radio"[^>]*checked', page.content.decode())
    client.post(of(episode, "level/"), typed(page, **LEVEL, review_on="+7"))
    episode.refresh_from_db()
    assert (episode.level, episode.review_due_on) == ("HIGH", today() + timedelta(7))
    assert "Agreed: daily meeting." in words(client.get(of(episode)))
    assert "closes it at once" not in words(client.get(of(episode, "level/")))


def test_with_several_open_episodes_a_choice_comes_first(
    client: Client, episode: Episode, cast: Cast
) -> None:
    address = f"/children/{episode.child_id}/episodes/new/"
    client.post(address, typed(client.get(address), **CONCERN))
    way = client.get(f"/children/{episode.child_id}/level/")
    assert way.headers["Location"] == f"/children/{episode.child_id}/episodes/"


def test_no_risk_at_the_outset_closes_and_the_page_says_so(
    client: Client, episode: Episode
) -> None:
    page = client.get(of(episode, "level/"))
    client.post(of(episode, "level/"), typed(page, **{**LEVEL, "level": "NO_RISK"}))
    assert "No CSE risk at referral" in words(client.get(of(episode)))


def test_of_two_who_set_a_level_the_second_sees_both(
    client: Client, episode: Episode, dev: User
) -> None:
    page = client.get(of(episode, "level/"))
    decide(episode, dev, "MEDIUM")
    response = client.post(of(episode, "level/"), typed(page, **LEVEL))
    assert response.status_code == 409
    assert "Dev Marlow recorded" in words(response)
    assert "Medium High Differs" in words(response)
    assert RiskLevel.objects.filter(episode=episode).count() == 1


def test_a_review_later_than_the_level_allows_is_refused_beside_its_field(
    client: Client, episode: Episode
) -> None:
    page = client.get(of(episode, "level/"))
    response = client.post(of(episode, "level/"), typed(page, **LEVEL, review_on="+29"))
    assert response.status_code == 422
    assert 'id="id_review_on_error"' in response.content.decode()


def test_a_level_is_corrected_by_the_number_of_any_version(
    client: Client, episode: Episode, amira: User
) -> None:
    level = decide(episode, amira)
    address = f"/children/{episode.child_id}/levels/{level.pk}/correct/"
    for code in ("MEDIUM", "HIGH"):
        page = client.get(address)
        client.post(address, typed(page, level=code, set_on="-1", reason="The minutes."))
        episode.refresh_from_db()
        assert (episode.level, episode.level_set_on) == (code, today() - timedelta(1))


def test_a_level_withdrawn_meanwhile_is_a_conflict_for_who_corrects_it(
    client: Client, episode: Episode, amira: User, dev: User
) -> None:
    level = decide(episode, amira)
    address = f"/children/{episode.child_id}/levels/{level.pk}/correct/"
    page = client.get(address)
    withdraw_level(fact=level, reason="Another child's.", by=dev)
    response = client.post(address, typed(page, level="HIGH", reason="The minutes."))
    assert response.status_code == 409
    assert "Dev Marlow recorded" in words(response)
    assert not RiskLevel.objects.known().filter(episode=episode).exists()


def test_a_level_on_the_wrong_child_is_withdrawn(
    client: Client, episode: Episode, amira: User
) -> None:
    level = decide(episode, amira, "NO_RISK")
    address = f"/children/{episode.child_id}/levels/{level.pk}/withdraw/"
    page = client.get(address)
    assert "stays closed: correct its closing too" in words(page)
    client.post(address, typed(page, reason="Another child's."))
    assert "No level is set." in words(client.get(of(episode)))


def test_a_review_is_moved_up_to_the_day_that_the_page_names(
    client: Client, episode: Episode, amira: User
) -> None:
    decide(episode, amira, "HIGH")
    latest = today() + timedelta(28)
    page = client.get(of(episode, "review/"))
    assert f"at the latest. {latest.day}" not in words(page)
    assert f"moved to {latest.day} {latest:%b %Y} at the latest" in words(page)
    late = client.post(of(episode, "review/"), typed(page, due_on="+29", reason="Leave."))
    assert late.status_code == 422
    client.post(of(episode, "review/"), typed(page, due_on="+3", reason="New information."))
    episode.refresh_from_db()
    assert episode.review_due_on == today() + timedelta(3)


# --- who sees what -------------------------------------------------------------------------------------


def test_the_past_offers_nothing_to_record_and_shows_what_was_known(
    client: Client, episode: Episode, amira: User
) -> None:
    decide(episode, amira, "HIGH")
    moment = timezone.now().isoformat()
    closing = Closing(today(), "MOVED")
    close_episode(fact=standing(episode), closing=closing, reason="Moved.", by=amira)
    seen = words(client.get(of(episode), {"known_at": moment}))
    assert "Closed" not in seen.split("Who holds it")[0].split("Episode E-")[-1]
    assert "Correct" not in seen.split("Who holds it")[1]
    assert "Closed" in words(client.get(of(episode)))


def test_a_nurse_reads_the_episode_and_is_offered_no_deed(
    episode: Episode, nora: User, amira: User, client_for: ClientFor
) -> None:
    decide(episode, amira)
    page = client_for(nora).get(of(episode)).content.decode()
    for deed in ("level/", "review/", "allocate/", "close/", "correct/"):
        assert f'{deed}"' not in page
    event = AuditEvent.objects.get(event="child.viewed", username="nora")
    assert event.after == {"page": f"episode {episode.reference}", "as_at": ""}


@pytest.mark.parametrize("page", ["", "correct/", "close/", "allocate/", "level/", "review/"])
def test_an_episode_of_another_child_is_not_there(page: str, client: Client, cast: Cast) -> None:
    for other in (cast.unshared, cast.elsewhere):
        address = f"/children/{cast.shared.child_id}/episodes/{other.pk}/{page}"
        assert client.get(address).status_code == 404


def test_a_level_of_another_child_is_not_there(client: Client, cast: Cast, amira: User) -> None:
    level = decide(cast.shared, amira)
    for deed in ("correct", "withdraw"):
        address = f"/children/{cast.unshared.child_id}/levels/{level.pk}/{deed}/"
        assert client.get(address).status_code == 404


def test_the_page_asks_the_same_of_one_version_and_of_thirty(
    client: Client, episode: Episode, amira: User
) -> None:
    decide(episode, amira)
    client.get(of(episode))
    counts = []
    for number in (0, 29):
        for index in range(number):
            decide(
                episode,
                amira,
                "HIGH" if index % 2 else "LOW",
                Episode.objects.get(pk=episode.pk).level,
            )
            referral = Referral(REFERRED, "6", f"Office {index}", ("CSE",))
            correct_episode(fact=standing(episode), referral=referral, reason="x", by=amira)
        with CaptureQueriesContext(connection) as asked:
            client.get(of(episode))
        counts.append(len(asked))
    assert counts[0] == counts[1]
