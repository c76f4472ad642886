package dev.carillon.local;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The services in the order of their start: the relay last, when the outboxes are there. */
public enum ServiceName {
    SCHEDULER("scheduler-service", 8081),
    DELIVERY("delivery-service", 8082),
    BOOKING("booking-service", 8083),
    OUTBOX_RELAY("outbox-relay", 8084);

    private final String module;
    private final int port;

    ServiceName(String module, int port) {
        this.module = module;
        this.port = port;
    }

    /** As it stands in {@code SERVICES}, in {@code pids} and in the name of its log. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String module() {
        return module;
    }

    /** Before any offset. */
    public int port() {
        return port;
    }

    /** The relay has none of its own. */
    public boolean hasDatabase() {
        return this != OUTBOX_RELAY;
    }

    static Optional<ServiceName> labelled(String label) {
        return Arrays.stream(values())
                .filter(service -> service.label().equals(label))
                .findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(ServiceName::label).collect(Collectors.joining(", "));
    }
}
