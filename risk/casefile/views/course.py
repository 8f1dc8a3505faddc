"""How each level came about: what meetings decided and proposed, who ratified it and who dissented."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from hub.days.rules import london_date
from risk.casefile.views.reading import Case
from risk.meetings.models import MeetingDecision
from risk.meetings.rules.times import entered_later
from risk.meetings.views.agenda import level_word, outcome_words
from risk.meetings.views.dissent import dissent_of, settled_by
from risk.meetings.views.item import who_and_when
from risk.proposals.models import Proposal
from risk.proposals.rules import Kind, Settling

RATIFIED = {
    Kind.RISE: "the rise to {} is ratified",
    Kind.FALL: "the fall to {} is ratified",
    Kind.CLOSING: "the closing is ratified",
}


@dataclass(frozen=True)
class Step:
    """What a meeting decided of an episode; `beside` are lines below its reason.

    `record`: the joined record where it stands, empty for the child's own.
    """

    day: date
    title: str
    reason: str
    reference: str
    recorded_on: date | None
    beside: list[str]
    record: str


@dataclass(frozen=True)
class Course:
    """The steps that set a level, by its number, and the others in their order."""

    of_level: dict[int, list[str]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)


def course_of(case: Case) -> Course:
    """Read it, for those who see whole cases, with three queries; with one where nothing was decided yet."""
    seen = MeetingDecision.objects.visible_to(case.user).filter(child__in=case.numbers)
    if not case.sees_all or not seen.exists():
        return Course()
    rows = seen.known(case.looking.known_at).filter(item__meeting__held_on__lte=case.looking.day)
    related = ("item__meeting__series", "episode", "recorded_by", "level", "proposal__proposed_by")
    said = list(rows.select_related(*related).order_by("decided_at", "pk"))
    dissent = dissent_of(said, case.user, case.looking.known_at)
    shown = {level.pk for episode in case.episodes for level in episode.levels}
    course = Course(defaultdict(list))
    for decision in said:
        beside = _beside(decision, dissent)
        if decision.level_id in shown and decision.level_id is not None:
            course.of_level[decision.level_id] = [f"{_title(decision)}. {beside[0]}", *beside[1:]]
        else:
            course.steps.append(_step(case, decision, beside))
    return course


def _step(case: Case, said: MeetingDecision, beside: list[str]) -> Step:
    later = entered_later(said.decided_at, said.known_from)
    return Step(
        day=said.item.meeting.held_on,
        title=_title(said),
        reason=said.rationale,
        reference=said.episode.reference,
        recorded_on=london_date(said.known_from) if later else None,
        beside=beside,
        record=case.record_of(said),
    )


def _title(said: MeetingDecision) -> str:
    return f"{said.item.meeting.series.name}: {_outcome(said)}"


def _outcome(said: MeetingDecision) -> str:
    if said.outcome == Settling.RATIFY and said.proposal is not None:
        return RATIFIED[Kind(said.proposal.kind)].format(level_word(said.proposal.to_level))
    words = outcome_words(said)
    return f"{words[0].lower()}{words[1:]}"


def _beside(said: MeetingDecision, dissent: dict[int, list[str]]) -> list[str]:
    lines = [f"Recorded by {who_and_when(said)}."]
    if said.outcome in list(Settling) and said.proposal is not None:
        lines.append(_proposed(said.proposal))
    settles = settled_by(said) is not None
    against = dissent.get(said.proposal_id or 0, []) if settles else []
    return [*lines, *(f"Dissent: {words}" for words in against)]


def _proposed(proposal: Proposal) -> str:
    day = london_date(proposal.proposed_at)
    return f"Proposed by {proposal.proposed_by.name} on {day.day} {day:%B %Y}: {proposal.words}"
