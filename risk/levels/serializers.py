"""Levels as machines read them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.interface.serializers import DayField, PageQuery, PageSerializer
from risk.levels.models import RiskLevel

LevelsQuery = PageQuery


class LevelSerializer(serializers.Serializer[Any]):
    """A level that was set, and stands. `reason` is null for a role that is not shown reasons."""

    set_on = DayField()
    level = serializers.CharField(help_text="its code on its own scale")
    label = serializers.CharField(  # type: ignore[assignment]  # a field: DRF keeps its own elsewhere
        allow_null=True, help_text="its word there"
    )
    scale = serializers.CharField(source="scale.code")
    agreed = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()

    @extend_schema_field({"type": ["string", "null"]})
    def get_agreed(self, level: RiskLevel) -> str | None:
        """Say where the agencies agreed it, where that was recorded."""
        return level.agreed or None

    @extend_schema_field({"type": ["string", "null"]})
    def get_reason(self, level: RiskLevel) -> str | None:
        """Give the reason to those who see whole cases, as the page of levels does."""
        return level.rationale if self.context["with_reasons"] else None


class LevelsPage(PageSerializer):
    """A page of levels."""

    items = LevelSerializer(many=True)
