"""Referrals for the bench: as many that wait as a hub has at any size, and those of the years before."""

import json
from datetime import timedelta

from django.db import models
from django.utils import timezone

from bench.databases import ask_as_owner
from bench.pages.visitor import Visitor
from referrals.intake.forms import STEPS
from referrals.intake.models import Referral
from referrals.intake.queries import ORDERS

WAITING = 200
LISTED = 100
DUE = """
    UPDATE referrals_episode SET review_due_on = current_date WHERE id IN (
        SELECT id FROM referrals_episode WHERE closed_on IS NULL ORDER BY id LIMIT %s)
"""
MADE = """
    INSERT INTO referrals_referral SELECT r.* FROM generate_series(1, %s) n, (SELECT %s AS waiting) w,
    LATERAL jsonb_populate_record(NULL::referrals_referral, %s::jsonb || jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('referrals_referral', 'id')), 'number', n,
        'reference', 'R-' || n, 'surname', 'March ' || n, 'decided_at', CASE WHEN n > waiting THEN now() END,
        'told_at', CASE WHEN n > waiting THEN now() END)) r
"""


def refer(visitor: Visitor) -> None:
    """Write a referral for each tenth episode, decided and its referrer told, and those that wait."""
    [(episodes,)] = ask_as_owner("SELECT count(*) FROM referrals_episode")[1]
    fields = Referral._meta.concrete_fields
    texts = [field for field in fields if isinstance(field, models.CharField | models.TextField)]
    # Before today's meeting, at whatever hour this runs.
    received = timezone.now() - timedelta(days=1)
    said = {field.attname: "" for field in texts} | {
        "partnership_id": visitor.partnership,
        "recorded_by_id": visitor.user.pk,
        "received_at": received.isoformat(),
        "recorded_at": received.isoformat(),
        "decide_by": visitor.today.isoformat(),
        "feedback_by": (visitor.today + timedelta(days=7)).isoformat(),
        "route": "form",
        "about": "child",
        "source": "2A",
        "in_danger": "no",
        "exploitation_types": ["CSE"],
    }
    ask_as_owner(MADE, [WAITING + episodes // 10, WAITING, json.dumps(said)])


def fill_the_list() -> None:
    """Let as many reviews be due as fill two pages of the day's list, at any size."""
    ask_as_owner(DUE, [LISTED])


def addresses() -> dict[str, list[str]]:
    """Give the list of those that wait in every order, and every page of the form."""
    orders = [f"sort={sign}{column}" for column in ORDERS for sign in ("", "-")]
    return {
        "referrals": ["/referrals/", *(f"/referrals/?{q}" for q in (*orders, "page=3"))],
        "referral's form": [f"/referrals/make/1/{step}/" for step in STEPS],
    }
