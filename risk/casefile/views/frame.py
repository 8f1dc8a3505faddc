"""What stands around every page of a case: who the child is, how worried the hub is, and the tabs."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime

from hub.access.gate import standing_of
from hub.codes.rules import code_list
from hub.days.rules import age_on, review_note
from partners.sharing.rules import CATEGORIES, EPISODES
from referrals.emergencies.models import EmergencyAccess
from referrals.missing.models import MissingEpisode
from risk.casefile.rules import (
    ABSENT,
    RESTRICTED,
    Looking,
    Standing,
    last_meeting,
    missing_alert,
    movement,
    nearing_18,
    seen_end,
)
from risk.casefile.views.deeds import Deed, deeds_of
from risk.casefile.views.reading import Case, EpisodeThen, own_emergency
from risk.levels.models import RiskLevel

# Tab, its label, its label for those with whom a part is shared (empty: no such tab for them).
TABS = (
    ("summary", "Summary", "Summary"),
    ("timeline", "Timeline", "Timeline"),
    ("levels", "Levels", "Levels"),
    ("addresses", "Addresses and statuses", "Addresses"),
    ("episodes", "Episodes", ""),
    ("missing", "Missing", ""),
    ("support", "Support", "Support"),
    ("intelligence", "Intelligence", "Intelligence"),
)
NO_EPISODE_YET = "No episode had been recorded."
NO_OPEN_EPISODE = "No open episode"
NOT_SHARED = "Not shared with your agency"


@dataclass(frozen=True)
class Tab:
    """A page of the case."""

    label: str
    address: str
    here: bool


@dataclass(frozen=True)
class Identity:
    """The child in one minute; `level` is None where no episode is open, and `closed` then says more.

    `without_level` says in its place that none is open, or that the level is not shared with the person;
    `unshared` what their agency's sharing agreement leaves out. `adult_soon` and `alerts` are in words,
    empty where there is nothing to say. `joined`: the references of the records that are joined to this one.
    """

    reference: str
    name: str
    born: date
    age: int
    adult_soon: str
    level: str | None
    without_level: str
    since: date | None
    movement: str
    closed: str
    closed_on: date | None
    lead: str
    review_due_on: date | None
    review_note: str
    overdue: bool
    alerts: list[str]
    unshared: str
    joined: list[str]


@dataclass(frozen=True)
class Frame:
    """What the case's layout prints around a tab; `print_at` is empty where a page is not for paper.

    `emergency` is the person's own by which they see this child, or None.
    """

    title: str
    identity: Identity
    tabs: list[Tab]
    looking: Looking
    here: str
    whole: bool
    deeds: list[Deed]
    print_at: str = ""
    emergency: EmergencyAccess | None = None


def frame_of(case: Case, tab: str) -> Frame:
    """Build the header and the tabs of a page."""
    tabs = _tabs(case, tab)
    label = next(entry.label for entry in tabs if entry.here)
    here = reverse(f"risk-child-{tab}", args=[case.child.pk])
    title = f"{case.child.reference} {label}"
    return Frame(
        title=title,
        identity=identity_of(case),
        tabs=tabs,
        looking=case.looking,
        here=here,
        whole=case.sees_all,
        deeds=deeds_of(case),
        print_at=_print_at(case, tab),
        emergency=_emergency(case),
    )


def _emergency(case: Case) -> EmergencyAccess | None:
    return own_emergency(case) if case.sees_all else None


def _print_at(case: Case, tab: str) -> str:
    """Lead to printing the page that is open, as at the day that is looked at."""
    asked = urlencode((("part", tab), *case.looking.asked))
    return f"{reverse('risk-child-print', args=[case.child.pk])}?{asked}"


def frame_for_recording(case: Case, title: str) -> Frame:
    """Build the header and the tabs around a form: no tab is open, and no other deed is offered."""
    here = reverse("risk-child-summary", args=[case.child.pk])
    whole = f"{case.child.reference} {title}"
    return Frame(
        title=whole,
        identity=identity_of(case),
        tabs=_tabs(case, ""),
        looking=case.looking,
        here=here,
        whole=case.sees_all,
        deeds=[],
        emergency=_emergency(case),
    )


def labels_for(sees_all: bool) -> dict[str, str]:
    """Give the tabs that a person has, with their labels."""
    return {name: whole if sees_all else part for name, whole, part in TABS if sees_all or part}


def _tabs(case: Case, here: str) -> list[Tab]:
    past = f"?{case.looking.query}" if case.looking.past else ""
    return [
        Tab(label, reverse(f"risk-child-{name}", args=[case.child.pk]) + past, name == here)
        for name, label in labels_for(case.sees_all).items()
    ]


def identity_of(case: Case) -> Identity:
    """Say who the child is and how it stands on the day that is looked at."""
    who = case.details or case.child
    level = case.level
    due_on = next_review(case)
    return Identity(
        reference=case.child.reference,
        name=f"{who.forenames} {who.surname}",
        born=who.date_of_birth,
        age=age_on(who.date_of_birth, case.looking.day),
        adult_soon=nearing_18(
            who.date_of_birth, case.looking.day, case.child.partnership.adult_weeks
        ),
        level=level.code if level else None,
        without_level=NO_OPEN_EPISODE if shares_episodes(case) else NOT_SHARED,
        since=level.set_on if level else None,
        movement=_movement_to(case, level) if level else "",
        closed="" if level else _closed_words(case),
        closed_on=None if level else _last_closed_on(case),
        lead=lead_of(case),
        review_due_on=due_on,
        review_note=review_note(due_on, case.looking.day) if due_on else "",
        overdue=due_on is not None and due_on < case.looking.day,
        alerts=alerts_of(case),
        unshared="; ".join(label for code, label in CATEGORIES.items() if not _shares(case, code)),
        joined=[record.reference for record, _said in case.joined],
    )


def shares_episodes(case: Case) -> bool:
    """Say whether the person may see episodes: else that none is seen says nothing."""
    return _shares(case, EPISODES)


def _shares(case: Case, category: str) -> bool:
    standing = standing_of(case.user)
    return case.sees_all or (standing is not None and category in standing.categories)


def alerts_of(case: Case) -> list[str]:
    """Say what must be known before anybody acts; only what the person may see."""
    since = last_meeting(case.looking.day)
    away = [row for row in case.missing if _still_away(row, case.looking)]
    back = [row for row in case.missing if row not in away]
    lately = [row.category for row in back if localdate(row.missing_from) >= since]
    alerts = [
        *map(_away_words, away),
        missing_alert(lately, since),
        RESTRICTED if case.lives_confidentially else "",
    ]
    return [alert for alert in alerts if alert]


def _still_away(row: MissingEpisode, looking: Looking) -> bool:
    found = localdate(row.found_at) if row.found_at else None
    return seen_end(found, row.to_known_from, looking) is None


def _away_words(row: MissingEpisode) -> str:
    what = "Absent" if row.category == ABSENT else "Missing"
    since = date_format(localtime(row.missing_from), "j M Y, H:i")
    return f"{what} now, since {since}"


def _movement_to(case: Case, level: Standing) -> str:
    for episode in case.open:
        if episode.levels and episode.standing == level:
            return movements(episode.levels)[-1]
    return ""


def movements(levels: list[RiskLevel]) -> list[str]:
    """Say of each level of an episode how it moved from the one before it."""
    before: list[RiskLevel | None] = [None, *levels]
    return [_moved(old, new) for old, new in zip(before, levels, strict=False)]


def _moved(old: RiskLevel | None, new: RiskLevel) -> str:
    same_scale = old is not None and old.scale_id == new.scale_id
    return movement((old.label, old.rank) if old and same_scale else None, new.rank)


def _closed_words(case: Case) -> str:
    last = _last_closed(case)
    if last is None:
        return NO_EPISODE_YET if shares_episodes(case) else ""
    level = last.levels[-1].label if last.levels else "not set"
    reason = code_list("closure_reasons").get(last.fact.closure_reason)
    why = f"{reason.label}. " if reason and case.sees_all else ""
    return f"{why}Last level: {level}."


def _last_closed_on(case: Case) -> date | None:
    last = _last_closed(case)
    return last.closed_on if last else None


def _last_closed(case: Case) -> EpisodeThen | None:
    return max(case.episodes, key=lambda episode: episode.closed_on or date.min, default=None)


def lead_of(case: Case) -> str:
    """Name who leads; empty where nobody is recorded."""
    leads = (holder.worker_name or holder.worker for holder in case.held_by if holder.lead)
    return next(leads, "")


def next_review(case: Case) -> date | None:
    """Give the earliest review of the open episodes that is not done by the day."""
    due = (next_review_of(episode, case.looking) for episode in case.open)
    return min((day for day in due if day), default=None)


def next_review_of(episode: EpisodeThen, looking: Looking) -> date | None:
    """Give an episode's earliest review that is not done by the day."""
    left = (
        review.due_on
        for review in episode.reviews
        if seen_end(review.done_on, review.to_known_from, looking) is None
    )
    return next(left, None)
