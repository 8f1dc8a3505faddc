"""What a meeting's agenda is made of, by how the meeting is set up."""

from dataclasses import dataclass
from datetime import date

from hub.accounts.models import User
from referrals.episodes.models import Episode
from risk.meetings.models import MeetingItem, MeetingSeries
from risk.proposals.models import Proposal
from risk.proposals.rules import WORDS, Kind

MOST = 200


@dataclass(frozen=True)
class Entry:
    """A child that a meeting must see: why, and of a panel the proposal."""

    episode: Episode
    group: str
    why: tuple[str, ...]
    proposal: Proposal | None = None


def entries_for(series: MeetingSeries, day: date, user: User) -> list[Entry]:
    """Gather what the meeting of a day must see, as far as whoever opens it may."""
    if series.takes == MeetingSeries.Takes.PROPOSALS:
        return _proposals(user)
    if series.takes == MeetingSeries.Takes.LEVELS:
        return _at_levels(series, user)
    return _days_list(day, user)


def _proposals(user: User) -> list[Entry]:
    waiting = Proposal.objects.visible_to(user).open().in_panel_order()
    rows = waiting.select_related("episode", "episode__child")[:MOST]
    return [Entry(p.episode, p.kind, (WORDS[Kind(p.kind)],), p) for p in rows]


def _at_levels(series: MeetingSeries, user: User) -> list[Entry]:
    """The open episodes at those levels, those longest undiscussed first."""
    episodes = Episode.objects.visible_to(user).open().filter(level__in=series.levels)
    rows = list(episodes.select_related("child"))
    last = {
        item["episode"]: item["meeting__held_on"]
        for item in MeetingItem.objects.visible_to(user)
        .filter(meeting__series=series, episode__in=rows)
        .order_by("meeting__held_on")
        .values("episode", "meeting__held_on")
    }
    rows.sort(key=lambda episode: (last.get(episode.pk, date.min), episode.referred_on, episode.pk))
    most = series.most or MOST
    return [Entry(e, "level", (_since(last.get(e.pk)),)) for e in rows[:most]]


def _since(day: date | None) -> str:
    return f"Last seen here {day.day} {day:%B %Y}" if day else "Never seen here"


def _days_list(day: date, user: User) -> list[Entry]:
    """New referrals without a decision, then the reviews that are due."""
    episodes = Episode.objects.visible_to(user).open().select_related("child")
    undecided = episodes.filter(level="").order_by("referred_on", "pk")[:MOST]
    due = episodes.filter(review_due_on__lte=day).exclude(level="").in_caseload_order()[:MOST]
    return [
        *(Entry(e, "new_referrals", (f"Referred {_on(e.referred_on)}",)) for e in undecided),
        *(Entry(e, "reviews", (f"Review due {_on(e.review_due_on)}",)) for e in due),
    ]


def _on(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
