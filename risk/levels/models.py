"""Risk levels of children, on a versioned scale."""

from typing import ClassVar

from django.db import models
from django.db.models import OuterRef, Subquery

from hub.access.rules import Standing
from hub.facts.models import Fact, PointQuerySet, fact_meta_constraints, one_current
from referrals.episodes.models import Episode
from risk.tools.models import ToolVersion


class RiskScale(models.Model):
    """A scale of levels in use from a day. Levels of one scale do not convert to another's."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    valid_from = models.DateField()

    def __str__(self) -> str:
        return self.name


class ScaleLevel(models.Model):
    """A level of a scale; `rank` orders them, 0 the lowest."""

    scale = models.ForeignKey(RiskScale, on_delete=models.PROTECT, related_name="levels")
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scale", "code"], name="risk_scalelevel_once")
        ]

    def __str__(self) -> str:
        return self.label


def choices_on(scale: str) -> list[tuple[str, str]]:
    """Give the levels of a scale, code and label, the gravest first."""
    levels = ScaleLevel.objects.filter(scale__code=scale).order_by("-rank")
    return list(levels.values_list("code", "label"))


class RiskLevelQuerySet(PointQuerySet["RiskLevel"]):
    """Levels set on episodes."""

    subject = "episode_id"
    day_field = "set_on"

    def shared_with(self, standing: Standing) -> "RiskLevelQuerySet":
        """Keep the levels of the episodes that the person may see."""
        return self.filter(episode__in=Episode.objects.shared_with(standing))

    def last_version(self, number: int) -> "RiskLevel | None":
        """Follow the corrections of a version, by its number, to the last: it stands, or was withdrawn."""
        last = None
        version = self.filter(pk=number).first()
        while version is not None:
            last, version = version, self._successor(version)
        return last

    def _successor(self, old: "RiskLevel") -> "RiskLevel | None":
        if old.superseded_at is None:
            return None
        # What replaced it became known at the moment at which it was superseded.
        later = self.filter(episode=old.episode_id, known_from=old.superseded_at)
        if old.superseded_by_id is not None:
            return later.filter(recorded_by=old.superseded_by_id).first()
        return later.filter(set_on=old.set_on, position=old.position).first()

    def with_place_on_scale(self) -> "RiskLevelQuerySet":
        """Add `rank` and `label`: the level's height and word on its own scale."""
        on_scale = ScaleLevel.objects.filter(scale=OuterRef("scale"), code=OuterRef("level"))
        names = ("rank", "label")
        return self.annotate(**{name: Subquery(on_scale.values(name)) for name in names})


class RiskLevel(Fact):
    """A level set on an episode, in force from that day until the next. The reason is the `rationale`.

    `agreed` says where the agencies agreed it; extracts do not tell.
    """

    class Agreed(models.TextChoices):
        """The meetings of the hub at which a level is set."""

        DAILY = "daily", "Daily meeting"
        PANEL = "panel", "Thursday panel"
        OUTSIDE = "outside", "Outside a meeting"

    episode = models.ForeignKey(
        Episode, on_delete=models.PROTECT, related_name="levels", db_index=False
    )
    scale = models.ForeignKey(RiskScale, on_delete=models.PROTECT, related_name="+", db_index=False)
    set_on = models.DateField()
    level = models.CharField(max_length=20)
    rationale = models.TextField(default="")
    agreed = models.CharField(
        max_length=10,
        choices=Agreed.choices,
        default="",
        db_default="",
        help_text="empty: not recorded",
    )
    tool_version = models.ForeignKey(
        ToolVersion,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="the version of the assessment tool on which it rests",
    )

    rank: int  # these two by with_place_on_scale
    label: str

    objects = RiskLevelQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("risk_risklevel_current", "episode", "set_on")
        )

    def __str__(self) -> str:
        return f"{self.level} on {self.episode_id} from {self.set_on}"
