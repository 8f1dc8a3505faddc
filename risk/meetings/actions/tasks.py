"""Doing what a meeting agreed: an action is ended once, with what came of it."""

from django.db import transaction

from hub.access.gate import require, standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import Conflict, RuleBroken
from hub.facts.moments import write_moment
from risk.meetings.models import MeetingTask

NOT_OURS = "This action is another agency's. Ask it to record what came of it."
NO_WORDS = "Write what came of it, or why it could not be done."
DONE = "Somebody ended this action meanwhile. Look at what came of it."


@transaction.atomic
def end_task(*, task: MeetingTask, came_of_it: str, by: User) -> None:
    """End an action of one's own agency with what came of it; whoever decides may end any.

    Raises NotAllowed; RuleBroken for another agency's and without words; Conflict where it has ended.
    """
    require(by, Permission.NOTES_RECORD, task)
    standing = standing_of(by)
    ours = standing is not None and standing.agency_id == task.agency_id
    if not ours and not (standing and standing.may(Permission.LEVELS_RECORD)):
        raise RuleBroken("action.others", NOT_OURS)
    if not came_of_it.strip():
        raise RuleBroken("action.came_of_it", NO_WORDS, "came_of_it")
    now = write_moment(task.partnership_id)
    open_still = MeetingTask.objects.open().filter(pk=task.pk)
    if not open_still.update(done_at=now, done_by=by, came_of_it=came_of_it.strip()):
        raise Conflict(DONE)
    record(
        event="action.ended",
        verb=Verb.ALTERATION,
        what="episode",
        reference=task.episode.reference,
        at=now,
        by=by,
        partnership_id=task.partnership_id,
        after={"action": task.pk},
        about=[task.child.reference],
    )
