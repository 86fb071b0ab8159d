#!/bin/sh
# At the pooler, in its folder, as its own account, while it is stopped: from its next start on it knows the primary
# at ADDRESS, and no other. Stopping it is what ends every connection to the old primary, those that wait for it too.
set -eu
printf '[databases]\nfiliform = host=%s port=5432 dbname=filiform\n' "$1" >primary.ini
