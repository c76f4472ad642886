package dev.carillon.relay;

import static dev.carillon.relay.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.relay.DecideParked.Decided;
import dev.carillon.relay.ParkedEvents.Decision;
import dev.carillon.relay.ParkedEvents.Fate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DecideParkedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Parked parked = new Parked();
    private final Kafka broker = new Kafka();
    private final DecideParked decisions = new DecideParked(parked, broker);

    @Test
    void the_first_of_a_key_is_published_and_leaves() {
        parked.add(1, event(1, 10, "k"));

        assertThat(decided(decisions.retry(1, null))).isEqualTo(new Decided.Done());
        assertThat(broker.sent).extracting(OutboxEvent::seq).containsExactly(10L);
        assertThat(parked.rows).isEmpty();
    }

    @Test
    void a_later_one_of_a_key_must_wait_for_the_first() {
        parked.add(1, event(1, 10, "k"));
        parked.add(2, event(1, 11, "k"));

        assertThat(decided(decisions.retry(2, null))).isEqualTo(new Decided.NotFirstOfKey());
        assertThat(decided(decisions.skip(2, null))).isEqualTo(new Decided.NotFirstOfKey());
        assertThat(broker.sent).isEmpty();
    }

    @Test
    void what_is_refused_again_stays() {
        parked.add(1, event(1, 10, "k"));
        broker.answer = new Publication.Refused("too large");

        assertThat(decided(decisions.retry(1, null))).isEqualTo(new Decided.RefusedAgain("too large"));
        assertThat(parked.rows).hasSize(1);
    }

    @Test
    void nothing_is_sent_to_a_missing_topic() {
        parked.add(1, event(1, 10, "k"));
        broker.obstacle = "topic topic is missing";

        assertThat(decided(decisions.retry(1, null))).isEqualTo(new Decided.Unavailable("topic topic is missing"));
        assertThat(broker.sent).isEmpty();
    }

    @Test
    void a_skipped_one_leaves_unsent() {
        parked.add(1, event(1, 10, "k"));

        assertThat(decided(decisions.skip(1, null))).isEqualTo(new Decided.Done());
        assertThat(broker.sent).isEmpty();
        assertThat(parked.rows).isEmpty();
    }

    @Test
    void the_same_decision_again_is_answered_as_before_and_not_taken_a_second_time() {
        parked.add(1, event(1, 10, "k"));
        parked.add(2, event(1, 11, "k"));
        decided(decisions.retry(1, "one"));
        decided(decisions.skip(2, null));

        assertThat(decided(decisions.retry(1, "one"))).isEqualTo(new Decided.Repeated());
        assertThat(decided(decisions.retry(1, null))).isEqualTo(new Decided.Repeated());
        assertThat(decided(decisions.skip(2, null))).isEqualTo(new Decided.Repeated());
        assertThat(broker.sent).extracting(OutboxEvent::seq).containsExactly(10L);
    }

    @Test
    void another_decision_is_refused_and_so_is_the_same_one_by_another_key() {
        parked.add(1, event(1, 10, "k"));
        parked.add(2, event(1, 11, "k"));
        decided(decisions.retry(1, "one"));
        decided(decisions.skip(2, null));

        assertThat(decided(decisions.skip(1, "one"))).isEqualTo(new Decided.DecidedBefore(Fate.PUBLISHED));
        assertThat(decided(decisions.retry(1, "other"))).isEqualTo(new Decided.DecidedBefore(Fate.PUBLISHED));
        assertThat(decided(decisions.skip(2, "other"))).isEqualTo(new Decided.DecidedBefore(Fate.SKIPPED));
        assertThat(decided(decisions.retry(3, null))).isEqualTo(new Decided.NotParked());
        assertThat(broker.sent).extracting(OutboxEvent::seq).containsExactly(10L);
    }

    @Test
    void what_was_on_its_way_when_another_decided_is_published_and_said_to_be() {
        parked.add(1, event(1, 10, "k"));
        broker.meanwhile = () -> decided(decisions.skip(1, null));

        assertThat(decided(decisions.retry(1, null))).isEqualTo(new Decided.PublishedToo(Fate.SKIPPED));
        assertThat(broker.sent).extracting(OutboxEvent::seq).containsExactly(10L);
    }

    @Test
    void of_two_that_decide_at_once_the_second_is_told_what_the_first_decided_and_publishes_nothing() {
        parked.add(1, event(1, 10, "k"));
        parked.meanwhile = () -> decided(decisions.skip(1, null));

        assertThat(decided(decisions.retry(1, null))).isEqualTo(new Decided.DecidedBefore(Fate.SKIPPED));
        assertThat(broker.sent).isEmpty();
    }

    @Test
    void nothing_is_sent_when_it_cannot_be_remembered_that_it_was() {
        parked.add(1, event(1, 10, "k"));
        parked.meanwhile = () -> {
            throw new IllegalStateException("relation \"outbox_decision\" does not exist");
        };

        assertThat(decisions.retry(1, null)).failsWithin(PATIENCE);
        assertThat(broker.sent).isEmpty();
        assertThat(parked.rows).hasSize(1);
    }

    private static Decided decided(CompletionStage<Decided> stage) {
        return stage.toCompletableFuture().join();
    }

    private static final class Parked implements ParkedEvents {
        private final TreeMap<Long, OutboxEvent> rows = new TreeMap<>();
        private final Map<Long, Decision> taken = new HashMap<>();
        private Runnable meanwhile = () -> {};

        void add(long id, OutboxEvent event) {
            rows.put(id, event);
        }

        @Override
        public CompletionStage<List<ParkedEvents.Parked>> list(long afterId, int limit) {
            return CompletableFuture.completedStage(rows.tailMap(afterId, false).keySet().stream()
                    .map(this::row)
                    .toList());
        }

        @Override
        public CompletionStage<Optional<ParkedEvents.Parked>> find(long id) {
            return CompletableFuture.completedStage(rows.containsKey(id) ? Optional.of(row(id)) : Optional.empty());
        }

        private ParkedEvents.Parked row(long id) {
            OutboxEvent event = Objects.requireNonNull(rows.get(id));
            boolean first = rows.values().stream()
                    .noneMatch(other -> other.recordKey().equals(event.recordKey()) && other.seq() < event.seq());
            return new ParkedEvents.Parked(id, event, "refused", Instant.EPOCH, first);
        }

        @Override
        public CompletionStage<Boolean> remove(ParkedEvents.Parked parked, Decision decision) {
            boolean isThere = rows.remove(parked.id()) != null;
            if (isThere) {
                taken.put(parked.id(), decision);
            }
            return CompletableFuture.completedStage(isThere);
        }

        @Override
        public CompletionStage<Optional<Decision>> decision(long id) {
            meanwhile.run();
            return CompletableFuture.completedStage(Optional.ofNullable(taken.get(id)));
        }
    }

    private static final class Kafka implements Broker {
        private final List<OutboxEvent> sent = new ArrayList<>();
        private Publication answer = new Publication.Acknowledged();
        private @Nullable String obstacle;
        private Runnable meanwhile = () -> {};

        @Override
        public CompletionStage<Publication> publish(OutboxEvent event) {
            meanwhile.run();
            sent.add(event);
            return CompletableFuture.completedStage(answer);
        }

        @Override
        public @Nullable String obstacle(String topic) {
            return obstacle;
        }

        @Override
        public CompletionStage<Void> refreshTopics() {
            return CompletableFuture.completedStage(null);
        }
    }
}
