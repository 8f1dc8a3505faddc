#!/bin/bash
# Runs once, in an empty database: the roles, as hub/engines/postgres.py makes them for the demo.
# (A test compares the two.) The owner changes the shape of the database; the application's role reads
# and writes rows, owns nothing, is no member of the owner, and row security binds it.
set -euo pipefail

: "${HUB_OWNER_PASSWORD:?the password of hub_owner}" "${HUB_APP_PASSWORD:?the password of hub_app}"

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
\getenv owner_password HUB_OWNER_PASSWORD
\getenv app_password HUB_APP_PASSWORD
SET password_encryption = 'scram-sha-256';
CREATE ROLE hub_owner LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner_password';
CREATE ROLE hub_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT PASSWORD :'app_password';
GRANT hub_app TO hub_owner WITH INHERIT FALSE, SET TRUE;
CREATE DATABASE hub OWNER hub_owner;
REVOKE ALL ON DATABASE hub FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE hub TO hub_app;
SQL

for database in hub template1; do
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$database" <<'SQL'
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO hub_app;
ALTER DEFAULT PRIVILEGES FOR ROLE hub_owner IN SCHEMA public REVOKE DELETE ON TABLES FROM hub_app;
ALTER DEFAULT PRIVILEGES FOR ROLE hub_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO hub_app;
ALTER DEFAULT PRIVILEGES FOR ROLE hub_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO hub_app;
SQL
done
