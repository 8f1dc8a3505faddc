"""The levels of each episode with their reasons, and every version that was corrected."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from hub.accounts.models import User
from hub.days.rules import london_date
from hub.facts.models import FactSource
from risk.casefile.rules import Looking, recorded_late
from risk.casefile.views.course import Course, course_of
from risk.casefile.views.frame import movements
from risk.casefile.views.reading import Case, EpisodeThen, level_versions
from risk.levels.models import RiskLevel
from risk.tools.models import ToolVersion

Key = tuple[int, date, int]


@dataclass(frozen=True)
class Earlier:
    """A version that no longer stands: what it said, who brought it, when and by whom it was put right."""

    level: str
    reason: str
    by: str
    corrected_on: date
    corrected_by: str
    rests_on: str = ""


@dataclass(frozen=True)
class LevelRow:
    """A level that stands, or stood until it was withdrawn; `earlier` the versions before it, `beside`
    how it came about.
    """

    level: str
    set_on: date
    recorded_on: date | None
    movement: str
    reason: str
    rests_on: str
    beside: list[str]
    by: str
    why_corrected: str
    earlier: list[Earlier]


@dataclass(frozen=True)
class EpisodeLevels:
    """The levels of an episode, the latest first, and those that were withdrawn altogether.

    `record`: the joined record where the episode stands, empty for the child's own.
    """

    reference: str
    record: str
    referred_on: date
    closed_on: date | None
    rows: list[LevelRow]
    withdrawn: list[tuple[date, Earlier]]


@dataclass(frozen=True)
class Told:
    """What is told to those who see whole cases: who recorded each version, what was superseded, and
    how each level came about.
    """

    by: dict[int, str]
    tools: dict[int, str]
    gone: dict[Key, list[Earlier]]
    course: Course


@dataclass(frozen=True)
class LevelsTab:
    """The history of the levels; reasons and corrections only for those who see whole cases."""

    episodes: list[EpisodeLevels]
    with_reasons: bool


def levels_tab(case: Case) -> LevelsTab:
    """Build the tab."""
    versions = level_versions(case) if case.sees_all else []
    told = Told(
        by={row.pk: said_by(row.recorded_by, row.source) for row in versions},
        tools={row.pk: rested_on(row.tool_version) for row in versions if row.tool_version},
        gone=_gone(case, versions),
        course=course_of(case),
    )
    return LevelsTab([_of(case, episode, told) for episode in case.episodes], case.sees_all)


def _gone(case: Case, versions: list[RiskLevel]) -> dict[Key, list[Earlier]]:
    """Gather the superseded versions by what they were versions of."""
    gone: dict[Key, list[Earlier]] = defaultdict(list)
    for row in versions:
        moment = _superseded_at(row, case.looking)
        if moment:
            gone[_key(row)].append(_earlier(row, moment))
    return gone


def _key(row: RiskLevel) -> Key:
    return row.episode_id, row.set_on, row.position


def _superseded_at(row: RiskLevel, looking: Looking) -> datetime | None:
    moment = row.superseded_at
    ahead = moment and looking.known_at and moment > looking.known_at
    return None if ahead else moment


def _earlier(row: RiskLevel, moment: datetime) -> Earlier:
    return Earlier(
        level=row.level,
        reason=row.rationale,
        by=said_by(row.recorded_by, row.source),
        corrected_on=london_date(moment),
        corrected_by=said_by(row.superseded_by, row.superseded_source),
        rests_on=rested_on(row.tool_version) if row.tool_version else "",
    )


def said_by(person: User | None, source: FactSource | None) -> str:
    """Name who recorded a version, or the import that brought it."""
    if person is not None:
        return person.name
    return f"the import “{source.label}”" if source else ""


def rested_on(version: ToolVersion) -> str:
    """Name the assessment on which a level rests."""
    return f"{version.tool.name}, version {version.version}"


def _of(case: Case, episode: EpisodeThen, told: Told) -> EpisodeLevels:
    pairs = zip(episode.levels, movements(episode.levels), strict=True)
    rows = [_row(case, level, moved, told) for level, moved in pairs]
    standing = {_key(level) for level in episode.levels}
    withdrawn = [
        (set_on, earlier)
        for (number, set_on, position), versions in told.gone.items()
        if number == episode.fact.episode_id and (number, set_on, position) not in standing
        for earlier in versions
    ]
    return EpisodeLevels(
        reference=episode.reference,
        record=case.record_of(episode.fact),
        referred_on=episode.fact.referred_on,
        closed_on=episode.closed_on,
        rows=rows[::-1],
        withdrawn=withdrawn,
    )


def _row(case: Case, row: RiskLevel, moved: str, told: Told) -> LevelRow:
    return LevelRow(
        level=row.level,
        set_on=row.set_on,
        recorded_on=recorded_late(row.set_on, row.known_from),
        movement=moved,
        reason=row.rationale if case.sees_all else "",
        rests_on=told.tools.get(row.pk, ""),
        beside=told.course.of_level.get(row.pk, []),
        by=told.by.get(row.pk, ""),
        why_corrected=row.reason if case.sees_all else "",
        earlier=told.gone.get(_key(row), []),
    )
