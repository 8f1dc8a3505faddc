"""Grants kept true, what they show kept in one table, and what is hidden: by the database, whoever writes.

- An accepted service referral that has not ended gives the service's group a grant of its episode; when it
  ends, is corrected or declined, the grant ends. By hand, by import or by raw SQL: the same trigger.
- referrals_sight has a row for each audience, child and episode that a grant in force shows.
- The functions of the second wall read that table, and the restrictions.

Each function runs as the owner, hence the search path: no temporary table of the caller's may stand in.
"""

from django.db import migrations

DEFINED = "LANGUAGE {language} SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"
SQL, PLPGSQL = DEFINED.format(language="sql"), DEFINED.format(language="plpgsql")

# A function of the owner's in SQL is planned anew by each statement that asks it, one in PL/pgSQL once for a
# connection: every statement on cases asks these.
PLANNED_ONCE = PLPGSQL + " BEGIN"

# What the grants of a table (or of a statement's own rows) show.
DUE = """
SELECT g.partnership_id, {audience} AS audience, g.child_id, e.episode_id, g.expires_at,
    {group_grant} AS group_grant_id, {person_grant} AS person_grant_id
FROM {source} g CROSS JOIN LATERAL (
    SELECT g.episode_id
    UNION SELECT id FROM referrals_episode WHERE g.episode_id IS NULL AND child_id = g.child_id
) e(episode_id)
WHERE g.ended_at IS NULL
"""
COLUMNS = "partnership_id, audience, child_id, episode_id, expires_at, group_grant_id, person_grant_id"
GROUP = {"audience": "g.group_id::bigint", "group_grant": "g.id", "person_grant": "NULL::bigint"}
PERSON = {"audience": "-g.user_id", "group_grant": "NULL::bigint", "person_grant": "g.id"}
GRANTS = {"group": GROUP, "person": PERSON}


def shown(kind: str, source: str) -> str:
    return DUE.format(source=source, **GRANTS[kind])


def sight_of(kind: str) -> str:
    """The trigger that keeps the sight in step with one kind of grant, and one that keeps the grants."""
    table = f"referrals_{kind}grant"
    return f"""
    CREATE FUNCTION referrals_see_{kind}_grants() RETURNS trigger {PLPGSQL}
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            DELETE FROM referrals_sight USING changed WHERE {kind}_grant_id = changed.id;
        END IF;
        INSERT INTO referrals_sight ({COLUMNS}) {shown(kind, "changed")};
        RETURN NULL;
    END $$;
    CREATE TRIGGER see_grants AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION referrals_see_{kind}_grants();
    CREATE TRIGGER see_changes AFTER UPDATE ON {table} REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION referrals_see_{kind}_grants();
    CREATE TRIGGER keep_grants BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION referrals_keep_grants();
    """


KEPT = f"""
CREATE FUNCTION referrals_keep_grants() RETURNS trigger {PLPGSQL}
DECLARE
    ending text[] := ARRAY['ended_at', 'ended_by_id', 'ended_because'];
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - ending <> to_jsonb(OLD) - ending OR OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'grants are kept: end this one and give another' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

# An episode that opens is shown to whom the whole child is granted.
EPISODES = f"""
CREATE FUNCTION referrals_see_episodes() RETURNS trigger {PLPGSQL}
BEGIN
    INSERT INTO referrals_sight ({COLUMNS})
    SELECT s.partnership_id, s.audience, s.child_id, added.id, s.expires_at, s.group_grant_id, s.person_grant_id
    FROM added JOIN referrals_sight s ON s.child_id = added.child_id AND s.episode_id IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER see_episodes AFTER INSERT ON referrals_episode REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_see_episodes();
"""

STANDS = "r.outcome = 'ACCEPTED' AND r.ended_on IS NULL AND r.superseded_at IS NULL"
REFERRALS = f"""
CREATE FUNCTION referrals_grant_by_referral(touched bigint[]) RETURNS bigint {PLPGSQL}
DECLARE
    ended bigint;
    given bigint;
BEGIN
    UPDATE referrals_groupgrant g SET ended_at = clock_timestamp(), ended_because = 'The service referral ended.'
    FROM (SELECT DISTINCT unnest(touched)) t(episode_id)
    WHERE g.episode_id = t.episode_id AND g.by_referral AND g.ended_at IS NULL AND NOT EXISTS (
        SELECT FROM referrals_servicereferral r
        JOIN partners_service s ON s.partnership_id = r.partnership_id AND s.code = r.service
        WHERE r.episode_id = g.episode_id AND s.group_id = g.group_id AND {STANDS});
    GET DIAGNOSTICS ended = ROW_COUNT;
    INSERT INTO referrals_groupgrant (group_id, permission_id, child_id, partnership_id, episode_id, because,
        by_referral, starts_at)
    SELECT DISTINCT s.group_id, p.id, e.child_id, e.partnership_id, e.id, 'The service accepted the referral.',
        true, clock_timestamp()
    FROM (SELECT DISTINCT unnest(touched)) t(episode_id)
    JOIN referrals_servicereferral r ON r.episode_id = t.episode_id AND {STANDS}
    JOIN partners_service s ON s.partnership_id = r.partnership_id AND s.code = r.service
    JOIN referrals_episode e ON e.id = r.episode_id
    JOIN auth_permission p ON p.codename = 'view_child' AND p.content_type_id = (
        SELECT id FROM django_content_type WHERE app_label = 'referrals' AND model = 'child')
    WHERE NOT EXISTS (
        SELECT FROM referrals_groupgrant g
        WHERE g.episode_id = e.id AND g.group_id = s.group_id AND g.by_referral AND g.ended_at IS NULL)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS given = ROW_COUNT;
    RETURN ended + given;
END $$;
CREATE FUNCTION referrals_follow_referrals() RETURNS trigger {PLPGSQL}
BEGIN
    PERFORM referrals_grant_by_referral((SELECT array_agg(episode_id) FROM changed));
    RETURN NULL;
END $$;
CREATE TRIGGER grant_by_referral AFTER INSERT ON referrals_servicereferral REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_follow_referrals();
CREATE TRIGGER end_by_referral AFTER UPDATE ON referrals_servicereferral REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_follow_referrals();
-- A service that is entered after referrals to its code have come is granted what they show.
CREATE FUNCTION referrals_follow_services() RETURNS trigger {PLPGSQL}
BEGIN
    PERFORM referrals_grant_by_referral((
        SELECT array_agg(episode_id) FROM referrals_servicereferral
        WHERE partnership_id = NEW.partnership_id AND service = NEW.code));
    RETURN NULL;
END $$;
CREATE TRIGGER grant_to_service AFTER INSERT ON partners_service
    FOR EACH ROW EXECUTE FUNCTION referrals_follow_services();
"""

# The night's check: how many rows were wrong, and are right again.
PUT_RIGHT = f"""
CREATE FUNCTION referrals_sight_due() RETURNS TABLE (partnership_id bigint, audience bigint, child_id bigint,
    episode_id bigint, expires_at timestamptz, group_grant_id bigint, person_grant_id bigint)
LANGUAGE sql STABLE AS $$ {shown("group", "referrals_groupgrant")} UNION ALL {shown("person", "referrals_persongrant")} $$;
CREATE FUNCTION referrals_put_sight_right() RETURNS bigint {PLPGSQL}
DECLARE
    changed bigint;
    surplus bigint;
    missing bigint;
BEGIN
    changed := referrals_grant_by_referral((
        SELECT array_agg(episode_id) FROM (
            SELECT episode_id FROM referrals_servicereferral
            UNION SELECT episode_id FROM referrals_groupgrant WHERE by_referral AND ended_at IS NULL) e));
    DELETE FROM referrals_sight WHERE id IN (
        SELECT s.id FROM referrals_sight s LEFT JOIN referrals_sight_due() d
            ON d.audience = s.audience AND d.child_id = s.child_id AND d.partnership_id = s.partnership_id
            AND coalesce(d.episode_id, 0) = coalesce(s.episode_id, 0)
            AND coalesce(d.group_grant_id, 0) = coalesce(s.group_grant_id, 0)
            AND coalesce(d.person_grant_id, 0) = coalesce(s.person_grant_id, 0)
            AND coalesce(d.expires_at, 'infinity') = coalesce(s.expires_at, 'infinity')
        WHERE d.audience IS NULL);
    GET DIAGNOSTICS surplus = ROW_COUNT;
    INSERT INTO referrals_sight ({COLUMNS})
        SELECT * FROM referrals_sight_due() EXCEPT SELECT {COLUMNS} FROM referrals_sight;
    GET DIAGNOSTICS missing = ROW_COUNT;
    RETURN changed + surplus + missing;
END $$;
"""

# Whether a restriction `r` hides its child from the person who acts.
HIDES = """r.superseded_at IS NULL AND r.to_date IS NULL
        AND (r.person_id = (SELECT hub_user()) OR (r.kind = 'named' AND NOT EXISTS (
            SELECT FROM referrals_persongrant g
            WHERE g.user_id = (SELECT hub_user()) AND g.child_id = r.child_id AND g.ended_at IS NULL
                AND (g.expires_at IS NULL OR g.expires_at > now()))))"""
# Looked up for each row that is shown, which are few, instead of listing all that is hidden.
NOT_HIDDEN = f"NOT EXISTS (SELECT FROM referrals_restriction r WHERE r.child_id = s.child_id AND {HIDES})"

# The second wall's questions: to whom a person belongs, what they are shown, what is hidden from them.
WALL = f"""
CREATE FUNCTION hub_audiences() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_to_array(hub_told('audiences'), ',')::bigint[], '{{}}')
$$;
CREATE OR REPLACE FUNCTION hub_hidden_children() RETURNS bigint[] STABLE {PLANNED_ONCE} RETURN (
    SELECT coalesce(array_agg(DISTINCT r.child_id), '{{}}') FROM referrals_restriction r
    WHERE (SELECT NOT hub_for('report') AND NOT hub_every_partnership())
        AND {HIDES}
); END $$;
CREATE OR REPLACE FUNCTION hub_hidden_episodes() RETURNS bigint[] STABLE {PLANNED_ONCE} RETURN (
    SELECT coalesce(array_agg(id), '{{}}') FROM referrals_episode
    WHERE child_id IN (SELECT unnest(hub_hidden_children()))
); END $$;
CREATE OR REPLACE FUNCTION hub_shown_children() RETURNS bigint[] STABLE {PLANNED_ONCE} RETURN (
    SELECT coalesce(array_agg(DISTINCT child_id), '{{}}') FROM referrals_sight s
    WHERE (SELECT hub_may('shared_cases.view')) AND partnership_id = (SELECT hub_partnership())
        AND audience = ANY ((SELECT hub_audiences())::bigint[]) AND (expires_at IS NULL OR expires_at > now())
        AND {NOT_HIDDEN}
); END $$;
CREATE OR REPLACE FUNCTION hub_shown_episodes() RETURNS bigint[] STABLE {PLANNED_ONCE} RETURN (
    SELECT coalesce(array_agg(DISTINCT episode_id), '{{}}') FROM referrals_sight s
    WHERE (SELECT hub_may('shared_cases.view')) AND partnership_id = (SELECT hub_partnership())
        AND audience = ANY ((SELECT hub_audiences())::bigint[]) AND (expires_at IS NULL OR expires_at > now())
        AND episode_id IS NOT NULL AND {NOT_HIDDEN}
); END $$;
"""

OWN = "(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))"
ALL = "(SELECT hub_sees_all()) AND child_id NOT IN (SELECT unnest(hub_hidden_children()))"
OWN_SIGHT = (
    "(SELECT hub_may('shared_cases.view')) AND audience = ANY ((SELECT hub_audiences())::bigint[])"
    " AND (expires_at IS NULL OR expires_at > now()) AND child_id NOT IN (SELECT unnest(hub_hidden_children()))"
)
POLICIES = f"""
SELECT hub_wall('referrals_groupgrant', $${OWN} AND {ALL}$$);
SELECT hub_wall('referrals_persongrant', $${OWN} AND {ALL}$$);
-- Whoever shuts themselves out writes what they may not see.
SELECT hub_wall('referrals_restriction', seen => $${OWN} AND {ALL}$$, written => $${OWN} AND (SELECT hub_sees_all())$$);
SELECT hub_wall('referrals_sight', $${OWN} AND (({ALL}) OR ({OWN_SIGHT}))$$);
SELECT hub_app_may('SELECT', 'referrals_sight');
-- guardian's own generic tables stay empty.
SELECT hub_app_may('SELECT', name::regclass)
    FROM unnest(ARRAY['guardian_userobjectpermission', 'guardian_groupobjectpermission']) AS name;
CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON referrals_restriction
    FOR EACH ROW EXECUTE FUNCTION hub_keep_facts('{{to_date,to_known_from}}');
"""
TABLES = ("referrals_groupgrant", "referrals_persongrant", "referrals_restriction", "referrals_sight")

AS_BEFORE = """
CREATE OR REPLACE FUNCTION hub_shown_episodes() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT episode_id), '{}') FROM referrals_servicereferral
    WHERE hub_may('shared_cases.view') AND partnership_id = hub_partnership() AND service = ANY (hub_services())
        AND outcome = 'ACCEPTED' AND ended_on IS NULL AND superseded_at IS NULL
$$;
CREATE OR REPLACE FUNCTION hub_shown_children() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT child_id), '{}') FROM referrals_episode WHERE id = ANY (hub_shown_episodes())
$$;
CREATE OR REPLACE FUNCTION hub_hidden_children() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT '{}'::bigint[] $$;
CREATE OR REPLACE FUNCTION hub_hidden_episodes() RETURNS bigint[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ SELECT '{}'::bigint[] $$;
"""
TRIGGERS = {
    "referrals_groupgrant": ("see_grants", "see_changes", "keep_grants"),
    "referrals_persongrant": ("see_grants", "see_changes", "keep_grants"),
    "referrals_episode": ("see_episodes",),
    "referrals_servicereferral": ("grant_by_referral", "end_by_referral"),
    "partners_service": ("grant_to_service",),
    "referrals_restriction": ("keep_facts",),
}
FUNCTIONS = (
    "referrals_put_sight_right()", "referrals_sight_due()", "referrals_follow_services()",
    "referrals_follow_referrals()", "referrals_grant_by_referral(bigint[])", "referrals_see_episodes()",
    "referrals_see_group_grants()", "referrals_see_person_grants()", "referrals_keep_grants()", "hub_audiences()",
)  # fmt: skip
BACK = (
    "".join(f"SELECT hub_no_wall('{table}');" for table in TABLES)
    + "".join(f"DROP TRIGGER {name} ON {table};" for table, names in TRIGGERS.items() for name in names)
    + AS_BEFORE
    + "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS)
)


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0010_grants_and_restrictions"),
        ("partners", "0004_agencies_and_services_are_groups"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
    ]

    operations = [
        migrations.RunSQL(
            KEPT + sight_of("group") + sight_of("person") + EPISODES + REFERRALS + PUT_RIGHT + WALL + POLICIES,
            BACK,
        ),
        # What was referred before is granted now.
        migrations.RunSQL("SELECT referrals_put_sight_right();", migrations.RunSQL.noop),
    ]
