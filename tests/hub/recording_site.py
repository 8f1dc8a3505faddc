"""A site with one recording page more, a diary: for the tests of what all recording pages share."""

from django import forms
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from hub.errors import Conflict, RuleBroken
from hub.recording.forms import RecordingForm
from hub.recording.http import Sheet, Stored, record_by_form
from hub.site import fields
from hub.urls import handler404, handler500
from hub.urls import urlpatterns as of_the_hub

__all__ = ["handler404", "handler500", "urlpatterns"]


class Diary:
    """What is stored: its lines, the version, and how often it was written to."""

    lines: list[str]
    mood: str
    clash: bool

    def __init__(self) -> None:
        self.lines, self.mood, self.clash = ["Old line"], "calm", False


DIARY = Diary()


class DiaryForm(RecordingForm):
    """A form with one of several kinds of field."""

    line: forms.CharField = fields.long_text("Line", required="Write the line")
    mood = fields.choice("Mood", [("calm", "Calm"), ("busy", "Busy")])
    on = fields.day("Day")
    urgent = fields.tick("Urgent")


def stored() -> Stored:
    """The diary as it stands, under the version's number."""
    values = {"line": DIARY.lines[-1], "mood": DIARY.mood, "on": None, "urgent": False}
    return Stored(values, token=str(len(DIARY.lines)), by="Dev Marlow")


def write(form: DiaryForm) -> str:
    """The action: a line "bad" breaks a rule, "odd" breaks one of the field."""
    given = form.cleaned_data
    if given["line"] == "bad":
        raise RuleBroken("diary.bad", "This line is bad. Write another.")
    if given["line"] == "odd":
        raise RuleBroken("diary.odd", "Odd moods need another day.", field="mood")
    if DIARY.clash:
        raise Conflict("Meanwhile.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    DIARY.lines.append(given["line"])
    return f"/components/?line={len(DIARY.lines)}"


def diary(request: HttpRequest) -> HttpResponse:
    """The page."""
    sheet = Sheet("D-1 Diary", "Write in the diary", "Record the line", "/components/", "Recorded.")
    return record_by_form(request, form=DiaryForm, sheet=sheet, stored=stored, act=write)


urlpatterns = [path("diary/", diary, name="diary"), *of_the_hub]
