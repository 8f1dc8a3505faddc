"""Choosing how the hub looks and listens: each person for themselves."""

from datetime import datetime

from django.db import transaction

from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.preferences.models import Density, Keys, Preferences


@transaction.atomic
def choose(*, keys: Keys, density: Density, now: datetime, by: User) -> None:
    """Keep what a person chose on their settings page."""
    _keep(by, now, keys=keys.value, density=density.value)


@transaction.atomic
def switch_keys(*, keys: Keys, now: datetime, by: User) -> None:
    """Put the keys on or off for a person."""
    _keep(by, now, keys=keys.value)


def _keep(by: User, now: datetime, **chosen: str) -> None:
    usual = Preferences.objects.visible_to(by).or_usual()
    before = {name: str(getattr(usual, name)) for name in chosen}
    if before == chosen:
        return
    Preferences.objects.update_or_create(user=by, defaults=chosen)
    record(
        event="preferences.changed",
        verb=Verb.ALTERATION,
        what="preferences",
        reference=by.username,
        at=now,
        by=by,
        before=before,
        after=chosen,
    )
