"""A child's risk level: setting it with its reason and its review, putting it right, taking it back."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.days.rules import london_date
from hub.errors import Conflict, RuleBroken
from hub.facts.actions import correct, withdraw
from hub.facts.moments import write_moment
from referrals.episodes.actions import close_episode
from referrals.episodes.models import Episode, EpisodeFact
from referrals.episodes.rules import Closing
from referrals.intake.actions import note_decided
from risk.levels.models import RiskLevel, RiskScale, ScaleLevel
from risk.levels.rules import (
    Decision,
    check_decision,
    check_may_fall,
    chosen_review,
    closes_at_once,
    review_due,
)
from risk.reviews.actions import schedule
from risk.tools.models import ToolVersion
from risk.tools.queries import rests_on

CURRENT_SCALE = "cse-2014"
NO_RISK_FOUND = "NO_CSE_RISK"
SAME = "This is what is recorded already. Change what is wrong, or leave it as it is."
MEANWHILE = "Somebody set another level meanwhile. Look at it, then decide again."


@transaction.atomic
def set_level(
    *,
    episode: Episode,
    decision: Decision,
    seen_level: str,
    by: User,
    review_on: date | None = None,
) -> RiskLevel:
    """Set a level on an episode from a day, and the review that the partnership's settings ask for.

    `review_on` is an earlier review than that. No risk, where none was ever found, closes the episode on
    that day. `seen_level` is the level the person saw. Raises NotAllowed; RuleBroken for an unknown level, a
    missing reason or a wrong date; Conflict where somebody set another level meanwhile.
    """
    require(by, Permission.LEVELS_RECORD, episode)
    now = write_moment(episode.partnership_id)
    standing = _standing(episode)
    _check(decision, standing, now)
    scale = _scale_with(decision.level)
    _check_fall(episode, decision, scale, now)
    rests = _rests_on(decision, standing)
    fact = RiskLevel.objects.create(
        partnership_id=episode.partnership_id,
        episode=episode,
        position=_next_position(episode, decision.set_on),
        known_from=now,
        recorded_by=by,
        **_columns(decision, scale, rests),
    )
    _make_current(standing, fact, seen_level, review_on, by)
    if standing.closed_on is None and closes_at_once(fact.level, _levels_of(episode)):
        closing = Closing(fact.set_on, NO_RISK_FOUND)
        close_episode(fact=standing, closing=closing, reason=fact.rationale, by=by)
    note_decided(episode=episode, now=now, by=by)
    _note("level.set", fact, now, by, {"level": seen_level}, _said(fact), fact.rationale)
    return fact


@transaction.atomic
def correct_level(*, fact: RiskLevel, decision: Decision, reason: str, by: User) -> RiskLevel:
    """Put right a level that was recorded wrongly; the version that the person saw stays readable.

    If another level is in force for it, or from another day, its review is planned anew. Raises
    NotAllowed; RuleBroken as `set_level` does, for no change and without a reason for the correction;
    Conflict where the version stands no longer.
    """
    require(by, Permission.LEVELS_RECORD, fact)
    now = write_moment(fact.partnership_id)
    standing = _standing(fact.episode)
    _check(decision, standing, now)
    rests = fact.tool_version if _rests_as_before(decision, fact) else _rests_on(decision, standing)
    changes = _columns(decision, _scale_with(decision.level), rests)
    if all(getattr(fact, name) == value for name, value in changes.items()):
        raise RuleBroken("fact.same", SAME)
    before = _in_force(fact.episode, now)
    new = correct(fact=fact, now=now, by=by, reason=reason, **changes)
    _renew(standing, before, now, by)
    _note("level.corrected", new, now, by, _said(fact), _said(new), new.reason)
    return new


@transaction.atomic
def withdraw_level(*, fact: RiskLevel, reason: str, by: User) -> None:
    """Take back a level that was recorded on the wrong episode; the one before it is in force again.

    An episode that it closed stays closed. Raises NotAllowed, RuleBroken without a reason, Conflict where
    the level stands no longer.
    """
    require(by, Permission.LEVELS_RECORD, fact)
    now = write_moment(fact.partnership_id)
    before = _in_force(fact.episode, now)
    withdraw(fact=fact, now=now, by=by, reason=reason)
    _renew(_standing(fact.episode), before, now, by)
    _note("level.withdrawn", fact, now, by, _said(fact), None, reason.strip())


def _standing(episode: Episode) -> EpisodeFact:
    # Read under the lock: the episode in hand may be older than a closing.
    return EpisodeFact.objects.known().select_related("episode").get(episode=episode)


def _check(decision: Decision, standing: EpisodeFact, now: datetime) -> None:
    check_decision(
        decision,
        referred_on=standing.referred_on,
        closed_on=standing.closed_on,
        today=london_date(now),
    )


def _scale_with(level: str) -> RiskScale:
    found = (
        ScaleLevel.objects.filter(scale__code=CURRENT_SCALE, code=level)
        .select_related("scale")
        .first()
    )
    if found is None:
        raise RuleBroken(
            "level.unknown", "This level is not on the scale. Choose one that is.", "level"
        )
    return found.scale


def _check_fall(episode: Episode, decision: Decision, scale: RiskScale, now: datetime) -> None:
    in_force = _in_force(episode, now)
    if in_force is not None:
        ranks = dict(ScaleLevel.objects.filter(scale=scale).values_list("code", "rank"))
        check_may_fall(decision.agreed, ranks[decision.level], ranks.get(in_force.level))


def _rests_on(decision: Decision, standing: EpisodeFact) -> ToolVersion | None:
    return rests_on(
        decision.tool,
        partnership_id=standing.partnership_id,
        on=decision.set_on,
        feared=standing.exploitation_types,
    )


def _rests_as_before(decision: Decision, fact: RiskLevel) -> bool:
    """Say whether a correction leaves the tool alone: it may have been taken back meanwhile."""
    return (decision.tool, decision.set_on) == (fact.tool_version_id, fact.set_on)


def _columns(decision: Decision, scale: RiskScale, rests: ToolVersion | None) -> dict[str, Any]:
    return {
        "scale": scale,
        "level": decision.level,
        "set_on": decision.set_on,
        "rationale": decision.rationale.strip(),
        "agreed": decision.agreed,
        "tool_version": rests,
    }


def _next_position(episode: Episode, set_on: date) -> int:
    same_day = RiskLevel.objects.known().filter(episode=episode, set_on=set_on)
    return (same_day.aggregate(last=Max("position"))["last"] or 0) + 1


def _levels_of(episode: Episode) -> list[str]:
    return list(RiskLevel.objects.known().filter(episode=episode).values_list("level", flat=True))


def _in_force(episode: Episode, now: datetime) -> RiskLevel | None:
    return RiskLevel.objects.filter(episode=episode).as_at(london_date(now)).first()


def _make_current(
    standing: EpisodeFact, fact: RiskLevel, seen_level: str, review_on: date | None, by: User
) -> None:
    """Put the latest level on the episode, if nobody else changed it since the person looked."""
    episode = standing.episode
    latest = _in_force(episode, fact.known_from)
    current = _current(latest)
    due = review_due(fact.set_on, fact.level, episode.partnership.review_days)
    due = chosen_review(due, review_on, fact.set_on)
    if latest == fact and standing.closed_on is None:
        schedule(episode=episode, due_on=due, now=fact.known_from, by=by)
        current["review_due_on"] = due
    changed = Episode.objects.filter(pk=episode.pk, level=seen_level).update(**current)
    if changed != 1:
        raise Conflict(MEANWHILE)


def _renew(standing: EpisodeFact, before: RiskLevel | None, now: datetime, by: User) -> None:
    """Put on the episode what is in force after a correction, and plan its review if that is another."""
    episode = standing.episode
    latest = _in_force(episode, now)
    current = _current(latest)
    if standing.closed_on is None and current != _current(before):
        due = None
        if latest is not None:
            due = review_due(latest.set_on, latest.level, episode.partnership.review_days)
        schedule(episode=episode, due_on=due, now=now, by=by, answered=False)
        current["review_due_on"] = due
    Episode.objects.filter(pk=episode.pk).update(**current)


def _current(latest: RiskLevel | None) -> dict[str, Any]:
    """The columns of an episode on which that level is in force."""
    return {
        "level": latest.level if latest else "",
        "level_set_on": latest.set_on if latest else None,
    }


def _said(fact: RiskLevel) -> dict[str, str]:
    rests = fact.tool_version
    return {
        "level": fact.level,
        "set_on": fact.set_on.isoformat(),
        "agreed": fact.agreed,
        "rationale": fact.rationale,
        **({"tool": f"{rests.tool.name}, version {rests.version}"} if rests else {}),
    }


def _note(
    event: str,
    fact: RiskLevel,
    now: datetime,
    by: User,
    before: dict[str, str] | None,
    after: dict[str, str] | None,
    reason: str,
) -> None:
    record(
        event=event,
        verb=Verb.COLLECTION if event == "level.set" else Verb.ALTERATION,
        what="episode",
        reference=fact.episode.reference,
        at=now,
        by=by,
        partnership_id=fact.partnership_id,
        before=before,
        after=after,
        reason=reason,
        about=[fact.episode.child.reference],
    )
