"""Tokens of service accounts, and when each was last used.

A token is found by its digest before anybody is known, so its table is open as posts are; what it says never
changes, but for its one end. Uses are noted apart: the trail keeps every change of a token.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE FUNCTION partners_keep_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id']
            IS DISTINCT FROM to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id'] THEN
        RAISE EXCEPTION 'a token is ended once, and nothing else of it changes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_token BEFORE UPDATE ON partners_machinetoken
    FOR EACH ROW EXECUTE FUNCTION partners_keep_token();
SELECT hub_app_may('SELECT, INSERT, UPDATE', 'partners_machinetoken');
SELECT hub_app_may('SELECT, INSERT, UPDATE', 'partners_machineuse');
SELECT hub_watch('partners_machinetoken', 'plain', 'digest');
"""
NOT_KEPT = """
SELECT hub_unwatch('partners_machinetoken');
DROP TRIGGER keep_token ON partners_machinetoken;
DROP FUNCTION partners_keep_token();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("hub", "0009_the_second_wall"),
        ("partners", "0008_people_start_anew"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MachineToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scopes", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ("digest", models.CharField(help_text="SHA-256 of the secret", max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("made_by", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("partnership", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.partnership")),
                ("post", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="tokens", to="partners.post")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)), models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)), _connector="OR"), name="partners_token_ended_by_whom")],
            },
        ),
        migrations.CreateModel(
            name="MachineUse",
            fields=[
                ("token", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="use", serialize=False, to="partners.machinetoken")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
