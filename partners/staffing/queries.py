"""Reading who is away and who covers: for the list of work, the team's page and the page of absences."""

from datetime import date

from django.db.models import Q

from hub.access.rules import ROLES, Permission
from hub.accounts.models import User
from partners.agencies.models import Post
from partners.staffing.models import Absence, NewlyQualified
from partners.staffing.rules import Days

SEES_CASES = {Permission.CASES_VIEW, Permission.SHARED_CASES_VIEW}


def absences_of(user: User, day: date) -> list[Absence]:
    """Give the person's own absence on a day, and those of the colleagues for whom they cover then."""
    rows = Absence.objects.visible_to(user).on(day).filter(Q(user=user) | Q(cover=user))
    return list(rows.select_related("user", "cover").order_by("pk"))


def holders(user: User, day: date) -> list[Post]:
    """Give the posts of colleagues whose roles see cases, by name: one for each person, the earliest."""
    roles = [role for role, entry in ROLES.items() if entry.permissions & SEES_CASES]
    posts = Post.objects.visible_to(user).of_people().held_on(day).filter(role__in=roles)
    rows = posts.filter(user__is_active=True).select_related("user", "agency")
    found: dict[int, Post] = {}
    for post in rows.order_by("user__name", "user_id", "starts_on", "pk"):
        found.setdefault(post.user_id, post)
    return list(found.values())


def away_on(user: User, day: date) -> dict[str, Absence]:
    """Give who of the partnership is away on a day, by user name."""
    rows = Absence.objects.visible_to(user).on(day).select_related("user", "cover")
    return {row.user.username: row for row in rows}


def newly_qualified_on(user: User, day: date) -> dict[str, date]:
    """Give until when whoever is newly qualified on a day is so, by user name."""
    rows = NewlyQualified.objects.visible_to(user).meeting(Days(day, day))
    return dict(rows.values_list("user__username", "ends_on"))
