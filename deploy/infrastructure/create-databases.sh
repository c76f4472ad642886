#!/bin/bash
# Makes a role and a database for each service that has one, and the relay's role, which must be there before a service starts for the first time.
# The image postgres runs it when it makes its data directory.
set -euo pipefail

role() {
    psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set=role="$1" --set=password="$2" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
SQL
}

database() {
    psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set=name="$1" <<'SQL'
CREATE DATABASE :"name" OWNER :"name";
SQL
}

role relay "${RELAY_PASSWORD:?}"
role scheduler "${SCHEDULER_PASSWORD:?}"
role delivery "${DELIVERY_PASSWORD:?}"
role booking "${BOOKING_PASSWORD:?}"
database scheduler
database delivery
database booking
