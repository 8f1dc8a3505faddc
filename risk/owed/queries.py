"""Reading what a person owes: each kind is a question of the same columns, joined and sorted in the database.

Each begins at what the person may see, and is left out where their role cannot do it. However much is owed,
one question says how much of each kind there is and which rows a page has; about whom each is, and for whom
one does it, is read of those rows alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import (
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
from partners.staffing.models import Absence
from partners.staffing.queries import absences_of
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
    """Who asks what they owe, on which day; their absence on it, and those in which they cover for others."""

    user: User
    standing: Standing
    today: date
    absences: list[Absence]

    @property
    def away(self) -> Absence | None:
        """The person's own absence."""
        return next((one for one in self.absences if one.user_id == self.user.pk), None)

    @property
    def covered(self) -> dict[str, str]:
        """Whom the person covers for: name by user name."""
        others = (one.user for one in self.absences if one.cover_id == self.user.pk)
        return {other.username: other.name for other in others}


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


@dataclass(frozen=True)
class Work:
    """How much is owed of each kind (where anything is), and the rows of one page: COLUMNS of each."""

    owed: dict[Kind, Owed]
    rows: list[dict[str, Any]]


# Our own text: each source is a queryset's SQL, its values apart.
COUNTED = """
WITH owed AS MATERIALIZED ({joined}),
many AS (
    SELECT w_kind, count(*) AS number, count(*) FILTER (WHERE w_due <= %s) AS late FROM owed GROUP BY w_kind
)"""
COUNTS = f"{COUNTED} SELECT w_kind, number, late FROM many"  # noqa: S608  # nosec B608
PAGE = f"""{COUNTED}, page AS (
    SELECT * FROM owed WHERE %s IN ('', w_kind) ORDER BY w_due, w_kind, w_number
    LIMIT %s OFFSET (
        SELECT greatest(0, least(%s, (coalesce(sum(number), 0)::int - 1) / %s + 1) - 1) * %s
        FROM many WHERE %s IN ('', w_kind))
)
SELECT told.counts, {", ".join(COLUMNS)}
FROM (SELECT coalesce(json_agg(json_build_array(w_kind, number, late)), '[]') AS counts FROM many) told
LEFT JOIN page ON true ORDER BY w_due, w_kind, w_number
"""  # noqa: S608  # nosec B608


def by_of(user: User, now: datetime) -> By | None:
    """Say as whom, and for whom, a person asks; None for one without a standing."""
    standing = standing_of(user)
    if standing is None:
        return None
    today = london_date(now)
    return By(user, standing, today, absences_of(user, today))


def counted(user: User, now: datetime) -> dict[Kind, Owed]:
    """Count what a person owes of each kind, in one question; a kind of which nothing is owed is left out."""
    by = by_of(user, now)
    joined, values = _joined(by) if by else ("", [])
    return _owed(_fetched(COUNTS.format(joined=joined), [*values, now])) if joined else {}


def work_of(by: By, now: datetime, kind: Kind | None, page: int, size: int) -> Work:
    """Count what a person owes, and give a page of one kind or of all: late or due first in front.

    One question. Of a page that is beyond the last one, or before the first, the nearest is given.
    """
    joined, values = _joined(by)
    if not joined:
        return Work({}, [])
    of = kind or ""
    found = _fetched(PAGE.format(joined=joined), [*values, now, of, size, page, size, size, of])
    rows = [dict(zip(COLUMNS, row, strict=True)) for _counts, *row in found]
    return Work(_owed(found[0][0]), [row for row in rows if row["w_kind"]])


def _fetched(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _owed(counts: Iterable[Iterable[Any]]) -> dict[Kind, Owed]:
    return {Kind(kind): Owed(number, late) for kind, number, late in counts}


def _joined(by: By) -> tuple[str, list[Any]]:
    """Join the questions for each kind that the person's role can do; empty where there is none."""
    sources = [SOURCES[kind](by) for kind in Kind if by.standing.may(NEEDED[kind])]
    asked = [source.query.sql_with_params() for source in sources]
    joined = " UNION ALL ".join(f"({text})" for text, _values in asked)
    return joined, [value for _text, values in asked for value in values]


def whom_of(by: By, rows: Iterable[dict[str, Any]]) -> list[Whom | None]:
    """Say of the rows of a page whom each is about, and who holds its episode, in the same order.

    None of a row whose child was hidden from the person just now, between the two questions.
    Both are asked also where no row needs them: what a page asks does not tell what is on it.
    """
    owed = list(rows)
    about = {row["w_child"] for row in owed if not row["w_reference"]}
    children = Child.objects.visible_to(by.user).in_bulk(about or {0})
    held = [row["w_episode"] for row in owed if row["w_kind"] in HELD]
    holders = _holders(by, held or [0])
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
    columns: dict[str, Any] = {
        "w_kind": Value(kind.value, CharField()),
        "w_number": F("pk"),
        "w_due": due,
        "w_what": what,
        "w_child": F("child_id"),
        "w_episode": episode,
        "w_name": Value("", CharField()),
        "w_reference": Value("", CharField()),
        **of,
    }
    return rows.order_by().values(**{name: columns[name] for name in COLUMNS})


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
    due = EndOfDay(Value(panel, DateField())) if panel else Cast(Value(None), DateTimeField())
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
