"""Keys are kept by triggers, whoever writes a name: by hand, by import, by raw SQL. None can be forgotten.

`referrals_heard` writes part of a name as it sounds (referrals/matching/rules.py does the same to tell why a child
answers, and a test compares the two). A key is a number made of its text: under row security PostgreSQL uses an index
for equality alone, which tells nothing of a row that is kept back, and so for no list of words and for no array.
"""

from django.db import migrations

# In this order; each applies to what the one before has left. Letters that are written for one sound, then some of one
# place alone, then single letters for each other, then what stands twice.
SOUNDS = (
    ("sch", "s"), ("tch", "k"), ("dzh", "j"), ("dz", "j"), ("dj", "j"), ("sh", "s"), ("sz", "s"), ("zs", "s"),
    ("zh", "s"), ("ts", "s"), ("tz", "s"), ("ch", "k"), ("cs", "k"), ("cz", "k"), ("ph", "f"), ("x", "ks"),
)  # fmt: skip
PLACES = (
    ("^(md|mhd|mohd)$", "mohamed"),
    ("^k(?=n)|^w(?=r)", ""),
    ("([aiu])gh(t|$)", r"\1\2"),
    ("([aeiou])w(?=[^aeiou])", r"\1"),
    ("^y(?=[aeiou])", "j"),
)
LETTERS = ("zcqgvwdeiouyh", "skkkfftaaaaa")  # the last has nothing in its place
TWICE = (r"(.)\1+", r"\1")


def heard() -> str:
    written = "part"
    for sound, instead in SOUNDS:
        written = f"replace({written}, '{sound}', '{instead}')"
    for sought, instead in PLACES:
        written = f"regexp_replace({written}, '{sought}', '{instead}')"
    written = f"translate({written}, '{LETTERS[0]}', '{LETTERS[1]}')"
    return f"regexp_replace({written}, '{TWICE[0]}', '{TWICE[1]}', 'g')"


KEYS = f"""
CREATE FUNCTION referrals_heard(part text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN {heard()};
CREATE FUNCTION referrals_keys_of_name(name text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT k.key FROM (
        SELECT DISTINCT referrals_heard(part) AS h
        FROM unnest(string_to_array(referrals_plain(name), ' ')) part WHERE length(part) > 1
    ) n CROSS JOIN LATERAL (VALUES
        ('s' || left(h, 1) || replace(substr(h, 2), 'a', '')),
        ('p' || left(h, 4)),
        ('f' || right(rtrim(h, 'a'), 4))
    ) k(key) WHERE h <> ''
$$;
CREATE FUNCTION referrals_keys_of_birth(born date) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT k.key FROM (SELECT date_part('year', born) y, date_part('month', born) m, date_part('day', born) d) b
    CROSS JOIN LATERAL (VALUES
        ('m' || y || '-' || m), ('e' || y || '-' || d), ('d' || least(d, m) || '-' || greatest(d, m))
    ) k(key) WHERE born IS NOT NULL
$$;
"""

DEFINED = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$"

# What keys there should be, of some children or (NULL) of all.
DUE = """
CREATE FUNCTION referrals_keys_due(asked bigint[], of_part text)
RETURNS TABLE (partnership_id bigint, child_id bigint, part varchar, key bigint) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT w.partnership_id, w.child_id, of_part::varchar, hashtextextended(w.key, 0) FROM (
        SELECT c.partnership_id, c.id AS child_id, k.key FROM referrals_child c
            CROSS JOIN LATERAL (
                SELECT * FROM referrals_keys_of_name(c.forenames || ' ' || c.surname)
                UNION ALL SELECT * FROM referrals_keys_of_birth(c.date_of_birth)) k(key)
        WHERE of_part = 'who' AND (asked IS NULL OR c.id = ANY (asked))
        UNION ALL
        SELECT a.partnership_id, a.child_id, k.key FROM referrals_alias a
            CROSS JOIN LATERAL referrals_keys_of_name(a.name) k(key)
        WHERE of_part = 'alias' AND a.superseded_at IS NULL AND (asked IS NULL OR a.child_id = ANY (asked))
        UNION ALL
        SELECT t.partnership_id, t.child_id, k.key FROM referrals_childdetails t
            CROSS JOIN LATERAL (VALUES ('n' || nullif(t.nhs_number, '')), ('u' || nullif(t.upn, ''))) k(key)
        WHERE of_part = 'numbers' AND t.superseded_at IS NULL AND k.key IS NOT NULL
            AND (asked IS NULL OR t.child_id = ANY (asked))
    ) w
$$;
"""
KEPT = f"""
CREATE FUNCTION referrals_keep_keys(asked bigint[], of_part text) RETURNS bigint {DEFINED}
DECLARE
    surplus bigint;
    missing bigint;
BEGIN
    DELETE FROM referrals_matchkey WHERE id IN (
        SELECT k.id FROM referrals_matchkey k
        LEFT JOIN referrals_keys_due(asked, of_part) d ON d.child_id = k.child_id AND d.key = k.key
        WHERE k.part = of_part AND (asked IS NULL OR k.child_id = ANY (asked)) AND d.key IS NULL);
    GET DIAGNOSTICS surplus = ROW_COUNT;
    INSERT INTO referrals_matchkey (partnership_id, child_id, part, key)
        SELECT d.* FROM referrals_keys_due(asked, of_part) d EXCEPT SELECT partnership_id, child_id, part, key
        FROM referrals_matchkey WHERE part = of_part AND (asked IS NULL OR child_id = ANY (asked));
    GET DIAGNOSTICS missing = ROW_COUNT;
    RETURN surplus + missing;
END $$;
CREATE FUNCTION referrals_put_keys_right() RETURNS bigint SET work_mem = '64MB' {DEFINED}
BEGIN
    RETURN referrals_keep_keys(NULL, 'who') + referrals_keep_keys(NULL, 'alias')
        + referrals_keep_keys(NULL, 'numbers');
END $$;
-- A new child has no keys yet: nothing is looked for.
CREATE FUNCTION referrals_key_children() RETURNS trigger {DEFINED}
BEGIN
    INSERT INTO referrals_matchkey (partnership_id, child_id, part, key)
        SELECT d.partnership_id, d.child_id, d.part, d.key
        FROM referrals_keys_due((SELECT array_agg(id) FROM changed), 'who') d;
    RETURN NULL;
END $$;
CREATE FUNCTION referrals_key_renamed() RETURNS trigger {DEFINED}
DECLARE
    renamed bigint[] := ARRAY(
        SELECT c.id FROM changed c JOIN before b USING (id)
        WHERE (c.forenames, c.surname, c.date_of_birth) IS DISTINCT FROM (b.forenames, b.surname, b.date_of_birth));
BEGIN
    IF renamed <> '{{}}' THEN
        PERFORM referrals_keep_keys(renamed, 'who');
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION referrals_key_aliases() RETURNS trigger {DEFINED}
DECLARE
    touched bigint[] := ARRAY(SELECT DISTINCT child_id FROM changed);
BEGIN
    IF touched <> '{{}}' THEN
        PERFORM referrals_keep_keys(touched, 'alias');
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION referrals_key_numbers() RETURNS trigger {DEFINED}
DECLARE
    touched bigint[] := ARRAY(SELECT DISTINCT child_id FROM changed WHERE nhs_number <> '' OR upn <> '');
BEGIN
    IF touched <> '{{}}' THEN
        PERFORM referrals_keep_keys(touched, 'numbers');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER key_children AFTER INSERT ON referrals_child REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_key_children();
CREATE TRIGGER key_renamed AFTER UPDATE ON referrals_child REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_key_renamed();
CREATE TRIGGER key_aliases AFTER INSERT ON referrals_alias REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_key_aliases();
CREATE TRIGGER key_ended_aliases AFTER UPDATE ON referrals_alias REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_key_aliases();
CREATE TRIGGER key_numbers AFTER INSERT ON referrals_childdetails REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_key_numbers();
CREATE TRIGGER key_ended_numbers AFTER UPDATE ON referrals_childdetails REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_key_numbers();
"""

# Whoever asks is narrowed by the wall of the keys. A key that many children have tells less: it weighs less.
ALIKE = """
CREATE FUNCTION referrals_alike(names text[], born date, numbers text[], ours bigint, most integer) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    keys bigint[];
    weights float[];
BEGIN
    SELECT array_agg(hashtextextended(a.key, 0)), array_agg(a.weight) INTO keys, weights FROM (
        SELECT k.key, 0.5::float AS weight FROM unnest(names) n, LATERAL referrals_keys_of_name(n) k(key)
        UNION SELECT k.key, 1::float FROM referrals_keys_of_birth(born) k(key)
        UNION SELECT number, 10::float FROM unnest(numbers) number
    ) a;
    RETURN ARRAY(
        SELECT h.child_id FROM (
            SELECT m.child_id, weights[array_position(keys, m.key)]
                * ln(1000000::float / count(*) OVER (PARTITION BY m.key)) AS told
            FROM referrals_matchkey m WHERE m.key = ANY (keys) AND m.partnership_id = ours
        ) h GROUP BY h.child_id ORDER BY sum(h.told) DESC, h.child_id LIMIT most);
END $$;
"""
WALL = """
SELECT hub_wall('referrals_matchkey', $$(partnership_id = (SELECT hub_partnership()) OR (SELECT hub_every_partnership()))
    AND (SELECT hub_sees_all()) AND child_id NOT IN (SELECT unnest((SELECT hub_hidden_children())))$$);
SELECT hub_app_may('SELECT', 'referrals_matchkey');
"""
TRIGGERS = {
    "referrals_child": ("key_children", "key_renamed"),
    "referrals_alias": ("key_aliases", "key_ended_aliases"),
    "referrals_childdetails": ("key_numbers", "key_ended_numbers"),
}
FUNCTIONS = (
    "referrals_alike(text[], date, text[], bigint, integer)", "referrals_key_numbers()", "referrals_key_aliases()",
    "referrals_key_renamed()", "referrals_key_children()", "referrals_put_keys_right()",
    "referrals_keep_keys(bigint[], text)", "referrals_keys_due(bigint[], text)", "referrals_keys_of_birth(date)",
    "referrals_keys_of_name(text)", "referrals_heard(text)",
)  # fmt: skip
BACK = (
    "SELECT hub_no_wall('referrals_matchkey');"
    + "".join(f"DROP TRIGGER {name} ON {table};" for table, names in TRIGGERS.items() for name in names)
    + "".join(f"DROP FUNCTION {name};" for name in FUNCTIONS)
)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0037_match_keys")]

    operations = [
        migrations.RunSQL(KEYS + DUE + KEPT + ALIKE + WALL, BACK),
        # Children who are known already get theirs now.
        migrations.RunSQL("SELECT referrals_put_keys_right();", migrations.RunSQL.noop),
    ]
