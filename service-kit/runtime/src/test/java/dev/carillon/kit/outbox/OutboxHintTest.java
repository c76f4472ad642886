package dev.carillon.kit.outbox;

import static dev.carillon.kit.event.OutgoingEvent.Urgency.CAN_WAIT;
import static dev.carillon.kit.event.OutgoingEvent.Urgency.PROMPT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.event.OutgoingEvent.Urgency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OutboxHintTest {
    private final NavigableMap<Long, List<Runnable>> timers = new TreeMap<>();
    private final List<Long> sentAt = new ArrayList<>();
    private final OutboxHint hint =
            new OutboxHint(() -> sentAt.add(now()), clock(), Duration.ofMillis(50), Duration.ofMillis(20));
    private long now;

    @Test
    void what_somebody_waits_for_is_told_of_once_for_what_comes_within_two_milliseconds() {
        appendedAt(0, PROMPT);
        appendedAt(1, PROMPT);
        appendedAt(4, PROMPT);
        assertThat(toldAt()).containsExactly(2L, 6L);
    }

    @Test
    void what_can_wait_is_told_of_once_when_nothing_more_has_come_for_a_while() {
        appendedAt(0, CAN_WAIT);
        appendedAt(10, CAN_WAIT);
        appendedAt(29, CAN_WAIT);
        appendedAt(200, CAN_WAIT);
        assertThat(toldAt()).containsExactly(49L, 220L);
    }

    @Test
    void what_can_wait_is_told_of_after_a_time_however_much_more_comes() {
        for (int at = 0; at <= 60; at += 10) {
            appendedAt(at, CAN_WAIT);
        }
        assertThat(toldAt()).containsExactly(50L, 80L);
    }

    @Test
    void what_can_wait_does_not_hold_up_what_somebody_waits_for() {
        appendedAt(0, CAN_WAIT);
        appendedAt(10, PROMPT);
        assertThat(toldAt()).containsExactly(12L, 20L);
    }

    private void appendedAt(long millis, Urgency urgency) {
        until(millis);
        hint.appended(urgency);
    }

    private List<Long> toldAt() {
        until(1_000);
        return sentAt;
    }

    private long now() {
        return now;
    }

    private OutboxHint.Clock clock() {
        return new OutboxHint.Clock() {
            @Override
            public long millis() {
                return now;
            }

            @Override
            public void in(long millis, Runnable then) {
                timers.computeIfAbsent(now + millis, at -> new ArrayList<>()).add(then);
            }
        };
    }

    private void until(long millis) {
        while (!timers.isEmpty() && timers.firstKey() <= millis) {
            var due = timers.pollFirstEntry();
            now = due.getKey();
            due.getValue().forEach(Runnable::run);
        }
        now = millis;
    }
}
