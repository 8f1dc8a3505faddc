"""Making partnerships, with the geography that belongs to them."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from hub.access.gate import require
from hub.access.rules import Permission
from hub.accounts.models import User
from hub.audit.actions import record
from hub.audit.models import Verb
from hub.codes.rules import WardRow, ward_rows
from hub.errors import Conflict, RuleBroken
from partners.partnerships.models import BoundarySet, Partnership, Ward
from partners.partnerships.rules import (
    PRESETS,
    Practice,
    Preset,
    Terms,
    practice_problem,
    review_days_problem,
    terms_problem,
)


@transaction.atomic
def set_up(*, code: str, now: datetime, by: User) -> Partnership:
    """Give the partnership of that code; one of those that ship with the project is made if need be.

    Raises RuleBroken for a code that neither the database nor the project knows.
    """
    require(by, Permission.PARTNERSHIP_SET_UP)
    known = Partnership.objects.filter(code=code).first()
    if known:
        return known
    if code not in PRESETS:
        names = ", ".join(sorted(PRESETS))
        raise RuleBroken(
            "partnership.unknown", f"No partnership has the code {code}. Known: {names}."
        )
    return _make(PRESETS[code], now=now, by=by)


def _make(preset: Preset, *, now: datetime, by: User) -> Partnership:
    made, new = Partnership.objects.get_or_create(
        code=preset.code,
        defaults={
            "name": preset.name,
            "district": preset.district,
            "review_days": dict(preset.review_days),
        },
    )
    if not new:  # somebody set it up at the same moment
        return made
    made.boundary_sets.add(_geography(preset))
    record(
        event="partnership.set_up",
        verb=Verb.COLLECTION,
        what="partnership",
        reference=preset.code,
        at=now,
        by=by,
        partnership_id=made.pk,
    )
    return made


def _geography(preset: Preset) -> BoundarySet:
    rows = ward_rows(preset.wards)
    first, last = rows[0].valid_from, rows[0].valid_to
    drawn, new = BoundarySet.objects.get_or_create(
        code=f"{preset.code}-{first[:4]}",
        defaults={
            "district": preset.district,
            "valid_from": date.fromisoformat(first),
            "valid_to": date.fromisoformat(last) if last else None,
        },
    )
    if new:
        Ward.objects.bulk_create(_ward(drawn, row) for row in rows)
    return drawn


def _ward(drawn: BoundarySet, row: WardRow) -> Ward:
    return Ward(
        boundary_set=drawn,
        code=row.code,
        name=row.name,
        constituency_code=row.constituency_code,
        constituency=row.constituency,
    )


@transaction.atomic
def set_review_days(
    *,
    partnership: Partnership,
    days: dict[str, int],
    seen: dict[str, int],
    reason: str,
    now: datetime,
    by: User,
) -> None:
    """Say within how many days each level is reviewed from now on; reviews that are planned stay.

    `seen` is what the person saw. Raises NotAllowed; RuleBroken for days that cannot be or no reason;
    Conflict where somebody changed them meanwhile.
    """
    require(by, Permission.PARTNERSHIP_SETTINGS, partnership)
    problem = review_days_problem(days)
    if problem:
        raise RuleBroken("review_days", problem[1], problem[0].lower())
    if not reason.strip():
        raise RuleBroken("reason.missing", "Write the reason", "reason")
    still = Partnership.objects.filter(pk=partnership.pk, review_days=seen)
    if not still.update(review_days=days):
        raise Conflict("Somebody else changed this while you were typing.")
    record(
        event="partnership.review_days_set",
        verb=Verb.ALTERATION,
        what="partnership",
        reference=partnership.code,
        at=now,
        by=by,
        before=seen,
        after=days,
        reason=reason,
    )


@transaction.atomic
def set_terms(
    *, partnership: Partnership, terms: Terms, seen: Terms, reason: str, now: datetime, by: User
) -> None:
    """Say within how many working days a referral is decided and its referrer told, and who gets a link.

    It counts from the next referral on: those that came keep their days. `seen` is what the person saw.
    Raises NotAllowed; RuleBroken for what cannot be or no reason; Conflict where somebody changed it.
    """
    require(by, Permission.PARTNERSHIP_SETTINGS, partnership)
    problem = terms_problem(terms)
    if problem:
        raise RuleBroken("terms", problem[1], problem[0])
    if not reason.strip():
        raise RuleBroken("reason.missing", "Write the reason", "reason")
    still = Partnership.objects.filter(pk=partnership.pk, **_columns(seen))
    if not still.update(**_columns(terms)):
        raise Conflict("Somebody else changed this while you were typing.")
    record(
        event="partnership.terms_set",
        verb=Verb.ALTERATION,
        what="partnership",
        reference=partnership.code,
        at=now,
        by=by,
        partnership_id=partnership.pk,
        before=_columns(seen),
        after=_columns(terms),
        reason=reason.strip(),
    )


@transaction.atomic
def set_practice(
    *,
    partnership: Partnership,
    practice: Practice,
    seen: Practice,
    reason: str,
    now: datetime,
    by: User,
) -> None:
    """Say how early and how long the hub looks at things; days that are given already stay.

    `seen` is what the person saw. Raises NotAllowed; RuleBroken for what cannot be or no reason; Conflict
    where somebody changed it.
    """
    require(by, Permission.PARTNERSHIP_SETTINGS, partnership)
    problem = practice_problem(practice)
    if problem:
        raise RuleBroken("practice", problem[1], problem[0])
    if not reason.strip():
        raise RuleBroken("reason.missing", "Write the reason", "reason")
    before, after = asdict(seen), asdict(practice)
    still = Partnership.objects.filter(pk=partnership.pk, **before)
    if not still.update(**after):
        raise Conflict("Somebody else changed this while you were typing.")
    record(
        event="partnership.practice_set",
        verb=Verb.ALTERATION,
        what="partnership",
        reference=partnership.code,
        at=now,
        by=by,
        partnership_id=partnership.pk,
        before=before,
        after=after,
        reason=reason.strip(),
    )


def _columns(terms: Terms) -> dict[str, Any]:
    return {
        "decision_days": terms.decision_days,
        "feedback_days": terms.feedback_days,
        "referrer_domains": list(terms.domains),
    }
