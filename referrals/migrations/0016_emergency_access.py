"""Emergency access: the one way past a restriction, the mark on the trail, and who may read of it.

A hidden record cannot be looked for by whom it is hidden from, so the owner's function looks. It writes first that
somebody asked, and answers with nothing but what that person may then open: one who is shut out is told the same
as where no record answers. Nobody else writes these tables.
"""

from django.db import migrations

DEFINED = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"

GLASS = f"""
CREATE FUNCTION referrals_break_glass(asker bigint, ours bigint, why text, lasting integer, bearing text,
    called tsquery, born date, moment timestamptz, OUT emergency bigint, OUT child bigint, OUT named text)
{DEFINED}
DECLARE
    bound boolean := 'hub_app' IN (session_user, current_setting('role', true));
    answering bigint[];
    allowed bigint[];
    came text;
    until timestamptz := moment + lasting * interval '1 hour';
    opening bigint;
BEGIN
    IF moment > clock_timestamp() OR bound AND (asker = hub_user() AND ours = hub_partnership()
            AND hub_may('emergency.open')) IS NOT TRUE THEN
        RAISE EXCEPTION 'emergency access is asked for now, and for oneself' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT array_agg(c.id), array_agg(c.id) FILTER (WHERE NOT EXISTS (
            SELECT FROM referrals_restriction r WHERE r.child_id = c.id AND r.person_id = asker
                AND r.superseded_at IS NULL AND r.to_date IS NULL))
    INTO answering, allowed FROM referrals_child c
    WHERE c.partnership_id = ours AND (bearing <> '' OR born IS NOT NULL AND called IS NOT NULL)
        AND (bearing = '' OR upper(c.reference) = upper(bearing))
        AND (born IS NULL OR c.date_of_birth = born)
        AND (called IS NULL OR referrals_name_parts(c.forenames, c.surname) @@ called OR EXISTS (
            SELECT FROM referrals_alias a WHERE a.child_id = c.id AND a.superseded_at IS NULL
                AND referrals_name_parts(a.name, '') @@ called));
    IF cardinality(allowed) = 1 THEN
        child := allowed[1];
        came := CASE WHEN EXISTS (
                SELECT FROM referrals_restriction r WHERE r.child_id = child AND r.kind = 'named'
                    AND r.superseded_at IS NULL AND r.to_date IS NULL)
            AND NOT EXISTS (
                SELECT FROM referrals_persongrant g WHERE g.child_id = child AND g.user_id = asker
                    AND g.ended_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > now()))
            THEN 'opened' ELSE 'seen' END;
    ELSE
        came := CASE WHEN cardinality(allowed) > 1 THEN 'several'
            WHEN cardinality(answering) > 0 THEN 'shut_out' ELSE 'nothing' END;
    END IF;
    IF came = 'opened' THEN
        UPDATE referrals_persongrant SET ended_at = moment, ended_by_id = asker, ended_because = 'It ran out.'
        WHERE child_id = child AND user_id = asker AND ended_at IS NULL;
        INSERT INTO referrals_persongrant (user_id, permission_id, child_id, partnership_id, because, starts_at,
            expires_at, granted_by_id, emergency)
        SELECT asker, p.id, child, ours, why, moment, until, asker, true FROM auth_permission p
        WHERE p.codename = 'view_child' AND p.content_type_id = (
            SELECT id FROM django_content_type WHERE app_label = 'referrals' AND model = 'child')
        RETURNING id INTO opening;
    END IF;
    INSERT INTO referrals_emergencyaccess (partnership_id, person_id, asked_at, hours, because, outcome, record,
        grant_id, ends_at)
    VALUES (ours, asker, moment, lasting, why, came,
        coalesce((SELECT reference FROM referrals_child
            WHERE id = CASE came WHEN 'shut_out' THEN answering[1] ELSE child END), ''),
        opening, CASE WHEN opening IS NOT NULL THEN until END)
    RETURNING id INTO emergency;
    INSERT INTO referrals_emergencyalert (partnership_id, emergency_id) VALUES (ours, emergency);
    named := coalesce((SELECT reference FROM referrals_child WHERE id = child), '');
END $$;
"""

# Whatever a person does while a record is open to them so bears its number, whoever wrote the event; the seal
# covers `about`. Before `stamp_event`: triggers go by their names.
MARK = f"""
CREATE FUNCTION referrals_mark_emergency() RETURNS trigger {DEFINED}
BEGIN
    NEW.about := NEW.about || ARRAY(
        SELECT 'EA-' || e.id FROM referrals_emergencyaccess e JOIN referrals_persongrant g ON g.id = e.grant_id
        WHERE e.person_id = NEW.user_id AND e.ends_at > clock_timestamp() AND g.ended_at IS NULL
            AND 'EA-' || e.id <> ALL (NEW.about)
        ORDER BY e.id)::varchar[];
    RETURN NEW;
END $$;
CREATE TRIGGER mark_emergency BEFORE INSERT ON hub_auditevent
    FOR EACH ROW EXECUTE FUNCTION referrals_mark_emergency();
"""

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
REVIEWERS = "(SELECT hub_may('emergency.review'))"
WALL = f"""
SELECT hub_wall('referrals_emergencyaccess', $${OWN} AND ({REVIEWERS}
    OR person_id = (SELECT hub_user()) AND grant_id IS NOT NULL)$$);
SELECT hub_app_may('SELECT', 'referrals_emergencyaccess');
SELECT hub_wall('referrals_emergencyalert', $${OWN} AND {REVIEWERS}$$);
SELECT hub_app_may('SELECT, UPDATE (sent_at)', 'referrals_emergencyalert');
-- Nobody reviews their own.
SELECT hub_wall('referrals_emergencyreview', seen => $${OWN} AND {REVIEWERS}$$,
    written => $${OWN} AND {REVIEWERS} AND reviewed_by_id = (SELECT hub_user()) AND EXISTS (
        SELECT FROM referrals_emergencyaccess e WHERE e.id = emergency_id AND e.person_id <> (SELECT hub_user())
            AND e.partnership_id = referrals_emergencyreview.partnership_id)$$);
SELECT hub_app_may('SELECT, INSERT', 'referrals_emergencyreview');
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON referrals_emergencyaccess
    FOR EACH ROW EXECUTE FUNCTION hub_keep_trail();
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON referrals_emergencyreview
    FOR EACH ROW EXECUTE FUNCTION hub_keep_trail();
"""
WATCHED = {
    "referrals_emergencyaccess": "plain",
    "referrals_emergencyalert": "plain",
    "referrals_emergencyreview": "plain",
}
BACK = (
    "DROP TRIGGER mark_emergency ON hub_auditevent; DROP FUNCTION referrals_mark_emergency();"
    "DROP FUNCTION referrals_break_glass(bigint, bigint, text, integer, text, tsquery, date, timestamptz);"
    "DROP TRIGGER keep_rows ON referrals_emergencyaccess; DROP TRIGGER keep_rows ON referrals_emergencyreview;"
    + "".join(f"SELECT hub_no_wall('{table}');" for table in WATCHED)
)


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0015_emergency_accesses"),
        ("hub", "0012_single_changes_are_quick"),
    ]

    operations = [
        migrations.RunSQL(GLASS + MARK + WALL, BACK),
        *(
            migrations.RunSQL(f"SELECT hub_watch('{table}', '{how}');", f"SELECT hub_unwatch('{table}');")
            for table, how in WATCHED.items()
        ),
    ]
