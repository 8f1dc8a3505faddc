#!/bin/sh
# Writes the one account that may pass, where no disk keeps it, and starts PgBouncer in its place.
set -eu
umask 077
printf '"hub_app" "%s"\n' "${HUB_APP_PASSWORD:?the password of hub_app}" > /run/pgbouncer/userlist.txt
exec pgbouncer /etc/hub/pgbouncer.ini
