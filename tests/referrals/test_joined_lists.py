"""Every list has a child once whose records are joined, for whoever sees both."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from hub.accounts.models import User
from referrals.episodes.models import Episode
from referrals.grants.actions import restrict
from referrals.intake.models import Referral
from referrals.joinings.actions import join_records
from referrals.matching.queries import who_may_be
from referrals.matching.rules.likeness import Person
from referrals.support.models import ServiceReferral
from referrals.triage.actions import match_referral
from risk.agenda.views import agenda_page
from risk.levels.queries import judged_of
from risk.meetings.queries.entries import _days_list
from risk.repeats.queries import all_repeated, first_support
from tests.cast import Cast, ClientFor
from tests.make import make_child, make_episode, make_referral, set_level
from tests.risk.meeting import item_of, meeting_of

BORN = date(2011, 5, 3)


@pytest.fixture
def twice(cast: Cast, amira: User) -> Episode:
    """Kit Marden once more, as Kitty Moorden with another birthday and an episode, joined to Kit's record."""
    child = make_child(
        partnership=cast.bradford, by=amira, surname="Moorden", forenames="Kitty",
        reference="C-TWICE", born=date(2011, 6, 4),
    )  # fmt: skip
    episode = make_episode(child=child, by=amira, reference="E-TWICE", referred_on=date(2026, 3, 9))
    join_records(child=child, kept=cast.shared.child, reason="Same.", by=amira)
    return episode


def search(client: Client, text: str) -> list[tuple[str, list[str]]]:
    shown = client.get(client.post("/search/", {"text": text})["Location"])
    return [(row.reference, row.why) for row in shown.context["results"].rows]


@pytest.mark.django_db
def test_a_search_by_either_name_or_reference_finds_the_kept_record_once_and_says_why(
    cast: Cast, twice: Episode, client_for: ClientFor
) -> None:
    amira, kept = client_for(cast.people["amira"]), cast.shared.child.reference
    assert search(amira, "moorden") == [(kept, ["name on record C-TWICE"])]
    assert search(amira, "marden") == [(kept, ["name"])]
    assert search(amira, "E-TWICE") == [(kept, ["episode E-TWICE on record C-TWICE"])]
    assert search(amira, "4/6/2011") == [(kept, ["date of birth on record C-TWICE"])]
    assert search(amira, "kit") == [(kept, ["name", "name on record C-TWICE"])]
    chloe = client_for(cast.people["chloe"])
    assert search(chloe, "moorden") == []
    assert search(chloe, "kit") == [(kept, ["name"])]


@pytest.mark.django_db
def test_the_joined_record_makes_its_child_a_candidate_once(cast: Cast, twice: Episode) -> None:
    amira, kept = cast.people["amira"], cast.shared.child
    asked = Person(name="Kitty Moorden", born=date(2011, 6, 4))
    alike = who_may_be(amira, cast.bradford.pk, asked, BORN)
    (row,) = alike.rows
    assert (row.child_id, row.reference, row.name) == (kept.pk, kept.reference, "Marden, Kit")
    assert row.why[-1] == "on record C-TWICE"
    assert {held.reference for held in row.episodes} == {"E-TWICE", cast.shared.reference}
    assert alike.more == 0
    judged = judged_of(amira, [kept.pk])
    assert {one.reference for one in judged[kept.pk]} == {"E-TWICE", cast.shared.reference}
    none = who_may_be(amira, cast.bradford.pk, asked, BORN, without=[kept.pk, twice.child_id])
    assert none.rows == []


@pytest.mark.django_db
def test_the_caseload_has_each_episode_under_the_kept_name(
    cast: Cast, twice: Episode, client_for: ClientFor
) -> None:
    rows = client_for(cast.people["amira"]).get("/episodes/").context["caseload"].rows
    called = {row.reference: (row.child_id, row.child_reference, row.name) for row in rows}
    kept = cast.shared.child
    assert called["E-TWICE"] == (kept.pk, kept.reference, "Marden, Kit")
    assert called["E-TWICE"] == called[cast.shared.reference]


@pytest.mark.django_db
def test_the_days_list_and_the_agenda_have_the_child_once(cast: Cast, twice: Episode) -> None:
    amira, now = cast.people["amira"], timezone.now()
    rows = [row for group in agenda_page(amira, "", now, "1").groups for row in group.rows]
    (row,) = (row for row in rows if row.reference == cast.shared.child.reference)
    assert "C-TWICE" not in {row.reference for row in rows}
    assert {"E-TWICE", cast.shared.reference} <= {
        word.strip(",") for why in row.reasons for word in why.split()
    }
    assert row.which == "2nd episode"
    entries = _days_list(now.date(), amira)
    children = {"E-TWICE", cast.shared.reference}
    assert len([one for one in entries if one.episode.reference in children]) == 1


@pytest.mark.django_db
def test_referrals_of_both_records_count_as_one_childs(cast: Cast, twice: Episode) -> None:
    amira, kept = cast.people["amira"], cast.shared.child
    set_level(episode=twice, level="LOW", by=amira, set_on=date(2026, 3, 12))
    began = date(2026, 3, 20)
    ServiceReferral.objects.create(
        episode=twice, partnership=cast.bradford, service="larkfield", referred_on=began,
        outcome="ACCEPTED", started_on=began, known_from=timezone.now(), recorded_by=amira,
    )  # fmt: skip
    (one,) = all_repeated(amira)
    assert (one.child, one.times, one.at_risk_on) == (kept.pk, 2, date(2026, 3, 12))
    assert first_support(amira, [kept.pk]) == {kept.pk: began}


@pytest.mark.django_db
def test_a_referral_is_put_to_either_records_episode_and_stays_there(
    cast: Cast, twice: Episode, client_for: ClientFor
) -> None:
    amira, kept = cast.people["amira"], cast.shared.child
    referral = make_referral(partnership=cast.bradford, by=cast.people["ben"])
    client = client_for(amira)
    page = client.get(f"/triage/{referral.pk}/same/{twice.child_id}/")
    assert f"{kept.reference}?" in page.content.decode(), "a joined record's child is the kept one"
    assert "E-TWICE" in page.content.decode()
    match_referral(referral=referral, child=kept, onto=twice, by=amira)
    assert Referral.objects.get(pk=referral.pk).child_id == twice.child_id


@pytest.mark.django_db
def test_at_a_meeting_the_child_is_known_by_both_records(
    cast: Cast, twice: Episode, client_for: ClientFor
) -> None:
    amira = cast.people["amira"]
    set_level(episode=twice, level="LOW", by=amira, set_on=date(2026, 3, 12))
    item = item_of(meeting_of(cast, amira, cast.shared), cast.shared)
    page = client_for(amira).get(f"/meetings/items/{item.pk}/").content.decode()
    assert "E-TWICE" in page
    restrict(child=twice.child, because="Confidential.", by=cast.people["dev"])
    hidden = client_for(cast.people["nora"]).get(f"/meetings/items/{item.pk}/").content.decode()
    assert "E-TWICE" not in hidden
