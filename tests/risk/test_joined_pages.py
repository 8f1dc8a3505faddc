"""Two joined records on the pages of the case: read as one by whoever sees both, and as before by others."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hub.audit.models import AuditEvent
from referrals.children.models import Address, Child
from referrals.disclosures.models import Disclosure
from referrals.episodes.models import Episode
from referrals.grants.actions import restrict
from referrals.joinings.actions import join_records, take_apart
from referrals.joinings.models import Joining
from referrals.notes.models import Note
from tests.cast import Cast, ClientFor
from tests.leaks import TOKEN
from tests.make import (
    make_address,
    make_child,
    make_episode,
    make_missing,
    make_note,
    make_person_to_call,
    refer_to_service,
    set_level,
)
from tests.recording import typed

DAY = date(2026, 3, 9)
TABS = (
    "summary",
    "timeline",
    "levels",
    "addresses",
    "episodes",
    "missing",
    "support",
    "intelligence",
)
MARK = "on record"


@pytest.fixture
def second(cast: Cast) -> Episode:
    """A second record of Kit Marden, entered as Kitt, with a history of its own."""
    amira = cast.people["amira"]
    child = make_child(
        partnership=cast.bradford, by=amira, surname="Marden", forenames="Kitt", reference="C-TWICE"
    )
    episode = make_episode(child=child, by=amira, referred_on=date(2026, 3, 5), reference="E-TWICE")
    set_level(episode=episode, level="HIGH", by=amira, set_on=DAY)
    make_address(child=child, by=amira, from_date=DAY, line="12 Alder Way")
    make_missing(child=child, by=amira, start=datetime(2026, 3, 7, 22, tzinfo=UTC))
    make_note(child=child, by=amira, episode=episode, text="Told of a car outside.")
    make_person_to_call(child=child, by=amira, name="Aunt Joy")
    return episode


def joined(cast: Cast, second: Episode) -> Joining:
    return join_records(
        child=second.child, kept=cast.shared.child, reason="Same child.", by=cast.people["amira"]
    )


def sent(client: Client, address: str, answers: dict[str, Any], status: int = 302) -> Any:
    """Open a form, type these answers into it, and send it."""
    answer = client.post(address, typed(client.get(address), **answers))
    assert answer.status_code == status, answer.content.decode()
    return answer


def page_of(client: Client, child: Child, tab: str = "summary") -> str:
    answer = client.get(reverse(f"risk-child-{tab}", args=[child.pk]))
    assert answer.status_code == 200, tab
    said = answer.content.decode()
    return TOKEN.sub("", said[said.index("<main") : said.index("</main>")])


@pytest.mark.django_db
def test_who_sees_both_reads_one_child_and_each_thing_says_on_which_record_it_stands(
    cast: Cast, second: Episode, client_for: ClientFor
) -> None:
    amira, kept = client_for(cast.people["amira"]), cast.shared.child
    make_note(child=kept, by=cast.people["amira"], text="Seen at the library.")
    before = {tab: page_of(amira, kept, tab) for tab in TABS}
    assert not any("TWICE" in page for page in before.values())
    joined(cast, second)
    pages = {tab: page_of(amira, kept, tab) for tab in TABS}
    assert "joined with C-TWICE" in pages["summary"]
    for tab, words in {
        "summary": (
            "12 Alder Way",
            "Kitt Marden (on record C-TWICE)",
            "Aunt Joy",
            "car outside",
            "library",
        ),
        "timeline": ("Told of a car outside.", "Seen at the library.", "12 Alder Way"),
        "levels": ("E-TWICE", cast.shared.reference),
        "addresses": ("12 Alder Way",),
        "episodes": ("E-TWICE", cast.shared.reference),
        "missing": ("7 Mar 2026",),
    }.items():
        for word in words:
            assert word in pages[tab], (tab, word)
        assert f"{MARK} C-TWICE" in pages[tab], tab
    header = pages["summary"][pages["summary"].index("hub-identity") :]
    assert "High" in header[: header.index("</dl>")], "the level is that of both records' episodes"


@pytest.mark.django_db
def test_the_joined_reference_and_its_addresses_lead_to_the_kept_record(
    cast: Cast, second: Episode, client_for: ClientFor
) -> None:
    joined(cast, second)
    amira, kept = client_for(cast.people["amira"]), cast.shared.child
    for tab in (*TABS, "print"):
        answer = amira.get(reverse(f"risk-child-{tab}", args=[second.child_id]) + "?as_at=today")
        assert answer["Location"] == reverse(f"risk-child-{tab}", args=[kept.pk]) + "?as_at=today"
    here = reverse("risk-child-episode", args=[second.child_id, second.pk])
    there = reverse("risk-child-episode", args=[kept.pk, second.pk])
    assert amira.get(here)["Location"] == there
    assert "E-TWICE" in amira.get(there).content.decode()


@pytest.mark.django_db
def test_before_the_joining_was_known_each_record_is_read_by_itself(
    cast: Cast, second: Episode, client_for: ClientFor
) -> None:
    then = timezone.now()
    fact = joined(cast, second)
    amira = client_for(cast.people["amira"])

    def page(child: Child, moment: datetime) -> Any:
        known = moment.isoformat().replace("+", "%2B")
        return amira.get(f"{reverse('risk-child-summary', args=[child.pk])}?known_at={known}")

    for child in (second.child, cast.shared.child):
        assert page(child, then).status_code == 200
        assert "joined with" not in page(child, then).content.decode()
    assert page(second.child, fact.known_from).status_code == 302


@pytest.mark.django_db
def test_who_sees_one_record_alone_learns_nothing_of_the_other(
    cast: Cast, second: Episode, client_for: ClientFor
) -> None:
    kept = cast.shared.child
    chloe, nora = client_for(cast.people["chloe"]), client_for(cast.people["nora"])
    tabs = ("summary", "timeline", "levels", "addresses", "support")
    before = {tab: page_of(chloe, kept, tab) for tab in tabs}
    joined(cast, second)
    assert {tab: page_of(chloe, kept, tab) for tab in tabs} == before
    assert chloe.get(reverse("risk-child-summary", args=[second.child_id])).status_code == 404
    restrict(child=kept, because="Confidential.", by=cast.people["dev"])
    alone = page_of(nora, second.child)
    assert "joined" not in alone
    assert kept.reference not in alone
    assert nora.get(reverse("risk-child-summary", args=[kept.pk])).status_code == 404


@pytest.mark.django_db
def test_a_charity_that_is_shown_both_reads_of_each_what_it_is_shown(
    cast: Cast, second: Episode, client_for: ClientFor
) -> None:
    amira, kept = cast.people["amira"], cast.shared.child
    later = DAY + timedelta(1)
    make_address(child=second.child, by=amira, from_date=later, line="9 Elm", confidential=True)
    refer_to_service(episode=second, service="northlight", by=amira)
    joined(cast, second)
    chloe = client_for(cast.people["chloe"])
    summary = page_of(chloe, kept)
    assert "joined with C-TWICE" in summary
    assert "E-TWICE" in summary
    assert "Same child." not in summary
    assert "Aunt Joy" not in summary
    assert "Confidential. Ask the lead worker" in summary, "what one record hides, both hide"
    assert "9 Elm" not in page_of(chloe, kept, "addresses")


@pytest.mark.django_db
def test_what_is_new_is_recorded_on_the_kept_record_and_what_stands_is_corrected_where_it_is(
    cast: Cast, second: Episode, client_for: ClientFor
) -> None:
    joined(cast, second)
    amira, kept = client_for(cast.people["amira"]), cast.shared.child
    new = reverse("risk-child-address-new", args=[second.child_id])
    where = {"line": "3 Elm Court", "from_date": "10/3/2026", "former": "held", "postcode": ""}
    sent(amira, new, where)
    assert Address.objects.get(line="3 Elm Court").child == kept
    old = Address.objects.get(line="12 Alder Way")
    correct = reverse("risk-child-address-correct", args=[kept.pk, old.pk])
    sent(amira, correct, {"line": "14 Alder Way", "from_date": "9/3/2026", "reason": "A slip."})
    assert Address.objects.known().get(line="14 Alder Way").child == second.child
    note = {
        "kind": "note", "happened_on": "9/3/2026", "text": "Both came.", "episode": f"{second.pk}",
        "seen_by": "hub",
    }  # fmt: skip
    sent(amira, reverse("risk-child-note-new", args=[kept.pk]), note)
    assert Note.objects.get(text="Both came.").child == second.child, "it is of that episode"
    summary = page_of(amira, kept)
    for deed in ("call-correct", "details"):
        number = [1] if deed == "call-correct" else []
        there = reverse(f"risk-child-{deed}", args=[second.child_id, *number])
        assert there in summary
        assert amira.get(there).status_code == 200


@pytest.mark.django_db
def test_a_look_and_a_print_are_on_the_trail_of_both_records(
    cast: Cast, second: Episode, client_for: ClientFor
) -> None:
    joined(cast, second)
    amira, kept = client_for(cast.people["amira"]), cast.shared.child
    page_of(amira, kept)
    seen = AuditEvent.objects.filter(event="child.viewed").latest("pk")
    assert seen.about == [kept.reference, "C-TWICE"]
    answers = {"part": "summary", "purpose": "court", "words": "", "recipient": "The panel"}
    assert amira.post(reverse("risk-child-print", args=[kept.pk]), answers).status_code == 302
    printed = AuditEvent.objects.get(event="child.printed")
    assert printed.about == [kept.reference, "C-TWICE"]
    assert set(Disclosure.objects.values_list("child", flat=True)) == {kept.pk, second.child_id}


@pytest.mark.django_db
def test_who_sees_a_joined_record_is_said_on_its_own_page(
    cast: Cast, second: Episode, client_for: ClientFor
) -> None:
    joined(cast, second)
    dev, kept = client_for(cast.people["dev"]), cast.shared.child
    own, other = (reverse("risk-child-access", args=[n]) for n in (kept.pk, second.child_id))
    assert other in page_of(dev, kept, "access")
    shown = dev.get(other).content.decode()
    assert "C-TWICE Who can see this child" in shown
    assert own in shown
    assert "Northlight" in page_of(dev, kept, "access")
    assert "Northlight" not in shown


@pytest.mark.django_db
def test_two_records_are_joined_and_taken_apart_by_their_pages(
    cast: Cast, second: Episode, client_for: ClientFor
) -> None:
    amira, kept = client_for(cast.people["amira"]), cast.shared.child
    choose = reverse("risk-child-join", args=[second.child_id])
    assert kept.reference in page_of(amira, second.child, "join"), "the likeliest is offered"
    refused = {"": "Enter the reference", "C-NONE": "No record that you may see",
               "C-TWICE": "This is the record that is open"}  # fmt: skip
    for text, message in refused.items():
        answer = amira.post(choose, {"reference": text})
        assert (answer.status_code, message in answer.content.decode()) == (422, True), text
    compare = amira.post(choose, {"reference": f" {kept.reference.lower()} "})["Location"]
    form = amira.get(compare).content.decode()
    assert "checked" not in form, "nobody is chosen for the person"
    assert "Differs" in form
    nothing = sent(amira, compare, {}, status=422).content.decode()
    assert "Choose which record is kept" in nothing
    assert "Write why these two" in nothing
    answer = sent(amira, compare, {"kept": kept.reference, "reason": "Same child."})
    assert answer["Location"] == reverse("risk-child-summary", args=[kept.pk])
    fact = Joining.objects.get()
    assert (fact.child, fact.kept) == (second.child, kept)
    assert (
        "This record is joined already"
        in amira.post(
            reverse("risk-child-join", args=[kept.pk]), {"reference": "C-TWICE"}
        ).content.decode()
    )
    listed = amira.get(reverse("referrals-joinings")).content.decode()
    apart = reverse("risk-child-apart", args=[kept.pk, fact.pk])
    assert apart in listed
    assert apart in page_of(amira, kept)
    sent(amira, apart, {"reason": "Cousins after all."})
    assert not Joining.objects.known()
    assert amira.get(apart).status_code == 404
    assert "No two records are joined" in amira.get(reverse("referrals-joinings")).content.decode()


@pytest.mark.django_db
def test_whoever_joined_one_of_them_meanwhile_is_told_and_nothing_typed_is_lost(
    cast: Cast, second: Episode, client_for: ClientFor
) -> None:
    amira, kept = client_for(cast.people["amira"]), cast.shared.child
    compare = reverse("risk-child-join-with", args=[second.child_id, kept.pk])
    opened = amira.get(compare)
    seen = opened.context["page"].form
    hidden = {name: seen[name].value() for name in ("seen", "once")}
    third = make_child(partnership=cast.bradford, by=cast.people["dev"], surname="Rowan")
    join_records(child=third, kept=kept, reason="Same child.", by=cast.people["dev"])
    typed = {"kept": kept.reference, "reason": "My own words."}
    told = amira.post(compare, {**hidden, **typed})
    assert told.status_code == 409
    assert "My own words." in told.content.decode()
    assert Joining.objects.count() == 1


@pytest.mark.django_db
def test_taken_apart_every_page_is_as_it_was(
    cast: Cast, second: Episode, client_for: ClientFor
) -> None:
    client = client_for(cast.people["nora"])

    def pages() -> list[str]:
        return [
            page_of(client, child, tab)
            for child in (cast.shared.child, second.child)
            for tab in TABS
        ]

    before = pages()
    take_apart(fact=joined(cast, second), reason="Cousins.", by=cast.people["amira"])
    assert pages() == before
