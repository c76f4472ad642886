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
    private final OutboxHint hint = new OutboxHint(() -> sentAt.add(now()), this::in, () -> Duration.ofMillis(50));
    private long now;

    @Test
    void what_somebody_waits_for_is_told_of_once_for_what_comes_within_two_milliseconds() {
        appendedAt(0, PROMPT);
        appendedAt(1, PROMPT);
        appendedAt(4, PROMPT);
        assertThat(toldAt()).containsExactly(2L, 6L);
    }

    @Test
    void what_can_wait_is_told_of_once_for_what_comes_while_it_is_gathered() {
        appendedAt(0, CAN_WAIT);
        appendedAt(49, CAN_WAIT);
        appendedAt(50, CAN_WAIT);
        assertThat(toldAt()).containsExactly(50L, 100L);
    }

    @Test
    void what_can_wait_does_not_hold_up_what_somebody_waits_for() {
        appendedAt(0, CAN_WAIT);
        appendedAt(10, PROMPT);
        assertThat(toldAt()).containsExactly(12L, 50L);
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

    private void in(long millis, Runnable then) {
        timers.computeIfAbsent(now + millis, at -> new ArrayList<>()).add(then);
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
