"""The second wall of the extracts that were imported: which, when, from which files.

Agencies, services and posts stand outside it (tests/test_second_wall.py says why): who somebody is must be
known before it can be said what they may see.
"""

from django.db import migrations

WALL = """
SELECT hub_wall('hub_factsource', $$(SELECT hub_every_partnership()) OR partnership_code =
    (SELECT code FROM partners_partnership WHERE id = (SELECT hub_partnership()))$$);
"""
RIGHTS = """
SELECT hub_app_may('SELECT, INSERT, UPDATE', name::regclass) FROM unnest(ARRAY['partners_partnership',
    'partners_partnership_boundary_sets', 'partners_boundaryset', 'partners_ward', 'partners_agency',
    'partners_post', 'partners_service']) AS name;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_agencies_have_a_telephone"),
        ("hub", "0009_the_second_wall"),
    ]

    operations = [
        migrations.RunSQL(WALL, "SELECT hub_no_wall('hub_factsource');"),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
