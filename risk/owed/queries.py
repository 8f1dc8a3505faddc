"""Reading what a person owes: each kind is a question of the same columns, joined and sorted in the database.

Each begins at what the person may see, and is left out where their role cannot do it. However much is owed,
one question says how much of each kind there is, and one which rows a page has; about whom each is, and for
whom one does it, is read of those rows alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    Expression,
    F,
    Func,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim

from hub.access.gate import standing_of
from hub.access.rules import Permission, Standing
from hub.accounts.models import User
from hub.days.rules import SOON, london_date
from partners.staffing.queries import covered_by
from referrals.checks.queries import own_checks
from referrals.children.models import Child
from referrals.disagreements.models import Disagreement
from referrals.episodes.models import Allocation, AllocationQuerySet, Episode
from referrals.intake.models import Referral
from referrals.intake.queries import listed
from referrals.intake.rules import FEEDBACK, WAITING
from risk.meetings.models import MeetingSeries, MeetingTask
from risk.meetings.rules.calendar import next_on
from risk.owed.rules import Kind
from risk.proposals.models import AgencyView, Proposal

COLUMNS = (
    "w_kind", "w_number", "w_due", "w_what", "w_child", "w_episode", "w_name", "w_reference",
)  # fmt: skip
Rows = QuerySet[Any, dict[str, Any]]
OF_EPISODE = F("episode_id")
HELD = {Kind.DECISION, Kind.REVIEW}


class EndOfDay(Func):
    """The midnight that ends a day in London, so that days and moments are sorted together."""

    template = "((%(expressions)s + 1)::timestamp AT TIME ZONE 'Europe/London')"
    output_field = DateTimeField()


@dataclass(frozen=True)
class By:
    """Who asks what they owe, on which day, and for whom they cover then (user names)."""

    user: User
    standing: Standing
    today: date
    covered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Whom:
    """About whom something owed is; `holder` has the episode, where one reviews or decides it for them."""

    name: str
    reference: str
    holder: str


@dataclass(frozen=True)
class Owed:
    """How much is owed of a kind, and how much of it is late."""

    number: int
    late: int


def work_of(user: User, now: datetime, kind: Kind | None = None) -> Rows:
    """Give what a person owes, of one kind or of all, what is late or due first in front."""
    nothing = _asked(MeetingTask.objects.none(), Kind.ACTION, due=F("agreed_at"), what=F("what"))
    first, *others = _sources(user, now, [kind] if kind else list(Kind)) or [nothing]
    joined = first.union(*others, all=True) if others else first
    return joined.order_by("w_due", "w_kind", "w_number")


def counted(user: User, now: datetime) -> dict[Kind, Owed]:
    """Count what a person owes of each kind, in one question; a kind of which nothing is owed is left out."""
    sources = _sources(user, now, list(Kind))
    if not sources:
        return {}
    texts, values = zip(*(source.query.sql_with_params() for source in sources), strict=True)
    joined = " UNION ALL ".join(f"({text})" for text in texts)
    with connection.cursor() as cursor:
        cursor.execute(
            # Our own text: each source is a queryset's SQL, its values apart.
            "SELECT w_kind, count(*), count(*) FILTER (WHERE w_due <= %s)"  # noqa: S608  # nosec B608
            f" FROM ({joined}) owed GROUP BY w_kind",
            [now, *(value for each in values for value in each)],
        )
        rows: list[tuple[str, int, int]] = cursor.fetchall()
    return {Kind(kind): Owed(number, late) for kind, number, late in rows}


def _sources(user: User, now: datetime, kinds: Iterable[Kind]) -> list[Rows]:
    """Give the question for each kind that the person's role can do."""
    standing = standing_of(user)
    if standing is None:
        return []
    by = _by(user, standing, now)
    return [SOURCES[kind](by) for kind in kinds if standing.may(NEEDED[kind])]


def _by(user: User, standing: Standing, now: datetime) -> By:
    today = london_date(now)
    return By(user, standing, today, tuple(covered_by(user, today)))


def whom_of(user: User, now: datetime, rows: Iterable[dict[str, Any]]) -> list[Whom | None]:
    """Say of the rows of a page whom each is about, and who holds its episode, in the same order.

    None of a row whose child was hidden from the person just now, between the two questions.
    Both are asked also where no row needs them: what a page asks does not tell what is on it.
    """
    owed, standing = list(rows), standing_of(user)
    if standing is None:
        return []
    about = {row["w_child"] for row in owed if not row["w_reference"]}
    children = Child.objects.visible_to(user).in_bulk(about or {0})
    held = [row["w_episode"] for row in owed if row["w_kind"] in HELD]
    holders = _holders(_by(user, standing, now), held or [0])
    return [_whom(row, children, holders) for row in owed]


def _whom(
    row: dict[str, Any], children: Mapping[int, Child], holders: Mapping[int, str]
) -> Whom | None:
    if row["w_reference"]:
        return Whom(row["w_name"], row["w_reference"], "")
    child = children.get(row["w_child"])
    if child is None:
        return None
    holder = holders.get(row["w_episode"], "") if row["w_kind"] in HELD else ""
    return Whom(f"{child.surname}, {child.forenames}", child.reference, holder)


def _asked(
    rows: "QuerySet[Any]",
    kind: Kind,
    *,
    due: Expression | F,
    what: Expression | F,
    episode: Expression | F = OF_EPISODE,
    **of: Expression | F,
) -> Rows:
    """Give the columns of every kind; a name and a reference where they are not the child's."""
    whom = {"w_name": Value("", CharField()), "w_reference": Value("", CharField())}
    told = rows.order_by().annotate(
        w_kind=Value(kind.value, CharField()),
        w_number=F("pk"),
        w_due=Cast(due, DateTimeField()),
        w_what=Cast(what, CharField()),
        w_child=Cast(F("child_id"), BigIntegerField()),
        w_episode=Cast(episode, BigIntegerField()),
        **{**whom, **of},
    )
    asked: Rows = told.values(*COLUMNS)
    return asked


def _checks(by: By) -> Rows:
    rows = own_checks(by.user).outstanding()
    return _asked(rows, Kind.CHECK, due=F("due_at"), what=F("why"))


def _actions(by: By) -> Rows:
    rows = MeetingTask.objects.visible_to(by.user).open().filter(agency=by.standing.agency_id)
    return _asked(rows, Kind.ACTION, due=EndOfDay(F("due_on")), what=F("what"))


def _referrals(by: By) -> Rows:
    """The referrals that are put to no child yet, as the desk's own list has them."""
    rows = listed(by.user, WAITING, "")
    named = NullIf(Trim(Concat("forenames", Value(" "), "surname")), Value(""))
    whom = Coalesce(named, NullIf("other_names", Value("")), Value("Not named"))
    return _asked(
        rows,
        Kind.REFERRAL,
        due=EndOfDay(F("decide_by")),
        what=F("about"),
        w_name=whom,
        w_reference=F("reference"),
    )


def _feedback(by: By) -> Rows:
    """Whose referrer was not told: of the desk's own list, what somebody has looked at."""
    rows = listed(by.user, FEEDBACK, "").exclude(child=None, decided_at=None)
    whom = Coalesce(
        NullIf("referrer_name", Value("")), NullIf("agency", Value("")), Value("Not named")
    )
    return _asked(
        rows,
        Kind.FEEDBACK,
        due=EndOfDay(F("feedback_by")),
        what=F("reference"),
        w_name=whom,
        w_reference=F("reference"),
    )


def _views(by: By) -> Rows:
    """What waits for the panel and the person's agency has not spoken on, by the panel's next day."""
    said = AgencyView.objects.visible_to(by.user).known()
    said = said.filter(agency=by.standing.agency_id, proposal=OuterRef("pk"))
    rows = Proposal.objects.visible_to(by.user).open().filter(~Exists(said))
    panel = min(_panel_days(by), default=None)
    due = EndOfDay(Value(panel, DateField())) if panel else Value(None, DateTimeField())
    return _asked(rows, Kind.VIEW, due=due, what=F("kind"))


def _panel_days(by: By) -> Iterator[date]:
    for series in (
        MeetingSeries.objects.visible_to(by.user).running_on(by.today).filter(settles=True)
    ):
        day = next_on(series.rhythm, by.today)
        if day is not None:
            yield day


def _held(by: By) -> AllocationQuerySet:
    """Give what the person holds today, and what those hold for whom they cover."""
    held = Allocation.objects.visible_to(by.user).as_at(by.today)
    return held.filter(worker__in=[by.user.username, *by.covered])


def _holders(by: By, episodes: Iterable[int]) -> dict[int, str]:
    """Name who holds each of these episodes: the person themselves before those for whom they cover."""
    held = _held(by).filter(episode__in=list(episodes)).values_list("episode_id", "worker")
    others_first = sorted(
        held, key=lambda pair: (pair[1] != by.user.username, pair[1]), reverse=True
    )
    return dict(others_first)


def _decisions(by: By) -> Rows:
    """What the person holds, or covers, and nobody has decided on, by the clock of its referral."""
    rows = (
        Episode.objects.visible_to(by.user)
        .open()
        .filter(level="", pk__in=_held(by).values("episode_id"))
    )
    clocks = Referral.objects.visible_to(by.user).undecided().filter(episode=OuterRef("pk"))
    clock = clocks.order_by().values("episode").annotate(first=Min("decide_by")).values("first")
    return _asked(
        rows,
        Kind.DECISION,
        due=EndOfDay(Subquery(clock)),
        what=F("reference"),
        episode=F("pk"),
    )


def _reviews(by: By) -> Rows:
    """The reviews that are late or near, of the episodes that the person holds."""
    rows = Episode.objects.visible_to(by.user).open().exclude(level="")
    rows = rows.filter(review_due_on__lte=by.today + SOON, pk__in=_held(by).values("episode_id"))
    return _asked(
        rows,
        Kind.REVIEW,
        due=EndOfDay(F("review_due_on")),
        what=F("level"),
        episode=F("pk"),
    )


def _disagreements(by: By) -> Rows:
    """The open disagreements in which the person's agency is a party, by the clock of their level."""
    rows = Disagreement.objects.visible_to(by.user).open().of(by.standing.agency_id)
    number, level = (Cast(F(name), CharField()) for name in ("number", "level"))
    what = Concat(number, Value(" "), level)
    return _asked(rows, Kind.DISAGREEMENT, due=EndOfDay(F("due_on")), what=what)


SOURCES: dict[Kind, Callable[[By], Rows]] = {
    Kind.CHECK: _checks,
    Kind.ACTION: _actions,
    Kind.REFERRAL: _referrals,
    Kind.DECISION: _decisions,
    Kind.FEEDBACK: _feedback,
    Kind.VIEW: _views,
    Kind.REVIEW: _reviews,
    Kind.DISAGREEMENT: _disagreements,
}
# The right without which the deed of a kind is refused: nothing is owed that one cannot do.
NEEDED = {
    Kind.CHECK: Permission.CHECKS_ANSWER,
    Kind.ACTION: Permission.NOTES_RECORD,
    Kind.REFERRAL: Permission.REFERRALS_RECEIVE,
    Kind.DECISION: Permission.LEVELS_RECORD,
    Kind.FEEDBACK: Permission.REFERRALS_RECEIVE,
    Kind.VIEW: Permission.VIEWS_GIVE,
    Kind.REVIEW: Permission.LEVELS_RECORD,
    Kind.DISAGREEMENT: Permission.VIEWS_GIVE,
}
