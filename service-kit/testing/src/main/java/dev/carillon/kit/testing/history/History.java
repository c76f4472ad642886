package dev.carillon.kit.testing.history;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * What happened, once all has come to rest.
 *
 * @param committed whose transactions committed, as the database says
 * @param rolledBack those that were written and are not committed
 * @param published as a reader saw them; those of one partition in order of their offsets
 * @param applied every effect that is there, by consumer
 * @param consumers who applies the events of which topics
 */
public record History(
        List<Written> committed,
        List<Written> rolledBack,
        List<Published> published,
        List<Parked> parked,
        Map<String, List<UUID>> applied,
        Map<String, Set<String>> consumers,
        List<Fault> faults,
        Excuses excuses) {

    public History {
        committed = List.copyOf(committed);
        rolledBack = List.copyOf(rolledBack);
        published = List.copyOf(published);
        parked = List.copyOf(parked);
        faults = List.copyOf(faults);
    }

    Map<UUID, Written> committedById() {
        return byId(committed);
    }

    Map<UUID, Written> rolledBackById() {
        return byId(rolledBack);
    }

    private static Map<UUID, Written> byId(List<Written> events) {
        return events.stream().collect(toMap(Written::id, Function.identity()));
    }

    /** Each event's deliveries, in the order in which they were read. */
    Map<UUID, List<Published>> deliveries() {
        return published.stream()
                .collect(groupingBy(Published::id, LinkedHashMap::new, java.util.stream.Collectors.toList()));
    }

    /** How many deliveries were not the first of their event. */
    public long repeats() {
        return published.size()
                - published.stream().map(Published::id).distinct().count();
    }

    /** How many events were in flight at some fault: the most that the faults could repeat, were each of them struck once. */
    public long inFlightAtFaults() {
        return deliveries().values().stream()
                .filter(deliveries -> faults.stream()
                        .anyMatch(fault -> fault.touches(deliveries.getFirst().at(), excuses.settled())))
                .count();
    }
}
