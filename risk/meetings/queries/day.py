"""What came of a child's place on a past day's list: the meeting's own decision, or what followed."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Q

from hub.accounts.models import User
from hub.days.rules import london_date
from hub.templatetags.hub import day as in_full
from referrals.episodes.models import EpisodeFact
from referrals.missing.models import MissingEpisode
from risk.agenda.queries import clock_words
from risk.levels.models import RiskLevel
from risk.meetings.models import Meeting, MeetingDecision, MeetingItem, MeetingSeries
from risk.places.models import PlaceForward

Since = list[tuple[datetime, str]]


def decided_on(user: User, day: date, episodes: Collection[int]) -> list[MeetingDecision]:
    """Give what the meetings of a day decided of these episodes, and did not take back."""
    rows = MeetingDecision.objects.visible_to(user).known().filter(episode__in=episodes)
    of_day = rows.filter(item__meeting__held_on=day).select_related("item__meeting__series")
    return list(of_day.order_by("decided_at", "pk"))


def followed(user: User, episodes: Collection[int], moment: datetime) -> dict[int, Since]:
    """Give of each episode what was decided of it after a moment: levels and its closing, in their order."""
    found: dict[int, Since] = {number: [] for number in episodes}
    levels = RiskLevel.objects.visible_to(user).known().with_place_on_scale()
    for row in levels.filter(episode__in=episodes, known_from__gt=moment):
        words = f"{row.label or row.level} set on {in_full(row.set_on)}"
        found[row.episode_id].append((row.known_from, words))
    closed = EpisodeFact.objects.visible_to(user).known().filter(episode__in=episodes)
    for fact in closed.filter(to_known_from__gt=moment, closed_on__isnull=False):
        words = f"Closed on {in_full(fact.closed_on)}"
        found[fact.episode_id].append((fact.to_known_from or moment, words))
    return {number: sorted(each) for number, each in found.items()}


def back_since(user: User, children: Iterable[int], moment: datetime) -> dict[int, str]:
    """Say of those of these children who were missing at a moment when they were back."""
    rows = MissingEpisode.objects.visible_to(user).known().filter(child__in=list(children))
    away = rows.filter(
        Q(to_known_from__gt=moment), missing_from__lte=moment, found_at__isnull=False
    )
    return {
        child: f"Back {clock_words(found)}"
        for child, found in away.order_by("found_at").values_list("child_id", "found_at")
        if found
    }


def on_agendas(user: User, day: date) -> list[MeetingItem]:
    """Give what the daily meetings of a day had on their agendas, with why: also what was added there."""
    daily = MeetingSeries.Takes.DAYS_LIST
    rows = MeetingItem.objects.visible_to(user).filter(meeting__held_on=day)
    return list(
        rows.filter(meeting__series__takes=daily)
        .select_related("meeting")
        .order_by("meeting", "number")
    )


def meetings_for(forward: PlaceForward, user: User) -> list[Meeting]:
    """Give the meetings since a place was put forward that can have spoken of it, the latest first.

    It was put forward, for the last time, with the last version that no meeting has spoken of. The panel
    settles proposals alone; a meeting that was over by then has not spoken of it.
    """
    versions = PlaceForward.objects.visible_to(user).filter(
        referral=forward.referral_id, for_day=forward.for_day, discussed_on=None
    )
    since = versions.order_by("known_from").values_list("known_from", flat=True).last()
    if since is None:
        return []
    rows = Meeting.objects.visible_to(user).filter(held_on__gte=london_date(since))
    over = Q(finished_at__lt=since) | Q(series__takes=MeetingSeries.Takes.PROPOSALS)
    spoke = rows.exclude(over).select_related("series")
    return list(spoke.order_by("-held_on", "series__starts_at", "pk"))


def meetings_of(user: User, day: date, *, daily: bool = False) -> list[Meeting]:
    """Give the meetings that were opened for a day; `daily`: those alone that take the day's list."""
    rows = Meeting.objects.visible_to(user).filter(held_on=day).select_related("series")
    if daily:
        rows = rows.filter(series__takes=MeetingSeries.Takes.DAYS_LIST)
    return list(rows.order_by("series__starts_at", "pk"))
