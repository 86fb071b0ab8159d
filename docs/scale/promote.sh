#!/bin/sh
# On the standby, as postgres: makes it the primary. First stop the pooler, then this, then `switch.sh ADDRESS` there
# and start it. The primary goes on alone until another standby is there (copy.sh).
set -eu
pg_ctl promote --wait --silent --pgdata "$PGDATA"
psql --quiet --no-psqlrc --dbname postgres \
  --command "ALTER SYSTEM SET synchronous_standby_names = ''" --command "SELECT pg_reload_conf()" >/dev/null
