"""Reading the levels of an episode by machine."""

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from hub.access.gate import standing_of
from hub.access.rules import Permission
from hub.interface.api import Operation, described, note, page_of
from hub.interface.rules import Scope, number_at
from hub.interface.serializers import page_out
from referrals.episodes.models import Episode
from risk.levels.models import RiskLevel
from risk.levels.serializers import LevelsPage, LevelsQuery


class ListLevels(Operation):
    """The levels of an episode that the account may see."""

    scope = Scope.LEVELS_READ
    asks = LevelsQuery

    @described(
        "listLevels",
        "List the levels of an episode, in the order of entry",
        LevelsPage,
        asks=asks,
        of_one=True,
    )
    def get(self, request: Request, reference: str) -> Response:
        """Give a page of those that stand: what was corrected or withdrawn is left out."""
        asked, user = self.read(request), self.machine.user
        episodes = Episode.objects.visible_to(user).select_related("child")
        episode = episodes.filter(reference=reference).first()
        if episode is None:
            raise Http404
        rows = RiskLevel.objects.visible_to(user).known().with_place_on_scale()
        stands = rows.filter(episode=episode).select_related("scale")
        page, last = page_of(stands, asked, number_at(asked.get("after", "0")))
        about = [episode.child.reference]
        note(
            self.machine,
            "api.levels.listed",
            "episode",
            reference,
            after={"levels": len(page)},
            about=about,
        )
        standing = standing_of(user)
        whole = standing is not None and standing.may(Permission.CASES_VIEW)
        given = LevelsPage(page_out(page, last), context={"with_reasons": whole})
        return Response(given.data)
