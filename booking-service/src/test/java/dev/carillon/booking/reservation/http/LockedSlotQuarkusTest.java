package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Rows;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.testing.http.Api.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a row that stays locked stands in the way of: an instance that is frozen in its transaction, a change of many slots. */
@QuarkusTest
@TestProfile(Surroundings.class)
class LockedSlotQuarkusTest {
    /** Shorter than anybody waits for a slot that stays locked. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Desk desk = Desk.of(tenant);

    @Test
    void while_a_slot_is_locked_it_alone_is_refused_and_others_are_booked_soon() throws Exception {
        var locked = desk.slot(50);
        var other = desk.slot(50);
        desk.book(other, 1).expect(201);
        var refused = new ArrayList<Future<Answer>>();
        var booked = new ArrayList<Future<Duration>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var lock = lock(locked)) {
            for (int i = 0; i < 20; i++) {
                refused.add(threads.submit(() -> desk.book(locked, 1)));
                booked.add(threads.submit(() -> timeToBook(other)));
            }
            for (var time : booked) {
                assertThat(time.get()).isLessThan(SOON);
            }
            for (var answer : refused) {
                assertThat(answer.get().expectProblem(503, "slot-locked").header("Retry-After"))
                        .hasValue("1");
            }
        }
        assertThat(desk.booked(locked)).isZero();
        assertThat(desk.booked(other)).isEqualTo(21);
        desk.book(locked, 1).expect(201);
    }

    private Duration timeToBook(String slot) {
        long begun = System.nanoTime();
        desk.book(slot, 1).expect(201);
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void a_slot_that_is_free_again_in_a_moment_is_booked_then() throws Exception {
        var slot = desk.slot(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> answer;
            try (var lock = lock(slot)) {
                answer = threads.submit(() -> desk.book(slot, 1));
                await().atMost(SOON).until(LockedSlotQuarkusTest::somebodyWaitsForLong);
            }
            answer.get().expect(201);
        }
        assertThat(desk.booked(slot)).isEqualTo(1);
    }

    /** Longer than a whole group does. */
    private static boolean somebodyWaitsForLong() {
        return Rows.count("""
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                  AND xact_start < clock_timestamp() - interval '0.5 seconds'""") > 0;
    }

    @Test
    void while_a_limited_customer_is_locked_the_slot_is_booked_for_others() throws Exception {
        var resource = desk.resource("\"maxPerCustomer\":1");
        var slot = desk.slot(resource, 5, Duration.ofDays(1));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var lock = lockCustomer(resource, "id:ana")) {
            var refused = threads.submit(() -> book(slot, "ana"));
            book(slot, "bo").expect(201);
            refused.get().expectProblem(503, "slot-locked");
        }
        book(slot, "ana").expect(201);
        assertThat(desk.booked(slot)).isEqualTo(2);
    }

    @Test
    void a_locked_slot_of_another_tenant_is_not_there() throws Exception {
        var slot = desk.slot(1);
        try (var lock = lock(slot)) {
            Desk.of("other-" + tenant).book(slot, 1).expectProblem(404, "not-found");
        }
    }

    @Test
    void while_a_slot_is_locked_a_repeat_gets_its_answer_and_one_whose_first_still_runs_its_refusal() throws Exception {
        var slot = desk.slot(5);
        var body = Desk.body(slot, 1, "");
        var booked = desk.api().with("Idempotency-Key", "b-" + UUID.randomUUID());
        var booking = booked.post("/v1/bookings", body).expect(201).at("/id");
        var waiting = desk.api().with("Idempotency-Key", "b-" + UUID.randomUUID());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var lock = lock(slot)) {
            var refused = threads.submit(() -> waiting.post("/v1/bookings", body));
            await().atMost(SOON).until(LockedSlotQuarkusTest::somebodyWaitsForLong);
            var repeat = booked.post("/v1/bookings", body).expect(201);
            assertThat(repeat.header("Idempotency-Replayed")).hasValue("true");
            assertThat(repeat.at("/id")).isEqualTo(booking);
            waiting.post("/v1/bookings", body).expectProblem(409, "request-in-progress");
            refused.get().expectProblem(503, "slot-locked");
        }
        waiting.post("/v1/bookings", body).expect(201);
        assertThat(desk.booked(slot)).isEqualTo(2);
    }

    @Test
    void a_cancellation_and_a_move_of_what_is_booked_in_a_slot_that_stays_locked_are_refused_and_not_made()
            throws Exception {
        var slot = desk.slot(1);
        var other = desk.slot(1);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        try (var lock = lock(slot)) {
            desk.act(booking, "cancel").expectProblem(503, "slot-locked");
            desk.move(booking, other).expectProblem(503, "slot-locked");
        }
        desk.move(booking, other).expect(200);
        desk.act(booking, "cancel").expect(200);
        assertThat(desk.booked(slot)).isZero();
        assertThat(desk.booked(other)).isZero();
    }

    private Answer book(String slot, String customer) {
        return desk.api().post("/v1/bookings", """
                {"slotId":"%s","customer":{"id":"%s","name":"Somebody"}}""".formatted(slot, customer));
    }

    private static Connection lock(String slot) throws SQLException {
        return Rows.lock("SELECT id FROM slot WHERE id = ? FOR UPDATE", UUID.fromString(slot));
    }

    /** As a transaction does that books for a customer. */
    private Connection lockCustomer(String resource, String identity) throws SQLException {
        return Rows.lock(
                "SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(E'\\n', 'carillon.booking.customer', ?, ?, ?), 0))",
                tenant,
                resource,
                identity);
    }
}
