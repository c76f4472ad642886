package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Rows;
import dev.carillon.booking.support.SeveralGroups;
import dev.carillon.kit.testing.http.Api.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** As {@link LockedSlotQuarkusTest}, where groups meet that need the locked slot, as those of several instances do. */
@QuarkusTest
@TestProfile(SeveralGroups.class)
class MeetingGroupsQuarkusTest {
    /** Shorter than anybody waits for a slot that stays locked. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());

    /** Locked before the slot that is waited for, the other one is what each group has when all of them give up waiting. */
    @Test
    void a_slot_that_groups_lock_before_one_that_stays_locked_is_booked_soon() throws Exception {
        var slots = Stream.of(desk.slot(99), desk.slot(99)).sorted().toList();
        var other = slots.get(0);
        var locked = slots.get(1);
        var refused = new ArrayList<Future<Answer>>();
        var booked = new ArrayList<Future<Duration>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var lock = Rows.lock("SELECT id FROM slot WHERE id = ? FOR UPDATE", UUID.fromString(locked))) {
            for (int round = 0; round < 4; round++) {
                for (int i = 0; i < 10; i++) {
                    refused.add(threads.submit(() -> desk.book(locked, 1)));
                    booked.add(threads.submit(() -> timeToBook(other)));
                }
                // Others have come by then, whose groups go on beside those that wait.
                booked.getLast().get();
            }
            for (var time : booked) {
                assertThat(time.get()).isLessThan(SOON);
            }
            for (var answer : refused) {
                answer.get().expectProblem(503, "slot-locked");
            }
        }
        assertThat(desk.booked(locked)).isZero();
        assertThat(desk.booked(other)).isEqualTo(40);
        desk.book(locked, 1).expect(201);
    }

    private Duration timeToBook(String slot) {
        long begun = System.nanoTime();
        desk.book(slot, 1).expect(201);
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
