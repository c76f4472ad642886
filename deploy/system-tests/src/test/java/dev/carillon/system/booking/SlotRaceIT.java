package dev.carillon.system.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.system.clients.Bookings;
import dev.carillon.system.clients.Bookings.Slot;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningStack.class)
class SlotRaceIT {

    private static final int CLIENTS = 64;
    private static final int CAPACITY = 20;

    private final TestStack stack;
    private final Bookings bookings;

    SlotRaceIT(TestStack stack) {
        this.stack = stack;
        this.bookings = new Bookings(new Carillon(stack));
    }

    @Test
    void a_slot_that_64_clients_race_for_is_never_oversold_and_every_refusal_says_why() throws Exception {
        UUID resource = bookings.openResource();
        Slot slot = bookings.openSlot(resource, Instant.now().plus(Duration.ofHours(2)), CAPACITY);
        Slot other = bookings.openSlot(resource, Instant.now().plus(Duration.ofHours(4)), CAPACITY);

        List<RaceClient> clients;
        SlotSampler.Seen seen;
        try (var sampler = new SlotSampler(stack.database("booking"), bookings, List.of(slot, other))) {
            clients = race(slot, other);
            seen = sampler.stop();
        }

        System.out.println("race: " + seen + ", " + RaceClient.tally(clients));
        assertThat(seen.mostBooked()).isEqualTo(CAPACITY);
        assertThat(seen.contradictions()).isEmpty();
        assertThat(clients).flatExtracting(RaceClient::surprises).isEmpty();
        assertThat(RaceClient.tally(clients))
                .containsKeys(
                        "book 201",
                        "confirm 200",
                        "cancel 200",
                        "reschedule 200",
                        "book slot-full",
                        "reschedule slot-full");
        await().untilAsserted(() -> assertThat(List.of(slot, other)).allSatisfy(this::assertThatItCountsItsBookings));
    }

    private List<RaceClient> race(Slot slot, Slot other) {
        List<RaceClient> clients = IntStream.range(0, CLIENTS)
                .mapToObj(seed -> new RaceClient(bookings, slot, other, seed))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(clients.stream()
                            .map(client -> CompletableFuture.runAsync(client, threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
        return clients;
    }

    private void assertThatItCountsItsBookings(Slot slot) {
        int places = bookings.ofSlot(slot).stream()
                .filter(booking -> !booking.getString("status").equals("cancelled"))
                .mapToInt(booking -> booking.getInteger("places"))
                .sum();
        JsonObject told = bookings.slot(slot);
        assertThat(told.getInteger("booked")).isEqualTo(places).isLessThanOrEqualTo(CAPACITY);
        assertThat(told.getInteger("available")).isEqualTo(CAPACITY - places);
    }
}
