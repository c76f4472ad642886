package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.SeveralGroups;
import dev.carillon.kit.testing.http.Api.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(SeveralGroups.class)
class SlotRaceQuarkusTest {
    private static final int CAPACITY = 20;
    private static final Set<String> REASONS =
            Set.of("urn:carillon:problem:slot-full", "urn:carillon:problem:transition-refused");

    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());
    private final ConcurrentLinkedQueue<String> surprises = new ConcurrentLinkedQueue<>();

    @Test
    void sixty_four_clients_on_every_path_never_hold_more_than_the_capacity_and_leak_nothing() throws Exception {
        var resource = desk.resource();
        var slot = desk.slot(resource, CAPACITY, Duration.ofDays(1));
        var other = desk.slot(resource, CAPACITY, Duration.ofDays(2));
        var racing = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sampler = threads.submit(() -> {
                int most = 0;
                while (racing.get()) {
                    most = Math.max(most, Math.max(desk.booked(slot), desk.booked(other)));
                }
                return most;
            });
            var clients = new ArrayList<Future<?>>();
            for (int i = 0; i < 64; i++) {
                clients.add(threads.submit(() -> race(slot, other)));
            }
            for (var client : clients) {
                client.get();
            }
            racing.set(false);
            assertThat(sampler.get()).isLessThanOrEqualTo(CAPACITY).isPositive();
        }
        assertThat(surprises).isEmpty();
        // Holds may still end between the two questions.
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            assertThat(desk.booked(slot)).isEqualTo(placesOf(slot));
            assertThat(desk.booked(other)).isEqualTo(placesOf(other));
        });
    }

    private void race(String slot, String other) {
        RandomGenerator random = ThreadLocalRandom.current();
        var mine = new ArrayList<String>();
        var waiting = new ArrayList<String>();
        for (int step = 0; step < 14; step++) {
            if (random.nextInt(4) == 0) {
                wait(waiting, random.nextBoolean() ? slot : other, random);
                continue;
            }
            if (mine.isEmpty() || random.nextInt(3) == 0) {
                var hold =
                        random.nextBoolean() ? "" : random.nextBoolean() ? ",\"hold\":\"PT1S\"" : ",\"hold\":\"PT5M\"";
                var booked = checked(desk.book(random.nextBoolean() ? slot : other, 1 + random.nextInt(3), hold), 201);
                if (booked.status() == 201) {
                    mine.add(booked.at("/id"));
                }
                continue;
            }
            var booking = mine.get(random.nextInt(mine.size()));
            switch (random.nextInt(4)) {
                case 0 -> checked(desk.act(booking, "confirm"), 200);
                case 1 -> checked(desk.move(booking, random.nextBoolean() ? slot : other), 200);
                default -> checked(desk.act(booking, "cancel"), 200);
            }
        }
    }

    /** Joins, or answers an offer that may be there by now. */
    private void wait(List<String> waiting, String slot, RandomGenerator random) {
        if (waiting.isEmpty() || random.nextInt(3) == 0) {
            waiting.add(checked(desk.wait("slotId", slot, 1 + random.nextInt(3)), 201)
                    .at("/id"));
        } else {
            var entry = waiting.get(random.nextInt(waiting.size()));
            checked(desk.answer(entry, random.nextInt(4) == 0 ? "leave" : "accept"), 200);
        }
    }

    private Answer checked(Answer answer, int wanted) {
        boolean refused = answer.status() == 409 && REASONS.contains(answer.at("/type"));
        if (answer.status() != wanted && !refused) {
            surprises.add(answer.status() + " " + answer.text());
        }
        return answer;
    }

    private int placesOf(String slot) {
        List<Integer> places = new ArrayList<>();
        for (var status : List.of("booked", "pending", "proposed")) {
            desk.api()
                    .get("/v1/bookings?limit=500&slotId=" + slot + "&status=" + status)
                    .expect(200)
                    .json()
                    .at("/items")
                    .forEach(booking -> places.add(booking.at("/places").asInt()));
        }
        return places.stream().mapToInt(Integer::intValue).sum();
    }
}
