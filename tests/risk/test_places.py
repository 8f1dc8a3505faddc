"""Places put forward: on the day's list and the meeting's pages, discussed with what was said, taken off."""

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from hub.access.context import act_as
from hub.accounts.models import User
from hub.audit.models import AuditEvent
from hub.days.rules import london_date, noon, working_day_before
from hub.errors import Conflict, NotAllowed, RuleBroken
from partners.agencies.models import Agency
from referrals.intake.actions import withdraw_referral
from referrals.intake.models import Referral
from risk.agenda.rules import day_after, day_of
from risk.meetings.actions import note_discussed
from risk.meetings.models import Meeting
from risk.places.actions import put_place_forward, take_place_back
from risk.places.models import PlaceForward
from tests.cast import Cast, ClientFor
from tests.make import make_referral
from tests.recording import typed
from tests.risk.meeting import PANEL, meeting_of, series_of, working_day
from tests.second_wall import as_application

WHY = "Three referrals in a month name it."
SAID = "Licensing visits on Friday; police pass by at closing time."
LIST = "/today/"


@pytest.fixture
def arcade(cast: Cast, ben: User) -> Referral:
    """A referral about a place, from the police."""
    return make_referral(
        partnership=cast.bradford, by=ben, about="place", forenames="", surname="", age_about=None,
        address="Mill Lane Arcade", postcode="BD99 1AA", description="Older people buy children food there.",
    )  # fmt: skip


@pytest.fixture
def the_day() -> date:
    return day_of(timezone.now())


@pytest.fixture
def forward(arcade: Referral, ben: User) -> PlaceForward:
    """Put forward yesterday or before, for the last day that had a meeting."""
    return PlaceForward.objects.create(
        partnership=arcade.partnership, referral=arcade, for_day=working_day(), because=WHY,
        known_from=noon(working_day() - timedelta(days=1)), recorded_by=ben,
    )  # fmt: skip


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_place_is_put_forward_from_its_referral_and_stands_on_the_list_with_why(
    arcade: Referral, ben: User, amira: User, the_day: date, client_for: ClientFor
) -> None:
    police = client_for(ben)
    lead = f"/places/new/?referral={arcade.reference}"
    assert lead in text(police, f"/referrals/{arcade.pk}/")
    form = police.get(lead)
    assert form.context["page"].form["referral"].value() == arcade.reference
    assert form.context["page"].form["for_day"].value() == f"{the_day.day} {the_day:%B %Y}"
    nothing = police.post("/places/new/", typed(form, because=" "))
    assert nothing.status_code == 422
    assert "Write why" in nothing.content.decode()
    assert police.post("/places/new/", typed(form, because=WHY)).headers["Location"] == LIST
    page = text(client_for(amira), LIST)
    for words in (
        arcade.reference,
        "Mill Lane Arcade, BD99 1AA",
        "buy children food",
        WHY,
        "Ben Ashcroft",
    ):
        assert words in page
    event = AuditEvent.objects.get(event="place.put_forward")
    assert (event.reference, event.after) == (arcade.reference, {"for_day": the_day.isoformat()})
    assert arcade.reference in AuditEvent.objects.get(event="agenda.viewed").about
    again = police.post("/places/new/", typed(police.get(lead), because=WHY))
    assert again.status_code == 422
    assert "put forward for that day already" in again.content.decode()


def test_what_the_meeting_said_takes_it_off_the_list_and_stands_in_the_minutes(
    cast: Cast,
    arcade: Referral,
    forward: PlaceForward,
    amira: User,
    dev: User,
    client_for: ClientFor,
) -> None:
    meeting, client = meeting_of(cast, dev, cast.unshared), client_for(amira)
    address = reverse("risk-place-discussed", args=[forward.pk])
    agenda = f"/meetings/{meeting.pk}/"
    for page in (LIST, agenda):
        assert address in text(client, page)
        assert "Mill Lane Arcade" in text(client, page)
    minutes = f"/meetings/{meeting.pk}/minutes/"
    assert "Mill Lane" not in text(client, minutes)
    form = client.get(address)
    assert WHY in form.content.decode()
    assert client.post(address, typed(form)).status_code == 422
    sent = typed(form, came_of_it=SAID)
    assert client.post(address, sent).headers["Location"] == LIST
    assert client.post(address, sent).headers["Location"] == LIST, "pressed twice"
    for page in (LIST, agenda):
        assert "Mill Lane" not in text(client, page)
    page = text(client, minutes)
    assert SAID in page
    assert "Mill Lane Arcade" in page
    standing = PlaceForward.objects.known().get()
    assert (standing.came_of_it, standing.because, standing.recorded_by) == (SAID, WHY, amira)
    assert PlaceForward.objects.count() == 2, "what was put forward stays readable"
    assert AuditEvent.objects.get(event="place.discussed").reference == arcade.reference


def test_a_place_of_which_the_days_meeting_has_spoken_is_put_forward_for_a_later_one(
    arcade: Referral, amira: User, the_day: date
) -> None:
    PlaceForward.objects.create(
        partnership=arcade.partnership, referral=arcade, for_day=the_day, because=WHY, came_of_it=SAID,
        discussed_on=working_day(), known_from=noon(working_day() - timedelta(days=1)), recorded_by=amira,
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="has spoken of it already"):
        put_place_forward(referral=arcade, for_day=the_day, because=WHY, by=amira)
    put_place_forward(referral=arcade, for_day=day_after(the_day), because=WHY, by=amira)


def test_a_place_that_is_not_discussed_stays_on_the_list_until_it_is_or_is_taken_off(
    forward: PlaceForward, amira: User, the_day: date, client_for: ClientFor
) -> None:
    client = client_for(amira)
    assert "Mill Lane" in text(client, f"{LIST}?day={day_after(the_day)}")
    address = reverse("risk-place-take-back", args=[forward.pk])
    assert client.post(address, typed(client.get(address), reason="")).status_code == 422
    assert client.post(address, typed(client.get(address), reason="Sold.")).status_code == 302
    assert "No place is put forward" in text(client, LIST)
    event = AuditEvent.objects.get(event="place.taken_back")
    assert event.reason == "Sold."
    with pytest.raises(Conflict):
        take_place_back(forward=forward, reason="Again.", by=amira)


def test_a_place_for_another_day_is_on_no_earlier_list(
    arcade: Referral, amira: User, the_day: date, client_for: ClientFor
) -> None:
    put_place_forward(referral=arcade, for_day=day_after(the_day), because=WHY, by=amira)
    assert "Mill Lane" not in text(client_for(amira), LIST)
    assert "Mill Lane" in text(client_for(amira), f"{LIST}?day={day_after(the_day)}")


def sunday(_arcade: Referral) -> dict[str, object]:
    day = london_date(timezone.now())
    return {"for_day": day + timedelta(days=6 - day.weekday())}


def past(_arcade: Referral) -> dict[str, object]:
    return {"for_day": working_day_before(london_date(timezone.now()))}


def of_a_child(arcade: Referral) -> dict[str, object]:
    return {"referral": make_referral(partnership=arcade.partnership, by=arcade.recorded_by)}


def withdrawn(arcade: Referral) -> dict[str, object]:
    withdraw_referral(referral=arcade, reason="Sent twice.", by=arcade.recorded_by)
    return {}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [(sunday, "place.day"), (past, "place.day"), (of_a_child, "place.about"),
     (withdrawn, "place.withdrawn"), (lambda _a: {"because": "  "}, "place.because")],
)  # fmt: skip
def test_what_cannot_come_before_a_meeting_is_refused(
    wrong: Callable[[Referral], dict[str, object]],
    code: str,
    arcade: Referral,
    amira: User,
    the_day: date,
) -> None:
    told: dict[str, object] = {"referral": arcade, "for_day": the_day, "because": WHY}
    with pytest.raises(RuleBroken) as fault:
        put_place_forward(**{**told, **wrong(arcade)}, by=amira)  # type: ignore[arg-type]
    assert fault.value.code == code
    assert not PlaceForward.objects.exists()


def test_a_number_that_is_no_referrals_is_said_so(
    cast: Cast, amira: User, client_for: ClientFor
) -> None:
    client = client_for(amira)
    sent = typed(client.get("/places/new/"), referral="R-9999", because=WHY)
    answer = client.post("/places/new/", sent)
    assert answer.status_code == 422
    assert "No referral of this hub has this number" in answer.content.decode()


def test_only_a_meeting_that_was_held_since_can_have_spoken_of_it(
    cast: Cast, forward: PlaceForward, amira: User, client_for: ClientFor
) -> None:
    address, client = reverse("risk-place-discussed", args=[forward.pk]), client_for(amira)
    assert "No meeting was opened since it was put forward" in text(client, address)
    meeting_of(cast, amira, cast.unshared, plan=PANEL, code="panel")
    earlier = meeting_of(cast, amira, cast.shared)
    Meeting.objects.filter(pk=earlier.pk).update(held_on=working_day() - timedelta(days=40))
    for on in (working_day(), working_day() - timedelta(days=40)):
        with pytest.raises(RuleBroken) as fault:
            note_discussed(forward=forward, came_of_it=SAID, on=on, by=amira)
        assert fault.value.code == "place.discussed_on"
    assert "No meeting was opened" in text(client, address)


def test_what_was_recorded_of_it_wrongly_is_put_right_from_the_minutes(
    cast: Cast, forward: PlaceForward, amira: User, nora: User, client_for: ClientFor
) -> None:
    meeting = meeting_of(cast, amira, cast.unshared)
    said = note_discussed(forward=forward, came_of_it=SAID, on=meeting.held_on, by=amira)
    address, client = reverse("risk-place-discussed", args=[said.pk]), client_for(amira)
    minutes = f"/meetings/{meeting.pk}/minutes/"
    assert address in text(client, minutes)
    form = client.get(address)
    assert SAID in form.content.decode()
    for wrong in ({"reason": ""}, {"reason": "Asked again."}):
        assert client.post(address, typed(form, **wrong)).status_code == 422
    sent = typed(form, came_of_it="Licensing visits on Monday.", reason="The wrong day.")
    assert client.post(address, sent).status_code == 302
    page = text(client, minutes)
    assert "on Monday" in page
    assert "on Friday" not in page
    standing = PlaceForward.objects.known().get()
    assert (standing.reason, standing.discussed_on) == ("The wrong day.", meeting.held_on)
    assert AuditEvent.objects.get(event="place.corrected").reason == "The wrong day."
    assert "on Monday" in text(client, address), "the address of any version opens what stands"


def test_of_two_with_the_form_open_the_second_sees_what_the_first_recorded_and_is_led_on(
    cast: Cast, forward: PlaceForward, amira: User, dev: User, client_for: ClientFor
) -> None:
    meeting_of(cast, amira, cast.unshared)
    address = reverse("risk-place-discussed", args=[forward.pk])
    first, second = client_for(amira), client_for(dev)
    forms = [each.get(address) for each in (first, second)]
    assert first.post(address, typed(forms[0], came_of_it=SAID)).status_code == 302
    lost = second.post(address, typed(forms[1], came_of_it="Nothing is done."))
    page = lost.content.decode()
    assert lost.status_code == 409
    for words in (SAID, "Nothing is done.", "Amira Sadler"):
        assert words in page
    again = second.post(address, typed(lost, came_of_it="Nothing is done."))
    assert "open it from the minutes of its meeting" in again.content.decode()
    assert PlaceForward.objects.known().get().came_of_it == SAID


def test_who_types_what_was_said_of_a_place_that_is_taken_back_meanwhile_is_told_and_loses_nothing(
    cast: Cast, forward: PlaceForward, amira: User, dev: User, client_for: ClientFor
) -> None:
    meeting_of(cast, amira, cast.unshared)
    address, client = reverse("risk-place-discussed", args=[forward.pk]), client_for(amira)
    sent = typed(client.get(address), came_of_it=SAID)
    take_place_back(forward=forward, reason="Sold.", by=dev)
    lost = client.post(address, sent)
    assert lost.status_code == 409
    assert SAID in lost.content.decode()
    assert "Dev Marlow" in lost.content.decode()
    assert client.post(address, typed(lost)).status_code == 409
    assert client.get(address).status_code == 404
    assert not PlaceForward.objects.known().exists()


def test_a_place_whose_referral_was_amended_or_put_to_a_child_tells_nothing_as_a_place(
    cast: Cast, forward: PlaceForward, amira: User, client_for: ClientFor
) -> None:
    meeting, client, told = (
        meeting_of(cast, amira, cast.unshared),
        client_for(amira),
        forward.referral,
    )
    assert "Mill Lane" in text(client, LIST)
    Referral.objects.filter(pk=told.pk).update(
        child=cast.unshared.child, episode=cast.unshared, joined_at=timezone.now(), joined_by=amira
    )
    paper = f"/meetings/series/{meeting.series_id}/paper/"
    which = text(client, paper).split('name="which" value="')[1].split('"')[0]
    assert "Mill Lane" not in on_paper(client, paper, which)
    note_discussed(forward=forward, came_of_it=SAID, on=meeting.held_on, by=amira)
    Referral.objects.filter(pk=told.pk).update(about="child", surname="Marden")
    page = text(client, f"/meetings/{meeting.pk}/minutes/")
    assert SAID in page
    assert "Mill Lane" not in page


@pytest.mark.parametrize("why", ["withdrawn", "a child's"])
def test_a_referral_that_tells_of_no_place_any_more_puts_none_before_a_meeting(
    why: str, cast: Cast, forward: PlaceForward, amira: User, ben: User, client_for: ClientFor
) -> None:
    assert "Mill Lane" in text(client_for(amira), LIST)
    if why == "withdrawn":
        withdraw_referral(referral=forward.referral, reason="Sent twice.", by=ben)
    else:
        Referral.objects.filter(pk=forward.referral_id).update(about="child", surname="Marden")
    assert "Mill Lane" not in text(client_for(amira), LIST)
    on = meeting_of(cast, amira, cast.unshared).held_on
    with pytest.raises(RuleBroken, match="tells of no place any more"):
        note_discussed(forward=forward, came_of_it=SAID, on=on, by=amira)


def test_of_two_who_record_what_was_said_the_second_is_told(
    cast: Cast, forward: PlaceForward, amira: User, dev: User
) -> None:
    on = meeting_of(cast, dev, cast.unshared).held_on
    note_discussed(forward=forward, came_of_it=SAID, on=on, by=amira)
    with pytest.raises(Conflict):
        note_discussed(forward=forward, came_of_it="Nothing.", on=on, by=dev)


def test_a_charity_and_who_sees_no_case_learn_of_no_place_and_put_none_forward(
    cast: Cast,
    arcade: Referral,
    forward: PlaceForward,
    chloe: User,
    the_day: date,
    client_for: ClientFor,
) -> None:
    page = text(client_for(chloe), LIST)
    assert "Mill Lane" not in page
    assert "lace put forward" not in page
    assert "Put a place" not in page
    for name in ("chloe", "ana", "otto", "erin"):
        user = cast.people[name]
        with pytest.raises(NotAllowed):
            put_place_forward(referral=arcade, for_day=the_day, because=WHY, by=user)
        with as_application():
            act_as(user)
            assert not PlaceForward.objects.exists(), name
    assert client_for(cast.people["erin"]).get(
        reverse("risk-place-discussed", args=[forward.pk])
    ).status_code == 404  # fmt: skip


def test_the_panel_looks_at_no_place(
    cast: Cast, forward: PlaceForward, amira: User, client_for: ClientFor
) -> None:
    panel: Meeting = meeting_of(cast, amira, cast.unshared, plan=PANEL, code="panel")
    assert "Mill Lane" not in text(client_for(amira), f"/meetings/{panel.pk}/")


def on_paper(client: Client, address: str, which: object) -> str:
    answer = client.post(address, {"which": str(which), "recipient": "The table"})
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_the_list_on_paper_has_room_for_what_is_said_of_it_and_the_minutes_have_what_was(
    cast: Cast, forward: PlaceForward, amira: User, client_for: ClientFor
) -> None:
    client, series = client_for(amira), series_of(cast)
    address = f"/meetings/series/{series.pk}/paper/"
    which = text(client, address).split('name="which" value="')[1].split('"')[0]
    paper = on_paper(client, address, which)
    assert "Place put forward: R-0001 Mill Lane Arcade, BD99 1AA" in paper
    assert WHY in paper
    meeting = meeting_of(cast, amira, cast.unshared, code="other")
    note_discussed(forward=forward, came_of_it=SAID, on=meeting.held_on, by=amira)
    minutes = f"/meetings/{meeting.pk}/minutes/paper/"
    agencies = Agency.objects.filter(partnership=cast.bradford)
    police, charity = (agencies.get(code=code).pk for code in ("police", "northlight"))
    assert SAID in on_paper(client, minutes, police)
    assert "Mill Lane" not in on_paper(client, minutes, charity)
    taken = AuditEvent.objects.filter(event="meeting.taken_out").order_by("pk")
    told = [forward.referral.reference in each.about for each in taken]
    assert told == [True, True, False], (
        "the list, the minutes for the police, those for the charity"
    )
    Referral.objects.filter(pk=forward.referral_id).update(
        child=cast.unshared.child, episode=cast.unshared, joined_at=timezone.now(), joined_by=amira
    )
    assert SAID not in on_paper(client, minutes, police), "it tells of a child too"
