"""What a person may see: `visible_to` is where every read in a door starts."""

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef

from hub.access.gate import standing_of
from hub.access.rules import Permission, Standing

if TYPE_CHECKING:
    from hub.accounts.models import User

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class ScopedQuerySet(models.QuerySet[M_co]):
    """Rows of a partnership. Fails closed: no standing, no permission, no partnership: no rows."""

    seen_with: ClassVar[Permission] = Permission.CASES_VIEW

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the rows that the person may see."""
        standing = standing_of(user)
        if standing is None:
            return self.none()
        rows = self
        if standing.partnership_id is not None:
            rows = rows.filter(partnership_id=standing.partnership_id)
        rows = rows if standing.may(self.seen_with) else rows.shared_with(standing)
        return rows.without_hidden(standing, hidden_in_request(user, standing))

    def shared_with(self, standing: Standing) -> Self:
        """Keep the rows shared with one who does not see all; nothing unless a subject says so."""
        return self.none()

    def without_hidden(self, standing: Standing, listed: list[int] | None = None) -> Self:
        """Leave out what tells of a child whose record is hidden from the person, whatever their role.

        Hidden is absent: a restricted record to whoever is not named, a relative's to one shut out.
        `listed`: the children hidden from them, where the request has read them already.
        """
        link, of_episode = _way_to_the_child(self.model)
        if not link or standing.partnership_id is None or listed == []:
            return self
        if listed is not None and not of_episode:
            return self.exclude(**{f"{link}__in": listed})
        way = "child__episodes" if of_episode else "child"
        hidden = _restrictions().hidden_from(standing).filter(**{way: OuterRef(link)})
        # Not `exclude(... in ...)`: PostgreSQL would reckon that list anew for each row that it looks up.
        return self.filter(~Exists(hidden.order_by()))


def _restrictions() -> Any:
    return apps.get_model("referrals", "Restriction")._default_manager


def hidden_in_request(user: Any, standing: Standing) -> list[int] | None:
    """Give the children hidden from the person of a request, read once for all that it asks.

    Mostly there are none, and then no question need look for them. None outside a request: there the
    same person object may live on while records are restricted.
    """
    if not getattr(user, "within_a_request", False) or standing.partnership_id is None:
        return None
    if not hasattr(user, "hidden_here"):
        user.hidden_here = _restrictions().numbers_hidden_from(standing)
    found: list[int] = user.hidden_here
    return found


def sees_whole(user: Any) -> tuple[Standing, list[int]] | None:
    """Give the standing of a request's person who sees whole cases, and which children are hidden from them.

    None for everybody else, and outside a request: for them rows are read by the ORM (decision 17).
    """
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.CASES_VIEW):
        return None
    hidden = hidden_in_request(user, standing)
    return None if hidden is None else (standing, hidden)


@cache
def _way_to_the_child(model: type[models.Model]) -> tuple[str, bool]:
    """Name the field by which a row tells of a child, and whether it does so through an episode.

    Found by the foreign keys, so that a new table cannot be forgotten; empty where it tells of none.
    """
    child, episode = (apps.get_model("referrals", name) for name in ("Child", "Episode"))
    if model is child:
        return "pk", False
    links = {field.related_model: field.name for field in model._meta.concrete_fields}
    if child in links:
        return links[child], False
    return links.get(episode, ""), True
