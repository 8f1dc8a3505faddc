"""A user name is one name however its letters are written: people type it with a capital, or without."""

from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("hub", "0017_single_sign_on")]

    operations = [
        migrations.AddConstraint(
            "user", models.UniqueConstraint(Upper("username"), name="hub_user_name_in_any_case")
        )
    ]
