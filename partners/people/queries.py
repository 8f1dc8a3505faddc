"""Whom an administrator looks after, and what awaits them there."""

from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from hub.access.gate import standing_of
from hub.access.rules import Permission, Role, Standing
from hub.accounts.models import User
from hub.days.rules import london_date
from partners.agencies.models import Post, PostQuerySet
from partners.people.models import Renewal
from partners.people.rules import confirm_by, is_to_be_confirmed


@dataclass(frozen=True)
class Awaiting:
    """What awaits an administrator: ways in anew that others asked for, and posts; how many are late."""

    to_approve: int
    to_confirm: int
    late: int


def looked_after(user: User, standing: Standing) -> PostQuerySet:
    """Give the posts of the administrator's people: of all the partnership, or of their own agency.

    Service accounts stand elsewhere (partners/machines): nobody signs in as one.
    """
    posts = Post.objects.visible_to(user).of_people()
    if standing.role is Role.AGENCY_ADMINISTRATOR:
        posts = posts.filter(agency_id=standing.agency_id or 0)
    holds = Authenticator.objects.filter(user=OuterRef("user_id"))
    told = posts.select_related("user", "agency").annotate(has_factor=Exists(holds))
    return told.order_by("user__name", "user_id", "-starts_on", "pk")


def due_posts(user: User, standing: Standing, today: date) -> list[Post]:
    """Give others' posts of which it is to be said whether they are needed, the longest due first."""
    posts = looked_after(user, standing).exclude(user=user).held_on(today)
    running = posts.filter(user__is_active=True)
    due = [post for post in running if is_to_be_confirmed(_by(post), today)]
    return sorted(due, key=lambda post: (_by(post), post.user.name, post.pk))


def _by(post: Post) -> date:
    return confirm_by(post.starts_on, post.confirmed_on)


def awaiting(user: User, now: datetime) -> Awaiting | None:
    """Count what awaits an administrator; nothing for anybody else."""
    standing = standing_of(user)
    if standing is None or not standing.may(Permission.PEOPLE_MANAGE):
        return None
    today = london_date(now)
    due = due_posts(user, standing, today)
    waiting = Renewal.objects.visible_to(user).waiting().exclude(asked_by=user)
    return Awaiting(waiting.count(), len(due), sum(_by(post) < today for post in due))
