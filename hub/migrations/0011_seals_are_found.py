"""The seal of an event is found by how far the seals reach."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hub", "0010_the_trail_is_sealed")]

    operations = [
        migrations.AddIndex(
            "seal", models.Index(fields=["reach", "number"], name="hub_seal_reach")
        ),
    ]
