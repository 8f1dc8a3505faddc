"""Finding the children who may be the one described: by keys, then weighed; of those the person may see."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateField, F, Func, IntegerField, TextField, Value

from hub.accounts.models import User
from hub.days.rules import age_on
from referrals.children.models import Address, Child, ChildDetails
from referrals.joinings.queries import kept_for
from referrals.matching.rules.likeness import MOST_SHOWN, Likeness, Person, likeness
from referrals.search.queries import (
    AnyOf,
    Held,
    aliases_of,
    episodes_of,
    with_joined_records,
)

# So many are fetched by their keys and weighed, more of them by a name alone; measured (bench/matching): with
# more, hardly anybody more is found.
MOST_WEIGHED, BY_NAME_ALONE = 120, 300
TEXTS = ArrayField(TextField())
Weighed = tuple[Likeness, Child, Person]


@dataclass(frozen=True)
class Candidate:
    """A child who may be the one described: who it is, as far as the person may see, and why."""

    child_id: int
    reference: str
    name: str
    born: date
    age: int
    known: Person
    episodes: list[Held]
    why: tuple[str, ...]
    differs: tuple[str, ...]


@dataclass(frozen=True)
class Alike:
    """The children who may be the one, the likeliest first; `more` are left out of the list."""

    rows: list[Candidate]
    more: int

    @property
    def key(self) -> str:
        """Write which children these are: what a person says of them counts of no others."""
        return " ".join(str(row.child_id) for row in self.rows)


class AlikeByKeys(Func):
    """The children with the rarest keys in common with what is asked (referrals/migrations/0038).

    The function runs as whoever asks: a key of a child that is hidden from them is not there.
    """

    function = "referrals_alike"
    # In a sub-select of its own, for PostgreSQL asks a bare function once more while it plans.
    template = "(SELECT %(function)s(%(expressions)s))::bigint[]"
    output_field = ArrayField(BigIntegerField())

    def __init__(self, asked: Person, partnership_id: int) -> None:
        numbers = [f"n{asked.nhs_number}"] * bool(asked.nhs_number)
        numbers += [f"u{asked.upn}"] * bool(asked.upn)
        super().__init__(
            Value(list(asked.names), output_field=TEXTS),
            Value(asked.born, output_field=DateField()),
            Value(numbers, output_field=TEXTS),
            Value(partnership_id, output_field=BigIntegerField()),
            Value(MOST_WEIGHED if asked.born else BY_NAME_ALONE, output_field=IntegerField()),
        )


def who_may_be(
    user: User, partnership_id: int, asked: Person, today: date, without: Collection[int] = ()
) -> Alike:
    """Find the children of the partnership, among those the person may see, who may be the one.

    `without`: the children, by number, who are not asked about.
    """
    weighed = _weighed(user, partnership_id, asked, without)
    weighed.sort(key=lambda one: (-one[0].weight, one[1].surname, one[1].forenames, one[1].pk))
    kept = kept_for(user, [child.pk for _likeness, child, _known in weighed])
    each = [one for one in _once_each(user, weighed, kept) if one[1].pk not in without]
    shown = each[:MOST_SHOWN]
    children = with_joined_records(user, [child for _likeness, child, _known in shown], kept)
    episodes = episodes_of(user, children)
    of_child: dict[int, list[Held]] = defaultdict(list)
    for record in children:
        of_child[kept.get(record.pk, record.pk)] += episodes.get(record.pk, [])
    rows = [
        _candidate(found, child, known, of_child[child.pk], today) for found, child, known in shown
    ]
    return Alike(rows, len(each) - len(shown))


def _once_each(user: User, weighed: list[Weighed], kept: Mapping[int, int]) -> Iterator[Weighed]:
    """Give each child once, by whichever of its records is the likeliest; the likeliest came first."""
    if not kept:
        yield from weighed
        return
    others = Child.objects.visible_to(user).in_bulk(set(kept.values()))
    given: set[int] = set()
    for found, record, known in weighed:
        child = others.get(kept.get(record.pk, 0), record)
        if child.pk not in given:
            given.add(child.pk)
            on_it = f"on record {record.reference}"
            why = (*found.why, on_it) if child != record else found.why
            yield replace(found, why=why), child, known


def _weighed(
    user: User, partnership_id: int, asked: Person, without: Collection[int]
) -> list[Weighed]:
    children = [child for child in _by_keys(user, partnership_id, asked) if child.pk not in without]
    known = people(
        user, children, numbers=bool(asked.nhs_number or asked.upn), postcodes=bool(asked.postcode)
    )
    each = ((likeness(asked, known[child.pk]), child, known[child.pk]) for child in children)
    return [one for one in each if one[0].enough]


def _by_keys(user: User, partnership_id: int, asked: Person) -> list[Child]:
    children = Child.objects.visible_to(user).filter(partnership=partnership_id)
    return list(children.filter(AnyOf(F("pk"), AlikeByKeys(asked, partnership_id))))


def people(
    user: User, children: list[Child], *, numbers: bool = True, postcodes: bool = True
) -> dict[int, Person]:
    """Give what is known of each child that can be compared, as far as the person may see it.

    Without `numbers` or `postcodes` those are left out: who asks for a hundred children need not read them.
    """
    these = Value([child.pk for child in children], output_field=ArrayField(BigIntegerField()))
    of_these = AnyOf(F("child_id"), these)
    details: dict[int, tuple[str, str]] = {}
    if numbers:
        rows = ChildDetails.objects.visible_to(user).known().filter(of_these)
        read = rows.values_list("child_id", "nhs_number", "upn")
        details = {number: (nhs_number, upn) for number, nhs_number, upn in read}
    lives: dict[int, str] = {}
    if postcodes:
        homes = Address.objects.visible_to(user).known().filter(of_these, to_date__isnull=True)
        ordered = homes.order_by("from_date", "position")
        lives = dict(ordered.values_list("child_id", "postcode"))
    aliases = aliases_of(user, children)
    return {
        child.pk: Person(
            name=f"{child.forenames} {child.surname}",
            born=child.date_of_birth,
            other_names=tuple(aliases.get(child.pk, [])),
            nhs_number=details.get(child.pk, ("", ""))[0],
            upn=details.get(child.pk, ("", ""))[1],
            postcode=lives.get(child.pk, ""),
            gender=child.gender,
        )
        for child in children
    }


def _candidate(
    found: Likeness, child: Child, known: Person, episodes: list[Held], today: date
) -> Candidate:
    return Candidate(
        child_id=child.pk,
        reference=child.reference,
        name=f"{child.surname}, {child.forenames}",
        born=child.date_of_birth,
        age=age_on(child.date_of_birth, today),
        known=known,
        episodes=episodes,
        why=found.why,
        differs=found.differs,
    )
