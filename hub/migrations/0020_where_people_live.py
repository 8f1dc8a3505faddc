"""In which area a person lives, where that is said; the trail says that it changed, never what it holds."""

from django.db import migrations, models

WATCHED = "SELECT hub_unwatch('hub_user'); SELECT hub_watch('hub_user', 'plain', 'password', 'home_area');"
BEFORE = "SELECT hub_unwatch('hub_user'); SELECT hub_watch('hub_user', 'plain', 'password');"


class Migration(migrations.Migration):
    dependencies = [("hub", "0019_by_a_link")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="home_area",
            field=models.CharField(blank=True, db_default="", default="", max_length=6),
        ),
        migrations.RunSQL(WATCHED, BEFORE),
    ]
