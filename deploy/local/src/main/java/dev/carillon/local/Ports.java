package dev.carillon.local;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Where everything listens; all ports move together by the offset. */
public record Ports(int offset) {

    private static final int SECOND_INSTANCE = 100;
    private static final int LEAST_FREE_OFFSET = 10_000;

    /**
     * So that every port stays below 32768, from where Linux takes the ports of outgoing connections: one of those is taken until a
     * minute after its connection was closed, and may be taken again at any moment.
     */
    private static final int FREE_OFFSETS_END = 22_000;

    /** For a stack beside another one: an offset chosen at random, of which every port is free now. */
    public static Ports free() {
        Ports ports;
        do {
            ports = new Ports(ThreadLocalRandom.current().nextInt(LEAST_FREE_OFFSET, FREE_OFFSETS_END));
        } while (!ports.all().allMatch(Ports::isFree));
        return ports;
    }

    /** On no address of this machine does anyone listen there: the wildcard address collides with all. */
    public static boolean isFree(int port) {
        try (var socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Of a stack of two instances. */
    IntStream all() {
        var infrastructure = IntStream.of(postgres(), kafka(), kafkaController(), smtp(), providers());
        var services = Arrays.stream(ServiceName.values())
                .flatMapToInt(service -> IntStream.of(service(service, 1), service(service, 2)));
        return IntStream.concat(infrastructure, services);
    }

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
