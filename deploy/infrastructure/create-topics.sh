#!/bin/bash
# Makes every topic of Carillon, and leaves those alone that are there. Runs in the image apache/kafka.
set -euo pipefail

server=${KAFKA_BOOTSTRAP_SERVERS:?}
tool=/opt/kafka/bin/kafka-topics.sh

# topic <name> <partitions> [<setting>=<value>]…
topic() {
    local name=$1 partitions=$2 settings=()
    shift 2
    for setting in "$@"; do settings+=(--config "$setting"); done
    "$tool" --bootstrap-server "$server" --create --if-not-exists --topic "$name" \
        --partitions "$partitions" --replication-factor 1 "${settings[@]}"
}

topic carillon.message.staged.v1 6
topic carillon.message.events.v1 6
topic carillon.delivery.events.v1 6
topic carillon.endpoint.events.v1 6
topic carillon.booking.events.v1 6
topic carillon.waitlist.events.v1 6
topic carillon.slot.events.v1 6
topic carillon.api-keys.v1 1 cleanup.policy=compact

# As long as an inbox counts on redrives: CARILLON_INBOX_REDRIVE_HORIZON.
topic carillon.message.staged.v1.delivery.dlq 6 retention.ms=1209600000
topic carillon.delivery.events.v1.scheduler.dlq 6 retention.ms=1209600000
topic carillon.booking.events.v1.scheduler.dlq 6 retention.ms=1209600000
topic carillon.message.events.v1.booking.dlq 6 retention.ms=1209600000
topic carillon.message.events.v1.delivery.dlq 6 retention.ms=1209600000
