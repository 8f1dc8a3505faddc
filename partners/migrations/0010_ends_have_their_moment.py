"""A post keeps its real days, and the moment somebody ended it; a way in anew can be taken back.

Ends used to be written as the day before, a day on which a post that began today was never held.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

BEFORE = import_module("partners.migrations.0007_one_of_several_posts").AFTER
AFTER = BEFORE.replace(
    "(p.ends_on IS NULL OR p.ends_on >= today)",
    "(p.ends_on IS NULL OR p.ends_on >= today)\n"
    "        AND (p.ended_at IS NULL OR p.ended_at >= (today + 1)::timestamp AT TIME ZONE 'Europe/London')",
)
DROP = "DROP FUNCTION partners_standing(bigint, date, bigint);"


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0009_tokens_of_machines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "post",
            "ended_at",
            models.DateTimeField(null=True, help_text="when somebody ended it, before its last day"),
        ),
        migrations.RemoveConstraint("post", "partners_post_once"),
        migrations.AddConstraint(
            "post",
            models.UniqueConstraint(
                fields=["user", "agency", "role", "starts_on"],
                condition=Q(ended_at__isnull=True),
                name="partners_post_once",
            ),
        ),
        migrations.RunSQL(DROP + AFTER, DROP + BEFORE),
        migrations.AddField("renewal", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "renewal",
            "withdrawn_by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                null=True,
                db_index=False,
            ),
        ),
        migrations.AddConstraint(
            "renewal",
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, used_at__isnull=True),
                name="partners_renewal_withdrawn_whole",
            ),
        ),
    ]
