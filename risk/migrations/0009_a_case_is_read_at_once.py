"""A whole case is read by one function: PostgreSQL plans a function's statements once for each connection.

It runs as whoever calls it, so row security binds each of its statements. What the application itself keeps back
(another partnership's, hidden children's, notes marked for others) it keeps back too: for those who see whole cases,
of a child that came through `visible_to` (risk/cases/queries.py; docs/decisions/0017-a-case-in-one-statement.md).
"""

from django.db import migrations

STOOD = """{0}.partnership_id = ours AND CASE WHEN moment IS NULL THEN {0}.superseded_at IS NULL
            ELSE {0}.known_from <= moment AND ({0}.superseded_at IS NULL OR {0}.superseded_at > moment) END"""
HELD = """{0}.from_date <= day
            AND ({0}.to_date IS NULL OR {0}.to_date > day OR {0}.to_known_from > moment)"""
ADMITS = """({0}.author_id = me OR {0}.seen_by IN ('everybody', 'hub') OR {0}.agency_id = mine
            OR ({0}.seen_by = 'named' AND mine = ANY ({0}.for_agencies)))"""
FOR_ME = f"""{ADMITS.format("n")} AND (n.superseded_at IS NULL OR NOT EXISTS (
            SELECT FROM referrals_note v WHERE v.child_id = n.child_id AND v.position = n.position
                AND v.known_from > n.known_from AND NOT coalesce({ADMITS.format("v")}, false)))"""
MARKING = """
            ARRAY(SELECT g.name FROM partners_agency g WHERE g.id = ANY (n.for_agencies)
                ORDER BY g.name) AS named,
            EXISTS (SELECT FROM referrals_note v WHERE v.child_id = n.child_id AND v.position = n.position
                AND v.known_from >= n.known_from AND v.source_protected) AS hides_source,
            (SELECT json_build_object('id', g.id, 'name', g.name) FROM partners_agency g
                WHERE g.id = n.agency_id) AS agency"""
PERSON = """
            (SELECT json_build_object('id', u.id, 'name', u.name) FROM hub_user u
                WHERE u.id = {0}.{1}_id) AS {1}"""
SOURCE = """
            (SELECT json_build_object('id', s.id, 'label', s.label) FROM hub_factsource s
                WHERE s.id = {0}.{1}_id) AS {1}"""
PEOPLE = ",".join(
    [
        SOURCE.format("f", "source"),
        PERSON.format("f", "recorded_by"),
        SOURCE.format("f", "superseded_source"),
        PERSON.format("f", "superseded_by"),
    ]
)
VERSIONS = """SELECT f.*, {people} FROM {table} f
        WHERE f.child_id = asked AND f.partnership_id = ours AND (moment IS NULL OR f.known_from <= moment)
        ORDER BY f.known_from, f.id"""
STANDING_NOTES = f"""FROM referrals_note n WHERE n.child_id = asked AND {STOOD.format("n")}
            AND n.happened_on <= day AND {FOR_ME}"""
LATEST = "ORDER BY n.happened_on DESC, n.happened_at DESC NULLS LAST, n.position DESC LIMIT"

# What each part is called, and its rows; the columns besides a table's own are the application's annotations.
HEADER = {
    "details": f"""SELECT d.* FROM referrals_childdetails d
        WHERE d.child_id = asked AND {STOOD.format("d")} ORDER BY d.position, d.id""",
    "episodes": f"""SELECT f.*, json_build_object('id', e.id, 'reference', e.reference) AS episode
        FROM referrals_episodefact f JOIN referrals_episode e ON e.id = f.episode_id
        WHERE f.child_id = asked AND f.referred_on <= day AND {STOOD.format("f")}
        ORDER BY f.referred_on DESC, f.id DESC""",
    "levels": f"""SELECT l.*, s.rank, s.label
        FROM risk_risklevel l LEFT JOIN risk_scalelevel s ON s.scale_id = l.scale_id AND s.code = l.level
        WHERE l.episode_id = ANY (shown) AND l.set_on <= day AND {STOOD.format("l")}
        ORDER BY l.episode_id, l.set_on, l.position, l.id""",
    "reviews": f"""SELECT r.* FROM risk_review r WHERE r.episode_id = ANY (shown) AND {STOOD.format("r")}
        ORDER BY r.episode_id, r.due_on, r.position, r.id""",
    "allocations": f"""SELECT a.*, coalesce(g.name, '') AS agency_name,
            coalesce(g.telephone, '') AS agency_telephone
        FROM referrals_allocation a
        LEFT JOIN partners_agency g ON g.partnership_id = a.partnership_id AND g.code = a.agency
        WHERE a.episode_id = ANY (shown) AND a.from_date <= day AND {STOOD.format("a")}
        ORDER BY a.from_date DESC, a.position DESC, a.id DESC""",
    "missing": f"""SELECT m.* FROM referrals_missingepisode m
        WHERE m.child_id = asked AND (m.missing_from AT TIME ZONE 'Europe/London')::date <= day
            AND {STOOD.format("m")}
        ORDER BY m.missing_from DESC, m.id DESC""",
    "emergency": """SELECT x.* FROM referrals_emergencyaccess x
        JOIN referrals_persongrant g ON g.id = x.grant_id AND g.ended_at IS NULL AND g.child_id = asked
        WHERE x.partnership_id = ours AND x.person_id = me AND x.ends_at > statement_timestamp()
        ORDER BY x.id LIMIT 1""",
}
BESIDES = {
    "addresses": f"""SELECT a.* FROM referrals_address a
        WHERE a.child_id = asked AND a.from_date <= day AND {STOOD.format("a")}
        ORDER BY a.from_date DESC, a.position DESC, a.id DESC""",
    "statuses": f"""SELECT s.* FROM referrals_carestatus s
        WHERE s.child_id = asked AND s.from_date <= day AND {STOOD.format("s")}
        ORDER BY s.from_date DESC, s.position DESC, s.id DESC""",
    "support": f"""SELECT r.*, e.reference AS of, coalesce(s.name, '') AS service_name
        FROM referrals_episode e JOIN referrals_servicereferral r ON r.episode_id = e.id
        LEFT JOIN partners_service s ON s.partnership_id = r.partnership_id AND s.code = r.service
        WHERE e.child_id = asked AND e.partnership_id = ours AND r.referred_on <= day
            AND {STOOD.format("r")}
        ORDER BY r.referred_on DESC, r.position DESC, r.id DESC""",
    "told": VERSIONS.format(people=PEOPLE, table="referrals_childdetails"),
    "names": VERSIONS.format(people=PEOPLE, table="referrals_alias"),
    "latest": f"""SELECT n.*, {MARKING}, {PERSON.format("n", "author")} {STANDING_NOTES} {LATEST} 3""",
    "words": f"SELECT n.* {STANDING_NOTES} AND n.own_words <> '' {LATEST} 1",
    "notes": f"""SELECT n.*, {MARKING}, {PERSON.format("n", "author")}, {PERSON.format("n", "recorded_by")},
            {PERSON.format("n", "superseded_by")}
        FROM referrals_note n WHERE n.child_id = asked AND n.partnership_id = ours
            AND (moment IS NULL OR n.known_from <= moment) AND {FOR_ME}
        ORDER BY n.position, n.known_from, n.id""",
    "calling": f"""SELECT p.* FROM referrals_persontocall p
        WHERE p.child_id = asked AND {STOOD.format("p")} AND {HELD.format("p")}
        ORDER BY p.preferred DESC, p.position""",
}
GATHERED = "(SELECT coalesce(json_agg(row_to_json(x)), '[]') FROM (\n        {0}\n    ) x)"
READ = f"""
CREATE FUNCTION risk_case(
    asked bigint, ours bigint, hidden bigint[], me bigint, mine bigint, day date, moment timestamptz, wanted text[]
) RETURNS TABLE (part text, told text) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    shown bigint[] := ARRAY(
        SELECT e.id FROM referrals_episodefact f JOIN referrals_episode e ON e.id = f.episode_id
        WHERE f.child_id = asked AND f.referred_on <= day AND {STOOD.format("f")}
            AND e.partnership_id = ours AND e.child_id <> ALL (hidden));
BEGIN
    part := 'confidential';
    told := EXISTS (SELECT FROM referrals_address a WHERE a.child_id = asked AND a.confidential
        AND {STOOD.format("a")} AND {HELD.format("a")})::text;
    RETURN NEXT;
{{parts}}
END $$;
"""
ALWAYS = "    part := '{0}';\n    told := {1};\n    RETURN NEXT;\n"
WHERE_WANTED = "    IF '{0}' = ANY (wanted) THEN\n{1}    END IF;\n"
PARTS = {name: ALWAYS.format(name, GATHERED.format(rows)) for name, rows in (HEADER | BESIDES).items()}
CREATED = READ.format(
    parts="".join(PARTS[name] for name in HEADER)
    + "".join(WHERE_WANTED.format(name, PARTS[name]) for name in BESIDES)
)


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0008_intelligence_is_walled"),
        ("referrals", "0023_disclosures_are_walled"),
        ("partners", "0005_sharing_agreements"),
    ]

    operations = [
        migrations.RunSQL(
            CREATED,
            "DROP FUNCTION risk_case(bigint, bigint, bigint[], bigint, bigint, date, timestamptz, text[]);",
        ),
    ]
