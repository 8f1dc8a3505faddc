"""What all recording pages share: nothing typed is lost, nobody overwrites another, nothing is done twice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.errors import RuleBroken
from hub.recording.actions import do_once, forget_old, keep_draft
from hub.recording.models import Draft, SentForm
from hub.recording.queries import own_drafts
from hub.recording.rules import DRAFT_KEPT, MOST_DRAFTS, SEALED_KEPT, in_words
from tests.cast import ClientFor
from tests.hub.recording_site import DIARY
from tests.recording import form_in, typed

PAGE = "/diary/"
BY_SCRIPT = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def diary() -> Iterator[None]:
    """An empty diary on a site that has its page."""
    DIARY.__init__()  # type: ignore[misc]  # as new
    with override_settings(ROOT_URLCONF="tests.hub.recording_site"):
        yield


@pytest.fixture
def desk(client_for: ClientFor, amira: User) -> Client:
    """Amira at her desk."""
    return client_for(amira)


def keep(desk: Client, **answers: Any) -> Any:
    return desk.post(PAGE, typed(desk.get(PAGE), later="1", **answers), headers=BY_SCRIPT)


def test_the_form_shows_what_is_stored(desk: Client) -> None:
    page = desk.get(PAGE)
    assert form_in(page)["line"].value() == "Old line"
    assert (
        'value="calm" class="govuk-radios__input" id="id_mood_0" checked' in page.content.decode()
    )


def test_what_is_sent_is_recorded_once_and_said(desk: Client) -> None:
    answer = desk.post(PAGE, typed(desk.get(PAGE), line="New line"), follow=True)
    assert DIARY.lines == ["Old line", "New line"]
    assert "Recorded." in answer.content.decode()


def test_a_second_press_leads_where_the_first_led_and_does_nothing(desk: Client) -> None:
    sent = typed(desk.get(PAGE), line="New line")
    first, second = desk.post(PAGE, sent), desk.post(PAGE, sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert DIARY.lines == ["Old line", "New line"]


def test_the_key_of_one_person_is_nothing_to_another(
    desk: Client, client_for: ClientFor, dev: User
) -> None:
    sent = typed(desk.get(PAGE), line="New line")
    desk.post(PAGE, sent)
    client_for(dev).post(PAGE, sent | {"seen": "2", "line": "Dev's"})
    assert DIARY.lines == ["Old line", "New line", "Dev's"]


@pytest.mark.parametrize(
    ("line", "words", "beside"),
    [
        ("", "Write the line", 'id="id_line_error"'),
        ("bad", "This line is bad", "govuk-error-summary__list"),
        ("odd", "Odd moods", 'id="id_mood_error"'),
        ("x" * 5001, "must have 5000 characters", 'id="id_line_error"'),
    ],
)
def test_a_fault_is_told_and_what_was_typed_is_kept(
    desk: Client, line: str, words: str, beside: str
) -> None:
    answer = desk.post(PAGE, typed(desk.get(PAGE), line=line, mood="busy", on="soon"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page.replace("\n", "")
    assert 'value="soon"' in page
    assert "Day must be a real date" in page
    answer = desk.post(PAGE, typed(desk.get(PAGE), line=line, mood="busy"))
    page = answer.content.decode()
    assert words in page
    assert beside in page
    assert form_in(answer)["mood"].value() == "busy"
    assert DIARY.lines == ["Old line"]


def test_a_fault_mended_on_the_same_page_is_recorded(desk: Client) -> None:
    wrong = desk.post(PAGE, typed(desk.get(PAGE), line="bad"))
    assert desk.post(PAGE, typed(wrong, line="good")).status_code == 302
    assert DIARY.lines[-1] == "good"


def test_two_editors_never_overwrite_each_other(
    desk: Client, client_for: ClientFor, dev: User
) -> None:
    mine, his = desk.get(PAGE), client_for(dev)
    his.post(PAGE, typed(his.get(PAGE), line="Dev's line", mood="busy"))
    answer = desk.post(PAGE, typed(mine, line="My line"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert DIARY.lines == ["Old line", "Dev's line"]
    sides = {side.label: side for side in answer.context["page"].sides}
    assert (sides["Line"].stored, sides["Line"].typed) == ("Dev's line", "My line")
    assert sides["Line"].differs
    assert not sides["Mood"].differs
    assert "Dev Marlow recorded" in page
    # Having seen both, she decides: her version, or nothing.
    assert desk.post(PAGE, typed(answer)).status_code == 302
    assert DIARY.lines[-1] == "My line"


def test_a_conflict_that_the_action_finds_shows_both_versions_too(desk: Client) -> None:
    DIARY.clash = True
    answer = desk.post(PAGE, typed(desk.get(PAGE), line="My line"))
    assert answer.status_code == 409
    assert form_in(answer)["line"].value() == "My line"
    DIARY.clash = False
    assert desk.post(PAGE, typed(answer)).status_code == 302


def test_the_script_keeps_a_draft_that_comes_back_and_goes_when_it_is_sent(desk: Client) -> None:
    answer = keep(desk, line="Half a li", mood="busy", on="soon")
    assert set(answer.json()) == {"saved"}
    page = desk.get(PAGE)
    form = form_in(page)
    assert [form[name].value() for name in ("line", "mood", "on")] == ["Half a li", "busy", "soon"]
    assert not form.errors
    assert "This is your draft" in page.content.decode()
    desk.post(PAGE, typed(page, line="A line", on=""))
    assert not Draft.objects.exists()
    assert form_in(desk.get(PAGE))["line"].value() == "A line"


def test_without_script_a_button_keeps_the_draft(desk: Client) -> None:
    answer = desk.post(PAGE, typed(desk.get(PAGE), line="Half", later="1"), follow=True)
    assert "Your draft is kept" in answer.content.decode()
    assert form_in(desk.get(PAGE))["line"].value() == "Half"


def test_a_draft_can_be_thrown_away(desk: Client) -> None:
    keep(desk, line="Half")
    desk.post(PAGE, typed(desk.get(PAGE), discard="1"))
    assert form_in(desk.get(PAGE))["line"].value() == "Old line"


def test_a_draft_made_before_another_edit_still_meets_the_conflict(
    desk: Client, client_for: ClientFor, dev: User
) -> None:
    keep(desk, line="Half")
    his = client_for(dev)
    his.post(PAGE, typed(his.get(PAGE), line="Dev's line"))
    answer = desk.post(PAGE, typed(desk.get(PAGE), line="Whole"))
    assert answer.status_code == 409


def test_nobody_sees_anothers_draft_and_the_database_not_even_its_words(
    desk: Client, client_for: ClientFor, dev: User, amira: User
) -> None:
    keep(desk, line="Only for me")
    assert form_in(client_for(dev).get(PAGE))["line"].value() == "Old line"
    draft = Draft.objects.get()
    assert "Only for me" not in draft.content
    assert draft.answers["line"] == ["Only for me"]
    assert list(Draft.objects.visible_to(dev)) == []
    assert list(Draft.objects.visible_to(amira)) == [draft]


def test_a_form_reads_the_drafts_that_visible_to_gives(amira: User, dev: User) -> None:
    now, moment = timezone.now(), timedelta(seconds=1)
    for number, (sealed, age) in enumerate(
        (sealed, kept - edge)
        for sealed, kept in ((False, DRAFT_KEPT), (True, SEALED_KEPT))
        for edge in (moment, timedelta(0), -moment)
    ):
        for owner in (amira, dev):
            Draft.objects.create(
                owner=owner, address=f"/{number}/", sealed=sealed, saved_at=now - age
            )
    asked = [f"/{number}/" for number in range(6)]
    own = Draft.objects.visible_to(amira).lasting(now)
    assert {d.address: d for d in own} == own_drafts(amira, asked, now)
    assert sorted(own_drafts(amira, asked, now)) == ["/0/", "/3/"]
    assert own_drafts(amira, ["/3/", "/4/"], now).keys() == {"/3/"}


def test_a_draft_whose_key_is_gone_is_as_none(desk: Client) -> None:
    keep(desk, line="Half")
    with override_settings(SECRET_KEY="another"):
        assert Draft.objects.get().answers == {}
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=["no", _secret()]):
        assert Draft.objects.get().answers["line"] == ["Half"]


def _secret() -> str:
    return str(settings.SECRET_KEY)


def test_a_draft_past_all_measure_is_refused_with_words(desk: Client) -> None:
    answer = keep(desk, line="x" * 70_000)
    assert answer.status_code == 422
    assert "too long" in answer.json()["fault"]
    plain = desk.post(PAGE, typed(desk.get(PAGE), line="x" * 70_000, later="1"))
    assert plain.status_code == 422
    assert "x" * 70_000 in plain.content.decode()


def test_the_oldest_drafts_give_way_and_old_ones_are_forgotten(amira: User) -> None:
    now = timezone.now()
    for number in range(MOST_DRAFTS + 2):
        at = now + timedelta(seconds=number)
        keep_draft(address=f"/d/{number}/", title="D", answers={"a": ["b"]}, now=at, by=amira)
    kept = Draft.objects.values_list("address", flat=True)
    assert len(kept) == MOST_DRAFTS
    assert not {"/d/0/", "/d/1/"} & set(kept)
    assert forget_old(now=now + timedelta(days=29), by=operator()) == 0
    assert forget_old(now=now + timedelta(days=31), by=operator()) == MOST_DRAFTS


def test_what_was_sent_too_late_waits_a_quarter_of_an_hour(desk: Client, amira: User) -> None:
    now = timezone.now()
    answers = {"line": ["Sent late"], "seen": ["1"]}
    keep_draft(
        address=PAGE,
        title="",
        answers=answers,
        now=now - timedelta(minutes=14),
        by=amira,
        sealed=True,
    )
    page = desk.get(PAGE)
    assert form_in(page)["line"].value() == "Sent late"
    assert "This was not recorded." in page.content.decode()
    keep_draft(
        address=PAGE,
        title="",
        answers=answers,
        now=now - timedelta(minutes=16),
        by=amira,
        sealed=True,
    )
    assert form_in(desk.get(PAGE))["line"].value() == "Old line"
    assert forget_old(now=now, by=operator()) == 1


def test_what_an_action_raises_undoes_its_key(amira: User) -> None:
    def fail() -> str:
        raise RuleBroken("no", "No.")

    once = uuid4()
    with pytest.raises(RuleBroken):
        do_once(once=once, act=fail, now=timezone.now(), by=amira)
    assert not SentForm.objects.exists()
    assert do_once(once=once, act=lambda: "/there/", now=timezone.now(), by=amira) == (
        "/there/",
        True,
    )
    assert do_once(once=once, act=fail, now=timezone.now(), by=amira) == ("/there/", False)


def test_values_are_written_as_people_read_them() -> None:
    assert in_words(["a", "b"], {"a": "Apple", "b": "Pear"}) == "Apple, Pear"
    values: list[object] = [None, "", [], True, False]
    assert [in_words(value, {}) for value in values] == [
        "Not recorded",
        "Not recorded",
        "Not recorded",
        "Yes",
        "No",
    ]


def test_home_lists_what_is_half_written(desk: Client, client_for: ClientFor, dev: User) -> None:
    keep(desk, line="Half")
    page = desk.get("/").content.decode()
    assert "Half-written" in page
    assert '<a class="govuk-link" href="/diary/">D-1 Diary</a> saved' in page
    assert "Half-written" not in client_for(dev).get("/").content.decode()
