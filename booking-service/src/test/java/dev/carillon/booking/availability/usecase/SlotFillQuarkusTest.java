package dev.carillon.booking.availability.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.testing.http.Api;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class SlotFillQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Inject
    SlotStore slots;

    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());

    @Test
    void places_are_those_of_the_open_slots_that_begin_in_time_taken_or_free() {
        var resource = desk.resource();
        var before = places();

        var open = desk.slot(resource, 5, Duration.ofHours(1));
        var closed = desk.slot(resource, 7, Duration.ofHours(2));
        var later = desk.slot(resource, 9, Duration.ofHours(3));
        desk.book(open, 2).expect(201);
        desk.book(later, 1).expect(201);
        desk.api().patch("/v1/slots/" + closed, "{\"status\":\"closed\"}").expect(200);

        var after = places();
        assertThat(after.taken() - before.taken()).isEqualTo(2);
        assertThat(after.free() - before.free()).isEqualTo(3);
    }

    private SlotStore.Places places() {
        return slots.places(Duration.ofMinutes(150)).await().atMost(PATIENCE);
    }

    @Test
    void metrics_tell_of_them_from_the_start() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(metrics())
                .containsPattern("carillon_slots_places\\{state=\"taken\"} \\d")
                .containsPattern("carillon_slots_places\\{state=\"free\"} \\d"));
    }

    private static String metrics() {
        return Api.anonymous().get("/q/metrics").expect(200).text();
    }
}
