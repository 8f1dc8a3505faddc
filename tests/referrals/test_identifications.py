"""Who works by reference and saw who a child was: the auditor lists each, with its reason, and judges it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from hub.access.context import act_as
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.errors import Conflict, NotAllowed, RuleBroken
from referrals.grants.actions import give_grant, restrict
from referrals.grants.rules import Terms
from referrals.identities.actions import identify, review_identification
from referrals.identities.models import Identification, IdentificationReview
from referrals.identities.queries import referenced
from referrals.identities.rules import LASTS
from tests.cast import Cast, ClientFor
from tests.recording import typed
from tests.second_wall import as_application

pytestmark = pytest.mark.django_db
WHY = "Conflict 12 says another level."
ALL = "/identifications/"


def seen_by_ana(cast: Cast, because: str = WHY) -> Identification:
    """Ana opens who Kit is, as her pages do: for the database too."""
    ana = cast.people["ana"]
    with as_application(), transaction.atomic():
        act_as(ana)
        child = referenced(cast.shared.child_id)
        assert child is not None
        return identify(child=child, because=because, by=ana)


def test_the_auditor_finds_it_at_home_reads_why_and_closes_the_review(
    cast: Cast, otto: User, client_for: ClientFor
) -> None:
    opened, client = seen_by_ana(cast), client_for(otto)
    home = client.get("/").content.decode()
    assert "Identifications to be reviewed: 1" in home
    listed = client.get(ALL).content.decode()
    for word in (opened.reference, "Ana Keane", cast.shared.child.reference):
        assert word in listed, word
    address = f"{ALL}{opened.pk}/"
    page = client.get(address)
    shown = page.content.decode()
    for word in (WHY, "Ana Keane", cast.shared.child.reference, "What this person did"):
        assert word in shown, word
    assert "Marden" not in shown
    stale = typed(page, outcome="breach", words="Ask her.")
    done = client.post(address, typed(page, outcome="justified", words="The figure was wrong."))
    assert done["Location"] == ALL
    refused = client.post(address, stale | {"once": "8c7a0b0e-6f1c-4c68-9d0f-0d7f2b1f3c55"})
    assert refused.status_code == 409
    closed = client.get(address).content.decode()
    assert "Justified: The figure was wrong." in closed
    assert "Close the review" not in closed
    assert f">{opened.reference}<" not in client.get(ALL).content.decode()
    assert f">{opened.reference}<" in client.get(f"{ALL}?show=closed").content.decode()
    assert "No identification awaits your review." in client.get("/").content.decode()


def test_reading_and_closing_are_on_the_trail_under_its_number(
    cast: Cast, otto: User, client_for: ClientFor
) -> None:
    opened, client = seen_by_ana(cast), client_for(otto)
    assert opened.reference in AuditEvent.objects.get(event="child.identified").about
    client.get(ALL)
    client.get(f"{ALL}{opened.pk}/")
    review_identification(access=opened, outcome="to_be_asked", words="Which figure?", by=otto)
    events = {e.event: e for e in AuditEvent.objects.filter(what="identification")}
    assert opened.reference in events["identification.listed"].about
    assert events["identification.viewed"].reference == opened.reference
    closed = events["identification.reviewed"]
    assert (closed.reference, closed.reason) == (opened.reference, "Which figure?")


def test_a_review_says_something_is_closed_once_and_by_who_reviews(
    cast: Cast, otto: User, dev: User, ana: User
) -> None:
    opened = seen_by_ana(cast)
    with pytest.raises(RuleBroken):
        review_identification(access=opened, outcome="justified", words=" ", by=otto)
    for other in (dev, ana):
        with pytest.raises(NotAllowed):
            review_identification(access=opened, outcome="justified", words="Fine.", by=other)
    review_identification(access=opened, outcome="justified", words="Fine.", by=otto)
    with pytest.raises(Conflict):
        review_identification(access=opened, outcome="breach", words="No.", by=otto)


def test_it_is_overdue_after_ten_working_days(
    cast: Cast, otto: User, client_for: ClientFor
) -> None:
    opened = seen_by_ana(cast)
    long_ago = timezone.now() - timedelta(days=30)
    Identification.objects.update(starts_at=long_ago, ends_at=long_ago + LASTS)
    assert "<strong>Overdue</strong>" in client_for(otto).get(ALL).content.decode()
    opened.starts_at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert f"{opened.review_due_on:%d %B}" == "16 March"


def test_a_restricted_child_is_reviewed_too_and_hidden_from_who_worked_by_reference(
    cast: Cast, dev: User, ana: User, otto: User, client_for: ClientFor
) -> None:
    opened, child = seen_by_ana(cast), cast.shared.child
    restrict(child=child, because="Confidential in social care.", by=dev)
    assert not Identification.objects.visible_to(ana).exists()
    assert child.reference in client_for(otto).get(f"{ALL}{opened.pk}/").content.decode()
    give_grant(child=child, to=ana, terms=Terms("To check.", timezone.localdate()), by=dev)
    assert Identification.objects.visible_to(ana).get() == opened


def test_who_reads_them_is_the_reviewer_and_each_their_own(cast: Cast) -> None:
    seen_by_ana(cast)
    people = [*cast.people.values()]
    read = [user.username for user in people if Identification.objects.visible_to(user).exists()]
    assert read == ["ana", "otto"]
    with as_application():
        for user in people:
            with transaction.atomic():
                act_as(user)
                found = [Identification.objects.exists(), IdentificationReview.objects.exists()]
                assert found == [user.username in read, False], user


def test_the_database_names_the_child_itself_and_keeps_the_review(cast: Cast, otto: User) -> None:
    ana, at = cast.people["ana"], timezone.now()
    told = {"partnership": cast.bradford, "child": cast.shared.child, "person": ana, "because": WHY}
    with as_application(), transaction.atomic():
        act_as(ana)
        opened = Identification.objects.create(
            **told, record="C-another", starts_at=at, ends_at=at + LASTS
        )
        opened.refresh_from_db()
        assert opened.record == cast.shared.child.reference
        with pytest.raises(DatabaseError), transaction.atomic():
            Identification.objects.filter(pk=opened.pk).update(record="C-another")
    review = {"partnership": cast.bradford, "access": opened, "reviewed_at": at}
    review |= {"outcome": "justified", "words": "Fine."}
    with as_application(), transaction.atomic():
        act_as(otto)
        with pytest.raises(DatabaseError), transaction.atomic():
            IdentificationReview.objects.create(**review, reviewed_by=ana)
        IdentificationReview.objects.create(**review, reviewed_by=otto)
        for statement in (
            "UPDATE referrals_identificationreview SET words = 'Other.'",
            "DELETE FROM referrals_identificationreview",
            "UPDATE referrals_identification SET ended_at = now()",
        ):
            with transaction.atomic(), connection.cursor() as cursor:
                try:
                    cursor.execute(statement)
                    assert cursor.rowcount == 0, statement
                except DatabaseError:
                    transaction.set_rollback(True)
