"""Refusals are on the trail, and tell no more than the person was told."""

import pytest
from django.urls import reverse

from hub.accounts.models import User
from hub.audit.models import AuditEvent
from tests.cast import Cast, ClientFor

REFUSALS = AuditEvent.objects.filter(event__startswith="refused")


def test_a_page_that_somebody_may_not_open_is_noted_with_its_reason(
    cast: Cast, bea: User, client_for: ClientFor
) -> None:
    assert client_for(bea).get(reverse("referrals-caseload")).status_code == 403
    event = REFUSALS.get()
    assert (event.event, event.username, event.what) == ("refused", "bea", "referrals-caseload")
    assert event.reference == "/episodes/"
    assert event.reason.startswith("Your role does not include this")
    assert event.partnership_id == cast.bradford.pk


def test_what_a_refused_deed_had_done_is_undone_and_the_refusal_stands(
    cast: Cast, nora: User, client_for: ClientFor
) -> None:
    before = AuditEvent.objects.exclude(event__startswith="refused").count()
    page = reverse("risk-child-episode-new", args=[cast.shared.child_id])
    assert client_for(nora).post(page, {}).status_code == 403
    assert REFUSALS.get().what == "risk-child-episode-new"
    assert AuditEvent.objects.exclude(event__startswith="refused").count() == before


@pytest.mark.parametrize("hidden", [True, False])
def test_hidden_and_absent_leave_the_same_event(
    hidden: bool, cast: Cast, erin: User, client_for: ClientFor
) -> None:
    number = cast.shared.child_id if hidden else 987654
    assert client_for(erin).get(reverse("risk-child-summary", args=[number])).status_code == 404
    event = REFUSALS.get()
    assert (event.event, event.what) == ("refused.unknown", "risk-child-summary")
    assert event.reference == f"/children/{number}/"
    assert (event.reason, event.before, event.after) == ("", None, None)
    assert event.partnership_id == cast.kirklees.pk


def test_what_was_typed_into_an_address_is_not_kept(amira: User, client_for: ClientFor) -> None:
    assert client_for(amira).get("/search/Jodie-Fenwick/").status_code == 404
    assert REFUSALS.get().reference == "/search/<str:number>/"


def test_a_stranger_leaves_no_refusal(db: None, client_for: ClientFor) -> None:
    client_for(None).get("/episodes/")
    client_for(None).get("/nowhere/")
    assert not REFUSALS.exists()
