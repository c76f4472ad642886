package dev.carillon.local.providers;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The newest of what arrived: at most 20,000 things and 64 MiB of them. Safe for use by several threads. */
final class Inbox {

    static final int KEPT = 20_000;
    static final long KEPT_BYTES = 64L * 1024 * 1024;

    private final ArrayDeque<Received> newestLast = new ArrayDeque<>();
    private long nextId = 1;
    private long bytes;

    synchronized Received add(Channel channel, Instant receivedAt, boolean accepted, int size, JsonObject details) {
        var received = new Received(nextId++, channel, receivedAt, accepted, size, details);
        newestLast.addLast(received);
        bytes += size;
        while (newestLast.size() > KEPT || (bytes > KEPT_BYTES && newestLast.size() > 1)) {
            bytes -= newestLast.removeFirst().size();
        }
        return received;
    }

    /** The newest that match, at most {@code limit}, in order of arrival. */
    synchronized List<Received> matching(Predicate<Received> wanted, int limit) {
        var found = new ArrayDeque<Received>();
        var newestFirst = newestLast.descendingIterator();
        while (newestFirst.hasNext() && found.size() < limit) {
            Received received = newestFirst.next();
            if (wanted.test(received)) {
                found.addFirst(received);
            }
        }
        return new ArrayList<>(found);
    }

    synchronized void clear() {
        newestLast.clear();
        bytes = 0;
    }
}
