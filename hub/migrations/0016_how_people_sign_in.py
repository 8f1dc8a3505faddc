"""What sign-in keeps: attempts of late and codes that were used, the code of conduct, allauth's own tables."""

from django.db import migrations, models

# Second factors, sessions and single sign-on are allauth's; the application's role writes what its people change.
RIGHTS = """
SELECT hub_app_may('SELECT, INSERT, UPDATE, DELETE', name::regclass)
    FROM unnest(ARRAY['hub_remembered', 'mfa_authenticator', 'usersessions_usersession']) AS name;
SELECT hub_app_may('SELECT', name::regclass)
    FROM unnest(ARRAY['account_emailaddress', 'account_emailconfirmation']) AS name;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0015_agreements_bind_the_application_alone"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Remembered",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "hub_remembered"},
        ),
        migrations.AddField(
            model_name="user",
            name="conduct_accepted_on",
            field=models.DateField(help_text="the code of conduct, last time", null=True),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        # Who added or removed a second factor is seen by the database too; what is in it is not kept.
        migrations.RunSQL(
            "SELECT hub_watch('mfa_authenticator', 'plain', 'data');",
            "SELECT hub_unwatch('mfa_authenticator');",
        ),
    ]
