"""What a decision stands on: the level in force, who has not answered, who is at the table."""

from dataclasses import dataclass

from hub.days.rules import age_on
from referrals.checks.models import AgencyCheck
from referrals.children.models import ChildDetails
from referrals.episodes.models import Episode, EpisodeFact
from referrals.measures.models import Measure
from referrals.measures.rules import UNDER
from risk.levels.actions import CURRENT_SCALE
from risk.levels.models import RiskLevel, ScaleLevel
from risk.meetings.models import Attendance, Meeting, MeetingDecision, MeetingItem
from risk.meetings.rules.effects import Effect, Ground
from risk.meetings.rules.quorum import absent
from risk.proposals.rules import Kind, Settling


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
    """Read what a decision of this item stands on; `scale`, the kinds `there`: read already, or None."""
    on_scale = (scale or scale_in_use()).ranks
    ever = RiskLevel.objects.known().filter(episode=item.episode_id)
    heights = [on_scale[code] for code in ever.values_list("level", flat=True) if code in on_scale]
    return Ground(
        rank_now=on_scale.get(item.episode.level),
        highest=max(heights, default=None),
        outstanding=outstanding(item.episode),
        quorate=not missing_from_quorum(item.meeting, there),
        under_13=age_on(item.child.date_of_birth, item.episode.referred_on) < UNDER,
        learning_disability=_learning_disability(item),
        stands=stands_of_matters(item.episode),
    )


def stands_of_matters(episode: Episode) -> dict[str, str]:
    """Give the state of each matter with others that stands on an episode."""
    rows = Measure.objects.known().filter(episode=episode).latest_first()
    found: dict[str, str] = {}
    for matter, state in rows.values_list("matter", "state"):
        found.setdefault(matter, state)
    return found


def _learning_disability(item: MeetingItem) -> bool:
    details = ChildDetails.objects.known().filter(child=item.child_id)
    return details.filter(learning_disability=True).exists()


def outstanding(episode: Episode) -> int:
    """Count the agencies that were asked what they know of this child and have not answered."""
    waiting = AgencyCheck.objects.outstanding().filter(episode=episode)
    return waiting.order_by().values("agency").distinct().count()


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
