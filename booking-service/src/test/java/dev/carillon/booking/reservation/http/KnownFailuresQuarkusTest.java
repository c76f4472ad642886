package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.testing.http.Api.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How other booking systems have failed; the list is in {@code docs/known-failures.md}. */
@QuarkusTest
@TestProfile(Surroundings.class)
class KnownFailuresQuarkusTest {
    private static final int AT_ONCE = 24;

    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());

    /** Where there is no row of a booking yet, there is none that could be locked. */
    @Test
    void of_many_who_book_an_empty_slot_at_once_as_many_as_it_has_places_get_one() throws Exception {
        for (int round = 0; round < 10; round++) {
            var slot = desk.slot(2);
            var answers = atOnce(AT_ONCE, () -> desk.book(slot, 1));
            assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(2);
            answers.stream()
                    .filter(answer -> answer.status() != 201)
                    .forEach(answer -> answer.expectProblem(409, "slot-full"));
            assertThat(desk.booked(slot)).isEqualTo(2);
        }
    }

    @Test
    void of_many_who_confirm_one_hold_at_once_one_does() throws Exception {
        for (int round = 0; round < 10; round++) {
            var slot = desk.slot(1);
            var hold = desk.book(slot, 1, ",\"hold\":\"PT5M\"").expect(201).at("/id");
            var answers = atOnce(AT_ONCE, () -> desk.act(hold, "confirm"));
            assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
            answers.stream()
                    .filter(answer -> answer.status() != 200)
                    .forEach(answer -> answer.expectProblem(409, "transition-refused"));
            assertThat(desk.booked(slot)).isEqualTo(1);
        }
    }

    @Test
    void many_cancellations_of_one_booking_at_once_give_its_places_back_once() throws Exception {
        for (int round = 0; round < 10; round++) {
            var slot = desk.slot(5);
            desk.book(slot, 2).expect(201);
            var booking = desk.book(slot, 3).expect(201).at("/id");
            atOnce(AT_ONCE, () -> desk.act(booking, "cancel")).forEach(answer -> answer.expect(200));
            assertThat(desk.booked(slot)).isEqualTo(2);
        }
    }

    @Test
    void a_hold_stands_in_nobodys_way_who_has_it_neither_at_the_capacity_nor_at_the_limit() {
        var resource = desk.resource("\"maxPerCustomer\":1");
        var slot = desk.slot(resource, 1, Duration.ofDays(1));
        var other = desk.slot(resource, 1, Duration.ofDays(2));
        var hold = desk.book(slot, 1, ",\"hold\":\"PT5M\"").expect(201).at("/id");
        desk.move(hold, other).expect(200);
        assertThat(desk.act(hold, "confirm").expect(200).at("/status")).isEqualTo("booked");
        desk.move(hold, slot).expect(200);
        assertThat(desk.booked(slot)).isEqualTo(1);
        assertThat(desk.booked(other)).isZero();
    }

    @Test
    void who_books_again_after_a_cancellation_gets_the_former_answer_with_the_same_key_and_a_booking_with_a_new_one() {
        var slot = desk.slot(1);
        var body = Desk.body(slot, 1, "");
        var key = "b-" + UUID.randomUUID();
        var booking = desk.api()
                .with("Idempotency-Key", key)
                .post("/v1/bookings", body)
                .expect(201)
                .at("/id");
        desk.act(booking, "cancel").expect(200);

        var replayed = desk.api()
                .with("Idempotency-Key", key)
                .post("/v1/bookings", body)
                .expect(201);
        assertThat(replayed.header("Idempotency-Replayed")).hasValue("true");
        assertThat(replayed.at("/id")).isEqualTo(booking);
        assertThat(replayed.at("/status")).isEqualTo("cancelled");
        assertThat(desk.booked(slot)).isZero();

        var anew = desk.api()
                .with("Idempotency-Key", key + "-2")
                .post("/v1/bookings", body)
                .expect(201);
        assertThat(anew.at("/id")).isNotEqualTo(booking);
        assertThat(anew.at("/status")).isEqualTo("booked");
        assertThat(desk.booked(slot)).isEqualTo(1);
    }

    @Test
    void bookings_that_change_places_at_once_never_wait_in_a_circle() throws Exception {
        var one = desk.slot(AT_ONCE);
        var other = desk.slot(AT_ONCE);
        var ids = new ArrayList<String>();
        for (int i = 0; i < AT_ONCE; i++) {
            ids.add(desk.book(i % 2 == 0 ? one : other, 1).expect(201).at("/id"));
        }
        for (int round = 0; round < 6; round++) {
            var isEven = round % 2 == 0;
            var moves = new ArrayList<Callable<Answer>>();
            for (int i = 0; i < AT_ONCE; i++) {
                var id = ids.get(i);
                var to = i % 2 == 0 == isEven ? other : one;
                moves.add(() -> desk.move(id, to));
            }
            atOnce(moves).forEach(answer -> answer.expect(200));
            assertThat(desk.booked(one)).isEqualTo(AT_ONCE / 2);
            assertThat(desk.booked(other)).isEqualTo(AT_ONCE / 2);
        }
    }

    private static List<Answer> atOnce(int times, Callable<Answer> request) throws Exception {
        return atOnce(IntStream.range(0, times).mapToObj(i -> request).toList());
    }

    private static List<Answer> atOnce(List<Callable<Answer>> requests) throws Exception {
        var answers = new ArrayList<Answer>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> answer : threads.invokeAll(requests)) {
                answers.add(answer.get());
            }
        }
        return answers;
    }
}
