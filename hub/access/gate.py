"""The gate: `standing_of` says what a person is, `require` stops what they may not do."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from hub.access.rules import PERMISSIONS, Permission, Role, Standing
from hub.errors import NotAllowed

if TYPE_CHECKING:
    from hub.accounts.models import User


def standing_of(user: "User | AnonymousUser") -> Standing | None:
    """Give a person's standing, read once per request; None where there is none: then nothing is visible.

    A post counts from its first to its last day; of several the one chosen at sign-in, else the earliest.
    """
    if not user.is_authenticated or not user.is_active:
        return None
    if user.is_operator:
        return Standing(user.pk, Role.OPERATOR, None)
    if not hasattr(user, "standing_here"):
        posts: Any = apps.get_model("partners", "Post")
        user.standing_here = posts.objects.standing(user)
    return user.standing_here


def require(
    user: "User | AnonymousUser", permission: Permission, thing: object | None = None
) -> Standing:
    """Give the standing of one who holds the permission here, else raise NotAllowed.

    `thing` is what it is about: a record (or partnership) of another partnership is refused as well.
    """
    standing = standing_of(user)
    if standing is None or not standing.may(permission):
        deed = PERMISSIONS[permission]
        message = f"Your role does not include this: {deed} Ask your agency's administrator."
        raise NotAllowed(message)
    if standing.partnership_id is not None and thing is not None:
        _same_partnership(standing, thing)
    return standing


def _same_partnership(standing: Standing, thing: object) -> None:
    # A thing that has no partnership is nobody's: its own number must not pass for one.
    whole = isinstance(thing, apps.get_model("partners", "Partnership"))
    owner = getattr(thing, "pk" if whole else "partnership_id", None)
    if owner != standing.partnership_id:
        raise NotAllowed("This belongs to another partnership. Ask its hub.")
