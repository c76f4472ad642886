package dev.carillon.kit.testing.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Histories made by hand, each of which breaks one rule, beside those that keep them all. */
class HistoryCheckerTest {
    private static final String TOPIC = "topic";
    private static final String CONSUMER = "consumer";
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final Excuses EXCUSES = new Excuses(Duration.ofSeconds(2), Duration.ofSeconds(3));

    private final Recorder recorder = new Recorder();
    private final List<UUID> effects = new ArrayList<>();
    private long offset;

    @Test
    void a_history_that_keeps_every_promise_has_no_findings() {
        Written first = committed("k", 1);
        Written second = committed("k", 2);
        Written other = committed("other", 1);
        rolledBack("k", 3);
        publish(other, 0);
        publish(first, 1);
        publish(second, 1);
        apply(first, second, other);

        assertThat(findings()).isEmpty();
    }

    @Test
    void a_committed_event_that_never_appears_is_found() {
        publishAndApply(committed("k", 1));
        Written lost = committed("k", 2);

        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.COMMITTED_IS_PUBLISHED);
            assertThat(finding.event()).isEqualTo(lost.id());
            assertThat(finding.key()).isEqualTo("k");
            assertThat(finding)
                    .hasToString("COMMITTED_IS_PUBLISHED: event %s of key k: committed as number 2 and never on topic"
                            .formatted(lost.id()));
        });
    }

    @Test
    void an_event_that_rolled_back_and_appears_is_found() {
        Written ghost = rolledBack("k", 1);
        publish(ghost, 0);

        assertFound(Rule.ONLY_COMMITTED_IS_PUBLISHED, ghost, "rolled back");
    }

    @Test
    void an_event_that_nobody_wrote_is_found() {
        Written stranger = new Written(UUID.randomUUID(), TOPIC, "k", 1);
        publish(stranger, 0);

        assertFound(Rule.ONLY_COMMITTED_IS_PUBLISHED, stranger, "nobody wrote it");
    }

    @Test
    void an_event_on_another_topic_than_its_own_is_found_there_and_missed_at_home() {
        Written astray = committed("k", 1);
        recorder.published(new Published(astray.id(), "elsewhere", 0, 0, START));

        assertThat(findings())
                .extracting(Finding::rule)
                .containsExactlyInAnyOrder(Rule.ONLY_COMMITTED_IS_PUBLISHED, Rule.COMMITTED_IS_PUBLISHED);
    }

    @Test
    void a_first_delivery_after_that_of_a_later_commit_is_found() {
        Written first = committed("k", 1);
        Written second = committed("k", 2);
        publishAndApply(second);
        publishAndApply(first);

        assertFound(Rule.FIRST_DELIVERIES_IN_ORDER, first, "number 1 of its key is first seen after number 2");
    }

    @Test
    void the_order_of_different_keys_does_not_matter_nor_does_that_of_repeats() {
        Written first = committed("k", 1);
        Written second = committed("k", 2);
        Written other = committed("other", 1);
        fault(0, 1);
        publish(first, 0);
        publish(second, 0);
        publish(other, 0);
        publish(first, 1);
        publish(second, 1);
        apply(first, second, other);

        assertThat(findings()).isEmpty();
    }

    @Test
    void a_later_event_that_passes_a_parked_one_is_found() {
        Written refused = committed("k", 1);
        Written follower = committed("k", 2);
        publishAndApply(follower);
        recorder.parked(Parked.waiting(refused.id()));

        assertFound(Rule.PARKED_IS_NOT_OVERTAKEN, refused, "number 2");
    }

    @Test
    void a_later_event_that_passes_a_parked_one_before_it_is_left_out_is_found() {
        Written refused = committed("k", 1);
        Written follower = committed("k", 2);
        publishAndApply(follower);
        recorder.parked(Parked.leftOut(refused.id(), offset));

        assertFound(Rule.PARKED_IS_NOT_OVERTAKEN, refused, "number 2");
    }

    @Test
    void later_events_may_come_once_the_parked_one_is_left_out_and_others_meanwhile() {
        Written before = committed("k", 1);
        Written refused = committed("k", 2);
        Written follower = committed("k", 3);
        Written other = committed("other", 9);
        publishAndApply(before);
        publishAndApply(other);
        recorder.parked(Parked.leftOut(refused.id(), offset));
        publishAndApply(follower);

        assertThat(findings()).isEmpty();
    }

    @Test
    void a_repeat_without_any_fault_is_found() {
        Written event = committed("k", 1);
        publish(event, 0);
        publish(event, 1);
        apply(event);

        assertFound(Rule.REPEATS_HAVE_A_FAULT, event, "delivered 2 times where faults explain 1");
    }

    @Test
    void a_repeat_of_what_was_settled_long_before_the_fault_is_found() {
        Written event = committed("k", 1);
        publish(event, 0);
        fault(10, 11);
        publish(event, 12);
        apply(event);

        assertFound(Rule.REPEATS_HAVE_A_FAULT, event, "delivered 2 times");
    }

    @Test
    void a_fault_that_came_only_after_the_repeat_explains_nothing() {
        Written event = committed("k", 1);
        publish(event, 0);
        publish(event, 0);
        fault(1, 1);
        apply(event);

        assertFound(Rule.REPEATS_HAVE_A_FAULT, event, "delivered 2 times");
    }

    @Test
    void more_repeats_than_the_faults_explain_are_found() {
        Written event = committed("k", 1);
        fault(0, 1);
        publish(event, 0);
        publish(event, 1);
        publish(event, 2);
        apply(event);

        assertFound(Rule.REPEATS_HAVE_A_FAULT, event, "delivered 3 times where faults explain 2");
    }

    @Test
    void each_fault_and_each_further_try_in_a_long_one_explains_a_repeat_of_what_was_in_flight() {
        Written event = committed("k", 1);
        fault(0, 1);
        fault(2, 6);
        publish(event, 0);
        publish(event, 2);
        publish(event, 5);
        publish(event, 6);
        apply(event);

        assertThat(findings()).isEmpty();
        assertThat(recorder.history(EXCUSES).repeats()).isEqualTo(3);
        assertThat(recorder.history(EXCUSES).inFlightAtFaults()).isEqualTo(1);
    }

    @Test
    void a_published_event_without_an_effect_is_found() {
        Written event = committed("k", 1);
        publish(event, 0);

        assertFound(Rule.PUBLISHED_HAS_ITS_EFFECT, event, "consumer did not apply");
    }

    @Test
    void an_event_of_a_topic_that_nobody_consumes_needs_no_effect() {
        Written event = new Written(UUID.randomUUID(), "unread", "k", 1);
        recorder.written(event);
        recorder.committed(Set.of(event.id()));
        recorder.published(new Published(event.id(), "unread", 0, 0, START));

        assertThat(findings()).isEmpty();
    }

    @Test
    void a_second_effect_of_one_event_is_found() {
        Written event = committed("k", 1);
        publish(event, 0);
        apply(event, event);

        assertFound(Rule.ONE_EFFECT, event, "consumer applied it 2 times");
    }

    @Test
    void an_effect_of_an_event_that_was_not_committed_is_found() {
        Written ghost = rolledBack("k", 1);
        apply(ghost);

        assertFound(Rule.EFFECT_HAS_ITS_EVENT, ghost, "not committed");
    }

    @Test
    void in_a_long_history_any_single_event_that_is_taken_out_or_swapped_is_found() {
        var random = new Random(4);
        for (int round = 0; round < 50; round++) {
            int taken = random.nextInt(100);
            assertThat(HistoryChecker.check(longHistory(taken, -1))).hasSize(1);
            assertThat(HistoryChecker.check(longHistory(-1, taken))).isNotEmpty();
        }
        assertThat(HistoryChecker.check(longHistory(-1, -1))).isEmpty();
    }

    /** 300 events of three keys; of key 0 one is left out, or comes after its successor. */
    private static History longHistory(int without, int swapped) {
        var recorder = new Recorder();
        var keys = new ArrayList<List<Written>>();
        for (int key = 0; key < 3; key++) {
            var events = new ArrayList<Written>();
            for (int order = 0; order <= 100; order++) {
                events.add(new Written(UUID.randomUUID(), TOPIC, "key-" + key, order));
            }
            keys.add(events);
            events.forEach(recorder::written);
            recorder.committed(events.stream().map(Written::id).toList());
        }
        for (int place = 0; place <= 100; place++) {
            for (int key = 0; key < 3; key++) {
                int turned = key > 0 || swapped < 0
                        ? place
                        : place == swapped ? place + 1 : place == swapped + 1 ? swapped : place;
                if (key > 0 || turned != without) {
                    recorder.published(new Published(keys.get(key).get(turned).id(), TOPIC, key, place, START));
                }
            }
        }
        return recorder.history(EXCUSES);
    }

    private Written committed(String key, long order) {
        Written event = rolledBack(key, order);
        recorder.committed(Set.of(event.id()));
        return event;
    }

    private Written rolledBack(String key, long order) {
        var event = new Written(UUID.randomUUID(), TOPIC, key, order);
        recorder.written(event);
        return event;
    }

    private void publish(Written event, long second) {
        recorder.published(new Published(event.id(), TOPIC, 0, offset++, START.plusSeconds(second)));
    }

    private void publishAndApply(Written event) {
        publish(event, 0);
        apply(event);
    }

    private void apply(Written... events) {
        for (Written event : events) {
            effects.add(event.id());
        }
    }

    private void fault(long from, long until) {
        recorder.fault(new Fault("kill", START.plusSeconds(from), START.plusSeconds(until)));
    }

    private List<Finding> findings() {
        recorder.applied(CONSUMER, Set.of(TOPIC), effects);
        return HistoryChecker.check(recorder.history(EXCUSES));
    }

    private void assertFound(Rule rule, Written event, String saying) {
        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.event()).isEqualTo(event.id());
            assertThat(finding.detail()).contains(saying);
        });
    }
}
