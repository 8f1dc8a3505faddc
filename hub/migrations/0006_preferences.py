"""What each person has chosen: keys, and how high rows are."""

from django.conf import settings
from django.db import migrations, models

KEYS = [("", "Not asked yet"), ("on", "On"), ("off", "Off")]
DENSITIES = [
    ("dense", "Dense: rows of 36 pixels, more of them on a screen"),
    ("comfortable", "Comfortable: rows of 48 pixels"),
]


class Migration(migrations.Migration):
    dependencies = [("hub", "0005_drafts_and_sent_forms")]

    operations = [
        migrations.CreateModel(
            name="Preferences",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "keys",
                    models.CharField(blank=True, choices=KEYS, default="", max_length=10),
                ),
                (
                    "density",
                    models.CharField(choices=DENSITIES, default="dense", max_length=20),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("keys__in", ["", "on", "off"])),
                        name="hub_preferences_keys",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("density__in", ["dense", "comfortable"])),
                        name="hub_preferences_density",
                    ),
                ],
            },
        ),
    ]
