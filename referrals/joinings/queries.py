"""Reading which records are joined, as far as the person sees both."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery

from hub.accounts.models import User
from referrals.children.models import Child, ChildQuerySet
from referrals.joinings.models import Joining, JoiningQuerySet


def with_joined(rows: ChildQuerySet, user: User, known_at: datetime | None = None) -> ChildQuerySet:
    """Add to each child `joined_into`, the record it is joined to, and `joined_here`, those joined to it."""
    seen = Joining.objects.visible_to(user).known(known_at).order_by("known_from", "pk")
    into = seen.filter(child=OuterRef("pk")).values("kept_id")[:1]
    here = seen.filter(kept=OuterRef("pk")).values("child_id")
    return rows.annotate(  # type: ignore[no-redef]  # the model declares them, for whoever reads them
        joined_into=Subquery(into), joined_here=ArraySubquery(here)
    )


def kept_for(user: User, children: Iterable[int]) -> dict[int, int]:
    """Give, of those of these children that are joined to another record, that record: in one query."""
    seen = Joining.objects.visible_to(user).known().filter(child__in=list(children))
    return dict(seen.values_list("child_id", "kept_id"))


def all_kept(user: User, known_at: datetime | None = None) -> dict[int, int]:
    """Give, of every record that is joined to another, that other: for lists that have a child once.

    They are few: one for each child who was entered twice.
    """
    seen = Joining.objects.visible_to(user).known(known_at)
    return dict(seen.values_list("child_id", "kept_id"))


def records_of(kept: Mapping[int, int], children: Iterable[int]) -> list[int]:
    """Give the numbers of these children's records: their own, and those that are joined to them."""
    own = set(children)
    return [*own, *(record for record, child in kept.items() if child in own)]


def joined_to(user: User, child: Child, known_at: datetime | None = None) -> list[Joining]:
    """Give the joinings of other records to this one, with those records, the first one first."""
    rows = Joining.objects.visible_to(user).known(known_at).filter(kept=child)
    return list(rows.select_related("child", "recorded_by").order_by("known_from", "pk"))


def standing_joinings(user: User) -> JoiningQuerySet:
    """Give the joinings that stand, the latest first, with both records and who joined them."""
    rows = Joining.objects.visible_to(user).known().select_related("child", "kept", "recorded_by")
    return rows.order_by("-known_from", "-pk")
