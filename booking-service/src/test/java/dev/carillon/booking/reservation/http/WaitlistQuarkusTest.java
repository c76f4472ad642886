package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.quarkus.Outbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class WaitlistQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());

    @Test
    void who_waits_is_offered_what_is_given_back_before_anybody_else_can_book_it() {
        var slot = desk.slot(2);
        var booking = desk.book(slot, 2).expect(201).at("/id");
        var entry = desk.wait("slotId", slot, 1).expect(201);
        assertThat(entry.at("/status")).isEqualTo("waitlist");
        assertThat(entry.json().has("offer")).isFalse();

        desk.act(booking, "cancel").expect(200);

        var offered = desk.entry(entry.at("/id"));
        assertThat(offered.at("/status")).isEqualTo("proposed");
        assertThat(offered.at("/offer/slotId")).isEqualTo(slot);
        assertThat(Instant.parse(offered.at("/offer/expiresAt"))).isAfter(Instant.now());
        assertThat(desk.booked(slot)).isEqualTo(1);
        desk.book(slot, 2).expect(409);

        var accepted = desk.answer(entry.at("/id"), "accept").expect(200);
        assertThat(accepted.at("/status")).isEqualTo("booked");
        assertThat(accepted.json().has("offer")).isFalse();
        assertThat(desk.bookingStatus(accepted.at("/bookingId"))).isEqualTo("booked");
        assertThat(desk.booked(slot)).isEqualTo(1);
        assertThat(Outbox.about(entry.at("/id")))
                .extracting(Outbox.Row::type)
                .containsExactly(
                        "carillon.waitlist.joined.v1", "carillon.waitlist.offered.v1", "carillon.waitlist.accepted.v1");
        assertThat(Outbox.about(accepted.at("/bookingId")))
                .extracting(Outbox.Row::type)
                .containsExactly("carillon.booking.proposed.v1", "carillon.booking.booked.v1");
    }

    @Test
    void an_offer_is_accepted_once_and_only_while_there_is_one() {
        var slot = desk.slot(1);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        var entry = desk.waiting(slot);
        assertThat(desk.answer(entry, "accept").expect(409).at("/from")).isEqualTo("waitlist");
        desk.act(booking, "cancel").expect(200);
        desk.answer(entry, "accept").expect(200);
        var again = desk.answer(entry, "accept").expect(409);
        assertThat(again.at("/type")).isEqualTo("urn:carillon:problem:transition-refused");
        assertThat(again.at("/from")).isEqualTo("booked");
        assertThat(desk.answer(entry, "leave").expect(409).at("/from")).isEqualTo("booked");
        assertThat(desk.booked(slot)).isEqualTo(1);
    }

    @Test
    void what_is_offered_is_no_booking_that_can_be_confirmed_cancelled_or_moved() {
        var resource = desk.resource();
        var slot = desk.slot(resource, 1, Duration.ofDays(1));
        var other = desk.slot(resource, 1, Duration.ofDays(2));
        var entry = desk.offered(slot);
        var offered = desk.entry(entry).at("/bookingId");
        desk.act(offered, "confirm").expect(409);
        desk.act(offered, "cancel").expect(409);
        desk.move(offered, other).expect(409);
        assertThat(desk.bookingStatus(offered)).isEqualTo("proposed");
        desk.answer(entry, "accept").expect(200);
    }

    @Test
    void an_offer_that_is_not_accepted_in_time_passes_on_to_the_next_who_fits() {
        var slot = desk.slot(2);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        desk.book(slot, 1).expect(201);
        var first = desk.waiting(slot);
        var tooMany = desk.wait("slotId", slot, 2).expect(201).at("/id");
        var next = desk.waiting(slot);
        desk.act(booking, "cancel").expect(200);
        assertThat(desk.entry(first).at("/status")).isEqualTo("proposed");
        assertThat(desk.entry(next).at("/status")).isEqualTo("waitlist");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(desk.entry(next).at("/status")).isEqualTo("proposed"));
        var expired = desk.entry(first);
        assertThat(expired.at("/status")).isEqualTo("cancelled");
        assertThat(expired.at("/cancellationReason")).isEqualTo("offer-expired");
        assertThat(desk.bookingStatus(expired.at("/bookingId"))).isEqualTo("cancelled");
        assertThat(desk.answer(first, "accept").expect(409).at("/from")).isEqualTo("cancelled");
        assertThat(desk.entry(tooMany).at("/status")).isEqualTo("waitlist");
        assertThat(desk.booked(slot)).isEqualTo(2);
        assertThat(Outbox.about(first))
                .extracting(Outbox.Row::type)
                .endsWith("carillon.waitlist.offered.v1", "carillon.waitlist.expired.v1");
    }

    @Test
    void who_does_not_fit_any_more_lets_all_others_pass() {
        var slot = desk.slot(5);
        var booking = desk.book(slot, 4).expect(201).at("/id");
        desk.book(slot, 1).expect(201);
        var entries = new ArrayList<String>();
        for (int places : List.of(3, 2, 2, 2, 1)) {
            entries.add(desk.wait("slotId", slot, places).expect(201).at("/id"));
        }
        desk.act(booking, "cancel").expect(200);
        assertThat(entries.stream().map(entry -> desk.entry(entry).at("/status")))
                .containsExactly("proposed", "waitlist", "waitlist", "waitlist", "proposed");
        assertThat(desk.booked(slot)).isEqualTo(5);
    }

    @Test
    void who_leaves_waits_no_longer_and_passes_an_offer_on() {
        var slot = desk.slot(1);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        var gone = desk.waiting(slot);
        var declining = desk.waiting(slot);
        var next = desk.waiting(slot);
        assertThat(desk.answer(gone, "leave").expect(200).at("/cancellationReason"))
                .isEqualTo("left");
        assertThat(desk.answer(gone, "leave").expect(200).at("/status")).isEqualTo("cancelled");
        desk.act(booking, "cancel").expect(200);
        assertThat(desk.entry(declining).at("/status")).isEqualTo("proposed");
        assertThat(desk.answer(declining, "leave").expect(200).at("/cancellationReason"))
                .isEqualTo("offer-declined");
        assertThat(desk.entry(next).at("/status")).isEqualTo("proposed");
        assertThat(desk.booked(slot)).isEqualTo(1);
        desk.answer(next, "accept").expect(200);
        assertThat(Outbox.about(declining)).extracting(Outbox.Row::type).endsWith("carillon.waitlist.left.v1");
    }

    @Test
    void who_waits_for_any_slot_of_a_resource_is_offered_what_is_free_at_once_and_the_earliest() {
        var resource = desk.resource();
        var later = desk.slot(resource, 1, Duration.ofDays(2));
        var earlier = desk.slot(resource, 1, Duration.ofDays(1));
        var first = desk.wait("resourceId", resource, 1).expect(201);
        assertThat(first.at("/status")).isEqualTo("proposed");
        assertThat(first.at("/offer/slotId")).isEqualTo(earlier);
        var second = desk.wait("resourceId", resource, 1).expect(201);
        assertThat(second.at("/offer/slotId")).isEqualTo(later);
        assertThat(desk.wait("resourceId", resource, 1).expect(201).at("/status"))
                .isEqualTo("waitlist");
    }

    @Test
    void places_that_come_by_a_raised_capacity_or_a_new_slot_are_offered() {
        var resource = desk.resource();
        var slot = desk.slot(resource, 1, Duration.ofDays(1));
        desk.book(slot, 1).expect(201);
        var ofSlot = desk.wait("slotId", slot, 2).expect(201).at("/id");
        desk.api().patch("/v1/slots/" + slot, "{\"capacity\":3}").expect(200);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(desk.entry(ofSlot).at("/status")).isEqualTo("proposed"));
        var ofResource = desk.wait("resourceId", resource, 1).expect(201).at("/id");
        desk.slot(resource, 1, Duration.ofDays(3));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(desk.entry(ofResource).at("/status")).isEqualTo("proposed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reschedule", "hold"})
    void places_are_passed_on_whatever_gives_them_back(String how) {
        var resource = desk.resource();
        var slot = desk.slot(resource, 1, Duration.ofDays(1));
        var other = desk.slot(resource, 1, Duration.ofDays(2));
        var booking = desk.book(slot, 1, how.equals("hold") ? ",\"hold\":\"PT1S\"" : "")
                .expect(201)
                .at("/id");
        var entry = desk.waiting(slot);
        if (how.equals("reschedule")) {
            desk.move(booking, other).expect(200);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(desk.entry(entry).at("/status")).isEqualTo("proposed"));
    }

    @Test
    void an_offer_counts_as_a_booking_of_a_limited_customer_only_once_it_is_accepted() {
        var resource = desk.resource("\"maxPerCustomer\":1");
        var slot = desk.slot(resource, 1, Duration.ofDays(1));
        var other = desk.slot(resource, 9, Duration.ofDays(2));
        var entry = desk.offered(slot);
        var mine = desk.api().post("/v1/bookings", """
                {"slotId":"%s","customer":{"name":"Bo","email":"BO@example.org"}}""".formatted(other)).expect(201);
        assertThat(desk.answer(entry, "accept").expect(409).at("/type"))
                .isEqualTo("urn:carillon:problem:customer-limit");
        desk.act(mine.at("/id"), "cancel").expect(200);
        desk.answer(entry, "accept").expect(200);
    }

    @Test
    void who_waits_for_a_slot_that_begins_is_told_so() {
        var slot = desk.slot(desk.resource(), 1, Duration.ofSeconds(6));
        desk.book(slot, 1).expect(201);
        var entry = desk.waiting(slot);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(desk.entry(entry).at("/status")).isEqualTo("cancelled"));
        assertThat(desk.entry(entry).at("/cancellationReason")).isEqualTo("slot-began");
    }

    @Test
    void one_offer_is_accepted_once_by_sixteen_at_a_time_or_left_but_never_both() throws Exception {
        for (int round = 0; round < 8; round++) {
            var slot = desk.slot(1);
            var entry = desk.offered(slot);
            var answers = new ArrayList<Answer>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var all = new ArrayList<Callable<Answer>>();
                for (int i = 0; i < 16; i++) {
                    var action = i % 2 == 0 ? "accept" : "leave";
                    all.add(() -> desk.answer(entry, action));
                }
                for (var one : threads.invokeAll(all)) {
                    answers.add(one.get());
                }
            }
            var end = desk.entry(entry).at("/status");
            assertThat(end).isIn("booked", "cancelled");
            assertThat(answers).allMatch(answer -> answer.status() == 200 || answer.status() == 409);
            assertThat(answers.stream().filter(answer -> answer.at("/status").equals("booked")))
                    .hasSize(end.equals("booked") ? 1 : 0);
            assertThat(desk.booked(slot)).isEqualTo(end.equals("booked") ? 1 : 0);
        }
    }
}
