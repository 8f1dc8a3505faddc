"""Finding children: each way of asking by its own index, joined by their ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import BigIntegerField, BooleanField, F, Func, IntegerField, Q, Value
from django.db.models.functions import Upper

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.days.rules import age_on
from referrals.children.models import Alias, Child, ChildQuerySet
from referrals.episodes.models import Episode
from referrals.search.rules import MOST_SHOWN, Asked, Known, reasons


@dataclass(frozen=True)
class Found:
    """A child that answers, with every reason; `episodes` are open ones: reference and level's code."""

    child_id: int
    reference: str
    name: str
    born: date
    age: int
    episodes: list[tuple[str, str]]
    why: list[str]


@dataclass(frozen=True)
class Held:
    """An episode of a child that answers."""

    reference: str
    level: str
    closed_on: date | None


class NameParts(Func):
    """The parts of a name, as the index holds them (referrals/migrations/0005)."""

    function = "referrals_name_parts"
    output_field = SearchVectorField()


class Called(Func):
    """The children so called: found as the owner, for row security lets no index of words be used.

    It asks what the policies ask (referrals/migrations/0013, 0029); what it gives is narrowed by
    `visible_to`. `most` is where it stops, one past what is shown; None: all.
    """

    function = "referrals_children_called"
    # In a sub-select of its own, for PostgreSQL asks a bare function once more while it plans.
    template = "(SELECT %(function)s(%(expressions)s))::bigint[]"
    output_field = ArrayField(BigIntegerField())

    def __init__(self, asked: SearchQuery | Value, most: int | None = None) -> None:
        super().__init__(asked, Value(most, output_field=IntegerField()))


class AlsoCalled(Called):
    """The children who are called so by another name."""

    function = "referrals_children_also_called"


class Bearing(Called):
    """The children whose reference, or whose episode's, begins so."""

    function = "referrals_children_bearing"


class AnyOf(Func):
    """`x = ANY (array)`."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def children_who_answer(user: User, asked: Asked, kept: Mapping[int, int]) -> ChildQuerySet:
    """Give the children the person may see who answer all that was asked, in the order of names.

    `kept`: of each record that is joined to another, that other; it answers in the joined one's place.
    """
    children = Child.objects.visible_to(user)
    answers = reduce(and_, (*(Q(date_of_birth=day) for day in asked.days), *_ways(user, asked)))
    if kept:
        joined = children.filter(answers, pk__in=kept).values_list("pk", flat=True)
        answers = (answers & ~Q(pk__in=kept)) | Q(pk__in=[kept[number] for number in joined])
    return children.filter(answers).order_by("surname", "forenames", "pk")


def _ways(user: User, asked: Asked) -> list[Q]:
    """Give, for each thing asked, how a child can answer it."""
    most = None if asked.days or asked.references else MOST_SHOWN + 1
    of_names = [is_called(user, asked.names, most)] if asked.names else []
    if asked.alone:
        return [reduce(or_, [*of_names, _bears(user, asked.alone)])]
    return [*of_names, *(_bears(user, reference) for reference in asked.references)]


def is_called(user: User, names: tuple[str, ...], most: int | None = None) -> Q:
    """Ask for the children so called, by their own name or another: every part begins a part of it.

    Of those found by an index the first `most` in no order; a search that finds more shows none.
    """
    words = _begins(names)
    if _sees_whole_cases(user):
        by_alias = Q(AnyOf(F("pk"), AlsoCalled(words, most)))
        return Q(AnyOf(F("pk"), Called(words, most))) | by_alias
    own = Child.objects.visible_to(user).alias(parts=NameParts(F("forenames"), F("surname")))
    aliases = Alias.objects.visible_to(user).known().alias(parts=NameParts(F("name"), Value("")))
    others = aliases.filter(parts=words).values("child_id")
    return Q(pk__in=own.filter(parts=words).values("pk")) | Q(pk__in=others)


def _bears(user: User, reference: str) -> Q:
    """Ask for the beginning of the child's own reference or of an episode's."""
    begins = reference.upper()
    if _sees_whole_cases(user):
        return Q(AnyOf(F("pk"), Bearing(Value(begins))))
    own = Child.objects.visible_to(user).alias(upper=Upper("reference"))
    episodes = Episode.objects.visible_to(user).alias(upper=Upper("reference"))
    of_episode = episodes.filter(upper__startswith=begins).values("child_id")
    return Q(pk__in=own.filter(upper__startswith=begins).values("pk")) | Q(pk__in=of_episode)


def _sees_whole_cases(user: User) -> bool:
    standing = standing_of(user)
    return standing is not None and standing.may(Permission.CASES_VIEW)


def _begins(names: tuple[str, ...]) -> SearchQuery:
    words = " & ".join(f"{name}:*" for name in names)
    return SearchQuery(words, config="simple", search_type="raw")


def found(
    user: User, children: Iterable[Child], asked: Asked, kept: Mapping[int, int], today: date
) -> list[Found]:
    """Make the rows of a page of children, with why each answers, by whichever of its records."""
    page = list(children)
    records = with_joined_records(user, page, kept)
    aliases, episodes = aliases_of(user, records), episodes_of(user, records)
    told = _Told(aliases, episodes, asked, today)
    of_child: dict[int, list[Child]] = {}
    for record in records:
        of_child.setdefault(kept.get(record.pk, record.pk), []).append(record)
    return [_row(of_child[child.pk], told) for child in page]


def with_joined_records(user: User, children: list[Child], kept: Mapping[int, int]) -> list[Child]:
    """Give these children's records: their own in their order, then those that are joined to them."""
    own = {child.pk for child in children}
    joined = [record for record, child in kept.items() if child in own]
    if not joined:
        return children
    return [*children, *Child.objects.visible_to(user).filter(pk__in=joined).order_by("pk")]


def aliases_of(user: User, children: list[Child]) -> dict[int, list[str]]:
    """Give each child's other names."""
    held: dict[int, list[str]] = {}
    aliases = Alias.objects.visible_to(user).known().filter(_of(children)).order_by("position")
    for number, name in aliases.values_list("child_id", "name"):
        held.setdefault(number, []).append(name)
    return held


def episodes_of(user: User, children: list[Child]) -> dict[int, list[Held]]:
    """Give each child's episodes, the latest referral first."""
    held: dict[int, list[Held]] = {}
    episodes = Episode.objects.visible_to(user).filter(_of(children))
    ordered = episodes.order_by("-referred_on", "-pk")
    read = ordered.values_list("child_id", "reference", "level", "closed_on")
    for number, reference, level, closed_on in read:
        held.setdefault(number, []).append(Held(reference, level, closed_on))
    return held


def _of(children: list[Child]) -> AnyOf:
    """Ask for rows of these children by one list: an `IN` is put together number by number."""
    numbers = [child.pk for child in children]
    return AnyOf(F("child_id"), Value(numbers, output_field=ArrayField(BigIntegerField())))


@dataclass(frozen=True)
class _Told:
    """What is read of all the records of a page, and what was asked."""

    aliases: dict[int, list[str]]
    episodes: dict[int, list[Held]]
    asked: Asked
    today: date


def _row(records: list[Child], told: _Told) -> Found:
    """Make the row of a child by its records, its own first."""
    why = [words for record in records for words in _why(record, told, joined=record != records[0])]
    held = [episode for record in records for episode in told.episodes.get(record.pk, [])]
    return row_of(records[0], held, why, told.today)


def _why(record: Child, told: _Told, *, joined: bool) -> list[str]:
    known = Known(
        name=f"{record.forenames} {record.surname}",
        aliases=tuple(told.aliases.get(record.pk, [])),
        born=record.date_of_birth,
        reference=record.reference,
        episodes=tuple(episode.reference for episode in told.episodes.get(record.pk, [])),
    )
    where = f" on record {record.reference}" if joined else ""
    return [f"{words}{where}" for words in reasons(told.asked, known)]


def row_of(child: Child, episodes: list[Held], why: list[str], today: date) -> Found:
    """Make the row of a child that is shown for these reasons."""
    return Found(
        child_id=child.pk,
        reference=child.reference,
        name=f"{child.surname}, {child.forenames}",
        born=child.date_of_birth,
        age=age_on(child.date_of_birth, today),
        episodes=[(e.reference, e.level) for e in episodes if e.closed_on is None],
        why=why,
    )
