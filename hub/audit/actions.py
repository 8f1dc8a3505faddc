"""Writing to the trail: in the same transaction as the deed, so that neither stands without the other."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hub.access.gate import standing_of
from hub.audit.models import AuditEvent, Verb

if TYPE_CHECKING:
    from hub.accounts.models import User

LISTS = ("children", "episodes")  # what the rows of a list are called in `after`


@transaction.atomic(savepoint=False)  # within a deed it falls with the deed, so none is needed
def record(
    *,
    event: str,
    verb: Verb,
    what: str,
    reference: str,
    at: datetime,
    by: "User",
    partnership_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    about: Iterable[str] = (),
) -> AuditEvent:
    """Put one event on the trail, with the standing in which the person acted.

    `about` names what else it tells of: the child of an episode, whoever stood on a list.
    """
    standing = standing_of(by)
    return AuditEvent.objects.create(
        at=at,
        verb=verb,
        event=event,
        user_id=by.pk,
        username=by.username,
        role=standing.role if standing else "",
        agency_id=standing.agency_id if standing else None,
        agency=standing.agency if standing else "",
        partnership_id=partnership_id or (standing.partnership_id if standing else None),
        what=what,
        reference=reference,
        about=_about(reference, about, after),
        before=before,
        after=after,
        reason=reason,
    )


def _about(reference: str, also: Iterable[str], after: dict[str, Any] | None) -> list[str]:
    """Name all that an event tells of, once each; a list's own rows stand in `after`."""
    rows = [(after or {}).get(kind) for kind in LISTS]
    listed = [row for row in rows if isinstance(row, list)]
    return list(dict.fromkeys([reference, *also, *chain.from_iterable(listed)]))


@transaction.atomic
def note_refusal(
    *, found: bool, page: str, address: str, reason: str, now: datetime, by: "User"
) -> AuditEvent:
    """Put on the trail that a person was refused a page, or (not `found`) asked for what is hidden or absent.

    `address` has numbers and no words that were typed.
    """
    return record(
        event="refused" if found else "refused.unknown",
        verb=Verb.CONSULTATION,
        what=page[:60],
        reference=address[:120],
        at=now,
        by=by,
        reason=reason,
    )
