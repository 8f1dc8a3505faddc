"""What a meeting's agenda is made of, by how the meeting is set up."""

from dataclasses import dataclass
from datetime import date

from hub.accounts.models import User
from partners.partnerships.models import Partnership
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.joinings.queries import all_kept, records_of
from risk.agenda.queries import items_of, missing_items
from risk.agenda.rules import (
    CARRIED,
    INFORMATION,
    MISSING,
    REFERRAL,
    REVIEW,
    Window,
    arranged,
    window_of,
    with_kept,
)
from risk.meetings.models import MeetingItem, MeetingSeries
from risk.proposals.models import Proposal
from risk.proposals.rules import WORDS, Kind

MOST = 200
BY_HAND = "by_hand"
# The groups of the day's list, as an item keeps them.
GROUPS = {
    MISSING: "missing",
    REFERRAL: "new_referrals",
    INFORMATION: "new_information",
    REVIEW: "reviews",
    CARRIED: "carried",
}


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
    """What the day's list holds (risk/agenda), each child by the episode that waits longest for a word.

    Its reasons are kept, and every agency reads them: so none is of a note that is for some agencies alone.
    A child without an open episode is not on the agenda: there is nothing to decide (`without_episode`).
    """
    kept = all_kept(user)
    meets_at = Partnership.objects.visible_to(user).order_by("pk")[:1].get().meets_at
    window = window_of(day, meets_at)
    items = items_of(user, window, for_the_hub=True)
    places = arranged(with_kept(items, kept), window)[:MOST]
    episodes = one_each(user, [place.child for place in places], kept)
    return [
        Entry(episodes[place.child], GROUPS[place.group], place.reasons)
        for place in places
        if place.child in episodes
    ]


def without_episode(
    window: Window, user: User, kept: dict[int, int]
) -> list[tuple[Child, tuple[str, ...]]]:
    """Give the children of the day's list who have no open episode, each with why it is there.

    Someone who is missing again after the episode was closed is looked at; what is to be decided needs an
    episode first, so the agenda's page names them apart. All else on the list is of an open episode.
    All is asked also where nobody is missing: what a page asks does not tell what is on it.
    """
    missing = missing_items(user, window, unlisted=True)
    places = arranged(with_kept(missing, kept), window)[:MOST]
    numbers = [place.child for place in places] or [0]
    open_ones = Episode.objects.visible_to(user).open().filter(child__in=records_of(kept, numbers))
    has_one = {kept.get(child, child) for child in open_ones.values_list("child_id", flat=True)}
    children = Child.objects.visible_to(user).in_bulk(numbers)
    return [
        (children[place.child], place.reasons)
        for place in places
        if place.child in children and place.child not in has_one
    ]


def one_each(user: User, children: list[int], kept: dict[int, int]) -> dict[int, Episode]:
    """Give each child's open episode: one on which nobody has decided, else the one reviewed first."""
    seen = Episode.objects.visible_to(user).open()
    rows = seen.filter(child__in=records_of(kept, children)).select_related("child")
    found: dict[int, Episode] = {}
    for episode in sorted(rows, key=_urgency):
        found.setdefault(kept.get(episode.child_id, episode.child_id), episode)
    return found


def _urgency(episode: Episode) -> tuple[bool, date, int]:
    return bool(episode.level), episode.review_due_on or date.max, episode.pk
