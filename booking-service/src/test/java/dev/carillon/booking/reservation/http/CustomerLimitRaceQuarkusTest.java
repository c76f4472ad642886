package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.reservation.store.LimitedCustomers;
import dev.carillon.booking.reservation.store.UnlockedCustomers;
import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.SeveralGroups;
import dev.carillon.kit.testing.http.Api.Answer;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(SeveralGroups.class)
class CustomerLimitRaceQuarkusTest {
    private static final int LIMIT = 2;

    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());
    private final ConcurrentLinkedQueue<String> surprises = new ConcurrentLinkedQueue<>();

    @Test
    void of_many_wishes_of_one_customer_at_once_for_as_many_slots_exactly_the_limit_is_booked() throws Exception {
        var slots = slots(8);
        for (int round = 0; round < 10; round++) {
            assertThat(bookedAtOnce(slots, "c-" + round)).isEqualTo(LIMIT);
        }
    }

    /** What shows that the test above can fail. */
    @Test
    void without_the_lock_a_customer_gets_beyond_the_limit() throws Exception {
        QuarkusMock.installMockForType(new UnlockedCustomers(), LimitedCustomers.class);
        var slots = slots(8);
        int most = 0;
        for (int round = 0; round < 100 && most <= LIMIT; round++) {
            most = Math.max(most, bookedAtOnce(slots, "u-" + round));
        }
        assertThat(most).isGreaterThan(LIMIT);
    }

    private int bookedAtOnce(List<String> slots, String customer) throws Exception {
        List<Future<Answer>> wishes = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 24; i++) {
                var slot = slots.get(i % slots.size());
                wishes.add(threads.submit(() -> book(slot, customer)));
            }
        }
        int booked = 0;
        for (var wish : wishes) {
            if (wish.get().status() == 201) {
                booked++;
            } else {
                wish.get().expectProblem(409, "customer-limit");
            }
        }
        return booked;
    }

    @Test
    void who_books_moves_and_cancels_across_resources_never_waits_in_a_circle_nor_gets_beyond_a_limit()
            throws Exception {
        var here = slots(4);
        var there = slots(4);
        var all = new ArrayList<>(here);
        all.addAll(there);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                var customer = "c-" + i % 4;
                clients.add(threads.submit(() -> race(all, customer)));
            }
            for (var client : clients) {
                client.get();
            }
        }
        assertThat(surprises).isEmpty();
        for (int i = 0; i < 4; i++) {
            assertThat(standing(here, "c-" + i)).isLessThanOrEqualTo(LIMIT);
            assertThat(standing(there, "c-" + i)).isLessThanOrEqualTo(LIMIT);
        }
    }

    private void race(List<String> slots, String customer) {
        RandomGenerator random = ThreadLocalRandom.current();
        var mine = new ArrayList<String>();
        for (int step = 0; step < 12; step++) {
            var slot = slots.get(random.nextInt(slots.size()));
            if (mine.isEmpty() || random.nextInt(3) == 0) {
                var booked = checked(book(slot, customer));
                if (booked.status() == 201) {
                    mine.add(booked.at("/id"));
                }
                continue;
            }
            var booking = mine.get(random.nextInt(mine.size()));
            checked(random.nextInt(3) == 0 ? desk.act(booking, "cancel") : desk.move(booking, slot));
        }
    }

    /** A deadlock would be answered by a 5xx. */
    private Answer checked(Answer answer) {
        if (answer.status() > 201 && answer.status() != 409) {
            surprises.add(answer.status() + " " + answer.text());
        }
        return answer;
    }

    private long standing(List<String> slots, String customer) {
        return slots.stream()
                .mapToLong(slot -> desk.api()
                        .get("/v1/bookings?status=booked&limit=500&customerId=" + customer + "&slotId=" + slot)
                        .expect(200)
                        .json()
                        .at("/items")
                        .size())
                .sum();
    }

    private List<String> slots(int count) {
        var resource = desk.resource("\"maxPerCustomer\":" + LIMIT);
        return IntStream.rangeClosed(1, count)
                .mapToObj(day -> desk.slot(resource, 200, Duration.ofDays(day)))
                .toList();
    }

    private Answer book(String slot, String customer) {
        return desk.api()
                .post(
                        "/v1/bookings",
                        "{\"slotId\":\"%s\",\"customer\":{\"id\":\"%s\",\"name\":\"Ana\"}}".formatted(slot, customer));
    }
}
