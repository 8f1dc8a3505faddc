"""Conflicts in tests: what a person of the hub records, and how another settles it."""

from typing import Any

from django.apps import apps
from django.utils import timezone

from hub.accounts.actions import operator
from hub.accounts.models import User
from hub.facts.actions import correct
from hub.facts.models import Fact
from hub.facts.moments import write_moment
from reporting.extracts.models import ImportConflict, version_of
from reporting.imports.actions import settle
from reporting.upkeep.actions import renew_current_values

Stands = ImportConflict.Stands


def standing(table: str) -> Fact:
    """The one version that stands of the facts that this extract is about."""
    versions: Any = apps.get_model(table.replace("_", ".", 1))._default_manager
    ours = versions.filter(source__isnull=False).values("pk")
    corrected = versions.filter(reason__in=["Told by telephone.", "The extract is right."])
    found: Fact = (versions.filter(pk__in=ours) | corrected).get(superseded_at__isnull=True)
    return found


def recorded_in_the_hub(table: str, by: User, **changes: Any) -> Fact:
    """A person of the hub puts the fact right, by hand."""
    fact = standing(table)
    now = write_moment(fact.partnership_id)
    new = correct(fact=fact, now=now, by=by, reason="Told by telephone.", **changes)
    renew_current_values(now=timezone.now(), by=operator())
    return new


def settled(
    conflict: ImportConflict, by: User, stands: Stands = Stands.EXTRACT, reason: str = ""
) -> None:
    """Settle it as one who has just looked."""
    seen = version_of(conflict.hub_version())
    reason = reason or "The extract is right."
    settle(conflict=conflict, stands=stands, seen=seen, reason=reason, by=by)
