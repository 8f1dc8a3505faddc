"""The people, episodes and crimes of one or several extracts, as the definitions see them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tests.oracle.reading import Row, Tables, by, day, day_or_none, moment_day


@dataclass
class Spell:
    """A state with a start and perhaps an end; `row` has what else the file says of it."""

    start: date
    end: date | None
    row: Row

    def holds_on(self, on: date) -> bool:
        """The end-of-day rule: from <= D and (to is empty or to > D)."""
        return self.start <= on and (self.end is None or self.end > on)


@dataclass
class Episode:
    """An episode with its levels in file order; `types` is what it is about (empty = CSE)."""

    child: "Child"
    spell: Spell
    types: set[str]
    levels: list[tuple[date, str]]

    @property
    def referred_on(self) -> date:
        return self.spell.start

    @property
    def closed_on(self) -> date | None:
        return self.spell.end


@dataclass
class Person:
    """A child or a suspect; `born` is None where it is not recorded (suspects only)."""

    born: date | None
    gender: str
    ethnicity: str


@dataclass
class Child(Person):
    """A child with its counted episodes, addresses and statuses, and its partnership's code."""

    partnership: str = ""
    learning_disability: bool = False
    episodes: list[Episode] = field(default_factory=list)
    addresses: list[Spell] = field(default_factory=list)
    statuses: list[Spell] = field(default_factory=list)


@dataclass
class Crime:
    """A recorded crime, its victim's date of birth and gender, and its suspects."""

    code: str
    on: date
    tagged: bool
    outcome: str
    victim: Person
    suspects: list[Person]


@dataclass
class Occurrence:
    """A suspect occurrence: one period of managing one suspect."""

    spell: Spell
    suspect: Person


@dataclass
class Missing:
    """A missing episode: the London dates of going, being found and being interviewed."""

    child: tuple[str, str]
    since: date
    found_on: date | None
    interviewed_on: date | None


@dataclass
class World:
    """Everything that one report counts; several partnerships lie side by side in the lists."""

    children: list[Child] = field(default_factory=list)
    crimes: list[Crime] = field(default_factory=list)
    occurrences: list[Occurrence] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    @property
    def episodes(self) -> list[Episode]:
        return [episode for child in self.children for episode in child.episodes]


def world(extracts: Sequence[tuple[str, Tables]], types: Sequence[str]) -> World:
    """The world of (partnership code, extract) pairs, with the episodes whose types count."""
    made = World()
    for code, tables in extracts:
        children = _children(tables, code)
        _add_episodes(tables, children, set(types))
        suspects = {row["suspect_id"]: _person(row) for row in tables.get("suspects", [])}
        made.children += children.values()
        made.crimes += _crimes(tables, children, suspects)
        made.occurrences += _occurrences(tables, suspects)
        made.missing += _missing(tables, code)
    return made


def _children(tables: Tables, code: str) -> dict[str, Child]:
    addresses = by(tables.get("addresses", []), "child_id")
    statuses = by(tables.get("statuses", []), "child_id")
    return {
        row["child_id"]: Child(
            **vars(_person(row)),
            partnership=code,
            learning_disability=row.get("learning_disability") == "Y",
            addresses=[
                _spell(a, "from_date", "to_date") for a in addresses.get(row["child_id"], [])
            ],
            statuses=[_spell(s, "from_date", "to_date") for s in statuses.get(row["child_id"], [])],
        )
        for row in tables["children"]
    }


def _add_episodes(tables: Tables, children: dict[str, Child], counted: set[str]) -> None:
    levels = by(tables.get("risk_levels", []), "episode_id")
    for row in tables["episodes"]:
        types = set((row.get("exploitation_types") or "CSE").split(";"))
        if types & counted:
            child = children[row["child_id"]]
            of_episode = levels.get(row["episode_id"], [])
            child.episodes.append(
                Episode(
                    child=child,
                    spell=_spell(row, "referred_on", "closed_on"),
                    types=types,
                    levels=[(day(level["set_on"]), level["level"]) for level in of_episode],
                )
            )


def _crimes(tables: Tables, children: dict[str, Child], suspects: dict[str, Person]) -> list[Crime]:
    links = by(tables.get("crime_suspects", []), "crime_ref")
    return [
        Crime(
            code=row["offence_code"],
            on=day(row["offence_date"]),
            tagged=row["cse_tag"] == "Y",
            outcome=row.get("outcome") or "NEW",
            victim=_victim(row, children.get(row.get("victim_child_id") or "")),
            suspects=[suspects[link["suspect_id"]] for link in links.get(row["crime_ref"], [])],
        )
        for row in tables.get("crimes", [])
    ]


def _victim(row: Row, child: Child | None) -> Person:
    """Date of birth and gender are the row's, else (each for itself) those of the child."""
    born = day_or_none(row.get("victim_date_of_birth")) or (child.born if child else None)
    gender = row.get("victim_gender") or (child.gender if child else "U")
    return Person(born, gender, "")


def _occurrences(tables: Tables, suspects: dict[str, Person]) -> list[Occurrence]:
    return [
        Occurrence(_spell(row, "created_on", "closed_on"), suspects[row["suspect_id"]])
        for row in tables.get("suspect_occurrences", [])
    ]


def _missing(tables: Tables, code: str) -> list[Missing]:
    return [
        Missing(
            child=(code, row["child_id"]),
            since=moment_day(row["missing_from"]),
            found_on=moment_day(row["found_at"]) if row.get("found_at") else None,
            interviewed_on=day_or_none(row.get("return_interview_on")),
        )
        for row in tables.get("missing_episodes", [])
    ]


def _spell(row: Row, start: str, end: str) -> Spell:
    return Spell(day(row[start]), day_or_none(row.get(end)), row)


def _person(row: Row) -> Person:
    born = day_or_none(row.get("date_of_birth"))
    return Person(born, row.get("gender") or "U", row.get("ethnicity") or "")
