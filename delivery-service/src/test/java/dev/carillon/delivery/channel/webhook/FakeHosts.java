package dev.carillon.delivery.channel.webhook;

import dev.carillon.kit.http.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Name servers that answer what they were told, and another thing the next time if so told. */
final class FakeHosts implements HostAddresses {

    private final Map<String, Deque<List<InetAddress>>> answers = new HashMap<>();
    private int questions;

    /** The last answer told is repeated. */
    FakeHosts answering(String host, String... addresses) {
        answers.computeIfAbsent(host, name -> new ArrayDeque<>())
                .add(Stream.of(addresses)
                        .map(address -> Cidr.literal(address).orElseThrow())
                        .toList());
        return this;
    }

    int questions() {
        return questions;
    }

    @Override
    public Lookup of(String tenant, String host, Duration patience) {
        questions++;
        Deque<List<InetAddress>> told = answers.get(host);
        if (told == null) {
            return Lookup.failed(new UnknownHostException(host));
        }
        return Lookup.known(told.size() > 1 ? told.remove() : told.getFirst());
    }
}
