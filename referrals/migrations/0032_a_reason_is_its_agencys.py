"""Whose post was ended today is of the agency no more, and reads no reason of its people's looks (0026)."""

from importlib import import_module

from django.db import migrations

before = import_module("referrals.migrations.0026_lookers_have_names")
AFTER = before.NOW.replace(
    "(ends_on IS NULL OR ends_on >= current_date)",
    "(ends_on IS NULL OR ends_on >= current_date) AND (ended_at IS NULL OR ended_at > now())",
)


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0031_who_a_child_is"),
        ("partners", "0010_ends_have_their_moment"),
    ]

    operations = [migrations.RunSQL(before.DROP + AFTER, before.DROP + before.NOW)]
