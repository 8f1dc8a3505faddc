"""The statements with which PostgreSQL's catalogue is asked what there is.

Each gives a name and what it says of it, free of numbers that differ from one server to the next. They are
asked with an empty search_path, so that every name comes with its schema.
"""

_SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
# Leaves out what an extension brought: its version stands for it.
_OWN = """NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{catalogue}'::regclass
        AND e.objid = {alias}.oid AND e.deptype = 'e')"""
_RELATIONS = """pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND {schema}
    AND c.relpersistence <> 't' AND {own}"""
_ROLES = """ARRAY(
    SELECT CASE r WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r) END FROM unnest(polroles) r ORDER BY 1)"""
_RIGHTS = """SELECT a.privilege_type || ' on {kind} ' || {name} || ' to '
        || CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END
        || ' from ' || pg_get_userbyid(a.grantor),
    CASE WHEN a.is_grantable THEN 'and may pass it on' ELSE 'for itself' END"""
# Whoever owns something here or has a right to something here, and those of whom they are members.
_CONCERNED = """SELECT refobjid FROM pg_shdepend d JOIN pg_database b ON b.datname = current_database()
    WHERE d.refclassid = 'pg_authid'::regclass
        AND (d.dbid = b.oid OR (d.classid = 'pg_database'::regclass AND d.objid = b.oid))"""
# What stands in the statements below for what many of them ask.
_WORDS = {
    "schema": _SCHEMA,
    "relations": _RELATIONS.format(
        schema=_SCHEMA, own=_OWN.format(catalogue="pg_class", alias="c")
    ),
    "own_function": _OWN.format(catalogue="pg_proc", alias="p"),
    "own_type": _OWN.format(catalogue="pg_type", alias="t"),
    "roles": _ROLES,
    "concerned": _CONCERNED,
    "right_on_database": _RIGHTS.format(kind="database", name="'this one'"),
    "right_on_schema": _RIGHTS.format(kind="schema", name="nspname"),
    "right_on_relation": _RIGHTS.format(kind="relation", name="c.oid::regclass::text"),
    "right_on_column": _RIGHTS.format(
        kind="column", name="(c.oid::regclass || '.' || quote_ident(attname))"
    ),
    "right_on_function": _RIGHTS.format(kind="function", name="p.oid::regprocedure::text"),
    "right_on_kind": _RIGHTS.format(
        kind="kind",
        name="d.defaclobjtype::text || ' of ' || pg_get_userbyid(d.defaclrole) || ' in '"
        " || coalesce(n.nspname, 'any')",
    ),
}

# What nobody changed has no list of rights: then those hold that such a thing has from the start.
_CATALOGUE = {
    "database": """
        SELECT 'this one', jsonb_build_object('owner', pg_get_userbyid(datdba), 'encoding',
            pg_encoding_to_char(encoding), 'provider', datlocprovider, 'locale', datlocale,
            'collate', datcollate, 'ctype', datctype)::text
        FROM pg_database WHERE datname = current_database()""",
    "setting": """
        SELECT coalesce(pg_get_userbyid(nullif(setrole, 0)), 'everybody') || ', '
            || CASE setdatabase WHEN 0 THEN 'everywhere' ELSE 'here' END, setconfig::text
        FROM pg_db_role_setting LEFT JOIN pg_database b ON b.oid = setdatabase
        WHERE setdatabase = 0 OR b.datname = current_database()""",
    "role": """
        SELECT rolname, jsonb_build_object('superuser', rolsuper, 'inherits', rolinherit,
            'makes roles', rolcreaterole, 'makes databases', rolcreatedb, 'may sign in', rolcanlogin,
            'replicates', rolreplication, 'passes row security', rolbypassrls, 'until', rolvaliduntil,
            'connections', rolconnlimit)::text
        FROM pg_roles WHERE oid IN ({concerned})""",
    "membership": """
        SELECT pg_get_userbyid(member) || ' in ' || pg_get_userbyid(roleid), jsonb_build_object(
            'inherits', bool_or(inherit_option), 'may become', bool_or(set_option),
            'may let others in', bool_or(admin_option))::text
        FROM pg_auth_members WHERE member IN ({concerned}) OR roleid IN ({concerned})
        GROUP BY member, roleid""",
    "extension": """
        SELECT extname, extversion || ' in ' || n.nspname
        FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace""",
    "schema": "SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace n WHERE {schema}",
    "relation": """
        SELECT c.oid::regclass::text, jsonb_build_object('kind', c.relkind, 'owner',
            pg_get_userbyid(c.relowner), 'row security', c.relrowsecurity, 'for its owner too',
            c.relforcerowsecurity, 'persistence', c.relpersistence, 'options', c.reloptions, 'identity',
            c.relreplident, 'part of', i.inhparent::regclass::text,
            'part', pg_get_expr(c.relpartbound, c.oid),
            'parted by', CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END,
            'query', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)::text
        FROM {relations} LEFT JOIN pg_inherits i ON i.inhrelid = c.oid WHERE c.relkind <> 'i'""",
    "column": """
        SELECT c.oid::regclass || '.' || quote_ident(attname), jsonb_build_object('type',
            format_type(atttypid, atttypmod), 'required', attnotnull, 'identity', attidentity, 'generated',
            attgenerated, 'otherwise', pg_get_expr(adbin, adrelid), 'collation', attcollation::regcollation,
            'storage', attstorage)::text
        FROM {relations} JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
        LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = attnum WHERE c.relkind IN ('r', 'p', 'v', 'm')""",
    "constraint": """
        SELECT conname || ' on ' || coalesce(nullif(conrelid, 0)::regclass::text, contypid::regtype::text),
            pg_get_constraintdef(k.oid) || CASE WHEN convalidated THEN '' ELSE ' never tried' END
        FROM pg_constraint k JOIN pg_namespace n ON n.oid = connamespace AND {schema}""",
    "index": """
        SELECT c.oid::regclass::text, pg_get_indexdef(c.oid)
            || CASE WHEN indisvalid THEN '' ELSE ' broken' END
            || CASE WHEN indisreplident THEN ' of identity' ELSE '' END
        FROM {relations} JOIN pg_index ON indexrelid = c.oid""",
    "statistics": """
        SELECT n.nspname || '.' || stxname, pg_get_statisticsobjdef(s.oid)
        FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = stxnamespace AND {schema}""",
    # Those by which foreign keys are kept bear numbers in their names; they can be switched off like others.
    "trigger": """
        SELECT CASE WHEN tgisinternal THEN (
                    SELECT conname || ' of ' || conrelid::regclass
                    FROM pg_constraint WHERE oid = tgconstraint)
                || ', kept by ' || tgfoid::regproc ELSE tgname::text END || ' on ' || c.oid::regclass,
            CASE WHEN tgisinternal THEN '' ELSE pg_get_triggerdef(t.oid) || ' ' END
                || 'enabled: ' || tgenabled::text
        FROM {relations} JOIN pg_trigger t ON tgrelid = c.oid""",
    "event trigger": """
        SELECT evtname, evtevent || ' ' || evtfoid::regproc || ' ' || evtenabled::text
        FROM pg_event_trigger""",
    "function": """
        SELECT p.oid::regprocedure::text, pg_get_userbyid(proowner) || ' '
            || CASE prokind WHEN 'a' THEN 'aggregate' ELSE pg_get_functiondef(p.oid) END
        FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace AND {schema}
            AND {own_function}""",
    "type": """
        SELECT t.oid::regtype::text, jsonb_build_object('owner', pg_get_userbyid(typowner), 'kind', typtype,
            'of', nullif(typbasetype, 0)::regtype::text, 'required', typnotnull, 'otherwise', typdefault,
            'words',
            ARRAY(SELECT enumlabel FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder))::text
        FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace AND {schema} AND {own_type}
        WHERE typtype IN ('d', 'e')""",
    "policy": """
        SELECT polname || ' on ' || c.oid::regclass, jsonb_build_object('for', polcmd, 'permissive',
            polpermissive, 'to', {roles}, 'seen', pg_get_expr(polqual, polrelid),
            'written', pg_get_expr(polwithcheck, polrelid))::text
        FROM {relations} JOIN pg_policy ON polrelid = c.oid""",
    "right": """
        {right_on_database}
        FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) a
        WHERE datname = current_database()
        UNION ALL {right_on_schema}
        FROM pg_namespace n, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) a WHERE {schema}
        UNION ALL {right_on_relation}
        FROM {relations}, aclexplode(coalesce(relacl, acldefault(
            CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))) a WHERE c.relkind <> 'i'
        UNION ALL {right_on_column}
        FROM {relations} JOIN pg_attribute ON attrelid = c.oid, aclexplode(attacl) a
        UNION ALL {right_on_function}
        FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace AND {schema} AND {own_function},
            aclexplode(coalesce(proacl, acldefault('f', proowner))) a""",
    "right from the start": """
        {right_on_kind}
        FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace,
            aclexplode(d.defaclacl) a""",
}

_SEQUENCES = "SELECT c.oid::regclass::text FROM {relations} WHERE c.relkind = 'S' ORDER BY 1"

# Where rows lie: parts, not what is parted. In the order of the key; by their whole text where there is none.
_TABLES = """
    SELECT c.oid::regclass::text, coalesce(
        (SELECT string_agg('t.' || quote_ident(attname), ', ' ORDER BY place)
         FROM pg_index, unnest(indkey::smallint[]) WITH ORDINALITY AS key (number, place)
         JOIN pg_attribute ON attrelid = c.oid AND attnum = number
         WHERE indrelid = c.oid AND indisprimary), 't::text COLLATE pg_catalog."C"')
    FROM {relations} WHERE c.relkind IN ('r', 'm') ORDER BY 1"""
NEXT_OF = "SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM {sequence}"
ROWS_OF = "SELECT t.* FROM ONLY {table} AS t ORDER BY {order}"

# A policy of one's own that lets every row through, and none that narrows it: so a table is seen whole.
_HIDDEN = """
    SELECT c.oid::regclass::text FROM {relations}
    LEFT JOIN LATERAL (
        SELECT bool_or(polpermissive AND pg_get_expr(polqual, polrelid) = 'true') AS whole,
            bool_or(NOT polpermissive) AS narrowed
        FROM pg_policy WHERE polrelid = c.oid AND polcmd IN ('r', '*')
            AND EXISTS (SELECT FROM unnest(polroles) r WHERE r = 0 OR pg_has_role(r, 'USAGE'))
    ) AS mine ON true
    WHERE c.relkind IN ('r', 'p') AND row_security_active(c.oid)
        AND (coalesce(narrowed, false) OR NOT coalesce(whole, false))
    ORDER BY 1"""

CATALOGUE = {kind: statement.format(**_WORDS) for kind, statement in _CATALOGUE.items()}
SEQUENCES, TABLES, HIDDEN = (each.format(**_WORDS) for each in (_SEQUENCES, _TABLES, _HIDDEN))
