"""Referrals of children who are known, each misspelt: what the triage desk is asked."""

from typing import Any

from django.db import transaction

from bench.databases import ask_as_owner
from bench.pages.chosen import WHO, spread
from bench.pages.visitor import Visitor
from hub.access.context import act_as
from partners.partnerships.models import Partnership
from referrals.intake.actions import receive_referral
from referrals.intake.rules import Concern

# Those of whom a referral may still be made: the form takes nobody who is older than 25.
ALL = "SELECT id FROM referrals_child WHERE date_of_birth > current_date - interval '24 years' ORDER BY id"


def candidates(visitor: Visitor, number: int) -> list[str]:
    """Have that many children referred, and give the addresses at which their candidates are shown."""
    numbers = spread([child for (child,) in ask_as_owner(ALL)[1]], number)
    people = ask_as_owner(WHO, [numbers])[1]
    with transaction.atomic():
        act_as(visitor.user)
        own = Partnership.objects.get(pk=visitor.partnership)
        made = [
            receive_referral(partnership=own, concern=_concern(who), by=visitor.user)
            for who in people
        ]
    return [f"/triage/{referral.pk}/" for referral in made]


def _concern(who: tuple[Any, ...]) -> Concern:
    """Misspell one: forename and surname in each other's place, a letter lost, the birth a day off."""
    forenames, surname, born, _reference = who
    return Concern(
        about="child",
        what_happened="Waited for at the gate.",
        in_danger="no",
        source="2A",
        forenames=surname,
        surname=forenames[:-1],
        date_of_birth=born.replace(day=born.day % 28 + 1),
        exploitation_types=("CSE",),
        consent="given",
        family_knows="both",
        health_needs="unknown",
    )
