#!/bin/sh
# On a machine whose PostgreSQL is stopped, as postgres: makes it the standby of the primary at ADDRESS. What
# stood in its folder is gone, and with it whatever a former primary wrote that its standby never had.
# PGPASSWORD is that of filiform_copy.
set -eu
find "$PGDATA" -mindepth 1 -delete
pg_basebackup --checkpoint=fast --wal-method=stream --write-recovery-conf --pgdata "$PGDATA" \
  --dbname "host=$1 port=5432 user=filiform_copy application_name=filiform_standby connect_timeout=2"
# a primary's way of going on alone is not copied along
sed -i '/^synchronous_standby_names/d' "$PGDATA/postgresql.auto.conf"
