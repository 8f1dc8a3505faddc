"""Behind the children open on the snapshot, and the movement of their levels."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from hub.codes.rules import NOT_RECORDED
from hub.days.rules import age_on
from reporting.appendix1.rules.cases import Cases, OpenChild, OpenEpisode
from reporting.appendix1.rules.labels import label
from reporting.appendix1.rules.parameters import Parameters
from reporting.appendix1.rules.tactical import (
    CLOSED,
    CONFIDENTIAL,
    OUT_OF_AREA,
    area_of,
    ethnic_group,
    kind_of_move,
    levels_of,
    status_of,
)
from reporting.appendix1.rules.tracing.behind import (
    Behind,
    Id,
    Traced,
    day,
    number,
    numbered,
    split,
)

NO_AREA = {
    CONFIDENTIAL: "The address held on {day} is confidential",
    OUT_OF_AREA: "Lived out of the area on {day}",
    NOT_RECORDED: "No address, or none with a ward, is held for {day}",
}
STATUS = {
    "LAC": "Looked after on {day}",
    "CP": "On a child protection plan on {day}, and not looked after",
    "CIN": "In need on {day}, with no plan and not looked after",
    "PREVIOUS": "No status held on {day}, but one had ended by then",
    "NEVER": "No status is recorded that had begun by {day}",
}


class Snapshot:
    """The children of one day, with what the sentences need to know of them."""

    def __init__(self, cases: Cases, on: date) -> None:
        self.day = day(on)
        self.on = on
        self.level = levels_of(cases.open_then)
        self.children = numbered(cases.children, lambda child: child.child)
        self.areas = {child.child: area_of(child, cases.wards) for child in cases.children}
        self.episodes: dict[int, list[OpenEpisode]] = defaultdict(list)
        for case in cases.open_then:
            self.episodes[case.child].append(case)

    def open(self, child: int) -> str:
        """Say that a child was open."""
        count = len(self.episodes[child])
        return f"{number(count, 'episode', 'episodes')} open at the end of {self.day}."

    def level_said(self, child: int) -> str:
        """Say a child's level, with the day on which it was set."""
        level = self.level[child]
        days = [case.set_on for case in self.episodes[child] if case.set_on and case.level == level]
        said = f"{label(level)} on {self.day}"
        return f"{said}, set on {day(max(days))}." if days else f"{said}: no level set by then."

    def keep(self, wanted: Callable[[OpenChild], bool]) -> dict[Id, OpenChild]:
        """Keep the children of whom something holds."""
        return {found: child for found, child in self.children.items() if wanted(child)}


def tactical(cases: Cases, asked: Parameters) -> Iterator[Traced]:
    """Give the children behind each figure of the open cases."""
    then = Snapshot(cases, asked.snapshot)
    for path, behind in (
        *_figures(then),
        *_levels(then),
        *_groups(then),
        *_statuses(then),
        *_areas(then),
    ):
        yield f"tactical.{path}", behind


def _figures(then: Snapshot) -> Iterator[Traced]:
    several = numbered((c for c, found in then.episodes.items() if len(found) >= 2), int)
    adult = then.keep(lambda child: age_on(child.born, then.on) >= 18)
    disabled = then.keep(lambda child: child.learning_disability is True)
    yield "open", Behind(then.children, lambda c: then.open(c.child))
    yield "open_with_several_episodes", Behind(several, then.open)
    yield (
        "aged_18_or_over",
        Behind(adult, lambda c: f"{age_on(c.born, then.on)} years old on {then.day}."),
    )
    yield (
        "with_learning_disability",
        Behind(disabled, lambda _c: f"Open on {then.day}; a learning disability is recorded."),
    )


def _levels(then: Snapshot) -> Iterator[Traced]:
    children = numbered(then.level, int)
    yield from split("by_level", children.items(), lambda c: then.level[c], then.level_said)
    yield from split(
        "by_level_and_gender",
        then.children.items(),
        lambda c: f"{then.level[c.child]}.{c.gender}",
        lambda c: f"{then.level_said(c.child)} Gender: {label(c.gender).lower()}.",
    )


def _groups(then: Snapshot) -> Iterator[Traced]:
    for path, census in (("by_ethnic_group", False), ("by_census_group", True)):

        def group(child: OpenChild, census: bool = census) -> str:
            return ethnic_group(child.ethnicity, census)

        def why(child: OpenChild, census: bool = census) -> str:
            code = child.ethnicity or "no code"
            return (
                f"Open on {then.day}. Ethnicity: {code}, counted in {label(group(child, census))}."
            )

        yield from split(path, then.children.items(), group, why)


def _statuses(then: Snapshot) -> Iterator[Traced]:
    def why(child: OpenChild) -> str:
        return STATUS[status_of(child)].format(day=then.day) + "."

    def cell(child: OpenChild) -> str:
        return f"{status_of(child)}.{then.level[child.child]}"

    yield from split("by_status", then.children.items(), status_of, why)
    yield from split(
        "by_status_and_level",
        then.children.items(),
        cell,
        lambda c: f"{why(c)} {then.level_said(c.child)}",
    )


def _areas(then: Snapshot) -> Iterator[Traced]:
    def why(child: OpenChild) -> str:
        ward, constituency = then.areas[child.child]
        lived = NO_AREA.get(ward, f"Lived in {ward}, {constituency}, on {{day}}")
        return lived.format(day=then.day) + "."

    def ward_of(child: OpenChild) -> str:
        return then.areas[child.child][0]

    children = then.children.items()
    yield from split("by_constituency", children, lambda c: then.areas[c.child][1], why)
    for ward, found in split("by_ward_and_level", children, ward_of, why):
        yield f"{ward}.total", found
        yield from split(
            ward,
            found.cases.items(),
            lambda c: then.level[c.child],
            lambda c: f"{why(c)} {then.level_said(c.child)}",
        )


def movement(cases: Cases, asked: Parameters) -> Iterator[Traced]:
    """Give the children behind each move of a level, where a second day was asked for."""
    if asked.movement_to is None:
        return
    then, later = Snapshot(cases, asked.snapshot), levels_of(cases.open_later)
    moves = {child: (level, later.get(child, CLOSED)) for child, level in then.level.items()}
    second = day(asked.movement_to)

    def why(child: int) -> str:
        start, end = moves[child]
        ended = f"no episode open on {second}" if end == CLOSED else f"{label(end)} on {second}"
        return f"{label(start)} on {then.day}, {ended}: {_judged(start, end)}."

    yield from _moves(moves, why)


def _moves(moves: dict[int, tuple[str, str]], why: Callable[[int], str]) -> Iterator[Traced]:
    children = numbered(moves, int).items()
    yield from split("movement.matrix", children, lambda c: ".".join(moves[c]), why)
    yield from split("movement", children, lambda c: kind_of_move(*moves[c]), why)


def _judged(start: str, end: str) -> str:
    kind = kind_of_move(start, end).replace("_", " ")
    if end != CLOSED or start == "NOT_SET":
        return kind
    return f"closed, counted as {kind}, which says nothing about risk"
