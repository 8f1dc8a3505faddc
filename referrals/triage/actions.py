"""Putting a referral to the right child, known or registered from it; and the undoing."""

from collections.abc import Collection

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.days.rules import london_date
from hub.errors import Conflict, RuleBroken
from hub.facts.moments import write_moment
from referrals.checks.actions import ask_checks, withdraw_checks
from referrals.children.models import Child
from referrals.episodes.actions import close_episode, open_episode
from referrals.episodes.models import Episode, EpisodeFact
from referrals.episodes.rules import Closing
from referrals.episodes.rules import Referral as Referred
from referrals.intake.actions import CHANGED, join_referral, unjoin_referral
from referrals.intake.models import Referral
from referrals.joinings.queries import joined_to
from referrals.register.actions import NewChild, register_child

NEW_REFERRAL, NEW_INFORMATION = "new_referral", "new_information"
RECORDED_IN_ERROR = "ERROR"


@transaction.atomic
def match_referral(
    *, referral: Referral, child: Child, onto: Episode | None, anew: bool = False, by: User
) -> Episode:
    """Put a referral to a child who is known: as news of an open episode, or (None) as a new one.

    `anew`: the person has said that it is another concern than those of the episodes that are open. Then
    the agencies are asked what they know. Raises NotAllowed; RuleBroken for a closed episode, where
    nobody has chosen, and for what an episode cannot be opened with; Conflict where somebody else put it
    to a child meanwhile.
    """
    require(by, Permission.REFERRALS_RECEIVE, referral)
    write_moment(referral.partnership_id)
    held = _waiting(referral)
    records = [child.pk, *(fact.child_id for fact in joined_to(by, child))]
    _check_choice(records, onto, anew)
    episode = onto or open_episode(child=child, referral=_referred(held), by=by)
    # What is put to an episode of a joined record stands there: the two can be taken apart.
    of_record = onto.child if onto and onto.child_id in records else child
    join_referral(referral=held, child=of_record, episode=episode, by=by)
    why = NEW_INFORMATION if onto else NEW_REFERRAL
    ask_checks(episode=episode, why=why, referral=held, by=by)
    return episode


@transaction.atomic
def register_from_referral(
    *, referral: Referral, new: NewChild, not_these: Collection[int], by: User
) -> Episode:
    """Register the child of a referral that is none of those who are known, and open its first episode.

    Raises as `register_child` and `match_referral` do.
    """
    require(by, Permission.REFERRALS_RECEIVE, referral)
    write_moment(referral.partnership_id)
    held = _waiting(referral)
    child = register_child(partnership=held.partnership, new=new, not_these=not_these, by=by)
    return match_referral(referral=held, child=child, onto=None, by=by)


def _check_choice(records: list[int], onto: Episode | None, anew: bool) -> None:
    if onto is not None and onto.closed_on is not None:
        raise RuleBroken("triage.closed", "This episode is closed. Choose a new episode", "onto")
    still_open = Episode.objects.filter(child__in=records, closed_on=None)
    if onto is None and not anew and still_open.exists():
        raise RuleBroken("triage.onto", "Choose what the referral is", "onto")


def _waiting(referral: Referral) -> Referral:
    """Read it under the lock: two people at one referral follow each other here."""
    held = Referral.objects.waiting().filter(pk=referral.pk).select_related("partnership").first()
    if held is None:
        raise Conflict(CHANGED)
    return held


def _referred(referral: Referral) -> Referred:
    return Referred(
        referred_on=london_date(referral.received_at),
        source=referral.source,
        agency=referral.agency,
        types=tuple(referral.exploitation_types),
    )


@transaction.atomic
def undo_match(*, referral: Referral, in_error: bool, reason: str, by: User) -> None:
    """Take a referral off the child to whom it was put wrongly: it waits again.

    What the agencies were asked for its sake and have not answered is not asked any more, unless another
    referral is put to the same episode: they were asked once for both. `in_error`: its episode was opened
    for it alone, and is closed as recorded in error. Raises NotAllowed; RuleBroken without a reason;
    Conflict where it is put to no child.
    """
    require(by, Permission.REFERRALS_RECEIVE, referral)
    now = write_moment(referral.partnership_id)
    episode = Episode.objects.filter(referrals=referral.pk).first()
    unjoin_referral(referral=referral, reason=reason, by=by)
    if not Referral.objects.filter(episode=episode).exists():
        withdraw_checks(referral=referral, reason=reason, by=by)
    if in_error and episode is not None:
        fact = EpisodeFact.objects.known().select_related("episode", "child").get(episode=episode)
        closing = Closing(london_date(now), RECORDED_IN_ERROR)
        close_episode(fact=fact, closing=closing, reason=reason, by=by)
