"""The second wall of agency checks: who was asked, and what was answered, by its marking as a note's.

Who sees whole cases sees who was asked; a charity, what it was asked itself about a child that a grant shows it. An
answer is added and changed by its own agency alone. When the first one comes the database itself notes it on the
check, so that nobody marks as answered what nobody answered.
"""

from django.db import migrations

# referrals/checks/models.py says the same for the application.
FOR_THEM = """((SELECT hub_every_partnership()) OR agency_id = (SELECT hub_agency()) OR author_id = (SELECT hub_user())
    OR seen_by = 'everybody' OR (seen_by = 'hub' AND (SELECT hub_sees_all()))
    OR (seen_by = 'named' AND (SELECT hub_agency()) = ANY (for_agencies)))"""
FUNCTIONS = f"""
CREATE FUNCTION referrals_answer_shut_since(number bigint, known timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM referrals_checkanswer WHERE asked_id = number AND known_from > known
        AND NOT coalesce({FOR_THEM}, false))
$$;
CREATE FUNCTION referrals_note_answered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE referrals_agencycheck SET answered_at = NEW.known_from
    WHERE id = NEW.asked_id AND agency_id = NEW.agency_id AND child_id = NEW.child_id AND answered_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER note_answered AFTER INSERT ON referrals_checkanswer
    FOR EACH ROW EXECUTE FUNCTION referrals_note_answered();
"""
NO_FUNCTIONS = """
DROP TRIGGER note_answered ON referrals_checkanswer;
DROP FUNCTION referrals_note_answered();
DROP FUNCTION referrals_answer_shut_since(bigint, timestamptz);
"""

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = "(SELECT hub_sees_all()) AND child_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))"
SHOWN = "child_id IN (SELECT unnest((SELECT hub_shown_children())))"
ASKED = "agency_id = (SELECT hub_agency())"
THEIRS = f"({ASKED} OR (SELECT hub_every_partnership()))"
READ = f"{FOR_THEM} AND (superseded_at IS NULL OR NOT referrals_answer_shut_since(asked_id, known_from))"
WALL = f"""
SELECT hub_wall('referrals_agencycheck', seen => $${OWN} AND (({ALL}) OR ({SHOWN} AND {ASKED}))$$,
    written => $${OWN} AND {ALL}$$);
SELECT hub_app_may('SELECT, INSERT', 'referrals_agencycheck');
CREATE POLICY added_beneath ON referrals_agencycheck AS RESTRICTIVE FOR INSERT WITH CHECK (
    (SELECT current_user <> 'hub_app') OR episode_id NOT IN (SELECT unnest((SELECT hub_hidden_episodes()))));
SELECT hub_wall('referrals_checkanswer', seen => $${OWN} AND (({ALL}) OR {SHOWN}) AND {READ}$$,
    written => $${OWN} AND (({ALL}) OR {SHOWN}) AND {THEIRS}$$);
ALTER POLICY changed ON referrals_checkanswer USING ({OWN} AND (({ALL}) OR {SHOWN}) AND {THEIRS});
SELECT hub_agreed('referrals_checkanswer', 'notes', '{ASKED} OR author_id = (SELECT hub_user())');
CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON referrals_checkanswer
    FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{{}}');
SELECT hub_watch('referrals_agencycheck', 'plain');
SELECT hub_watch('referrals_checkanswer', 'kept');
"""
NO_WALL = """
SELECT hub_unwatch('referrals_agencycheck'); SELECT hub_unwatch('referrals_checkanswer');
DROP TRIGGER keep_facts ON referrals_checkanswer;
SELECT hub_no_wall('referrals_agencycheck'); SELECT hub_no_wall('referrals_checkanswer');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0035_agency_checks"),
        ("hub", "0015_agreements_bind_the_application_alone"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(WALL, NO_WALL),
    ]
