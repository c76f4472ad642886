package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.SettableClock;
import dev.carillon.kit.testing.log.LogLines;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class DueQueueTest {
    private static final String BROKEN = "broken";

    private final LinkedBlockingQueue<List<String>> handedOver = new LinkedBlockingQueue<>();

    @Test
    void nothing_is_handed_over_before_its_instant_by_the_given_clock() throws InterruptedException {
        var clock = SettableClock.at("2026-01-01T00:00:00Z");
        try (var queue = started(clock, 10)) {
            queue.add(clock.instant().plusNanos(1), "later");
            queue.add(clock.instant(), "now");

            assertThat(next()).containsExactly("now");
            assertThat(queue.size()).isEqualTo(1);
            clock.advance(Duration.ofNanos(1));
            assertThat(next()).containsExactly("later");
        }
    }

    @Test
    void what_is_due_at_once_comes_in_the_order_of_its_instants_and_in_batches_of_the_size_allowed()
            throws InterruptedException {
        var clock = SettableClock.at("2026-01-01T00:00:00Z");
        var queue = queue(clock, 2);
        queue.add(clock.instant().minusSeconds(1), "c");
        queue.add(clock.instant().minusSeconds(3), "a");
        queue.add(clock.instant().minusSeconds(2), "b");
        try (queue) {
            queue.start();
            assertThat(next()).containsExactly("a", "b");
            assertThat(next()).containsExactly("c");
        }
    }

    @Test
    void an_entry_that_is_due_sooner_than_what_it_sleeps_for_wakes_it() throws InterruptedException {
        try (var queue = started(InstantSource.system(), 10)) {
            queue.add(Instant.now().plusSeconds(3600), "far");
            queue.add(Instant.now().plusMillis(20), "near");
            assertThat(next()).containsExactly("near");
        }
    }

    @Test
    void each_of_thousands_is_handed_over_once_and_never_early() {
        List<Duration> lateness = Collections.synchronizedList(new ArrayList<>());
        var queue = new DueQueue<Instant>("test", InstantSource.system(), 100, due -> {
            var now = Instant.now();
            due.forEach(one -> lateness.add(Duration.between(one, now)));
        });
        try (queue) {
            queue.start();
            var start = Instant.now();
            for (int i = 0; i < 5_000; i++) {
                var due = start.plusNanos(i * 100_000L);
                queue.add(due, due);
            }
            await().until(() -> lateness.size() == 5_000);
        }
        assertThat(lateness).noneMatch(Duration::isNegative);
    }

    @Test
    void what_gathers_waits_for_what_is_due_a_little_later_and_no_longer() throws InterruptedException {
        var clock = SettableClock.at("2026-01-01T00:00:00Z");
        var start = clock.instant();
        try (var queue = new DueQueue<String>("test", clock, 10, Duration.ofMillis(20), handedOver::add)) {
            queue.add(start.plusMillis(20), "later");
            queue.add(start, "first");
            queue.add(start.plusMillis(21), "too late");
            queue.start();
            clock.advance(Duration.ofMillis(19));
            // Wakes the queue at an instant at which the first is due and not gathered yet.
            queue.add(start.minusMillis(1).plusNanos(1), "second");
            clock.advance(Duration.ofMillis(1));
            assertThat(next()).containsExactly("second", "first", "later");
            assertThat(queue.size()).isEqualTo(1);
        }
    }

    @Test
    void what_is_added_together_and_late_is_handed_over_together_and_at_once() throws InterruptedException {
        var clock = SettableClock.at("2026-01-01T00:00:00Z");
        try (var queue = new DueQueue<String>("test", clock, 10, Duration.ofMillis(20), handedOver::add)) {
            queue.start();
            queue.addAll(List.of("a", "b", "c"), one -> clock.instant().minusSeconds(1));
            assertThat(next()).containsExactly("a", "b", "c");
        }
    }

    @Test
    void cleared_entries_are_never_handed_over() {
        var clock = SettableClock.at("2026-01-01T00:00:00Z");
        try (var queue = started(clock, 10)) {
            queue.add(clock.instant().plusSeconds(1), "dropped");
            assertThat(queue.clear()).containsExactly("dropped");
            clock.advance(Duration.ofSeconds(2));
            queue.add(clock.instant(), "kept");
            await().untilAsserted(() -> assertThat(handedOver).containsExactly(List.of("kept")));
        }
    }

    @Test
    void the_earliest_stay_when_only_so_many_may() {
        var clock = SettableClock.at("2026-01-01T00:00:00Z");
        try (var queue = started(clock, 10)) {
            queue.add(clock.instant().plusSeconds(2), "c");
            queue.add(clock.instant().plusSeconds(1), "a");
            queue.add(clock.instant().plusSeconds(1), "b");
            assertThat(queue.latest()).contains(clock.instant().plusSeconds(2));
            assertThat(queue.keepEarliest(1)).containsExactly("c", "b");
            assertThat(queue.keepEarliest(1)).isEmpty();
            assertThat(queue.clear()).containsExactly("a");
            assertThat(queue.latest()).isEmpty();
        }
    }

    @Test
    void a_consumer_that_throws_is_told_of_with_the_name_of_the_queue_and_gets_the_next_ones()
            throws InterruptedException {
        var clock = SettableClock.at("2026-01-01T00:00:00Z");
        try (var log = LogLines.at(Level.INFO, DueQueue.class.getName());
                var queue = new DueQueue<String>("broken-queue", clock, 1, this::takeUnlessBroken)) {
            queue.add(clock.instant().minusSeconds(2), BROKEN);
            queue.add(clock.instant().minusSeconds(1), "next");
            queue.start();

            assertThat(next()).containsExactly("next");
            assertThat(log.lines()).singleElement().satisfies(line -> {
                assertThat(line.level()).isEqualTo("ERROR");
                assertThat(line.text()).contains("broken-queue");
            });
            assertThat(log.thrown()).singleElement().isInstanceOf(IllegalStateException.class);
        }
    }

    private void takeUnlessBroken(List<String> due) {
        if (due.contains(BROKEN)) {
            throw new IllegalStateException("no place for it");
        }
        handedOver.add(due);
    }

    private DueQueue<String> queue(InstantSource clock, int batch) {
        return new DueQueue<>("test", clock, batch, handedOver::add);
    }

    private DueQueue<String> started(InstantSource clock, int batch) {
        var queue = queue(clock, batch);
        queue.start();
        return queue;
    }

    private List<String> next() throws InterruptedException {
        var due = handedOver.poll(10, TimeUnit.SECONDS);
        assertThat(due).as("what is due").isNotNull();
        return List.copyOf(due);
    }
}
