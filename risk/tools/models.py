"""The assessment tools of a partnership, and which version of each is used from when."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hub.access.models import ScopedQuerySet
from hub.facts.models import Fact, PointQuerySet, fact_meta_constraints, one_current
from partners.partnerships.models import Partnership


class ToolQuerySet(ScopedQuerySet["Tool"]):
    """Tools; they tell of no child."""


class Tool(models.Model):
    """A form by which a child's risk is assessed; `kinds` of exploitation it is for, none: for all."""

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="tools", db_index=False
    )
    name = models.CharField(max_length=80)
    kinds = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    objects = ToolQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partnership", "name"], name="risk_tool_once")
        ]

    def __str__(self) -> str:
        return self.name


class ToolVersionQuerySet(PointQuerySet["ToolVersion"]):
    """Versions of tools."""

    subject = "tool_id"
    day_field = "from_day"


class ToolVersion(Fact):
    """Which version of a tool is used from a day, until the next; without one it is used no more, and why."""

    tool = models.ForeignKey(Tool, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=20, default="", db_default="")
    from_day = models.DateField()
    why = models.TextField(default="", db_default="")

    objects = ToolVersionQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_toolversion_current", "tool", "from_day"),
            models.CheckConstraint(
                condition=~Q(version="") | ~Q(why=""), name="risk_toolversion_used_or_why_not"
            ),
        )

    def __str__(self) -> str:
        return f"{self.tool_id} {self.version} from {self.from_day}"
