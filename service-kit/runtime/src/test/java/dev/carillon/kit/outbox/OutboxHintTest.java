package dev.carillon.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.event.OutgoingEvent.Urgency;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OutboxHintTest {
    private final NavigableMap<Long, List<Runnable>> timers = new TreeMap<>();
    private final List<Long> sentAt = new ArrayList<>();
    private final OutboxHint hint = new OutboxHint(() -> sentAt.add(now()), this::in);
    private long now;

    @Test
    void what_somebody_waits_for_is_told_of_once_for_what_comes_within_two_milliseconds() {
        hint.appended(Urgency.PROMPT);
        until(1);
        hint.appended(Urgency.PROMPT);
        until(4);
        hint.appended(Urgency.PROMPT);
        until(100);
        assertThat(sentAt).containsExactly(2L, 6L);
    }

    @Test
    void what_can_wait_is_told_of_once_for_what_comes_within_fifty() {
        hint.appended(Urgency.CAN_WAIT);
        until(49);
        hint.appended(Urgency.CAN_WAIT);
        until(50);
        hint.appended(Urgency.CAN_WAIT);
        until(200);
        assertThat(sentAt).containsExactly(50L, 100L);
    }

    @Test
    void what_can_wait_does_not_hold_up_what_somebody_waits_for() {
        hint.appended(Urgency.CAN_WAIT);
        until(10);
        hint.appended(Urgency.PROMPT);
        until(200);
        assertThat(sentAt).containsExactly(12L, 50L);
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
