"""Episodes as machines read them: what is asked, and what is given of an episode."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.interface.serializers import DayField, PageQuery, PageSerializer, ReferenceField
from referrals.episodes.models import Episode

OPEN, CLOSED = "open", "closed"
NOT_SET = "NOT_SET"


class EpisodesQuery(PageQuery):
    """Which episodes."""

    state = serializers.ChoiceField([OPEN, CLOSED], required=False, help_text="As it stands now.")
    level = serializers.RegexField(
        r"^[A-Z][A-Z_]{0,19}\Z",
        required=False,
        trim_whitespace=False,
        help_text="The current level by its code, such as HIGH; NOT_SET where none was ever set.",
    )
    child = ReferenceField(
        help_text="The episodes of the child of exactly this reference, on all its records."
    )
    referred_from = DayField(required=False, help_text="Referred on this day or later.")
    referred_to = DayField(required=False, help_text="Referred on this day or earlier.")


class EpisodeSerializer(serializers.Serializer[Any]):
    """An episode, as it stands now. `level` is null where none was ever set."""

    reference = serializers.CharField()
    child = serializers.CharField(
        source="child.reference", help_text="the reference of the child's record on which it stands"
    )
    state = serializers.SerializerMethodField()
    referred_on = DayField()
    closed_on = DayField(allow_null=True)
    level = serializers.SerializerMethodField()
    level_set_on = DayField(allow_null=True)
    review_due_on = DayField(allow_null=True)
    lead_worker = serializers.CharField(help_text="by name; empty where nobody leads")

    @extend_schema_field(serializers.ChoiceField([OPEN, CLOSED]))
    def get_state(self, episode: Episode) -> str:
        """Say whether it is open."""
        return OPEN if episode.closed_on is None else CLOSED

    @extend_schema_field({"type": ["string", "null"]})
    def get_level(self, episode: Episode) -> str | None:
        """Give the level's code."""
        return episode.level or None


class EpisodesPage(PageSerializer):
    """A page of episodes."""

    items = EpisodeSerializer(many=True)
