"""What a decision stands on: the level in force, who has not answered, who is at the table."""

from dataclasses import dataclass

from django.db import connection

from hub.days.rules import age_on
from referrals.episodes.models import EpisodeFact
from referrals.measures.rules import UNDER
from risk.levels.actions import CURRENT_SCALE
from risk.levels.models import ScaleLevel
from risk.meetings.models import Attendance, Meeting, MeetingDecision, MeetingItem
from risk.meetings.rules.effects import Effect, Ground
from risk.meetings.rules.quorum import absent
from risk.proposals.rules import Kind, Settling

ASK = "SELECT levels, outstanding, learning_disability, stands FROM risk_ground(%s, %s)"


@dataclass(frozen=True)
class Scale:
    """The levels of a scale: code and label, the gravest first, and the rank of each code."""

    choices: list[tuple[str, str]]
    ranks: dict[str, int]


def scale_in_use() -> Scale:
    """Read the scale in use."""
    levels = ScaleLevel.objects.filter(scale__code=CURRENT_SCALE).order_by("-rank")
    rows = list(levels.values_list("code", "label", "rank"))
    choices = [(code, label) for code, label, _rank in rows]
    return Scale(choices, {code: rank for code, _label, rank in rows})


def ranks() -> dict[str, int]:
    """Give the rank of each level of the scale in use."""
    return scale_in_use().ranks


def rank_of(level: str) -> int | None:
    """Give a level's rank on the scale in use; None where it is not on it."""
    return ranks().get(level)


def ground_of(
    item: MeetingItem, scale: Scale | None = None, there: set[str] | None = None
) -> Ground:
    """Read what a decision of this item stands on; `scale`, the kinds `there`: read already, or None.

    The database's function (risk/migrations/0020) gives the levels that were ever set on the episode, how
    many agencies have not answered, whether the child has a learning disability, and how matters with
    others stand.
    """
    on_scale = (scale or scale_in_use()).ranks
    with connection.cursor() as cursor:
        cursor.execute(ASK, [item.episode_id, item.child_id])
        levels, outstanding, learning_disability, stands = cursor.fetchone()
    heights = [on_scale[code] for code in levels if code in on_scale]
    return Ground(
        rank_now=on_scale.get(item.episode.level),
        highest=max(heights, default=None),
        outstanding=outstanding,
        quorate=not missing_from_quorum(item.meeting, there),
        under_13=age_on(item.child.date_of_birth, item.episode.referred_on) < UNDER,
        learning_disability=learning_disability,
        stands=stands,
    )


def missing_from_quorum(meeting: Meeting, there: set[str] | None = None) -> list[str]:
    """Give the kinds of agency that the quorum asks for and that are not at the table."""
    if there is None:
        present = Attendance.objects.there().filter(meeting=meeting)
        there = set(present.values_list("agency__kind", flat=True))
    return absent(meeting.series.quorum, there)


def closed_by(decision: MeetingDecision, fact: EpisodeFact) -> bool:
    """Say whether it was this decision that closed the episode."""
    closes = decision.effect == Effect.CLOSES
    ratified = decision.outcome == Settling.RATIFY and decision.proposal is not None
    closing = ratified and decision.proposal is not None and decision.proposal.kind == Kind.CLOSING
    return (
        (closes or closing)
        and fact.closed_on is not None
        and fact.known_from >= decision.known_from
    )
