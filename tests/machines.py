"""Machines for stories: a token for each of the cast, by which a client asks as they would."""

import hashlib
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.interface.rules import PREFIX, Scope
from partners.agencies.models import Post
from partners.machines.actions import make_token
from partners.machines.models import MachineToken
from partners.machines.rules import Asked
from tests.cast import PEOPLE, Cast

EVERY_SCOPE = tuple(Scope)


def machine_like(user: User, *scopes: Scope, name: str = "Case transfer", days: int = 30) -> str:
    """Make a service account of that person's agency and role, and give its token's secret."""
    now = timezone.now()
    post = Post.objects.select_related("agency__partnership").get(user=user)
    asked = Asked(name, post.role, tuple(scopes), timezone.localdate(now) + timedelta(days))
    return make_token(agency=post.agency, asked=asked, now=now, by=operator()).secret


def by_token(secret: str) -> Client:
    """A client that bears a token."""
    return Client(headers={"Authorization": f"Bearer {secret}"})


def secret_of(name: str) -> str:
    """The secret that `own_tokens` gives to one of the cast."""
    return PREFIX + hashlib.sha256(name.encode()).hexdigest()[:43]


def own_tokens(cast: Cast, scopes: tuple[Scope, ...] = EVERY_SCOPE) -> None:
    """Give everybody in post a token of their own account: what it opens is what they see themselves."""
    now = timezone.now()
    posts = {post.user_id: post for post in Post.objects.select_related("agency")}
    held: list[Any] = [(name, posts.get(cast.people[name].pk)) for name in PEOPLE]
    MachineToken.objects.bulk_create(
        MachineToken(
            partnership_id=post.agency.partnership_id,
            post=post,
            scopes=list(scopes),
            digest=hashlib.sha256(secret_of(name).encode()).hexdigest(),
            made_at=now,
            made_by=operator(),
            expires_at=now + timedelta(days=30),
        )
        for name, post in held
        if post is not None
    )
