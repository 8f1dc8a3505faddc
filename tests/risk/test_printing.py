"""A case on paper: the purpose is asked first, the disclosure recorded once, and nothing more is on it."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import noon
from hub.errors import NotAllowed, RuleBroken
from referrals.episodes.models import Episode
from referrals.support.models import ServiceReferral
from risk.casefile.rules import looking_at
from risk.casefile.views.frame import labels_for
from risk.printing.actions import disclose
from risk.printing.views import PARTS
from tests.cast import NOW, Cast, ClientFor
from tests.make import correct_level, make_address, make_missing, make_review, set_level
from tests.referrals.pages import REFERRED

ANSWERS = {"purpose": "court", "words": "", "recipient": "The family court", "part": "all"}


def ask(client: Client, episode: Episode, query: str = "", **answers: str) -> Any:
    """Send the questions of the episode's child, filled in unless a test says otherwise."""
    address = f"/children/{episode.child_id}/print/{query}"
    return client.post(address, {**ANSWERS, **answers})


def words_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def sheet_of(client: Client, episode: Episode, query: str = "", **answers: str) -> str:
    """The words of a sheet, asked for and followed to its address."""
    response = ask(client, episode, query, **answers)
    assert response.status_code == 302
    assert response.url.startswith("/children/print/")
    shown = client.get(response.url)
    assert shown.status_code == 200
    return words_of(shown)


def disclosures() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(verb="disclosure", event="child.printed"))


# --- asking ------------------------------------------------------------------------------------


def test_each_page_of_a_case_leads_to_printing_itself_as_at_its_day(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    address = f"/children/{cast.shared.child_id}/levels/?as_at=2026-03-29"
    page = client_for(amira).get(address).content.decode()
    link = f"/children/{cast.shared.child_id}/print/?part=levels&amp;as_at=2026-03-29"
    assert f'href="{link}"' in page
    asked = client_for(amira).get(link.replace("&amp;", "&")).content.decode()
    assert re.findall(r'name="part" value="(\w+)"[^>]* checked', asked) == ["levels"]
    assert not re.findall(r'name="purpose"[^>]* checked', asked)
    assert "as at 29 Mar 2026" in asked


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"purpose": ""}, "Choose what it is printed for"),
        ({"purpose": "gossip"}, "Choose one that is in the list"),
        ({"purpose": "other"}, "Say what the purpose is"),
        ({"recipient": "  "}, "Enter who it is for"),
        ({"recipient": "x" * 201}, "200 characters or fewer"),
        ({"part": ""}, "Choose what is printed"),
        ({"part": "suspects"}, "Choose one that is in the list"),
    ],
)
def test_nothing_is_printed_without_purpose_recipient_and_extent_and_what_was_typed_stays(
    answers: dict[str, str], message: str, cast: Cast, amira: User, client_for: ClientFor
) -> None:
    response = ask(client_for(amira), cast.shared, **{"words": "", "recipient": "Kept", **answers})
    assert response.status_code == 422
    assert message in words_of(response)
    assert "recipient" in answers or 'value="Kept"' in response.content.decode()
    assert disclosures() == []


def test_a_day_that_cannot_be_read_prints_nothing(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    assert ask(client_for(amira), cast.shared, "?as_at=soon").status_code == 422
    assert disclosures() == []


def test_a_charity_is_offered_only_the_pages_that_it_has(
    cast: Cast, chloe: User, client_for: ClientFor
) -> None:
    client = client_for(chloe)
    asked = client.get(f"/children/{cast.shared.child_id}/print/").content.decode()
    offered = re.findall(r'name="part" value="(\w+)"', asked)
    assert offered == ["all", *labels_for(False)]
    assert ask(client, cast.shared, part="missing").status_code == 422


# --- the disclosure ----------------------------------------------------------------------------


def test_printing_is_a_disclosure_once_and_a_view_each_time_the_sheet_is_seen(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    address = ask(client, cast.shared, words="hearing of 3 May").url
    assert client.get(address).status_code == client.get(address).status_code == 200
    (event,) = disclosures()
    assert event.reference == cast.shared.child.reference
    assert event.partnership_id == cast.bradford.pk
    assert event.reason == "Court proceedings: hearing of 3 May"
    assert event.after is not None
    assert {name: event.after[name] for name in ("part", "purpose", "recipient")} == {
        "part": "all",
        "purpose": "court",
        "recipient": "The family court",
    }
    views = AuditEvent.objects.filter(event="child.viewed", after__page="sheet")
    assert [view.verb for view in views] == ["consultation"] * 2


def test_who_does_not_see_the_child_prints_nothing(cast: Cast, erin: User, bea: User) -> None:
    for person in (erin, bea):
        with pytest.raises(NotAllowed):
            disclose(
                child=cast.shared.child,
                **ANSWERS,
                looking=looking_at(now=NOW),
                now=NOW,
                by=person,
            )
    assert disclosures() == []


def test_another_purpose_without_words_is_refused_whoever_calls(cast: Cast, amira: User) -> None:
    asked: dict[str, str] = {**ANSWERS, "purpose": "other"}
    with pytest.raises(RuleBroken):
        disclose(child=cast.shared.child, **asked, looking=looking_at(now=NOW), now=NOW, by=amira)


# --- the sheet ---------------------------------------------------------------------------------


def test_a_sheet_says_what_it_is_whose_and_for_whom_and_holds_every_page(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    set_level(episode=cast.shared, level="HIGH", set_on=REFERRED, by=amira, rationale="Two reports")
    make_missing(child=cast.shared.child, by=amira, start=noon(REFERRED))
    make_address(child=cast.shared.child, by=amira, from_date=REFERRED)
    sheet = sheet_of(client_for(amira), cast.shared)
    assert "OFFICIAL-SENSITIVE." in sheet
    assert "Printed by Amira Sadler, Hub social worker, Children's Social Care, on" in sheet
    assert "Purpose: Court proceedings. For: The family court." in sheet
    assert "Kit Marden" in sheet
    for words in ("Two reports", "Still missing", "7 Ferncliffe Row", "Level set: first level"):
        assert words in sheet
    assert set(PARTS) == set(labels_for(True))


def test_a_sheet_of_one_page_holds_that_page_alone(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    make_address(child=cast.shared.child, by=amira, from_date=REFERRED)
    sheet = sheet_of(client_for(amira), cast.shared, part="levels")
    assert "Ferncliffe" not in sheet
    assert "Levels" in sheet


def test_a_timeline_on_paper_is_whole(cast: Cast, amira: User, client_for: ClientFor) -> None:
    for number in range(60):
        make_review(episode=cast.shared, due_on=REFERRED + timedelta(number), by=amira)
    sheet = sheet_of(client_for(amira), cast.shared, "?as_at=2026-06-01", part="timeline")
    assert sheet.count("Review due") == 60
    assert "Show only" not in sheet


def test_a_sheet_keeps_its_day_and_what_was_known_when_it_was_printed(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    old = set_level(episode=cast.shared, level="LOW", set_on=REFERRED, by=amira)
    set_level(episode=cast.shared, level="HIGH", set_on=date(2026, 4, 20), by=amira)
    client = client_for(amira)
    address = ask(client, cast.shared, "?as_at=2026-03-29", part="levels").url
    first = words_of(client.get(address))
    assert "as at 29 Mar 2026, as it was known on" in first
    assert "■□□ Low since 2 Mar 2026" in first
    assert "High" not in first
    (event,) = disclosures()
    assert event.after is not None
    late = event.at + timedelta(seconds=1)
    correct_level(old=old, level="MEDIUM", reason="Late news.", at=late, by=amira)
    assert words_of(client.get(address)) == first


def test_a_charitys_sheet_has_only_what_it_may_see(
    cast: Cast, amira: User, chloe: User, client_for: ClientFor
) -> None:
    set_level(episode=cast.shared, level="HIGH", set_on=REFERRED, by=amira, rationale="Secret one")
    make_missing(child=cast.shared.child, by=amira, start=noon(REFERRED))
    make_address(
        child=cast.shared.child,
        by=amira,
        from_date=REFERRED,
        line="9 Hidden Way",
        confidential=True,
    )
    sheet = sheet_of(client_for(chloe), cast.shared)
    for hidden in ("Secret", "issing", "Hidden Way"):
        assert hidden not in sheet
    assert "■■■ High" in sheet
    assert "Northlight" in sheet


def test_a_sheet_is_its_own_persons_alone_and_gone_with_the_child_or_the_hour(
    cast: Cast,
    amira: User,
    dev: User,
    chloe: User,
    client_for: ClientFor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, charity = client_for(amira), client_for(chloe)
    address, shared = ask(client, cast.shared).url, ask(charity, cast.shared).url
    assert client_for(dev).get(address).status_code == 404
    assert client.get(shared).status_code == 404
    ServiceReferral.objects.filter(episode=cast.shared).update(
        superseded_at=NOW, superseded_by=amira
    )
    assert charity.get(shared).status_code == 404
    monkeypatch.setattr("risk.printing.rules.KEPT_FOR", timedelta(0))
    assert client.get(address).status_code == 404


def test_a_sheet_asks_the_database_as_often_for_thirty_levels_as_for_one(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    counts = []
    for days in (range(1), range(1, 30)):
        for number in days:
            set_level(
                episode=cast.shared, level="LOW", set_on=REFERRED + timedelta(number), by=amira
            )
            make_missing(
                child=cast.shared.child, by=amira, start=noon(REFERRED + timedelta(number))
            )
        address = ask(client, cast.shared).url
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]
