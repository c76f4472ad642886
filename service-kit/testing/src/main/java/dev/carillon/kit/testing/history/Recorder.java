package dev.carillon.kit.testing.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gathers a history from many threads. */
public final class Recorder {
    private final Map<UUID, Written> written = new LinkedHashMap<>();
    private final Map<UUID, Boolean> committed = new HashMap<>();
    private final List<Published> published = new ArrayList<>();
    private final Map<UUID, Published> firsts = new HashMap<>();
    private final List<Parked> parked = new ArrayList<>();
    private final Map<String, List<UUID>> applied = new HashMap<>();
    private final Map<String, Set<String>> consumers = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    /** To be called within the transaction, so that whatever can come out of it is known before it can. */
    public synchronized void written(Written event) {
        written.put(event.id(), event);
    }

    /** What the database says has committed; a client whose connection broke does not know. */
    public synchronized void committed(Collection<UUID> events) {
        events.forEach(event -> committed.put(event, true));
    }

    public synchronized void published(Published delivery) {
        published.add(delivery);
        firsts.putIfAbsent(delivery.id(), delivery);
        notifyAll();
    }

    public synchronized void parked(Parked event) {
        parked.add(event);
    }

    /** All effects of a consumer that are in its database, and the topics that it reads. */
    public synchronized void applied(String consumer, Set<String> topics, Collection<UUID> effects) {
        consumers.put(consumer, Set.copyOf(topics));
        applied.put(consumer, List.copyOf(effects));
    }

    public synchronized void fault(Fault fault) {
        faults.add(fault);
    }

    public synchronized int deliveries() {
        return published.size();
    }

    /** The first delivery of this event, null while there is none. */
    public synchronized @Nullable Published firstOf(UUID event) {
        return firsts.get(event);
    }

    /** Of these, those of which no delivery has been seen. */
    public synchronized List<UUID> unseen(Collection<UUID> events) {
        return events.stream().filter(event -> !firsts.containsKey(event)).toList();
    }

    /** Waits for the next delivery, at most this long. */
    public synchronized void awaitDelivery(long millis) throws InterruptedException {
        wait(millis);
    }

    public synchronized History history(Excuses excuses) {
        var ofCommitted = new ArrayList<Written>();
        var ofRolledBack = new ArrayList<Written>();
        written.values().forEach(event -> (committed.containsKey(event.id()) ? ofCommitted : ofRolledBack).add(event));
        return new History(
                ofCommitted,
                ofRolledBack,
                published,
                parked,
                Map.copyOf(applied),
                Map.copyOf(consumers),
                faults,
                excuses);
    }
}
