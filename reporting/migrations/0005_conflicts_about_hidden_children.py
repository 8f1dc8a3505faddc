"""A conflict about a child is hidden with the child; how it was settled is hidden with the conflict.

Whom it is about is found by the database from the fact that the conflict meets, whoever lists it.
"""

import django.db.models.deletion
from django.db import migrations, models

# A fact says whose it is by its child, its episode, or the victim that a crime names.
ABOUT = """
CREATE FUNCTION reporting_child_of(fact_table text, fact_id bigint) RETURNS bigint LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    said jsonb;
BEGIN
    IF fact_id IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT to_jsonb(f) FROM %I f WHERE id = $1', fact_table) INTO said USING fact_id;
    RETURN coalesce((said ->> 'child_id')::bigint, (said ->> 'victim_child_id')::bigint,
        (SELECT child_id FROM referrals_episode WHERE id = (said ->> 'episode_id')::bigint));
END $$;
CREATE FUNCTION reporting_say_whom_about() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.child_id := reporting_child_of(NEW.fact_table, NEW.fact_id);
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION reporting_child_of(text, bigint), reporting_say_whom_about() FROM PUBLIC;
UPDATE reporting_importconflict SET child_id = reporting_child_of(fact_table, fact_id);
CREATE TRIGGER say_whom_about BEFORE INSERT ON reporting_importconflict
    FOR EACH ROW EXECUTE FUNCTION reporting_say_whom_about();
"""
NOT_ABOUT = """
DROP TRIGGER say_whom_about ON reporting_importconflict;
DROP FUNCTION reporting_say_whom_about();
DROP FUNCTION reporting_child_of(text, bigint);
"""

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
IMPORTS = f"{OWN} AND (SELECT hub_may('extract.import'))"
SHOWN = "(child_id IS NULL OR child_id NOT IN (SELECT unnest(hub_hidden_children())))"
OF_ONE_SHOWN = "conflict_id IN (SELECT id FROM reporting_importconflict)"
POLICY = """
ALTER POLICY seen ON {table} USING ({condition});
ALTER POLICY added ON {table} WITH CHECK ({condition});
ALTER POLICY changed ON {table} USING ({condition}) WITH CHECK ({condition});
"""
CONDITIONS = {"reporting_importconflict": SHOWN, "reporting_conflictsettlement": OF_ONE_SHOWN}


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0004_the_second_wall'),
        ('referrals', '0011_who_sees_a_child'),
    ]

    operations = [
        migrations.AddField(
            model_name='importconflict',
            name='child',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.child'),
        ),
        migrations.RunSQL(ABOUT, NOT_ABOUT),
        migrations.RunSQL(
            "".join(
                POLICY.format(table=table, condition=f"{IMPORTS} AND {condition}")
                for table, condition in CONDITIONS.items()
            ),
            "".join(POLICY.format(table=table, condition=IMPORTS) for table in CONDITIONS),
        ),
    ]
