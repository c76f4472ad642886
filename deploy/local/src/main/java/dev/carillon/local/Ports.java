package dev.carillon.local;

/** Where everything listens; all ports move together by the offset. */
public record Ports(int offset) {

    private static final int SECOND_INSTANCE = 100;

    public int postgres() {
        return 5433 + offset;
    }

    public int kafka() {
        return 9093 + offset;
    }

    /** Kafka's own, between broker and controller. */
    public int kafkaController() {
        return 9094 + offset;
    }

    public int smtp() {
        return 1025 + offset;
    }

    public int providers() {
        return 8090 + offset;
    }

    /** @param instance counts from 1 */
    public int service(ServiceName service, int instance) {
        return service.port() + offset + (instance - 1) * SECOND_INSTANCE;
    }
}
