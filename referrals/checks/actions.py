"""Asking agencies what they know about a child, answering, and changing an answer until it is decided.

The words stay in the answers: the trail, read by people who see no case, says who was asked and who answered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import Conflict, NotAllowed, RuleBroken
from hub.facts.actions import MEANWHILE, correct
from hub.facts.moments import write_moment
from partners.agencies.models import Agency
from referrals.checks.models import AgencyCheck, CheckAnswer, CheckReminder, agencies_to_ask
from referrals.checks.rules import (
    REMIND_BEFORE,
    REMIND_WITHIN,
    REMINDERS,
    WHY,
    Answered,
    answer_problem,
    due_at,
    reminder_of,
)
from referrals.episodes.models import Episode
from referrals.intake.models import Referral

CLOSED = "This episode is closed. A new concern is a new episode, and asks anew."
NOT_THEIRS = "One of these agencies may not know of this child. Choose others."
SUBJECT = "CSE Hub: checks await your agency's answer"
BODY = "Checks that were asked of your agency are {how}.\n\n{address}\n"
ANOTHERS = "This was asked of another agency. Only its own people answer it."
NOT_ASKED = "This is not asked any more. What your agency knows of the child belongs in a note."
DECIDED = "The meeting has decided since. Write a note, or give new information."
UNCHANGED = "Nothing is changed yet. Change what is wrong, or cancel."


@transaction.atomic
def ask_checks(
    *,
    episode: Episode,
    why: str,
    agencies: Sequence[Agency] | None = None,
    referral: Referral | None = None,
    by: User,
) -> list[AgencyCheck]:
    """Ask agencies what they know about an episode's child; give what was asked.

    `referral`: for which it is asked. `agencies` None: those that are asked unless somebody says otherwise.
    One that has not answered yet is not asked twice. Raises NotAllowed; RuleBroken for a closed episode,
    and for an agency to which the child is not to be known.
    """
    require(by, Permission.CASES_RECORD, episode)
    now = write_moment(episode.partnership_id)
    if why not in WHY:
        raise RuleBroken("check.why", "Choose why the agencies are asked.", "why")
    if episode.closed_on is not None:
        raise RuleBroken("check.closed", CLOSED)
    asked = _not_yet_asked(episode, _chosen(episode, agencies, now))
    due = due_at(now, episode.partnership.checks_due_at)
    checks = [
        AgencyCheck.objects.create(
            partnership_id=episode.partnership_id,
            child_id=episode.child_id,
            episode=episode,
            agency=agency,
            why=why,
            asked_at=now,
            due_at=due,
            asked_by=by,
            referral=referral,
        )
        for agency in asked
    ]
    after = {"why": why, "due_at": due.isoformat(), "agencies": [agency.code for agency in asked]}
    record(
        event="checks.asked",
        verb=Verb.COLLECTION,
        what="episode",
        reference=episode.reference,
        at=now,
        by=by,
        partnership_id=episode.partnership_id,
        after=after,
        about=[episode.child.reference],
    )
    return checks


@transaction.atomic
def withdraw_checks(*, referral: Referral, reason: str, by: User) -> int:
    """Ask no more what was asked for a referral that was put to the wrong child; say how many questions.

    What was answered stays with the child, and what was decided since as it is. The reason is on the trail
    alone: it may speak of another child. Raises NotAllowed.
    """
    require(by, Permission.CASES_RECORD, referral)
    now = write_moment(referral.partnership_id)
    waiting = AgencyCheck.objects.filter(referral=referral).outstanding()
    asked = list(waiting.select_related("agency", "episode", "child").order_by("agency__code"))
    for check in asked:
        AgencyCheck.objects.filter(pk=check.pk).update(withdrawn_at=now, withdrawn_by=by)
    if asked:
        record(
            event="checks.withdrawn",
            verb=Verb.ALTERATION,
            what="episode",
            reference=asked[0].episode.reference,
            at=now,
            by=by,
            partnership_id=referral.partnership_id,
            before={"agencies": [check.agency.code for check in asked]},
            reason=reason,
            about=[asked[0].child.reference],
        )
    return len(asked)


def _chosen(episode: Episode, agencies: Sequence[Agency] | None, now: datetime) -> Iterable[Agency]:
    able = agencies_to_ask(episode.child, london_date(now))
    if agencies is None:
        return able.filter(asked_checks=True)
    asked = {agency.pk for agency in agencies}
    chosen = able.filter(pk__in=asked)
    if len(chosen) != len(asked):
        raise RuleBroken("check.agency", NOT_THEIRS, "agencies")
    return chosen


def _not_yet_asked(episode: Episode, chosen: Iterable[Agency]) -> list[Agency]:
    waiting = AgencyCheck.objects.filter(episode=episode).outstanding()
    still = set(waiting.values_list("agency_id", flat=True))
    return [agency for agency in chosen if agency.pk not in still]


@transaction.atomic
def answer_check(*, check: AgencyCheck, answered: Answered, by: User) -> CheckAnswer:
    """Answer for one's own agency, in its own box.

    Raises NotAllowed, also for what another agency was asked; RuleBroken for an answer that says too
    little and once it is decided; Conflict where a colleague answered meanwhile.
    """
    require_asked(by, check)
    now = write_moment(check.partnership_id)
    _must_be_open(check)
    columns = _columns(check, answered)
    if CheckAnswer.objects.known().filter(asked=check).exists():
        raise Conflict(MEANWHILE)
    answer = CheckAnswer.objects.create(
        **columns,
        child_id=check.child_id,
        partnership_id=check.partnership_id,
        asked=check,
        agency_id=check.agency_id,
        author=by,
        known_from=now,
        recorded_by=by,
    )
    _enter("check.answered", Verb.COLLECTION, answer, now, by)
    return answer


@transaction.atomic
def change_answer(*, answer: CheckAnswer, answered: Answered, reason: str, by: User) -> CheckAnswer:
    """Change one's own agency's answer by a new version, until it is decided; the old one stays readable.

    Raises NotAllowed; RuleBroken as `answer_check` does, without a reason and where nothing changes;
    Conflict where a colleague changed it meanwhile.
    """
    require(by, Permission.CHECKS_ANSWER, answer)
    require_asked(by, answer.asked)
    now = write_moment(answer.partnership_id)
    _must_be_open(answer.asked)
    columns = _columns(answer.asked, answered)
    if all(getattr(answer, name) == value for name, value in columns.items()):
        raise RuleBroken("check.unchanged", UNCHANGED)
    new = correct(fact=answer, now=now, by=by, reason=reason, **columns)
    _enter("check.changed", Verb.ALTERATION, new, now, by, reason)
    return new


def require_asked(by: User, check: AgencyCheck) -> None:
    """Let the people of the agency that was asked answer, and nobody else. Raises NotAllowed."""
    standing = require(by, Permission.CHECKS_ANSWER, check)
    if not check.is_asked_of(standing):
        raise NotAllowed(ANOTHERS)


def _must_be_open(check: AgencyCheck) -> None:
    same = AgencyCheck.objects.filter(pk=check.pk)
    if same.exclude(withdrawn_at=None).exists():
        raise RuleBroken("check.withdrawn", NOT_ASKED)
    if not same.undecided().exists():
        raise RuleBroken("check.decided", DECIDED)


def _columns(check: AgencyCheck, answered: Answered) -> dict[str, Any]:
    """Give an answer's own columns, or raise what is wrong with them."""
    problem = answer_problem(answered)
    if problem:
        raise RuleBroken("check.answer", problem.message, problem.field)
    named = set(answered.for_agencies)
    ours = Agency.objects.filter(partnership=check.partnership_id, pk__in=named)
    if named and ours.count() != len(named):
        raise RuleBroken("check.agencies", "Choose agencies of this hub.", "for_agencies")
    words = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in asdict(answered).items()
    }
    return {**words, "for_agencies": sorted(named)}


@transaction.atomic
def make_reminders(*, now: datetime, by: User) -> int:
    """Make a row for each agency that must be reminded of what is due, or overdue; say how many are new.

    One for all that is due at a moment, so that nothing in it tells of a child; none to an agency that may
    no longer know of the child, or without a mailbox.
    """
    require(by, Permission.PARTNERSHIP_SET_UP)
    window = (now - REMIND_WITHIN, now + REMIND_BEFORE)
    late = (
        AgencyCheck.objects.outstanding().filter(due_at__range=window).exclude(agency__mailbox="")
    )
    made = 0
    for check in late.select_related("agency", "child"):
        kind = reminder_of(check.due_at, now)
        able = agencies_to_ask(check.child, london_date(now)).filter(pk=check.agency_id)
        if kind and able.exists():
            _row, new = CheckReminder.objects.get_or_create(
                agency=check.agency,
                due_at=check.due_at,
                kind=kind,
                defaults={"partnership_id": check.partnership_id, "made_at": now},
            )
            made += new
    return made


@transaction.atomic
def send_reminder(*, now: datetime, by: User) -> bool:
    """Send the oldest reminder that has not gone out, and note that it has; say whether there was one.

    Mail and note are one transaction: killed in between, the mail goes out again with the same Message-ID.
    Raises NotAllowed, and what the mail server answers.
    """
    require(by, Permission.PARTNERSHIP_SET_UP)
    unsent = CheckReminder.objects.to_be_sent().select_related("agency")
    reminder = unsent.select_for_update(skip_locked=True, of=("self",)).first()
    if reminder is None:
        return False
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    EmailMessage(
        subject=SUBJECT,
        body=BODY.format(how=REMINDERS[reminder.kind], address=settings.HUB_ADDRESS),
        to=[reminder.agency.mailbox],
        headers={"Message-ID": f"<{reminder.message}@{domain}>"},
    ).send()
    CheckReminder.objects.filter(pk=reminder.pk).update(sent_at=now)
    return True


def _enter(
    event: str, verb: Verb, answer: CheckAnswer, now: datetime, by: User, reason: str = ""
) -> None:
    # By the child: a charity's agreement may not open the episode.
    record(
        event=event,
        verb=verb,
        what="child",
        reference=answer.child.reference,
        at=now,
        by=by,
        partnership_id=answer.partnership_id,
        after={
            "check": answer.asked_id,
            "agency": answer.agency.code,
            "knows": answer.knows,
            "seen_by": answer.seen_by,
        },
        reason=reason.strip(),
    )
