"""A meeting read at once is the meeting read kind by kind, and each wall stands around it by itself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.utils import timezone

from hub.access.context import act_as
from hub.accounts.actions import operator
from hub.accounts.models import User
from partners.agencies.models import Agency
from referrals.checks.models import AgencyCheck
from referrals.checks.queries import asked_of
from referrals.children.models import ChildDetails
from referrals.grants.actions import restrict
from referrals.measures.models import Measure
from risk.levels.models import RiskLevel
from risk.meetings.actions import Given, attend, record_decision, take_back
from risk.meetings.models import Attendance, Meeting, MeetingDecision, MeetingItem
from risk.meetings.queries.ground import ground_of, scale_in_use
from risk.meetings.queries.room import ASK, read_meeting
from tests.cast import Cast
from tests.drill.at_once import unnoticed
from tests.make import make_checks, make_child, make_episode, set_level
from tests.risk.meeting import OTHERS, REASON, item_of, meeting_of
from tests.second_wall import as_application
from tests.whole_case import make_whole_case

SEE_WHOLE_CASES = ("amira", "ben", "nora", "erin")
# Conditions that change nothing while the others stand: of a meeting of ours all rows are ours, and a check
# is of the child whose episode is on the agenda.
CHANGE_NOTHING = [
    *["i.partnership_id = ours"] * 3,
    *[f"{row}.partnership_id = ours" for row in "adk"],
    *[f"{row}.child_id <> ALL (hidden)" for row in "ik"],
]
POINTED_TO = ("series", "recorder", "chair", "episode", "child", "agency")
PARTNERSHIP = ("review_days", "missing_days", "meets_at", "interview_days")

pytestmark = pytest.mark.django_db


def again(who: User) -> User:
    """The same person in a request of their own."""
    found = User.objects.get(pk=who.pk)
    found.within_a_request = True
    return found


def said(row: models.Model) -> dict[str, Any]:
    """Everything of a row, and of those it points to what pages read."""
    told = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    for name in POINTED_TO:
        other = getattr(row, name, None)
        told[name] = None if other is None else (str(other), getattr(other, "name", ""))
    if isinstance(row, AgencyCheck):
        told["decided"] = row.decided
    if isinstance(row, MeetingItem):
        told["episode"] = said(row.episode)
        told["child"] = said(row.child)
    if isinstance(row, Meeting):
        told["series"] = said(row.series)
        told |= {name: getattr(row.series.partnership, name) for name in PARTNERSHIP}
    return told


def at_once(who: User, number: int) -> list[list[dict[str, Any]]]:
    told = read_meeting(again(who), number=number)
    if told is None:
        return []
    parts: tuple[list[Any], ...] = (
        [told.meeting], told.items, told.there, told.seats, told.decisions, told.checks,
    )  # fmt: skip
    return [[said(row) for row in rows] for rows in parts]


def kind_by_kind(who: User, number: int) -> list[list[dict[str, Any]]]:
    reader = again(who)
    meetings = Meeting.objects.visible_to(reader).filter(pk=number)
    if not meetings:
        return []
    items = MeetingItem.objects.visible_to(reader).filter(meeting=number).order_by("number")
    there = Attendance.objects.visible_to(reader).there().filter(meeting=number)
    agencies = Agency.objects.visible_to(reader).filter(partnership=meetings[0].partnership)
    agencies = agencies.exclude(kind=Agency.Kind.BOARD)
    decisions = MeetingDecision.objects.visible_to(reader).known().filter(item__meeting=number)
    parts: tuple[Any, ...] = (
        meetings,
        items,
        there.order_by("agency__name"),
        agencies.order_by("name", "pk"),
        decisions.order_by("pk"),
        asked_of(reader, [item.episode_id for item in items]),
    )
    return [[said(row) for row in rows] for rows in parts]


@pytest.fixture
def meeting(cast: Cast, amira: User) -> Meeting:
    """Three children on an agenda: one decided, one with checks, one known from before."""
    make_whole_case(cast)
    other = make_episode(child=make_child(partnership=cast.bradford, by=amira), by=amira)
    make_checks(episode=other, by=amira, asked_at=timezone.now() - timedelta(days=3))
    opened = meeting_of(cast, amira, cast.unshared, cast.shared, other, code="at-once")
    item = item_of(opened, other)
    given = Given("HIGH", REASON, contingency="Call 101.", others=OTHERS)
    record_decision(item=item, given=given, seen_version=item.version, by=amira)
    return opened


@pytest.mark.long
@pytest.mark.parametrize("wall", ["the application's alone", "both"])
def test_both_ways_of_reading_give_the_same_rows(cast: Cast, meeting: Meeting, wall: str) -> None:
    restrict(child=cast.shared.child, because="Known to the team.", by=cast.people["dev"])
    seen: dict[str, int] = {}
    for name in SEE_WHOLE_CASES:
        who = cast.people[name]
        for number in Meeting.objects.values_list("pk", flat=True):
            if wall == "both":
                with as_application():
                    act_as(again(who))
                    found, expected = at_once(who, number), kind_by_kind(who, number)
            else:
                found, expected = at_once(who, number), kind_by_kind(who, number)
            assert found == expected, f"{name} at {number}"
            if number == meeting.pk and found:
                assert all(found), "something of every kind is seen"
                seen[name] = len(found[1])
    assert seen == {"amira": 3, "ben": 2, "nora": 2}, "who leads the child alone is shown it"


def test_by_an_item_its_own_meeting_is_read_and_by_a_hidden_one_none(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    item = item_of(meeting, cast.shared)
    told = read_meeting(again(amira), item=item.pk)
    assert told is not None
    assert (told.meeting, [each.pk for each in told.items].count(item.pk)) == (meeting, 1)
    assert read_meeting(again(cast.people["erin"]), item=item.pk) is None
    restrict(child=cast.shared.child, because="Known to the team.", by=cast.people["dev"])
    ben = cast.people["ben"]
    assert read_meeting(again(ben), item=item.pk) is None
    assert read_meeting(again(ben), number=meeting.pk) is not None


def test_nobody_who_does_not_see_whole_cases_is_told_of_a_meeting(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    for name in ("chloe", "ana"):
        assert read_meeting(again(cast.people[name]), number=meeting.pk) is None
    assert read_meeting(operator(), number=meeting.pk) is None
    assert read_meeting(User.objects.get(pk=amira.pk), number=meeting.pk) is None, "no request"


def test_without_the_applications_wall_the_database_shows_nothing_that_is_not_theirs(
    cast: Cast, meeting: Meeting
) -> None:
    def told_to(name: str) -> set[str]:
        with as_application():
            act_as(again(cast.people[name]))
            with connection.cursor() as cursor:
                cursor.execute(ASK, [meeting.pk, None, cast.bradford.pk, []])
                return {part for part, rows in cursor.fetchall() if rows != "[]"}

    assert told_to("ben") == {"meeting", "items", "there", "seats", "decisions", "checks"}
    assert told_to("erin") == set()
    assert told_to("chloe") == set()


@pytest.fixture
def crowded(cast: Cast, meeting: Meeting, amira: User) -> Meeting:
    """Beside it whatever looks like it and does not count: who left, what was taken back, levels since."""
    there = Attendance.objects.filter(meeting=meeting, left_at=None).values_list(
        "agency", flat=True
    )
    attend(meeting=meeting, agencies=sorted(there)[1:], by=amira)
    [decision] = MeetingDecision.objects.known().filter(item__meeting=meeting)
    take_back(decision=decision, reason="Another child was meant.", by=amira)
    item = item_of(meeting, decision.item.episode)
    given = Given("MEDIUM", REASON, contingency="Call 101.", others=OTHERS)
    record_decision(item=item, given=given, seen_version=item.version, by=amira)
    asked_at, minute = timezone.now() - timedelta(days=2), timedelta(minutes=9)
    child = make_child(partnership=cast.bradford, by=amira)
    asked = {
        name: make_episode(child=child, by=amira) for name in ("before", "after", "gone", "none")
    }
    day = timezone.localdate() - timedelta(days=2)
    asked["closed"] = make_episode(child=child, by=amira, closed_on=day)
    meeting_of(cast, amira, *asked.values(), code="crowded")
    for episode in asked.values():
        make_checks(episode=episode, by=amira, asked_at=asked_at)
    for number, (name, apart) in enumerate(
        {"before": -minute, "after": minute, "gone": minute}.items(), 1
    ):
        level = set_level(
            episode=asked[name], level="LOW", set_on=day, by=amira,
            known_from=asked_at + apart, position=number,
        )  # fmt: skip
        if name == "gone":
            gone = {"superseded_at": timezone.now(), "superseded_by": amira}
            RiskLevel.objects.filter(pk=level.pk).update(**gone)
    return meeting


def by_item(who: User, item: int) -> int | None:
    told = read_meeting(again(who), item=item)
    return told.meeting.pk if told else None


def raw(meeting: int, cast: Cast) -> set[str]:
    """Ask of a meeting of another partnership: nothing is told of any part."""
    with connection.cursor() as cursor:
        cursor.execute(ASK, [meeting, None, cast.kirklees.pk, []])
        return {part for part, rows in cursor.fetchall() if rows != "[]"}


@pytest.mark.drill
def test_each_condition_of_the_function_is_needed(cast: Cast, crowded: Meeting) -> None:
    def compare() -> None:
        assert raw(crowded.pk, cast) == set()
        for name in SEE_WHOLE_CASES:
            who = cast.people[name]
            for number in Meeting.objects.values_list("pk", flat=True):
                assert at_once(who, number) == kind_by_kind(who, number)
            seen = set(MeetingItem.objects.visible_to(again(who)).values_list("pk", flat=True))
            for item in MeetingItem.objects.all():
                found = by_item(who, item.pk)
                assert found == (item.meeting_id if item.pk in seen else None)

    def hidden_too() -> None:
        compare()
        restrict(child=cast.shared.child, because="Known to the team.", by=cast.people["dev"])
        compare()

    assert sorted(unnoticed("risk_meeting_room", hidden_too)) == sorted(CHANGE_NOTHING)


@pytest.mark.long
def test_what_a_decision_stands_on_is_what_the_tables_say(
    cast: Cast, meeting: Meeting, amira: User
) -> None:
    before = timezone.localdate() - timedelta(days=2)
    set_level(episode=cast.unshared, level="LOW", set_on=before, by=amira)
    make_checks(episode=cast.unshared, by=amira, asked_at=timezone.now())
    details = ChildDetails.objects.known().get(child=cast.unshared.child)
    details.pk, details.position, details.learning_disability = None, 2, True
    details.save(force_insert=True)
    disabled = waiting = 0
    for item in MeetingItem.objects.filter(meeting=meeting):
        ranks = scale_in_use().ranks
        levels = RiskLevel.objects.known().filter(episode=item.episode)
        waits = AgencyCheck.objects.outstanding().filter(episode=item.episode)
        stands: dict[str, str] = {}
        for row in Measure.objects.known().filter(episode=item.episode).latest_first():
            stands.setdefault(row.matter, row.state)
        noted = ChildDetails.objects.known().filter(child=item.child, learning_disability=True)
        found = ground_of(item)
        assert found == replace(
            found,
            highest=max((ranks[level.level] for level in levels), default=None),
            outstanding=len(set(waits.values_list("agency", flat=True))),
            learning_disability=noted.exists(),
            stands=stands,
        )
        disabled += found.learning_disability
        waiting += found.outstanding
    assert disabled == 1
    assert waiting > 1
