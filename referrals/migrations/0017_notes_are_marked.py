"""Notes carry their handling marking, and what another agency sees goes by it.

A superseded version is asked for apart, by the owner: one that was read before a later marking shut the reader out
is not read any more. Numbers of notes come from one row of all children's, so that no gap tells of a note.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

# referrals/notes/models.py says the same for the application.
FOR_THEM = """((SELECT hub_every_partnership()) OR agency_id = (SELECT hub_agency()) OR author_id = (SELECT hub_user())
    OR seen_by = 'everybody' OR (seen_by = 'hub' AND (SELECT hub_sees_all()))
    OR (seen_by = 'named' AND (SELECT hub_agency()) = ANY (for_agencies)))"""
FUNCTIONS = f"""
CREATE FUNCTION referrals_note_shut_since(child bigint, number integer, known timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM referrals_note WHERE child_id = child AND position = number AND known_from > known
        AND NOT coalesce({FOR_THEM}, false))
$$;
CREATE SEQUENCE referrals_note_number AS integer;
SELECT setval('referrals_note_number', coalesce(max(position), 0) + 1, false) FROM referrals_note;
CREATE FUNCTION referrals_next_note() RETURNS integer LANGUAGE sql VOLATILE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT nextval('referrals_note_number')::integer
$$;
"""
NO_FUNCTIONS = """
DROP FUNCTION referrals_note_shut_since(bigint, integer, timestamptz);
DROP FUNCTION referrals_next_note();
DROP SEQUENCE referrals_note_number;
"""

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = "(SELECT hub_sees_all()) AND child_id NOT IN (SELECT unnest(hub_hidden_children()))"
SHOWN = "child_id IN (SELECT unnest(hub_shown_children()))"
READ = f"{FOR_THEM} AND (superseded_at IS NULL OR NOT referrals_note_shut_since(child_id, position, known_from))"
# Nobody changes another agency's note, so nobody loosens its marking.
THEIRS = (
    "(agency_id = (SELECT hub_agency()) OR author_id = (SELECT hub_user()) OR (SELECT hub_every_partnership()))"
)
WALL = f"""
SELECT hub_no_wall('referrals_note');
SELECT hub_wall('referrals_note', seen => $${OWN} AND (({ALL}) OR {SHOWN}) AND {READ}$$,
    written => $${OWN} AND {ALL} AND {THEIRS}$$);
ALTER POLICY changed ON referrals_note USING ({OWN} AND {ALL} AND {THEIRS});
"""
AS_BEFORE = f"SELECT hub_no_wall('referrals_note'); SELECT hub_wall('referrals_note', $${OWN} AND {ALL}$$);"


class Migration(migrations.Migration):

    dependencies = [
        ('hub', '0014_the_wall_knows_the_agency'),
        ('referrals', '0016_emergency_access'),
    ]

    operations = [
        migrations.AddField(
            model_name='note',
            name='conditions',
            field=models.CharField(db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='note',
            name='for_agencies',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='note',
            name='seen_by',
            field=models.CharField(db_default='hub', default='hub', max_length=10),
        ),
        migrations.AddField(
            model_name='note',
            name='source_protected',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('for_agencies', []), ('seen_by__in', ['hub', 'everybody', 'own'])), models.Q(('seen_by', 'named'), models.Q(('for_agencies', []), _negated=True)), _connector='OR'), name='referrals_note_marked'),
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(WALL, AS_BEFORE),
    ]
