"""The floors under the way from a concern to the agenda: the referral's form, candidates, the day's list.

What may be asked next, how like two names are and where a child stands on the list come from rules; the
floors go by the same ones. Of what nobody has told, checked, joined or put forward yet the statements are
asked, and print nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import groupby
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.urls import reverse

from bench.pages.floor import Context, Floor
from bench.pages.statements import ask
from bench.pages.visitor import Visitor
from hub.days.rules import age_on, noon
from referrals.intake.models import Referral
from referrals.matching.queries import MOST_WEIGHED, Alike, Candidate
from referrals.matching.rules.likeness import MOST_SHOWN, Person, likeness
from referrals.measures.queries import _left
from referrals.search.queries import Held
from referrals.triage.rules import person_of
from referrals.triage.views import Choice, typed_of
from risk.agenda.queries import due_words, missing_words, referred_words
from risk.agenda.rules import (
    DUE,
    GROUPS,
    REFERRED,
    STILL_MISSING,
    WENT_MISSING,
    Item,
    Place,
    Window,
    arranged,
    begin_of,
    nth,
)
from risk.agenda.views import PAGE_SIZE, WAITING_SHOWN, AgendaPage, Group, Row, Waiting, _level_of
from risk.levels.queries import Judged

_FIELDS: Any = Referral._meta
ABOUT, ROUTE = (dict(_FIELDS.get_field(name).flatchoices) for name in ("about", "route"))


def form(visitor: Visitor, address: str) -> Floor:
    """A page of the referral's form: what was typed before stands in a draft."""
    ready = visitor.context(address)
    root = address.rstrip("/").rpartition("/")[0] + "/"

    def make() -> Context:
        ask("draft", user=visitor.user.pk, addresses=[root, address])
        return {}

    return Floor("referral's form", address, "intake/step.html", ready, make)


def days_list(visitor: Visitor) -> Floor:
    """The day's list as it opens."""
    ready = visitor.context("/today/")
    part: AgendaPage = ready["agenda"]
    window = part.window
    values = {
        "partnership": visitor.partnership,
        "day": window.day,
        "since": window.since,
        "until": window.until,
    }

    def make() -> Context:
        ask("joined", **values)
        places = arranged(_items(window, values), window)
        here = places[:PAGE_SIZE]
        waiting = ask("waiting", **values, most=WAITING_SHOWN)
        ask("forward", **values)
        page = replace(
            part,
            groups=_groups(here, places, visitor),
            counted=f"{len(places)} children on the list.",
            waiting=list(map(_waiting, waiting)),
            waits=waiting[0].every,
        )
        return {"agenda": page}

    return Floor("day's list", "/today/", "agenda/list.html", ready, make)


def _items(window: Window, values: dict[str, Any]) -> Iterator[Item]:
    for row in ask("lately_missing", **values):
        kind = WENT_MISSING if row.found_at else STILL_MISSING
        why = missing_words(row.missing_from, row.found_at)
        yield Item(row.child_id, kind, row.missing_from, why)
    for row in ask("referred", **values):
        why = referred_words(row.referred_on, row.reference)
        yield Item(row.child_id, REFERRED, row.known or noon(row.referred_on), why)
    ask("told", **values)
    for row in ask("due", **values):
        why = due_words(row.review_due_on, window)
        yield Item(row.child_id, DUE, begin_of(row.review_due_on), why)


def _groups(here: list[Place], every: list[Place], visitor: Visitor) -> list[Group]:
    children: dict[int, list[Any]] = defaultdict(list)
    for row in ask("listed", children=[place.child for place in here]):
        children[row.id].append(row)
    still_open = [
        row
        for rows in children.values()
        for row in rows
        if row.episode_id is not None and row.closed_on is None
    ]
    episodes = [row.episode_id for row in still_open]
    ask("checked", episodes=episodes)
    ask("matters", episodes=episodes)
    left = {row.episode_id: _left(_episode(row), row.learning_disability, {}) for row in still_open}
    rows = {
        place.child: _row(number, place, children[place.child], left, visitor)
        for number, place in enumerate(here, 1)
    }
    return [
        Group(
            GROUPS[group],
            sum(place.group == group for place in every),
            [rows[place.child] for place in of_group],
        )
        for group, of_group in groupby(here, key=lambda place: place.group)
    ]


def _episode(row: Any) -> Any:
    return SimpleNamespace(child=row, referred_on=row.referred_on)


def _row(
    number: int, place: Place, rows: list[Any], left: dict[int, list[str]], visitor: Visitor
) -> Row:
    child, held = rows[0], [row for row in rows if row.episode_id is not None]
    still_open = [row for row in held if row.closed_on is None]
    words = (each for row in still_open for each in left[row.episode_id])
    return Row(
        number=number,
        child=f"{child.surname}, {child.forenames}",
        age=age_on(child.date_of_birth, visitor.today),
        reference=child.reference,
        address=reverse("risk-child-summary", args=[child.id]),
        level=_level_of(still_open),
        which=nth(len(held)),
        reasons=place.reasons,
        outstanding=tuple(dict.fromkeys(words)),
        lead=next((row.lead_worker for row in still_open if row.lead_worker), ""),
    )


def _waiting(row: Any) -> Waiting:
    address = reverse("referrals-referral", args=[row.id])
    about, route = ABOUT[row.about], ROUTE[row.route]
    return Waiting(row.reference, address, about, row.received_at, route, row.decide_by)


class Candidates(Floor):
    """A floor whose template asks, itself, how the children were judged before: by hand as well."""

    def render(self) -> str:
        """Ask the database and print."""
        with patch("risk.templatetags.judged.judged_of", _judged_of):
            return super().render()


def candidates(visitor: Visitor, address: str) -> Floor:
    """The children who may be the one of a referral."""
    ready = visitor.context(address)
    referral = int(address.strip("/").rpartition("/")[2])
    values = {"partnership": visitor.partnership, "referral": referral}

    def make() -> Context:
        [said] = ask("described", **values)
        said.get_gender_display = partial(str, said.gender)
        said.concern = said
        asked = person_of(said)
        alike = _alike(asked, values, visitor)
        part = ready["match"]
        rows = [Choice(row.child_id, row, f"?not={row.child_id}") for row in alike.rows]
        page = replace(part, typed=typed_of(said), rows=rows, more=alike.more, key=alike.key)
        return {"match": page}

    return Candidates("candidates", address, "triage/candidates.html", ready, make)


def _alike(asked: Person, values: dict[str, Any], visitor: Visitor) -> Alike:
    found = ask("alike", **values, names=list(asked.names), born=asked.born, most=MOST_WEIGHED)
    pairs = [(likeness(asked, _person(row)), row) for row in found]
    each = sorted(
        ((like, row) for like, row in pairs if like.enough),
        key=lambda pair: (-pair[0].weight, pair[1].surname, pair[1].forenames, pair[1].id),
    )
    ask("joined", **values)
    shown = each[:MOST_SHOWN]
    held: dict[int, list[Held]] = defaultdict(list)
    for row in ask("judged", children=[row.id for _like, row in shown]):
        held[row.child_id].append(Held(row.reference, row.level, row.closed_on))
    rows = [
        Candidate(
            child_id=row.id,
            reference=row.reference,
            name=f"{row.surname}, {row.forenames}",
            born=row.date_of_birth,
            age=age_on(row.date_of_birth, visitor.today),
            known=_person(row),
            episodes=held[row.id],
            why=like.why,
            differs=like.differs,
        )
        for like, row in shown
    ]
    return Alike(rows, len(each) - len(shown))


def _person(row: Any) -> Person:
    return Person(
        name=f"{row.forenames} {row.surname}",
        born=row.date_of_birth,
        other_names=tuple(row.aliases),
        gender=row.gender,
    )


def _judged_of(user: object, children: list[int]) -> dict[int, list[Judged]]:
    found: dict[int, list[Judged]] = defaultdict(list)
    for row in ask("judged", children=children):
        told = (row.referred_on, row.closed_on, row.level, row.set_on, row.rationale)
        found[row.child_id].append(Judged(row.reference, *told))
    return found
