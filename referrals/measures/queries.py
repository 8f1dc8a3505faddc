"""Reading what is left to do on episodes, for every page that says it."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone

from hub.accounts.models import User
from hub.days.rules import london_date
from referrals.children.models import ChildDetails
from referrals.episodes.models import Episode
from referrals.measures.models import Measure
from referrals.measures.rules import (
    SOCIAL_CARE,
    STRATEGY,
    TRANSITION,
    must_refer,
    plans_adulthood,
    still_to_do,
)


def standing_of_matters(user: User, episodes: Iterable[int]) -> dict[int, dict[str, str]]:
    """Give the state of each matter that stands on each episode, in one query."""
    rows = Measure.objects.visible_to(user).known().filter(episode__in=list(episodes))
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for episode, matter, state in rows.latest_first().values_list("episode_id", "matter", "state"):
        found[episode].setdefault(matter, state)
    return found


def left_to_do(user: User, episodes: Iterable[Episode]) -> dict[int, list[str]]:
    """Say in words what is left to do on each episode, in two queries; `child` must be read with them.

    A person who sees a part of the cases is told nothing: neither the facts nor the rule are theirs.
    """
    episodes = list(episodes)
    details = ChildDetails.objects.visible_to(user).known()
    told = details.filter(child__in=[episode.child_id for episode in episodes])
    disabled = dict(told.values_list("child_id", "learning_disability"))
    stands = standing_of_matters(user, [episode.pk for episode in episodes])
    return {
        episode.pk: _left(episode, disabled[episode.child_id], stands[episode.pk])
        for episode in episodes
        if episode.child_id in disabled
    }


def _left(episode: Episode, disabled: bool | None, stands: dict[str, str]) -> list[str]:
    must = must_refer(episode.child.date_of_birth, episode.referred_on, disabled)
    plans = plans_adulthood(episode.child.date_of_birth, london_date(timezone.now()))
    states = [(SOCIAL_CARE, must), (STRATEGY, ""), (TRANSITION, "17 or older" if plans else "")]
    said = (still_to_do(matter, stands.get(matter, ""), because) for matter, because in states)
    return [words for words in said if words]
