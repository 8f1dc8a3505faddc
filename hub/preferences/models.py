"""How a person likes the hub: with keys or without, rows close together or apart."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from hub.accounts.models import User


class Keys(models.TextChoices):
    """Whether single keys do something. They must be asked for, and can be put off (WCAG 2.2, 2.1.4)."""

    NOT_ASKED = "", "Not asked yet"
    ON = "on", "On"
    OFF = "off", "Off"


class Density(models.TextChoices):
    """How high the rows of work tables are."""

    DENSE = "dense", "Dense: rows of 36 pixels, more of them on a screen"
    COMFORTABLE = "comfortable", "Comfortable: rows of 48 pixels"


class PreferencesQuerySet(models.QuerySet["Preferences"]):
    """Preferences: a person's own, and nobody else's."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the person's own row."""
        return self.filter(user_id=user.pk)

    def or_usual(self) -> "Preferences":
        """Give a person's one row, or what holds for one who has chosen nothing yet."""
        return next(iter(self), None) or Preferences()


class Preferences(models.Model):
    """What one person has chosen; there is no row until they have."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    keys = models.CharField(max_length=10, choices=Keys.choices, blank=True, default=Keys.NOT_ASKED)
    density = models.CharField(max_length=20, choices=Density.choices, default=Density.DENSE)

    objects = PreferencesQuerySet.as_manager()

    class Meta:
        app_label = "hub"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(keys__in=Keys.values), name="hub_preferences_keys"
            ),
            models.CheckConstraint(
                condition=models.Q(density__in=Density.values), name="hub_preferences_density"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: keys {self.keys or 'not asked'}, {self.density}"
