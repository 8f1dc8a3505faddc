"""Rows that the application never writes, and the database hides and refuses all the same.

A child's in the episode of another, a review of somebody who may not, or of an access elsewhere.
"""

from datetime import date
from typing import Any

from django.db.models import F

from hub.access.gate import standing_of
from hub.access.rules import Purpose
from hub.accounts.models import User
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.grants.models import Restriction
from risk.meetings.models import MeetingDecision, MeetingItem, MeetingTask
from risk.proposals.models import Proposal
from tests.cast import Cast
from tests.hub.rows import any_row
from tests.kinds_of_record import Record
from tests.make import make_episode
from tests.parts_of_record import Kind
from tests.walls_marked import REVIEWS

# What is hidden with its child and with its episode, each for itself.
OF_BOTH = (MeetingDecision, MeetingItem, MeetingTask, Proposal)
HIDDEN_WITH_BOTH = {model._meta.db_table for model in OF_BOTH}


def mix(cast: Cast, records: dict[Kind, Record]) -> None:
    """Make them."""
    plain, hidden = records[Kind.PLAIN], records[Kind.RESTRICTED]
    for child, of in ((plain.child, hidden.child), (hidden.child, plain.child)):
        closed = make_episode(child=of, by=cast.people["amira"], closed_on=date(2026, 3, 20))
        for model in OF_BOTH:
            any_row(model, cast.bradford, {Child: child, Episode: closed})
    otto = cast.people["otto"]
    for review, access in REVIEWS:
        known = {User: cast.people["nora"], Child: plain.child}
        here = any_row(access, cast.bradford, known)
        elsewhere = any_row(access, cast.kirklees, {**known, Child: records[Kind.ELSEWHERE].child})
        for by in ("nora", "dev", "amira"):  # of whom not one may review
            other = any_row(access, cast.bradford, {**known, User: otto})
            any_row(review, cast.bradford, {access: other, User: cast.people[by]})
        any_row(review, cast.kirklees, {access: here, User: otto})
        any_row(review, cast.bradford, {access: elsewhere, User: otto})


def hidden_from(user: User, purpose: Purpose | None) -> list[int]:
    """Give the children hidden from somebody: of a report, and of what the command line does, none."""
    standing = standing_of(user)
    if standing is None or standing.partnership_id is None or purpose is Purpose.REPORT:
        return []
    return Restriction.objects.numbers_hidden_from(standing)


def reviewed_here(rows: Any) -> Any:
    """Keep the reviews of an access of the same partnership."""
    return rows.filter(access__partnership=F("partnership"))
