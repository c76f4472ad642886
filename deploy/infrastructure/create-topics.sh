#!/bin/bash
# Makes every topic of Carillon, and leaves those alone that are there. Runs in the image apache/kafka, or where KAFKA_HOME has Kafka's own scripts; then by the
# settings of the file KAFKA_CLIENT_SETTINGS, if there is one, and with TOPIC_COPIES copies, of which two must be written.
set -euo pipefail

server=${KAFKA_BOOTSTRAP_SERVERS:?}
tool=${KAFKA_HOME:-/opt/kafka}/bin/kafka-topics.sh
copies=${TOPIC_COPIES:-1}

# topic <name> <partitions> [<setting>=<value>]…
topic() {
    local name=$1 partitions=$2 settings=()
    shift 2
    for setting in "$@"; do settings+=(--config "$setting"); done
    if [ "$copies" -gt 1 ]; then settings+=(--config min.insync.replicas=2); fi
    "$tool" --bootstrap-server "$server" ${KAFKA_CLIENT_SETTINGS:+--command-config "$KAFKA_CLIENT_SETTINGS"} \
        --create --if-not-exists --topic "$name" --partitions "$partitions" --replication-factor "$copies" "${settings[@]}"
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
