"""When a worker was last seen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hub", "0003_trail_is_kept")]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
            ],
            options={"ordering": ["name"]},
        ),
    ]
