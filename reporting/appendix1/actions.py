"""Making the report: checked, read while nothing is written, put on the trail."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from hub.access.context import acting_for
from hub.access.gate import require, standing_of
from hub.access.rules import Permission, Purpose
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import RuleBroken
from hub.facts.moments import hold_still
from partners.partnerships.models import Partnership
from referrals.disclosures.actions import log_report
from referrals.disclosures.rules import APPENDIX1, PUBLIC_TASK, Told
from reporting.appendix1.queries import latest_release, read_cases
from reporting.appendix1.rules.cases import Cases
from reporting.appendix1.rules.checks import failing
from reporting.appendix1.rules.order import in_order
from reporting.appendix1.rules.parameters import FULL, PUBLISHED, ParameterError, Parameters
from reporting.appendix1.rules.report import full_report
from reporting.disclosure.models import Release

Report = dict[str, Any]


@dataclass(frozen=True)
class Made:
    """A full report with the cases it counts; `asked` names its moment: asking again finds the same."""

    report: Report
    cases: Cases
    asked: Parameters


@transaction.atomic
def make_report(*, asked: Parameters, now: datetime, by: User) -> Report:
    """Give the report as a JSON-ready dict, `full` or `published`; publishing enters the register.

    Raises NotAllowed, and RuleBroken for parameters that cannot be answered, for a partnership that is
    not there (or not the person's), where publishing would disclose and where a sum does not add up.
    """
    full = asked.disclosure == FULL
    require(by, Permission.REPORT_FULL if full else Permission.REPORT_PUBLISH)
    cases, moment = _read(asked, now=now, by=by)
    report = full_report(cases, asked)
    if not full:
        report = _released(report, cases, asked, now=moment, by=by)
    _note(asked, now=now, by=by)
    return report


@transaction.atomic
def read_report(*, asked: Parameters, now: datetime, by: User, file: str = "") -> Made:
    """Give the full report to be looked at, or handed out as a kind of `file` (pdf): then a disclosure.

    Raises NotAllowed and RuleBroken as make_report does.
    """
    require(by, Permission.REPORT_FULL)
    made = _made(asked, now=now, by=by)
    _note(made.asked, now=now, by=by, file=file)
    return made


@transaction.atomic
def read_cases_behind(*, asked: Parameters, seen_with: Permission, now: datetime, by: User) -> Made:
    """Give the full report with its cases to one who may open them as well.

    `seen_with` is the permission that shows the figure's kind of case. The door notes which were seen.
    """
    require(by, Permission.REPORT_FULL)
    require(by, seen_with)
    return _made(asked, now=now, by=by)


@transaction.atomic
def read_release(*, asked: Parameters, now: datetime, by: User, file: str = "") -> Release | None:
    """Give the latest release with these dates, to be looked at or handed out; None if there is none.

    Nothing is published by looking: that is make_report. Raises NotAllowed.
    """
    require(by, Permission.REPORT_PUBLISH)
    release = latest_release(asked, by)
    if release is not None:
        _note(replace(asked, disclosure=PUBLISHED), now=now, by=by, file=file, read=True)
    return release


def _made(asked: Parameters, *, now: datetime, by: User) -> Made:
    """Make the full report as known at its own moment, named as if it had been asked for."""
    cases, moment = _read(asked, now=now, by=by)
    pinned = replace(asked, disclosure=FULL, known_at=asked.known_at or moment)
    return Made(full_report(cases, pinned), cases, pinned)


def _read(asked: Parameters, *, now: datetime, by: User) -> tuple[Cases, datetime]:
    """Read what a report counts while nothing is written, with the moment of the reading."""
    try:
        asked.checked(now)
    except ParameterError as error:
        raise RuleBroken("report.parameters", str(error)) from error
    partnerships = _partnerships(asked.partnerships, by)
    moment = hold_still(partnership.pk for partnership in partnerships)
    with acting_for(Purpose.REPORT):
        cases = read_cases(asked, [p.pk for p in partnerships], asked.known_at or moment)
    return cases, moment


def _released(
    report: Report, cases: Cases, asked: Parameters, *, now: datetime, by: User
) -> Report:
    # The search of disclosure control needs numpy: a web worker that publishes nothing does without.
    from reporting.disclosure.actions import release

    wrong = failing(report)
    if wrong:
        message = f"the report does not add up, so it is not published: {wrong[0].sentence}."
        raise RuleBroken("report.checks", message)
    geography = dict(cases.wards.values())
    return in_order(release(full=report, geography=geography, asked=asked, now=now, by=by))


def _note(
    asked: Parameters, *, now: datetime, by: User, file: str = "", read: bool = False
) -> None:
    """Put it on the trail: a full report on the screen is a consultation, all else leaves the hub."""
    reference = f"{', '.join(asked.partnerships)} {asked.year_start} to {asked.year_end}"
    looked = not file and (asked.disclosure == FULL or read)
    if not looked:
        _log(asked, reference, file, now=now, by=by)
    deed = ".downloaded" if file else ".read" if read else ""
    record(
        event=f"appendix1.{asked.disclosure}{deed}",
        verb=Verb.CONSULTATION if looked else Verb.DISCLOSURE,
        what="appendix1",
        reference=reference,
        at=now,
        by=by,
        after={**asked.as_json(), **({"file": file} if file else {})},
    )


def _log(asked: Parameters, reference: str, file: str, *, now: datetime, by: User) -> None:
    """Keep in the log of disclosures that a file was handed out to whoever took it, or a report published."""
    standing = standing_of(by)
    taker = f"{by.name}, {standing.agency}" if standing and standing.agency else by.name
    told = Told(
        kind=APPENDIX1,
        what=f"The {asked.disclosure} report, {file}" if file else "The published report",
        recipient=taker if file else "The public",
        basis=PUBLIC_TASK,
        disclosed_on=london_date(now),
    )
    for partnership in _partnerships(asked.partnerships, by):
        log_report(partnership=partnership, reference=reference, told=told, now=now, by=by)


def _partnerships(codes: Sequence[str], by: User) -> list[Partnership]:
    found = {p.code: p for p in Partnership.objects.visible_to(by).filter(code__in=codes)}
    absent = [code for code in codes if code not in found]
    if absent:
        known = ", ".join(
            Partnership.objects.visible_to(by).values_list("code", flat=True).order_by("code")
        )
        names = ", ".join(absent)
        message = f"no records of the partnership {names} here. There are: {known or 'none yet'}."
        raise RuleBroken("report.partnership", message)
    return [found[code] for code in codes]
