"""The numbers of a hub's own, which no law gives: the manager changes them, and each place goes by them."""

from dataclasses import asdict, replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import add_working_days
from hub.errors import Conflict, RuleBroken
from partners.agencies.models import Agency
from partners.partnerships.actions import set_practice
from partners.partnerships.models import Partnership
from partners.partnerships.rules import BOUNDS, LADDER, Practice, practice_problem
from referrals.children.models import Child
from referrals.disagreements.actions import raise_disagreement, take_up
from referrals.intake.actions import send_link
from risk.meetings.models import MeetingSeries
from tests.cast import Cast, ClientFor
from tests.make import make_missing
from tests.recording import typed
from tests.risk.meeting import item_of, meeting_of, today

AT = "/partnership/days/"
OTHER = Practice(30, 60, 14, 3, 1, 2, 4, 8)


def _in_bradford(cast: Cast, practice: Practice) -> Partnership:
    own = Partnership.objects.get(pk=cast.bradford.pk)
    by, now = operator(), timezone.now()
    set_practice(
        partnership=own, practice=practice, seen=own.practice, reason="Agreed.", now=now, by=by
    )
    return Partnership.objects.get(pk=own.pk)


def _text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


@pytest.mark.django_db
def test_the_manager_changes_each_number_for_their_own_hub_alone(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    client = client_for(dev)
    assert "said from 26 weeks before" in _text(client, "/partnership/")
    form, of_another = client.get(AT), client.get(AT)
    sent: dict[str, Any] = {name: str(number) for name, number in asdict(OTHER).items()}
    answer = client.post(AT, typed(form, **sent, reason="The board asked for it."))
    assert answer.headers["Location"] == "/partnership/"
    page = _text(client, "/partnership/")
    for said in ("from 30 weeks before", "over 60 days", "14 days after", "work for 3 days"):
        assert said in page
    assert "answer within 1 working day<" in page
    assert "answer within 8 working days" in page
    assert Partnership.objects.get(pk=cast.bradford.pk).practice == OTHER
    assert Partnership.objects.get(pk=cast.kirklees.pk).practice == Practice()
    event = AuditEvent.objects.get(event="partnership.practice_set")
    assert (event.before, event.after) == (asdict(Practice()), asdict(OTHER))
    assert (event.reason, event.partnership_id) == ("The board asked for it.", cast.bradford.pk)
    late = client.post(AT, typed(of_another, adult_weeks="20", reason="Agreed."))
    assert (late.status_code, "Both versions" in late.content.decode()) == (409, True)


@pytest.mark.django_db
def test_a_number_that_cannot_be_is_told_beside_its_field_and_what_was_typed_is_kept(
    cast: Cast, dev: User, client_for: ClientFor
) -> None:
    client = client_for(dev)
    form = client.get(AT)
    below = {field: str(least - 1) for field, (least, _most, _unit) in BOUNDS.items()}
    above = {field: str(most + 1) for field, (_least, most, _unit) in BOUNDS.items()}
    for wrong in (below, above, *(dict.fromkeys(BOUNDS, word) for word in ("", "soon", "9" * 30))):
        answer = client.post(AT, typed(form, **wrong, reason="Agreed."))
        assert answer.status_code == 422
        assert answer.context["page"].form.errors == {
            field: [f"Enter a number of {unit} from {least} to {most}"]
            for field, (least, most, unit) in BOUNDS.items()
        }
        page = answer.content.decode()
        assert all(f'id="id_{field}_error"' in page for field in BOUNDS)
        assert all(f'value="{number}"' in page for number in wrong.values() if number)
    assert Partnership.objects.get(pk=cast.bradford.pk).practice == Practice()


@pytest.mark.django_db
def test_a_change_needs_its_reason_and_what_was_seen(cast: Cast) -> None:
    own, now, by = cast.bradford, timezone.now(), operator()
    with pytest.raises(RuleBroken, match="Write the reason"):
        set_practice(partnership=own, practice=OTHER, seen=Practice(), reason=" ", now=now, by=by)
    with pytest.raises(Conflict):
        set_practice(partnership=own, practice=Practice(), seen=OTHER, reason="So.", now=now, by=by)
    wrong = replace(OTHER, link_days=29)
    with pytest.raises(RuleBroken, match="from 1 to 28"):
        set_practice(partnership=own, practice=wrong, seen=Practice(), reason="So.", now=now, by=by)


@pytest.mark.parametrize("field", list(BOUNDS))
def test_each_number_has_its_bounds(field: str) -> None:
    least, most, _unit = BOUNDS[field]
    for number in (least, most):
        assert practice_problem(replace(OTHER, **{field: number})) is None
    for number in (least - 1, most + 1):
        problem = practice_problem(replace(OTHER, **{field: number}))
        assert problem is not None
        assert problem[0] == field


def test_every_number_has_bounds_and_every_level_its_days() -> None:
    assert set(BOUNDS) == set(asdict(Practice()))
    assert practice_problem(Practice()) is None
    assert Practice().ladder == list(zip(LADDER, (2, 3, 5, 10), strict=True))


@pytest.mark.django_db
def test_disagreements_go_by_the_hubs_days_from_the_next_step_on(
    cast: Cast, ben: User, amira: User, client_for: ClientFor
) -> None:
    against = Agency.objects.get(partnership=cast.bradford, code="social-care")
    fact = raise_disagreement(episode=cast.unshared, issue="Seen again.", against=against, by=ben)
    _in_bradford(cast, OTHER)
    assert fact.due_on == add_working_days(today(), 2)
    child, episode = cast.unshared.child_id, cast.unshared.pk
    police = client_for(ben)
    lead = _text(police, f"/children/{child}/episodes/{episode}/disagreement/")
    assert "who answer within 1 working day." in lead
    above = _text(client_for(amira), f"/disagreements/{fact.pk}/up/")
    assert "team managers, who answer within 2 working days." in above
    second = take_up(fact=fact, words="Not agreed.", by=amira)
    assert second.due_on == add_working_days(today(), 2)


@pytest.mark.django_db
def test_a_link_lasts_as_long_as_its_hub_says(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    own, now = _in_bradford(cast, OTHER), timezone.now()
    link = send_link(partnership=own, email="t@school.example", now=now, by=amira)
    assert link.ends_at == now + timedelta(days=3)
    asked = {"email": "t@school.example"}
    stranger = client_for(None)
    for hub, words in ((own, "works for 3 days"), (cast.kirklees, "works for 7 days")):
        page = stranger.post("/refer/", {**asked, "hub": hub.pk}).content.decode()
        assert words in page
    assert "works for 3 days" in _text(client_for(amira), "/referrals/link/")


@pytest.mark.django_db
def test_turning_18_is_said_as_early_as_the_hub_says(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    born = today() - timedelta(days=365 * 17 + 4 + 365 - 28 * 7)  # 18 in about 28 weeks
    Child.objects.filter(pk=cast.unshared.child_id).update(date_of_birth=born)
    client, child = client_for(amira), f"/children/{cast.unshared.child_id}/"
    assert "within 26 weeks" in _text(client, "/episodes/")
    assert not client.get("/episodes/?age=near18").context["caseload"].rows
    _in_bradford(cast, OTHER)
    assert "within 30 weeks" in _text(client, "/episodes/")
    [row] = client.get("/episodes/?age=near18").context["caseload"].rows
    assert row.reference == cast.unshared.reference
    assert client.get(child).status_code == 200


@pytest.mark.django_db
def test_a_meeting_counts_and_lists_as_far_back_as_the_hub_says(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    now = timezone.now()
    for days in (75, 20):
        start, back = now - timedelta(days), now - timedelta(days - 1)
        make_missing(child=cast.unshared.child, by=amira, start=start, found_at=back)
    meeting = meeting_of(cast, amira, cast.unshared)
    MeetingSeries.objects.update(missing_on=[meeting.held_on.weekday()], missing_at=time(10, 30))
    client = client_for(amira)
    item = f"/meetings/items/{item_of(meeting, cast.unshared).pk}/"
    agenda = f"/meetings/{meeting.pk}/"
    assert "Missing in 90 days</dt><dd>2<" in _text(client, item)
    assert "Return interviews that are owed" in _text(client, agenda)
    _in_bradford(cast, OTHER)
    assert "Missing in 60 days</dt><dd>1<" in _text(client, item)
    assert "No return interview is owed" in _text(client, agenda)
