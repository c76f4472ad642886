package dev.carillon.scheduler;

import dev.carillon.kit.outbox.Outbox;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/** Every type of event that the service appends, each counted from its start on. */
@ApplicationScoped
class EventTypes {
    static final List<String> ALL = List.of(
            "carillon.message.cancelled.v1",
            "carillon.message.delivered.v1",
            "carillon.message.expired.v1",
            "carillon.message.failed.v1",
            "carillon.message.held.v1",
            "carillon.message.recalled.v1",
            "carillon.message.staged.v1",
            "carillon.api-key.issued.v1",
            "carillon.api-key.revoked.v1");

    void start(@Observes StartupEvent started, Outbox outbox) {
        outbox.countFromNow(ALL);
    }
}
