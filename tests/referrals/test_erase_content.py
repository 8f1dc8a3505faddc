"""The command that blanks what the trail holds of a person: confirmed, noted, and the chain still whole."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent, Change
from hub.seals.actions import seal
from hub.seals.queries import broken_links
from referrals.episodes.models import Episode
from risk.levels.actions import set_level
from risk.levels.models import RiskLevel
from risk.levels.rules import Decision
from tests.cast import Cast, ClientFor
from tests.make import make_note
from tests.second_wall import as_application

DAY = timezone.localdate()
pytestmark = pytest.mark.django_db


def erase(cast: Cast, **more: Any) -> str:
    told = StringIO()
    asked = {
        "partnership": "bradford",
        "record": cast.shared.child.reference,
        "reason": "Court order.",
    }
    call_command("erase_content", stdout=told, **(asked | more))
    return told.getvalue()


def decide(episode: Episode, by: User) -> None:
    set_level(
        episode=episode, decision=Decision("HIGH", DAY, "Seen with adults."), seen_level="", by=by
    )


def of_the_child(cast: Cast) -> Any:
    named = [cast.shared.child.reference, cast.shared.reference]
    events = AuditEvent.objects.filter(reference__in=named, partnership_id=cast.bradford.pk)
    return events.exclude(before=None, after=None, reason="")


def confirmed(cast: Cast, **more: Any) -> str:
    """Ask once, and give the number back that the refusal says."""
    with pytest.raises(CommandError, match="Nothing was erased") as unsure:
        erase(cast, **more)
    return erase(cast, **more, confirm=int(str(unsure.value).rstrip(".").rpartition(" ")[2]))


def test_content_is_blanked_once_it_is_confirmed_and_the_chain_is_whole(
    cast: Cast, amira: User, otto: User, client_for: ClientFor
) -> None:
    make_note(child=cast.shared.child, by=amira, episode=cast.shared)
    decide(cast.shared, amira)
    decide(cast.unshared, amira)
    client_for(amira).get("/episodes/")  # a list that names the child among others
    seal(now=timezone.now(), by=operator())
    held, others = of_the_child(cast).count(), AuditEvent.objects.exclude(after=None).count()
    assert held >= 2
    with pytest.raises(CommandError, match="run the same command again with --confirm"):
        erase(cast)
    with pytest.raises(CommandError, match="Nothing was erased"):
        erase(cast, confirm=1)
    assert of_the_child(cast).count() == held
    told = confirmed(cast)
    assert "1 events more name the record among others" in told
    assert of_the_child(cast).count() == 0
    assert AuditEvent.objects.exclude(after=None).count() == others - held
    assert AuditEvent.objects.filter(reference=cast.unshared.reference).exclude(after=None).exists()
    assert AuditEvent.objects.get(event="caseload.viewed").after
    event = AuditEvent.objects.get(event="trail.erased")
    assert (event.reason, event.partnership_id, event.verb) == (
        "Court order.", cast.bradford.pk, "erasure",
    )  # fmt: skip
    assert AuditEvent.objects.visible_to(otto).contains(event)
    seal(now=timezone.now(), by=operator())
    assert list(broken_links(Path("none"))) == []
    assert RiskLevel.objects.filter(
        episode=cast.shared
    ).exists()  # the record itself is another matter
    with pytest.raises(CommandError, match="no content"):
        erase(cast)


def test_more_events_and_changes_are_named_by_number(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client_for(amira).get("/episodes/")
    listed = AuditEvent.objects.latest("pk")
    change = Change.objects.exclude(after=None).latest("pk")
    confirmed(cast, events=[listed.pk], changes=[change.pk])
    listed.refresh_from_db()
    change.refresh_from_db()
    assert (listed.after, change.after) == (None, None)
    with pytest.raises(CommandError, match="There is no event 987654321 on the trail"):
        confirmed(cast, events=[987654321])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (
            {"partnership": "nowhere"},
            "There is no partnership nowhere. There are: bradford, kirklees",
        ),
        ({"record": "C-none"}, "The trail holds no content of C-none in bradford"),
        ({"partnership": "kirklees"}, "Check the reference"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(
    cast: Cast, wrong: dict[str, str], says: str
) -> None:
    with pytest.raises(CommandError, match=says):
        erase(cast, **wrong)


def test_a_reason_must_have_words(cast: Cast, amira: User) -> None:
    decide(cast.shared, amira)
    with pytest.raises(CommandError, match="Write on what ground"):
        confirmed(cast, reason=" ")
    assert of_the_child(cast).exists()


def test_the_applications_role_is_told_to_be_the_owner(cast: Cast) -> None:
    with (
        as_application(),
        pytest.raises(CommandError, match="the address of the owner, as for migrate"),
    ):
        erase(cast, confirm=1)
