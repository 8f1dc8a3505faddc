"""Making a referral on the pages, as a partner and as the hub with somebody on the telephone."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import london_date
from hub.recording.models import Draft, sealed_text
from referrals.grants.actions import restrict
from referrals.intake.actions import join_referral, tell_referrer
from referrals.intake.models import Referral
from referrals.intake.views.listing import list_page
from referrals.intake.views.making import mine_page
from risk.levels.actions import set_level
from risk.levels.rules import Decision
from tests.cast import Cast, ClientFor
from tests.make import make_referral
from tests.recording import typed
from tests.referrals.filling_in import ANSWERS, CALL, begin, fill, fill_all, send


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# --- making one -----------------------------------------------------------------------------------------


def test_a_charitys_worker_makes_a_referral_page_by_page(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    client = client_for(chloe)
    assert 'href="/referrals/make/new/"' in text(client.get("/"))
    root = begin(client)
    page = fill_all(client, root, ANSWERS)
    assert "Before you can send it" not in text(page)
    for words in ("Lia", "BD99 1AA", "Child sexual exploitation, Gangs", "since spring"):
        assert words in text(page)
    answer = send(client, root, page)
    referral = Referral.objects.get()
    assert answer.headers["Location"] == f"/referrals/{referral.pk}/?sent=1"
    assert "Referral sent" in text(client.get(answer.headers["Location"]))
    said = referral.concern
    assert (said.agency, said.source, referral.route) == ("Northlight", "8", "form")
    assert (said.nhs_number, str(said.date_of_birth)) == ("9434765919", "2012-03-05")
    assert said.exploitation_types == ("CSE", "GANGS")
    assert not Draft.objects.exists()


def test_a_second_press_sends_once_and_leads_to_the_same(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    client = client_for(chloe)
    root = begin(client)
    page = fill_all(client, root, ANSWERS)
    sent = typed(page)
    first, second = (client.post(f"{root}check/", sent) for _each in range(2))
    assert Referral.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"]
    assert text(client.get(root, follow=True)).count("Is anybody in danger now?")  # a new form


def test_danger_now_shows_the_way_to_help_before_anything_else(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    client = client_for(chloe)
    root = begin(client)
    answer = fill(client, f"{root}safety/", in_danger="yes")
    assert answer.headers["Location"] == f"{root}danger/"
    assert "call 999 before you go on" in text(client.get(f"{root}danger/"))
    assert "call 999 before you go on" in text(client.get(root))
    refused = fill(client, f"{root}danger/", danger_action="")
    assert refused.status_code == 422
    assert "Write what was done about the danger" in text(refused)


def test_the_hub_takes_a_call_down_with_its_route_and_when_it_came(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    root = begin(client)
    page = fill_all(client, root, {**ANSWERS, **CALL})
    assert send(client, root, page).status_code == 302
    referral = Referral.objects.get()
    assert (referral.route, referral.source, referral.agency) == ("101", "1B", "")
    assert referral.received_at < referral.recorded_at
    assert "Call to 101" in text(client.get("/referrals/"))


def test_a_partner_is_not_asked_for_a_route(cast: Cast, chloe: User, client_for: ClientFor) -> None:
    client = client_for(chloe)
    root = begin(client)
    assert client.get(f"{root}call/").headers["Location"] == root


def test_a_place_asks_for_no_consent_and_what_is_changed_is_asked_anew(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    client = client_for(chloe)
    root = begin(client)
    fill_all(client, root, ANSWERS)
    answer = fill(client, f"{root}about/?back=check", about="place")
    assert answer.headers["Location"] == f"{root}check/"
    page = client.get(f"{root}check/")
    assert "Describe the person or the place" in text(page)
    assert "Consent and sharing" not in text(page)
    assert send(client, root, page).status_code == 422
    fill(client, f"{root}described/?back=check", description="The arcade")
    assert send(client, root, client.get(f"{root}check/")).status_code == 302
    sent = Referral.objects.get()
    assert (sent.about, sent.consent, sent.surname) == ("place", "", "")


def test_what_is_missing_stands_first_and_the_sections_say_how_far_they_are(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    client = client_for(chloe)
    root = begin(client)
    assert client.get(root).headers["Location"] == f"{root}safety/"
    fill(client, f"{root}safety/", in_danger="no")
    fill(client, f"{root}about/", about="child")
    states = [task.state for task in client.get(root).context["page"].tasks]
    assert states == [
        "Not started",
        "In progress",
        "Not started",
        "Completed",
        "Not started",
        "Not started",
    ]
    page = client.get(f"{root}check/")
    missing = [line.label for line in page.context["page"].missing]
    assert missing[0] == "Enter your name"
    assert "Write what happened, or what worries you" in missing
    assert send(client, root, page).status_code == 422


# --- drafts ----------------------------------------------------------------------------------------------


def autosave(client: Client, address: str, **answers: Any) -> Any:
    sent = {**typed(client.get(address), **answers), "later": "1"}
    return client.post(address, sent, headers={"Accept": "application/json"})


def test_what_is_half_typed_is_kept_and_given_back_and_no_page_forgets_another(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    client = client_for(chloe)
    root = begin(client)
    fill(client, f"{root}safety/", in_danger="no")
    assert "saved" in autosave(client, f"{root}happened/", what_happened="He waits").json()
    again = client_for(chloe)
    page = text(again.get("/referrals/mine/"))
    assert "Referral begun, saved today" in page
    assert "He waits" in text(again.get(f"{root}happened/"))
    assert "There is a problem" not in text(again.get(f"{root}happened/"))
    assert 'value="no"' in text(again.get(f"{root}safety/"))
    assert f'href="{root}"' in text(again.get("/"))  # home lists what is half-written
    draft = Draft.objects.get()
    assert "He waits" not in draft.content
    assert "March" not in draft.title


def test_a_text_past_all_measure_is_refused_and_stays_in_the_form(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    client = client_for(chloe)
    root = begin(client)
    long = "x" * 61_000
    answer = autosave(client, f"{root}happened/", what_happened=long)
    assert (answer.status_code, "too long" in answer.json()["fault"]) == (422, True)
    assert fill(client, f"{root}happened/", what_happened=long).status_code == 422


def test_what_was_sent_after_the_sessions_end_comes_back_to_its_page(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    client = client_for(chloe)
    root = begin(client)
    address = f"{root}happened/"
    fill(client, f"{root}safety/", in_danger="no")
    Draft.objects.create(  # as hub/sessions seals it
        owner=chloe,
        address=address,
        title="Sent too late",
        content=sealed_text({"what_happened": ["He waits"]}),
        sealed=True,
        saved_at=timezone.now(),
    )
    assert "He waits" in text(client.get(address))
    fill(client, address)
    assert [draft.address for draft in Draft.objects.all()] == [root]


def test_nobody_opens_anothers_draft(cast: Cast, chloe: User, client_for: ClientFor) -> None:
    client = client_for(chloe)
    root = begin(client)
    autosave(client, f"{root}happened/", what_happened="He waits")
    other = client_for(cast.people["femi"])
    assert "He waits" not in text(other.get(f"{root}happened/"))
    assert "Referral begun" not in text(other.get("/referrals/mine/"))


# --- reading ---------------------------------------------------------------------------------------------


def test_a_referrer_reads_what_they_sent_its_state_and_what_they_were_told_and_nothing_else(
    cast: Cast, chloe: User, amira: User, client_for: ClientFor
) -> None:
    referral = make_referral(partnership=cast.bradford, by=chloe)
    episode = cast.unshared
    join_referral(referral=referral, child=episode.child, episode=episode, by=amira)
    today = timezone.localdate()
    tell_referrer(referral=referral, words="We see her.", how="email", told_on=today, by=amira)
    restrict(child=episode.child, because="Confidential.", by=cast.people["dev"])
    page = text(client_for(chloe).get(f"/referrals/{referral.pk}/"))
    for words in ("Being looked at", "We see her.", "By e-mail", "March"):
        assert words in page
    for words in (episode.child.surname, episode.child.reference, episode.reference, "In the hub"):
        assert words not in page
    hub = text(client_for(cast.people["dev"]).get(f"/referrals/{referral.pk}/"))
    for words in (episode.child.surname, episode.reference, "In the hub", "Decision due"):
        assert words in hub
    assert client_for(cast.people["femi"]).get(f"/referrals/{referral.pk}/").status_code == 404
    assert client_for(cast.people["nora"]).get(f"/referrals/{referral.pk}/").status_code == 404
    seen = AuditEvent.objects.filter(event="referral.viewed", user_id=chloe.pk).get()
    assert seen.about == [referral.reference]


def test_the_hub_amends_tells_settles_and_withdraws_on_the_pages(
    cast: Cast, chloe: User, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    place = make_referral(
        partnership=cast.bradford, by=chloe, about="place", description="The arcade"
    )
    here = f"/referrals/{place.pk}/"
    fill(client, f"{here}amend/", description="The new arcade", reason="Misheard.")
    page = text(client.get(here))
    assert "The new arcade" in page
    assert "Misheard." in page
    fill(client, f"{here}feedback/", words="Thank you.", how="telephone", told_on="today")
    fill(client, f"{here}settle/", outcome="Passed to licensing.")
    page = text(client.get(here))
    for words in ("Thank you.", "Passed to licensing.", "Decided"):
        assert words in page
    gone = make_referral(partnership=cast.bradford, by=chloe)
    fill(client, f"/referrals/{gone.pk}/withdraw/", reason="Sent twice.")
    assert "Withdrawn: Sent twice." in text(client.get(f"/referrals/{gone.pk}/"))


def test_what_the_referrer_is_told_is_drafted_by_what_came_of_it_and_tells_no_level(
    cast: Cast, amira: User, nora: User, client_for: ClientFor
) -> None:
    referral, client = make_referral(partnership=cast.bradford, by=nora), client_for(amira)
    address = f"/referrals/{referral.pk}/feedback/"
    join_referral(referral=referral, child=cast.shared.child, episode=cast.shared, by=amira)
    before = client.get(address)
    assert "The hub is looking at it." in text(before)
    decision = Decision("HIGH", london_date(timezone.now()), "Seen with an older man.")
    set_level(episode=cast.shared, decision=decision, seen_level=cast.shared.level, by=amira)
    late = client.post(address, typed(before, how="telephone", told_on="today"))
    assert late.status_code == 409, "it was decided since the page was opened"
    page = client.get(address)
    said = text(page)
    assert f"Thank you for your referral {referral.reference} of" in said
    assert "decided what to do" in said
    assert "High" not in said
    client.post(address, typed(page, how="telephone", told_on="today"))
    assert "decided what to do" in referral.feedback.get().words


def test_a_referrer_amends_their_own_and_sees_both_where_the_hub_was_faster(
    cast: Cast, chloe: User, amira: User, client_for: ClientFor
) -> None:
    referral = make_referral(partnership=cast.bradford, by=chloe)
    address = f"/referrals/{referral.pk}/amend/"
    hers, hubs = client_for(chloe), client_for(amira)
    opened = hers.get(address)
    fill(hubs, address, surname="Marsh", reason="Heard again.")
    answer = hers.post(address, typed(opened, surname="Mersh", reason="A slip."))
    assert answer.status_code == 409
    assert "Both versions" in text(answer)
    assert hers.post(address, typed(answer, surname="Mersh", reason="A slip.")).status_code == 302
    assert Referral.objects.get(pk=referral.pk).surname == "Mersh"
    police = client_for(cast.people["ben"])
    assert police.get(address).status_code == 403
    assert police.get(f"/referrals/{referral.pk}/").status_code == 200


def test_the_lists_of_the_hub_say_what_waits_and_who_is_to_be_told(
    cast: Cast, chloe: User, amira: User, client_for: ClientFor
) -> None:
    waits, joined = (make_referral(partnership=cast.bradford, by=chloe) for _each in range(2))
    episode = cast.unshared
    join_referral(referral=joined, child=episode.child, episode=episode, by=amira)
    client = client_for(amira)
    shown = {
        name: [row.reference for row in client.get(f"/referrals/?list={name}").context["page"].rows]
        for name in ("waiting", "looked-at", "feedback", "all", "nonsense")
    }
    both = [waits.reference, joined.reference]
    assert shown["waiting"] == shown["nonsense"] == [waits.reference]
    assert shown["looked-at"] == [joined.reference]
    assert shown["feedback"] == shown["all"] == both
    page = client.get("/referrals/?list=all&sort=-reference").context["page"]
    assert [row.reference for row in page.rows] == both[::-1]
    assert "working day" in page.rows[0].clock


@pytest.mark.parametrize("number", [1, 30])
def test_lists_ask_the_database_as_often_for_many_as_for_few(
    cast: Cast, chloe: User, amira: User, number: int, django_assert_num_queries: Any
) -> None:
    for _each in range(number):
        make_referral(partnership=cast.bradford, by=chloe)
    now = timezone.now()
    with django_assert_num_queries(3):
        list_page(amira, "waiting", "", "1", now, takes_calls=True)
    with django_assert_num_queries(3):
        mine_page(chloe, "1", now.date())
