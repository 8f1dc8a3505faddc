"""Each agency and each service's team is a group, to which a child's record can be granted."""

import django.db.models.deletion
from django.db import migrations, models

# The names are the ones that partners/agencies/actions.py and partners/services/actions.py give.
FILL = """
INSERT INTO auth_group (name)
    SELECT p.code || ' {kind} ' || t.code FROM {table} t JOIN partners_partnership p ON p.id = t.partnership_id;
UPDATE {table} t SET group_id = g.id
    FROM auth_group g, partners_partnership p
    WHERE p.id = t.partnership_id AND g.name = p.code || ' {kind} ' || t.code;
"""
EMPTY = """
UPDATE {table} SET group_id = NULL;
DELETE FROM auth_group g USING partners_partnership p, {table} t
    WHERE p.id = t.partnership_id AND g.name = p.code || ' {kind} ' || t.code;
"""
# Whoever sets up an agency makes its group.
RIGHTS = "SELECT hub_app_may('SELECT, INSERT', 'auth_group');"
LESS = "SELECT hub_app_may('SELECT', 'auth_group');"


def group(*, null: bool) -> models.OneToOneField:
    return models.OneToOneField(
        "auth.group",
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        help_text="to which a child is granted",
    )


def fill(table: str, kind: str) -> migrations.RunSQL:
    return migrations.RunSQL(FILL.format(table=table, kind=kind), EMPTY.format(table=table, kind=kind))


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("partners", "0003_the_second_wall"),
    ]

    operations = [
        migrations.AddField("agency", "group", group(null=True)),
        migrations.AddField("service", "group", group(null=True)),
        fill("partners_agency", "agency"),
        fill("partners_service", "service"),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.AlterField("agency", "group", group(null=False)),
        migrations.AlterField("service", "group", group(null=False)),
        migrations.RunSQL(RIGHTS, LESS),
    ]
