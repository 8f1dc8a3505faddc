"""Police intelligence on a child's page: what the handling code, or a release, lets the person read."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.days.rules import london_date
from risk.casefile.rules import recorded_late
from risk.casefile.views.deeds import may_record
from risk.casefile.views.reading import Case
from risk.intelligence.models import IntelligenceLog, IntelligenceRelease
from risk.intelligence.rules import ASSESSMENTS, CONDITIONAL, SOURCES, grading


@dataclass(frozen=True)
class ReleaseLine:
    """A release that stands: to whom, why, under which conditions; where it is recalled, if one may."""

    to: str
    because: str
    conditions: str
    since: date
    by: str
    recall: str


@dataclass(frozen=True)
class LogLine:
    """A log with its grading; `suspect`, `by` and what was released are the police's to read.

    `limited`: its handling code has conditions. `released_with` are those of the own agency's release.
    The addresses are empty for one who may not change it here.
    """

    day: date
    record: str
    recorded_on: date | None
    text: str
    grading: str
    source: str
    assessment: str
    limited: bool
    conditions: str
    released_with: str
    suspect: str
    by: str
    why: str
    releases: list[ReleaseLine]
    correct: str
    withdraw: str
    release: str


@dataclass(frozen=True)
class IntelligenceTab:
    """The logs, the latest first; `whole` for the police, who see every one."""

    whole: bool
    logs: list[LogLine]


def intelligence_tab(case: Case) -> IntelligenceTab:
    """Build the tab, by two queries."""
    standing = standing_of(case.user)
    whole = standing is not None and standing.may(Permission.POLICE_RECORDS_VIEW)
    logs, releases = _logs(case), _releases(case)
    lines = [_line(case, log, [r for r in releases if r.log_id == log.pk], whole) for log in logs]
    return IntelligenceTab(whole=whole, logs=lines)


def _logs(case: Case) -> list[IntelligenceLog]:
    rows = IntelligenceLog.objects.visible_to(case.user).known(case.looking.known_at)
    rows = rows.filter(child__in=case.numbers, happened_on__lte=case.looking.day)
    rows = rows.select_related("agency", "recorded_by", "suspect")
    return list(rows.order_by("-happened_on", "-position", "-pk"))


def _releases(case: Case) -> list[IntelligenceRelease]:
    rows = IntelligenceRelease.objects.visible_to(case.user).known(case.looking.known_at)
    rows = rows.filter(child__in=case.numbers).select_related("agency", "recorded_by")
    return list(rows.order_by("known_from", "pk"))


def _line(
    case: Case, log: IntelligenceLog, releases: list[IntelligenceRelease], whole: bool
) -> LogLine:
    agency = log.agency.name if log.agency else ""
    who = log.recorded_by.name if log.recorded_by and whole else ""
    return LogLine(
        day=log.happened_on,
        record=case.record_of(log),
        recorded_on=recorded_late(log.happened_on, log.known_from),
        text=log.text,
        grading=grading(log.evaluation, log.assessment, log.handling),
        source=SOURCES[log.evaluation],
        assessment=ASSESSMENTS[log.assessment],
        limited=log.handling == CONDITIONAL,
        conditions=log.conditions,
        released_with="" if whole else ". ".join(row.conditions for row in releases),
        suspect=log.suspect.reference if log.suspect and whole else "",
        by=", ".join(filter(None, (who, agency))),
        why=log.reason if whole else "",
        releases=[_release(case, row) for row in releases] if whole else [],
        correct=_address(case, "correct", log),
        withdraw=_address(case, "withdraw", log),
        release=_address(case, "release", log),
    )


def _release(case: Case, row: IntelligenceRelease) -> ReleaseLine:
    return ReleaseLine(
        to=row.agency.name,
        because=row.because,
        conditions=row.conditions,
        since=london_date(row.known_from),
        by=row.recorded_by.name if row.recorded_by else "",
        recall=_address(case, "recall", row),
    )


def _address(case: Case, deed: str, row: IntelligenceLog | IntelligenceRelease) -> str:
    """Lead to a deed on the record where it stands: a log's number counts that record's own."""
    if not may_record(case, Permission.INTELLIGENCE_RECORD):
        return ""
    number = row.position if isinstance(row, IntelligenceLog) else row.pk
    return reverse(f"risk-child-intelligence-{deed}", args=[row.child_id, number])
