"""Reading episodes by machine."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.models import User
from hub.interface.api import Operation, described, note, page_of
from hub.interface.rules import Scope, number_at
from hub.interface.serializers import page_out
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.episodes.serializers import (
    NOT_SET,
    OPEN,
    EpisodeSerializer,
    EpisodesPage,
    EpisodesQuery,
)

_WHERE: dict[str, Callable[[Any], Q]] = {
    "state": lambda state: Q(closed_on__isnull=state == OPEN),
    "level": lambda level: Q(level="" if level == NOT_SET else level),
    "child": lambda records: Q(child__in=records),
    "referred_from": lambda day: Q(referred_on__gte=day),
    "referred_to": lambda day: Q(referred_on__lte=day),
}


class ListEpisodes(Operation):
    """The episodes that the account may see."""

    scope = Scope.EPISODES_READ
    asks = EpisodesQuery

    @described("listEpisodes", "List episodes, in the order of entry", EpisodesPage, asks=asks)
    def get(self, request: Request) -> Response:
        """Give a page of them."""
        asked = self.read(request)
        user = self.machine.user
        wanted = Episode.objects.visible_to(user).filter(*_conditions(asked, user))
        rows = wanted.select_related("child")
        page, last = page_of(rows, asked, number_at(asked.get("after", "0")))
        note(
            self.machine,
            "api.episodes.listed",
            "episodes",
            "list",
            after={
                "episodes": [episode.reference for episode in page],
                "query": request.GET.urlencode(),
            },
            about=[episode.child.reference for episode in page],
        )
        return Response(EpisodesPage(page_out(page, last)).data)


def _conditions(asked: dict[str, Any], user: User) -> list[Q]:
    if "child" in asked:
        seen = Child.objects.visible_to(user)
        asked = {**asked, "child": seen.records_of(asked["child"], user)}
    return [where(asked[name]) for name, where in _WHERE.items() if name in asked]


class ReadEpisode(Operation):
    """One episode."""

    scope = Scope.EPISODES_READ

    @described("readEpisode", "Read an episode", EpisodeSerializer, of_one=True)
    def get(self, request: Request, reference: str) -> Response:
        """Give the episode."""
        self.read(request)
        rows = Episode.objects.visible_to(self.machine.user).select_related("child")
        episode = rows.filter(reference=reference).first()
        if episode is None:
            raise Http404
        about = [episode.child.reference]
        note(self.machine, "api.episode.read", "episode", reference, after={}, about=about)
        return Response(EpisodeSerializer(episode).data)
