"""The application ties accounts to the numbers by which agencies' providers know their people."""

from django.db import migrations

RIGHTS = """
SELECT hub_app_may('SELECT, INSERT, UPDATE', 'socialaccount_socialaccount');
SELECT hub_app_may('SELECT', name::regclass)
    FROM unnest(ARRAY['socialaccount_socialapp', 'socialaccount_socialtoken']) AS name;
SELECT hub_watch('socialaccount_socialaccount', 'plain', 'extra_data');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0016_how_people_sign_in"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        migrations.RunSQL(RIGHTS, "SELECT hub_unwatch('socialaccount_socialaccount');"),
    ]
