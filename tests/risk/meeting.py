"""A meeting that is open, for the stories about meetings: with its agenda, a recorder and a quorum."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.days.rules import is_working_day, london_date
from partners.agencies.models import Agency
from referrals.episodes.models import Episode
from risk.levels.actions import set_level
from risk.levels.rules import Decision
from risk.meetings.actions import arrange, attend, open_meeting
from risk.meetings.models import Meeting, MeetingItem, MeetingSeries
from risk.meetings.queries.entries import Entry
from risk.meetings.rules.others import Answer
from risk.meetings.rules.plan import Plan
from risk.proposals.models import Proposal
from tests.cast import Cast

ALL_WEEK = (0, 1, 2, 3, 4)
DAILY = Plan("Daily meeting", "days_list", ALL_WEEK, time(9, 15), date(2014, 1, 1))
PANEL = Plan("Thursday panel", "proposals", (3,), time(10), date(2014, 1, 1), settles=True)
REASON = "Agreed by all at the table after the checks."
# What a high level, or the hard rule, has asked of others.
OTHERS = {"strategy": Answer("requested"), "social_care": Answer("made")}
PLAN = "The key worker stays for three months."


def today() -> date:
    """Say which day it is in London."""
    return london_date(timezone.now())


def working_day() -> date:
    """Give today, or the last working day before."""
    day = today()
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def series_of(cast: Cast, plan: Plan = DAILY, code: str = "daily") -> MeetingSeries:
    """Set a meeting up in Bradford."""
    return arrange(partnership=cast.bradford, code=code, plan=plan, by=operator())


def meeting_of(
    cast: Cast, by: User, *episodes: Episode, plan: Plan = DAILY, code: str = "daily"
) -> Meeting:
    """Open today's meeting with those episodes, every agency of the quorum present."""
    entries = [Entry(episode, "new_referrals", ("Referred by the school",)) for episode in episodes]
    meeting = open_meeting(series=series_of(cast, plan, code), day=today(), entries=entries, by=by)
    there = Agency.objects.filter(
        partnership=cast.bradford, kind__in=["social_care", "police", "health"]
    )
    attend(meeting=meeting, agencies=list(there.values_list("pk", flat=True)), by=by)
    return Meeting.objects.get(pk=meeting.pk)


def panel_of(cast: Cast, by: User, *proposals: Proposal) -> Meeting:
    """Open today's panel with those proposals."""
    entries = [Entry(p.episode, p.kind, (p.words,), p) for p in proposals]
    return open_meeting(series=series_of(cast, PANEL, "panel"), day=today(), entries=entries, by=by)


def item_of(meeting: Meeting, episode: Episode) -> MeetingItem:
    """Give the item of an episode, read anew."""
    return MeetingItem.objects.select_related("meeting__series", "episode", "child").get(
        meeting=meeting, episode=episode
    )


def at_level(episode: Episode, level: str, by: User, days_ago: int = 0) -> Episode:
    """Set a level outside the meeting, and give the episode read anew."""
    set_level(
        episode=episode,
        decision=Decision(level, today() - timedelta(days_ago), REASON),
        seen_level=episode.level,
        by=by,
    )
    episode.refresh_from_db()
    return episode


def seen_at(client: Client, address: str) -> str:
    """The version that the page's form bears."""
    page = client.get(address).content.decode()
    # The form of the discussion comes before that of the decision.
    versions: list[str] = re.findall(r'name="seen"(?: value="([^"]*)")?', page)
    return versions[-1] if versions else ""


def send(client: Client, address: str, sent: Mapping[str, Any]) -> Any:
    """Send the page's form as it stands, with those answers."""
    seen = {"seen": seen_at(client, address), "once": str(uuid4())}
    return client.post(address, {**seen, **sent})
