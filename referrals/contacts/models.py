"""People to call about a child."""

from typing import ClassVar

from django.db import models

from hub.facts.models import Spell, SpellQuerySet, end_known, fact_meta_constraints, one_current
from referrals.children.models import Child


class PersonToCallQuerySet(SpellQuerySet["PersonToCall"]):
    """People to call. Those who see whole cases see them; a charity calls the lead worker."""


class PersonToCall(Spell):
    """A person or desk to call about a child, from a day to a day.

    `relation` is a code of `RELATIONS` (rules). `position` is the entry's number among the child's,
    for ever: its address. `ask_first` warns that nobody calls before asking the lead worker. The
    telephone is as it was written.
    """

    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="people_to_call", db_index=False
    )
    name = models.CharField(max_length=120)
    relation = models.CharField(max_length=20)
    telephone = models.CharField(max_length=30, default="")
    safe_notes = models.CharField(max_length=500, default="")
    preferred = models.BooleanField(default=False)
    ask_first = models.BooleanField(default=False)
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    objects = PersonToCallQuerySet.as_manager()

    class Meta(Spell.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_persontocall_current", "child"),
            end_known("referrals_persontocall_end_known", "to_date"),
        )

    def __str__(self) -> str:
        return f"person {self.position} to call of {self.child_id}"
