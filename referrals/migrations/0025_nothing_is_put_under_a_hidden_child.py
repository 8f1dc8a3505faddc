"""What is written lies under no hidden child by any of its links, not only by the one that its wall goes by.

An episode goes by its own number, and a new one has none that is hidden; a note or a grant goes by its child and may
name an episode besides. These policies must hold besides the others, and bind `hub_app` alone: what runs as the owner
(an emergency access, a grant by an accepted referral) writes on everybody's behalf.
"""

from django.db import migrations

NOT_UNDER = """
CREATE POLICY {deed}_beneath ON {table} AS RESTRICTIVE FOR {verb} {using} WITH CHECK (
    (SELECT current_user <> 'hub_app') OR {column} IS NULL
    OR {column} NOT IN (SELECT unnest((SELECT hub_hidden_{kind}()))));
"""
TABLES = {
    "referrals_episode": ("child_id", "children"),
    "referrals_episodefact": ("child_id", "children"),
    "referrals_note": ("episode_id", "episodes"),
    "referrals_groupgrant": ("episode_id", "episodes"),
    "referrals_persongrant": ("episode_id", "episodes"),
}
DEEDS = {"added": ("INSERT", ""), "changed": ("UPDATE", "USING (true)")}


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0024_one_shared_review"),
        ("hub", "0014_the_wall_knows_the_agency"),
    ]

    operations = [
        migrations.RunSQL(
            NOT_UNDER.format(deed=deed, table=table, verb=verb, using=using, column=column, kind=kind),
            f"DROP POLICY {deed}_beneath ON {table};",
        )
        for table, (column, kind) in TABLES.items()
        for deed, (verb, using) in DEEDS.items()
    ]
