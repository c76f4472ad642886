package dev.carillon.relay;

import java.time.Duration;

/** Told of what one source's relay does, on its own thread: implementations return at once. */
public interface RelayObserver {
    /** @param sinceOccurred from the event's own time to Kafka's acknowledgement */
    void published(OutboxEvent event, Duration sinceOccurred);

    void publishFailed(OutboxEvent event, Publication outcome);

    void parked(int events);

    void leaseLost(Lane lane);
}
