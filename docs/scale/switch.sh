#!/bin/sh
# At the pooler, in its folder, as its own account. `switch.sh stop` ends every connection, those that wait for
# the old primary too, and lets new ones wait. `switch.sh ADDRESS` sends them to the primary there.
set -eu
console() { psql --quiet --no-psqlrc --host "$PWD" --port 6432 --username pgbouncer --dbname pgbouncer --command "$1"; }
if [ "$1" = stop ]; then
  console "KILL filiform"
else
  printf '[databases]\nfiliform = host=%s port=5432 dbname=filiform\n' "$1" >primary.ini
  console RELOAD
  console "RESUME filiform"
fi
