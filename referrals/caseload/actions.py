"""Keeping filters and letting them go."""

from datetime import datetime

from django.db import IntegrityError, transaction

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.errors import NotAllowed, RuleBroken
from referrals.caseload.models import SavedFilter
from referrals.caseload.rules import View

NAME_TAKEN = "filter.name_taken"


@transaction.atomic
def save_filter(*, name: str, view: View, now: datetime, by: User) -> SavedFilter:
    """Keep a view of the caseload under a name of the person's own.

    Raises NotAllowed for one who sees no case, and RuleBroken for a name the person has already given.
    """
    _require_cases(by)
    try:
        with transaction.atomic():
            saved = SavedFilter.objects.create(user=by, name=name, query=view.query)
    except IntegrityError as error:
        message = "You have a filter of this name. Give this one another name, or delete the other"
        raise RuleBroken(NAME_TAKEN, message) from error
    _note("filter.saved", Verb.COLLECTION, saved, now, by)
    return saved


@transaction.atomic
def delete_filter(*, saved: SavedFilter, now: datetime, by: User) -> None:
    """Let a filter go. Raises NotAllowed for another person's."""
    if saved.user_id != by.pk:
        raise NotAllowed("This filter is somebody else's.")
    _note("filter.deleted", Verb.ERASURE, saved, now, by)
    saved.delete()


def _require_cases(by: User) -> None:
    standing = standing_of(by)
    held = (Permission.CASES_VIEW, Permission.SHARED_CASES_VIEW)
    if standing is None or not any(standing.may(permission) for permission in held):
        raise NotAllowed("Your role opens no case, so there is no list to keep a filter for.")


def _note(event: str, verb: Verb, saved: SavedFilter, now: datetime, by: User) -> None:
    kept = {"name": saved.name, "query": saved.query}
    before, after = (kept, None) if verb == Verb.ERASURE else (None, kept)
    record(
        event=event,
        verb=verb,
        what="saved filter",
        reference=str(saved.pk),
        at=now,
        by=by,
        before=before,
        after=after,
    )
