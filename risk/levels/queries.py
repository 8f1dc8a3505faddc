"""How the episodes of several children were judged, for a page that shows the children."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hub.accounts.models import User
from referrals.episodes.models import Episode
from referrals.joinings.queries import all_kept, records_of
from risk.levels.models import RiskLevel


@dataclass(frozen=True)
class Judged:
    """An episode with the level that stands now, when it was set and why; no level: nobody has judged."""

    reference: str
    referred_on: date
    closed_on: date | None
    level: str = ""
    set_on: date | None = None
    rationale: str = ""


def judged_of(user: User, children: Iterable[int]) -> dict[int, list[Judged]]:
    """Give each child's episodes, those of joined records too, as far as the person may see them.

    The latest referral comes first.
    """
    kept = all_kept(user)
    numbers = records_of(kept, children)
    episodes = Episode.objects.visible_to(user).filter(child__in=numbers)
    # A level's own wall stands besides: one who may not see it sees the episode without.
    levels = RiskLevel.objects.visible_to(user).as_at(date.max)
    stands = {
        row.episode_id: row for row in levels.filter(episode__child__in=numbers).only(
            "episode_id", "level", "set_on", "rationale"
        )
    }  # fmt: skip
    found: dict[int, list[Judged]] = {}
    for episode in episodes.order_by("-referred_on", "-pk"):
        level = stands.get(episode.pk)
        said = (level.level, level.set_on, level.rationale) if level else ("", None, "")
        child = kept.get(episode.child_id, episode.child_id)
        found.setdefault(child, []).append(
            Judged(episode.reference, episode.referred_on, episode.closed_on, *said)
        )
    return found
