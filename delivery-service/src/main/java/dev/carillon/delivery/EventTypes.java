package dev.carillon.delivery;

import dev.carillon.kit.outbox.Outbox;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/** Every type of event that the service appends, each counted from its start on. */
@ApplicationScoped
class EventTypes {
    static final List<String> ALL = List.of(
            "carillon.delivery.accepted.v1",
            "carillon.delivery.dead-lettered.v1",
            "carillon.delivery.delivered.v1",
            "carillon.delivery.expired.v1",
            "carillon.delivery.held.v1",
            "carillon.delivery.recall-refused.v1",
            "carillon.delivery.recalled.v1",
            "carillon.delivery.redriven.v1",
            "carillon.delivery.retry-scheduled.v1",
            "carillon.endpoint.changed.v1",
            "carillon.endpoint.created.v1",
            "carillon.endpoint.deleted.v1",
            "carillon.endpoint.disabled.v1",
            "carillon.endpoint.failing.v1",
            "carillon.endpoint.recovered.v1");

    void start(@Observes StartupEvent started, Outbox outbox) {
        outbox.countFromNow(ALL);
    }
}
