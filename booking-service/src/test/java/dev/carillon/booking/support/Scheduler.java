package dev.carillon.booking.support;

import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.testing.quarkus.Records;
import java.util.Map;
import java.util.UUID;

/** Says on Kafka what the scheduler would say of messages. */
public final class Scheduler implements AutoCloseable {
    private static final String TOPIC = "carillon.message.events.v1";

    private final EventIds ids = new EventIds();
    private final Records records = new Records();

    /** That a reminder of {@code booking} got into {@code status}, at the message's {@code version}. */
    public void says(String tenant, String booking, UUID message, String status, long version) {
        says(tenant, booking, message, status, version, "reminder", 0);
    }

    /** The same of a message for this purpose, made when the booking had been moved {@code sequence} times. */
    public void says(
            String tenant, String booking, UUID message, String status, long version, String purpose, int sequence) {
        send(tenant, message, status, version, """
                {"messageId":"%s","status":"%s","generation":1,"source":{"type":"booking","id":"%s"},"channel":"email",
                 "metadata":{"purpose":"%s","before":"PT1H","sequence":"%d"},"error":"550 no such mailbox","attempts":1,"more":{"than":"is read"}}""".formatted(message, status, booking, purpose, sequence));
    }

    public void send(String tenant, UUID message, String status, long version, String payload) {
        records.send(
                TOPIC,
                message.toString(),
                Map.of(
                        "ce_id",
                        ids.next().toString(),
                        "ce_type",
                        "carillon.message." + status + ".v1",
                        "ce_source",
                        "/carillon/scheduler",
                        "ce_subject",
                        message.toString(),
                        "ce_tenant",
                        tenant,
                        "ce_version",
                        Long.toString(version)),
                payload);
    }

    @Override
    public void close() {
        records.close();
    }
}
