package dev.carillon.kit.testing.history;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Judges a history by the {@link Rule rules}. Pure: the same history has the same findings. */
public final class HistoryChecker {
    private final History history;
    private final Map<UUID, Written> committed;
    private final Map<UUID, List<Published>> deliveries;
    private final List<Finding> findings = new ArrayList<>();

    private HistoryChecker(History history) {
        this.history = history;
        this.committed = history.committedById();
        this.deliveries = history.deliveries();
    }

    /** Every breach that can be seen; none when all promises were kept. */
    public static List<Finding> check(History history) {
        var checker = new HistoryChecker(history);
        checker.committedIsPublished();
        checker.onlyCommittedIsPublished();
        checker.firstDeliveriesInOrder();
        checker.parkedIsNotOvertaken();
        checker.repeatsHaveAFault();
        history.consumers().forEach(checker::effects);
        return List.copyOf(checker.findings);
    }

    private void committedIsPublished() {
        Set<UUID> parked = new HashSet<>();
        history.parked().forEach(event -> parked.add(event.id()));
        for (Written event : history.committed()) {
            if (!parked.contains(event.id()) && deliveriesOf(event).isEmpty()) {
                find(
                        Rule.COMMITTED_IS_PUBLISHED,
                        event,
                        "committed as number %d and never on %s".formatted(event.order(), event.topic()));
            }
        }
    }

    /** On its own topic. */
    private List<Published> deliveriesOf(Written event) {
        return deliveries.getOrDefault(event.id(), List.of()).stream()
                .filter(delivery -> delivery.topic().equals(event.topic()))
                .toList();
    }

    private void onlyCommittedIsPublished() {
        Map<UUID, Written> rolledBack = history.rolledBackById();
        deliveries.forEach((id, all) -> {
            @Nullable Written event = committed.get(id);
            for (Published delivery : all) {
                if (event == null) {
                    find(
                            Rule.ONLY_COMMITTED_IS_PUBLISHED,
                            id,
                            rolledBack.get(id),
                            at(delivery)
                                    + (rolledBack.containsKey(id)
                                            ? ", and its transaction rolled back"
                                            : ", and nobody wrote it"));
                } else if (!delivery.topic().equals(event.topic())) {
                    find(Rule.ONLY_COMMITTED_IS_PUBLISHED, event, at(delivery) + ", and it is for " + event.topic());
                }
            }
        });
    }

    private void firstDeliveriesInOrder() {
        Map<Written.Line, Written> last = new HashMap<>();
        Set<UUID> seen = new HashSet<>();
        for (Published delivery : history.published()) {
            @Nullable Written event = committed.get(delivery.id());
            if (event == null || !delivery.topic().equals(event.topic()) || !seen.add(event.id())) {
                continue;
            }
            @Nullable Written before = last.get(event.line());
            if (before != null && before.order() > event.order()) {
                find(
                        Rule.FIRST_DELIVERIES_IN_ORDER,
                        event,
                        "number %d of its key is first seen after number %d (%s), %s"
                                .formatted(event.order(), before.order(), before.id(), at(delivery)));
            } else {
                last.put(event.line(), event);
            }
        }
    }

    private void parkedIsNotOvertaken() {
        Map<Written.Line, List<Written>> lines = history.committed().stream().collect(groupingBy(Written::line));
        for (Parked parked : history.parked()) {
            @Nullable Written event = committed.get(parked.id());
            if (event == null) {
                continue;
            }
            for (Written later : lines.getOrDefault(event.line(), List.of())) {
                if (later.order() > event.order()) {
                    overtaking(parked, later)
                            .forEach(delivery -> find(
                                    Rule.PARKED_IS_NOT_OVERTAKEN,
                                    event,
                                    "number %d is parked, and number %d (%s) passed it, %s"
                                            .formatted(event.order(), later.order(), later.id(), at(delivery))));
                }
            }
        }
    }

    private Stream<Published> overtaking(Parked parked, Written later) {
        return deliveriesOf(later).stream()
                .filter(delivery -> parked.heldUp(delivery.offset()))
                .limit(1);
    }

    private void repeatsHaveAFault() {
        deliveries.forEach((id, all) -> {
            long excused = history.faults().stream()
                    .filter(fault -> wasInFlight(all, fault))
                    .mapToLong(history.excuses()::repeats)
                    .sum();
            if (all.size() - 1 > excused) {
                find(
                        Rule.REPEATS_HAVE_A_FAULT,
                        id,
                        committed.get(id),
                        "delivered %d times where faults explain %d: %s"
                                .formatted(
                                        all.size(),
                                        1 + excused,
                                        all.stream().map(HistoryChecker::at).toList()));
            }
        });
    }

    /** Whether one of its deliveries but the last came about when the fault was, and the last one after it began. */
    private boolean wasInFlight(List<Published> all, Fault fault) {
        return !all.getLast().at().isBefore(fault.from())
                && all.subList(0, all.size() - 1).stream()
                        .anyMatch(delivery ->
                                fault.touches(delivery.at(), history.excuses().settled()));
    }

    private void effects(String consumer, Set<String> topics) {
        Map<UUID, Long> effects =
                history.applied().getOrDefault(consumer, List.of()).stream().collect(groupingBy(id -> id, counting()));
        for (Written event : history.committed()) {
            long found = effects.getOrDefault(event.id(), 0L);
            if (found == 0
                    && topics.contains(event.topic())
                    && !deliveriesOf(event).isEmpty()) {
                find(
                        Rule.PUBLISHED_HAS_ITS_EFFECT,
                        event,
                        consumer + " did not apply what was "
                                + at(deliveriesOf(event).getFirst()));
            }
        }
        effects.forEach((id, count) -> {
            if (count > 1) {
                find(Rule.ONE_EFFECT, id, committed.get(id), consumer + " applied it " + count + " times");
            }
            if (!committed.containsKey(id)) {
                find(Rule.EFFECT_HAS_ITS_EVENT, id, null, consumer + " applied what was not committed");
            }
        });
    }

    private void find(Rule rule, Written event, String detail) {
        find(rule, event.id(), event, detail);
    }

    private void find(Rule rule, UUID id, @Nullable Written event, String detail) {
        findings.add(new Finding(rule, id, event == null ? "(unknown)" : event.key(), detail));
    }

    private static String at(Published delivery) {
        return "at %s-%d@%d".formatted(delivery.topic(), delivery.partition(), delivery.offset());
    }
}
