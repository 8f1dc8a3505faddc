"""Narrowing an agenda to a kind of exploitation, and what the missing coordinator comes for."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Q

from hub.accounts.models import User
from referrals.episodes.models import EpisodeFact
from referrals.missing.models import MissingEpisode, MissingEpisodeQuerySet
from risk.agenda.rules import begin_of

CSE = "CSE"


def of_kind(user: User, episodes: Collection[int], kind: str) -> set[int]:
    """Keep the episodes of a kind of exploitation; one of which no kind is known counts as CSE."""
    named = Q(exploitation_types__contains=[kind])
    if kind == CSE:
        named |= Q(exploitation_types=[])
    facts = EpisodeFact.objects.visible_to(user).known().filter(named, episode__in=episodes)
    return set(facts.values_list("episode_id", flat=True))


def interviews_owed(user: User, day: date, now: datetime, days: int) -> MissingEpisodeQuerySet:
    """Give the returns of the last `days` after which nobody has held the interview; the oldest first.

    One that the child declined is not owed.
    """
    rows = MissingEpisode.objects.visible_to(user).known().select_related("child")
    back = rows.filter(found_at__gte=begin_of(day - timedelta(days=days)), found_at__lte=now)
    owed = back.filter(return_interview_on__isnull=True).exclude(return_interview_accepted=False)
    return owed.order_by("found_at", "pk")
