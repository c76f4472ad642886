package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Rows;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.quarkus.Outbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of offers and of who waits when a slot is closed. */
@QuarkusTest
@TestProfile(Surroundings.class)
class WaitlistOfClosedSlotsQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String EVERY_DAY = Stream.of(DayOfWeek.values())
            .map(day -> "{\"day\":\"%s\",\"from\":\"09:00\",\"to\":\"12:00\"}"
                    .formatted(day.name().toLowerCase(Locale.ROOT)))
            .collect(Collectors.joining(",", "[", "]"));

    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_offered_is_withdrawn_when_its_slot_is_closed_by_hand_or_by_hours_and_offered_again_once_it_is_open(
            boolean byHand) {
        var resource = openEveryDay();
        var slot = lastSlot(resource);
        var entry = desk.offered(slot);
        var offered = desk.entry(entry).at("/bookingId");

        if (byHand) {
            desk.setStatus(slot, "closed");
        } else {
            desk.api().patch("/v1/resources/" + resource, "{\"weekly\":[]}").expect(200);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(desk.bookingStatus(offered)).isEqualTo("cancelled"));
        assertThat(desk.api().get("/v1/bookings/" + offered).expect(200).at("/cancellationReason"))
                .isEqualTo("offer-withdrawn");
        var waiting = desk.entry(entry);
        assertThat(waiting.at("/status")).isEqualTo("waitlist");
        assertThat(waiting.json().has("bookingId")).isFalse();
        assertThat(desk.booked(slot)).isZero();
        assertThat(desk.answer(entry, "accept")
                        .expectProblem(409, "transition-refused")
                        .at("/from"))
                .isEqualTo("waitlist");

        if (byHand) {
            desk.setStatus(slot, "open");
        } else {
            desk.api()
                    .patch("/v1/resources/" + resource, "{\"weekly\":" + EVERY_DAY + "}")
                    .expect(200);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(desk.entry(entry).at("/status")).isEqualTo("proposed"));
        assertThat(desk.entry(entry).at("/bookingId")).isNotEqualTo(offered);
        desk.answer(entry, "accept").expect(200);
        assertThat(Outbox.typesAbout(entry))
                .containsExactly(
                        "carillon.waitlist.joined.v1",
                        "carillon.waitlist.offered.v1",
                        "carillon.waitlist.withdrawn.v1",
                        "carillon.waitlist.offered.v1",
                        "carillon.waitlist.accepted.v1");
        assertThat(Outbox.typesAbout(offered))
                .containsExactly("carillon.booking.proposed.v1", "carillon.booking.cancelled.v1");
    }

    @Test
    void who_waits_for_any_slot_is_offered_another_one_when_that_of_the_offer_is_closed() {
        var resource = desk.resource();
        var slot = desk.slot(resource, 1, Duration.ofDays(1));
        var entry = desk.wait("resourceId", resource, 1).expect(201);
        assertThat(entry.at("/offer/slotId")).isEqualTo(slot);
        var other = desk.slot(resource, 1, Duration.ofDays(2));
        desk.setStatus(slot, "closed");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(desk.entry(entry.at("/id")).at("/offer/slotId"))
                        .isEqualTo(other));
        assertThat(desk.booked(slot)).isZero();
        assertThat(desk.booked(other)).isEqualTo(1);
    }

    @Test
    void what_is_offered_in_a_slot_that_is_closed_is_not_accepted_and_its_places_are_free() {
        var slot = desk.slot(1);
        var entry = desk.offered(slot);
        var offered = desk.entry(entry).at("/bookingId");
        closeBeforeAnybodyIsTold(slot);

        desk.answer(entry, "accept").expectProblem(409, "slot-closed");

        assertThat(desk.bookingStatus(offered)).isEqualTo("cancelled");
        assertThat(desk.entry(entry).at("/status")).isEqualTo("waitlist");
        assertThat(desk.booked(slot)).isZero();
        assertThat(Outbox.typesAbout(offered))
                .containsExactly("carillon.booking.proposed.v1", "carillon.booking.cancelled.v1");
        desk.answer(entry, "accept").expectProblem(409, "transition-refused");
        assertThat(desk.answer(entry, "leave").expect(200).at("/cancellationReason"))
                .isEqualTo("left");
    }

    @Test
    void who_accepts_while_the_slot_is_closed_is_booked_and_told_of_it_or_refused_and_waits_on() throws Exception {
        for (int round = 0; round < 8; round++) {
            var slot = desk.slot(1);
            var entry = desk.offered(slot);
            var offered = desk.entry(entry).at("/bookingId");
            Answer accepted;
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var accepting = threads.submit(() -> desk.answer(entry, "accept"));
                var closing = threads.submit(() -> desk.setStatus(slot, "closed"));
                closing.get();
                accepted = accepting.get();
            }
            if (accepted.status() == 200) {
                await().atMost(PATIENCE).until(() -> desk.api()
                        .get("/v1/bookings/" + offered)
                        .expect(200)
                        .json()
                        .at("/slotClosed")
                        .asBoolean());
                assertThat(desk.bookingStatus(offered)).isEqualTo("booked");
                assertThat(Outbox.typesAbout(offered)).endsWith("carillon.booking.slot-changed.v1");
            } else {
                assertThat(accepted.expect(409).at("/type"))
                        .isIn("urn:carillon:problem:slot-closed", "urn:carillon:problem:transition-refused");
                assertThat(desk.entry(entry).at("/status")).isEqualTo("waitlist");
                assertThat(desk.bookingStatus(offered)).isEqualTo("cancelled");
            }
            assertThat(desk.booked(slot)).isEqualTo(accepted.status() == 200 ? 1 : 0);
        }
    }

    @Test
    void who_leaves_while_the_slot_is_closed_has_left_and_leaks_no_place() throws Exception {
        for (int round = 0; round < 8; round++) {
            var slot = desk.slot(1);
            var entry = desk.offered(slot);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var leaving = threads.submit(() -> desk.answer(entry, "leave"));
                var closing = threads.submit(() -> desk.setStatus(slot, "closed"));
                closing.get();
                assertThat(leaving.get().expect(200).at("/status")).isEqualTo("cancelled");
            }
            assertThat(desk.entry(entry).at("/status")).isEqualTo("cancelled");
            assertThat(desk.booked(slot)).isZero();
        }
    }

    /** As it is between the commit that closes a slot and the one that tells of it. */
    private static void closeBeforeAnybodyIsTold(String slot) {
        assertThat(Rows.change("UPDATE slot SET status = 'closed' WHERE id = ?", UUID.fromString(slot)))
                .isEqualTo(1);
    }

    private String openEveryDay() {
        return desk.api()
                .post("/v1/resources", """
                        {"name":"Dr. Rao","zone":"UTC","slotLength":"PT1H","capacity":1,"horizon":"P3D","weekly":%s}""".formatted(EVERY_DAY))
                .expect(201)
                .at("/id");
    }

    /** Nothing that these tests do takes until it begins. */
    private String lastSlot(String resource) {
        var slots = desk.api()
                .get("/v1/resources/" + resource + "/slots")
                .expect(200)
                .json()
                .at("/items");
        return slots.get(slots.size() - 1).at("/id").asText();
    }
}
