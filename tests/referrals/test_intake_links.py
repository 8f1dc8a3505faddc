"""One-time links: a teacher refers without an account, and what attacks on the link come to."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from hub.access.context import acting_by_link, acting_for_stranger
from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict, NotAllowed, RuleBroken
from referrals.grants.actions import shut_out
from referrals.intake.actions import forget_drafts, send_link, withdraw_link
from referrals.intake.models import Referral, ReferralLink, token_of
from referrals.intake.rules import LINK_OPEN, digest_of, domain_is_known, link_state
from referrals.intake.tasks import send_links
from referrals.triage.actions import match_referral
from tests.cast import Cast, ClientFor
from tests.make import make_referral
from tests.recording import typed
from tests.referrals.filling_in import ANSWERS, fill, fill_all, send
from tests.second_wall import as_application

TEACHER = "tess.rowan@hillside.example"
HERS = {**ANSWERS, "who": {"referrer_name": "Tess Rowan", "referrer_post": "Teacher", "agency": "Hillside",
                           "source": "2A", "referrer_telephone": "01632 960 001"}}  # fmt: skip
FORM = "/refer/form/"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def link_for(cast: Cast, email: str = TEACHER) -> ReferralLink:
    """A link that the hub had sent."""
    amira = cast.people["amira"]
    return send_link(partnership=cast.bradford, email=email, now=timezone.now(), by=amira)


def way_of(link: ReferralLink) -> str:
    return f"/refer/open/{token_of(link.message)}/"


def opened(client: Client, link: ReferralLink, **answers: str) -> Any:
    return client.post(way_of(link), answers)


# --- the story ---------------------------------------------------------------------------------------------


def test_a_teacher_asks_for_a_link_refers_once_and_keeps_the_number(
    cast: Cast, client_for: ClientFor
) -> None:
    client = client_for(None)
    asked = client.post("/refer/", {"hub": cast.bradford.pk, "email": TEACHER.title()})
    assert "Look into your mailbox" in text(asked)
    send_links()
    (letter,) = mail.outbox
    assert letter.to == [TEACHER]
    way = next(word for word in letter.body.split() if "/refer/open/" in word)
    way = way[way.index("/refer/") :]
    assert "Begin" in text(client.get(way))  # looking uses nothing up
    assert client.post(way).headers["Location"] == FORM
    page = fill_all(client, FORM, HERS)
    assert send(client, FORM, page).headers["Location"] == "/refer/sent/"
    sent = Referral.objects.get()
    assert (sent.route, sent.agency, sent.referrer_email) == ("link", "Hillside", TEACHER)
    assert sent.reference in text(client.get("/refer/sent/"))
    assert client.get(FORM).headers["Location"] == "/refer/sent/"
    assert client.post(f"{FORM}check/", typed(page)).headers["Location"] == "/refer/sent/"
    assert Referral.objects.count() == 1
    send_links()
    confirmation = mail.outbox[1]
    assert sent.reference in confirmation.body
    for word in ("Lia", "March", "Tess", "Hillside School"):
        assert word not in f"{confirmation.body} {confirmation.subject} {letter.body}"
    send_links()
    assert len(mail.outbox) == 2
    assert ReferralLink.objects.get().content == ""
    trail = AuditEvent.objects.filter(reference=sent.reference).get()
    assert (trail.event, trail.username) == ("referral.received", "operator")


def test_a_draft_outlives_its_link_and_comes_back_to_the_same_address(
    cast: Cast, client_for: ClientFor
) -> None:
    first, client = link_for(cast), client_for(None)
    opened(client, first)
    fill(client, f"{FORM}happened/", what_happened="He waits")
    ReferralLink.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    answer = client.get(f"{FORM}happened/")
    assert (answer.status_code, "ask for another link" in text(answer)) == (410, True)
    assert "He waits" not in ReferralLink.objects.get().content
    second, again = link_for(cast), client_for(None)
    assert "You began a referral before" in text(again.get(way_of(second)))
    opened(again, second, take_up="1")
    assert "He waits" in text(again.get(f"{FORM}happened/"))
    stranger = link_for(cast, "other@hillside.example")
    assert "You began" not in text(client_for(None).get(way_of(stranger)))


def test_a_new_one_may_be_begun_beside_an_old_draft(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(None)
    opened(client, link_for(cast))
    fill(client, f"{FORM}happened/", what_happened="He waits")
    other = client_for(None)
    opened(other, link_for(cast))
    assert "He waits" not in text(other.get(f"{FORM}happened/"))
    assert "He waits" in text(client.get(f"{FORM}happened/"))


def test_the_hub_sends_a_link_and_a_partner_does_not(cast: Cast, client_for: ClientFor) -> None:
    answer = fill(client_for(cast.people["amira"]), "/referrals/link/", email=TEACHER)
    assert answer.headers["Location"] == "/referrals/"
    assert ReferralLink.objects.get().email == TEACHER
    with pytest.raises(NotAllowed):
        send_link(
            partnership=cast.bradford, email=TEACHER, now=timezone.now(), by=cast.people["ben"]
        )


def test_the_hub_lists_its_links_and_withdraws_one_that_is_open_still(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    unsent, used, half = (
        link_for(cast, "a@x.example"),
        link_for(cast),
        link_for(cast, "b@x.example"),
    )
    hers, theirs, client = client_for(None), client_for(None), client_for(dev)
    opened(hers, used)
    send(hers, FORM, fill_all(hers, FORM, HERS))
    opened(theirs, half)
    page = text(client.get("/referrals/links/"))
    sent = Referral.objects.get()
    assert [page.count(state) for state in (*LINK_OPEN, "Used")] == [1, 0, 1, 1]
    assert (TEACHER in page, sent.reference in page, "Amira Sadler" in page) == (True, True, True)
    assert sent.reference in AuditEvent.objects.get(event="referral_links.listed").about
    for link in (unsent, half):
        address = f"/referrals/links/{link.pk}/withdraw/"
        form = client.get(address)
        assert client.post(address, typed(form)).status_code == 422
        client.post(address, typed(form, reason="A wrong address."))
    assert text(client.get("/referrals/links/")).count("Withdrawn") == 2
    assert theirs.get(FORM).status_code == client_for(None).get(way_of(unsent)).status_code == 410
    send_links()
    assert [letter.subject for letter in mail.outbox] == ["CSE Hub: your referral has arrived"]
    event = AuditEvent.objects.filter(event="referral_link.withdrawn").first()
    assert event is not None
    assert (event.reason, "x.example" in str(event.before)) == ("A wrong address.", False)
    for link in (unsent, used):
        with pytest.raises(Conflict):
            withdraw_link(link=link, reason="Once more.", now=timezone.now(), by=dev)
    with pytest.raises(RuleBroken):
        withdraw_link(link=half, reason=" ", now=timezone.now(), by=dev)


def test_a_link_by_which_a_hidden_child_was_referred_is_not_in_the_list(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    link, hers = link_for(cast), client_for(None)
    opened(hers, link)
    send(hers, FORM, fill_all(hers, FORM, HERS))
    episode = match_referral(
        referral=Referral.objects.get(), child=cast.unshared.child, onto=cast.unshared, by=dev
    )
    client = client_for(cast.people["amira"])
    assert TEACHER in text(client.get("/referrals/links/"))
    shut_out(child=episode.child, person=cast.people["amira"], because="Her niece.", by=dev)
    assert TEACHER not in text(client.get("/referrals/links/"))
    assert client.get(f"/referrals/links/{link.pk}/withdraw/").status_code == 404
    assert TEACHER not in text(client_for(cast.people["erin"]).get("/referrals/links/"))


@pytest.mark.parametrize(
    ("sent", "opened", "used", "withdrawn", "over", "state"),
    [
        (False, False, False, False, False, LINK_OPEN[0]),
        (True, False, False, False, False, LINK_OPEN[1]),
        (True, True, False, False, False, LINK_OPEN[2]),
        (False, True, False, False, False, LINK_OPEN[2]),
        (True, True, False, False, True, "Ran out"),
        (True, True, False, True, True, "Withdrawn"),
        (True, True, True, True, True, "Used"),
    ],
)
def test_how_a_link_stands(
    sent: bool, opened: bool, used: bool, withdrawn: bool, over: bool, state: str
) -> None:
    stands = link_state(sent=sent, opened=opened, used=used, withdrawn=withdrawn, over=over)
    assert stands == state


# --- attacks ------------------------------------------------------------------------------------------------


def test_a_link_is_opened_once_in_one_browser(cast: Cast, client_for: ClientFor) -> None:
    link, hers, thief = link_for(cast), client_for(None), client_for(None)
    opened(hers, link)
    fill(hers, f"{FORM}happened/", what_happened="He waits")
    for answer in (thief.get(way_of(link)), opened(thief, link), thief.get(FORM)):
        assert (answer.status_code, "He waits" in text(answer)) == (410, False)
    assert "He waits" in text(hers.get(f"{FORM}happened/"))


@pytest.mark.parametrize("token", ["x", "0" * 64, "../form", "é"])
def test_what_is_guessed_is_answered_as_what_is_used_or_expired(
    cast: Cast, client_for: ClientFor, token: str
) -> None:
    used, expired = link_for(cast), link_for(cast)
    opened(client_for(None), used)
    ReferralLink.objects.filter(pk=expired.pk).update(ends_at=timezone.now())
    client = client_for(None)
    answers = [client.get(way) for way in (way_of(used), way_of(expired), f"/refer/open/{token}/")]
    assert {answer.status_code for answer in answers} <= {410, 404}
    assert text(answers[0]).replace(way_of(used), "") == text(answers[1]).replace(
        way_of(expired), ""
    )
    client.cookies["referral"] = token
    assert client.get(FORM).status_code == 410
    assert not Referral.objects.exists()


def test_the_digest_in_the_database_opens_nothing(cast: Cast, client_for: ClientFor) -> None:
    link, client = link_for(cast), client_for(None)
    assert client.get(f"/refer/open/{link.digest}/").status_code == 410
    opened(client_for(None), link)
    client.cookies["referral"] = ReferralLink.objects.get().browser
    assert client.get(FORM).status_code == 410
    assert link.digest == digest_of(token_of(link.message)) != token_of(link.message)


def test_whoever_asks_is_told_the_same_and_too_many_mails_go_to_nobody(
    cast: Cast, client_for: ClientFor
) -> None:
    cast.bradford.referrer_domains = ["hillside.example"]
    cast.bradford.save()
    client = client_for(None)

    def ask(email: str) -> str:
        return text(client.post("/refer/", {"hub": cast.bradford.pk, "email": email}))

    said = {ask(email) for email in (*[TEACHER] * 6, "x@elsewhere.example", "new@hillside.example")}
    assert len(said) == 1
    to = list(ReferralLink.objects.order_by("pk").values_list("email", flat=True))
    assert to == [TEACHER] * 3 + ["new@hillside.example"]
    for number in range(30):
        ask(f"t{number}@hillside.example")
    assert ReferralLink.objects.count() < 25
    wrong = client.post("/refer/", {"hub": "0", "email": "nobody"})
    assert wrong.status_code == 422


def test_a_domain_is_the_whole_of_it() -> None:
    assert domain_is_known("a@school.hillside.example", ["@hillside.example"])
    assert not domain_is_known("a@evilhillside.example", ["hillside.example"])
    assert not domain_is_known("a@hillside.example.evil", ["hillside.example"])
    assert domain_is_known("a@anywhere.example", [])


def numbers(table: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")
        return {number for (number,) in cursor.fetchall()}


def test_the_database_shows_a_links_holder_the_own_link_and_referral_alone(
    cast: Cast, client_for: ClientFor
) -> None:
    other = link_for(cast, "other@hillside.example")
    make_referral(partnership=cast.bradford, by=operator())
    link, client = link_for(cast), client_for(None)
    opened(client, link)
    send(client, FORM, fill_all(client, FORM, HERS))
    hers = Referral.objects.get(link=link)
    tables = (
        "referrals_child",
        "referrals_episode",
        "hub_draft",
        "referrals_note",
        "referrals_alias",
    )
    with as_application(), transaction.atomic():
        with acting_by_link(operator(), cast.bradford.pk, link.pk):
            assert numbers("referrals_referral") == {hers.pk}
            assert numbers("referrals_referrallink") == {link.pk}
            assert [numbers(table) for table in tables] == [set()] * len(tables)
        with acting_by_link(operator(), cast.kirklees.pk, link.pk):
            assert numbers("referrals_referral") == numbers("referrals_referrallink") == set()
        with acting_for_stranger(operator(), cast.bradford.pk):
            assert numbers("referrals_referral") == set()
            assert numbers("referrals_referrallink") == {link.pk, other.pk}
        with acting_for_stranger(operator(), cast.kirklees.pk):
            assert numbers("referrals_referrallink") == set()


def test_a_draft_that_is_too_old_is_forgotten(cast: Cast, client_for: ClientFor) -> None:
    client = client_for(None)
    opened(client, link_for(cast))
    fill(client, f"{FORM}happened/", what_happened="He waits")
    now = timezone.now()
    assert forget_drafts(now=now, by=operator()) == 0
    assert forget_drafts(now=now + timedelta(days=31), by=operator()) == 1
    assert ReferralLink.objects.get().content == ""


def test_a_mail_that_fails_is_sent_again_with_the_same_number(cast: Cast, amira: User) -> None:
    link_for(cast)
    fails = patch("referrals.intake.actions.links.EmailMessage.send", side_effect=ConnectionError)
    with fails, pytest.raises(ConnectionError):
        send_links()
    send_links()
    assert len(mail.outbox) == 1
