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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class WaitlistQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String EVERY_DAY = Stream.of(DayOfWeek.values())
            .map(day -> "{\"day\":\"%s\",\"from\":\"09:00\",\"to\":\"12:00\"}"
                    .formatted(day.name().toLowerCase(Locale.ROOT)))
            .collect(Collectors.joining(",", "[", "]"));

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Desk desk = Desk.of(tenant);

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
        assertThat(bookingStatus(accepted.at("/bookingId"))).isEqualTo("booked");
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
        var entry = desk.wait("slotId", slot, 1).expect(201).at("/id");
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
        var booking = desk.book(slot, 1).expect(201).at("/id");
        var entry = desk.wait("slotId", slot, 1).expect(201).at("/id");
        desk.act(booking, "cancel").expect(200);
        var offered = desk.entry(entry).at("/bookingId");
        desk.act(offered, "confirm").expect(409);
        desk.act(offered, "cancel").expect(409);
        desk.move(offered, other).expect(409);
        assertThat(bookingStatus(offered)).isEqualTo("proposed");
        desk.answer(entry, "accept").expect(200);
    }

    @Test
    void an_offer_that_is_not_accepted_in_time_passes_on_to_the_next_who_fits() {
        var slot = desk.slot(2);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        desk.book(slot, 1).expect(201);
        var first = desk.wait("slotId", slot, 1).expect(201).at("/id");
        var tooMany = desk.wait("slotId", slot, 2).expect(201).at("/id");
        var next = desk.wait("slotId", slot, 1).expect(201).at("/id");
        desk.act(booking, "cancel").expect(200);
        assertThat(desk.entry(first).at("/status")).isEqualTo("proposed");
        assertThat(desk.entry(next).at("/status")).isEqualTo("waitlist");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(desk.entry(next).at("/status")).isEqualTo("proposed"));
        var expired = desk.entry(first);
        assertThat(expired.at("/status")).isEqualTo("cancelled");
        assertThat(expired.at("/cancellationReason")).isEqualTo("offer-expired");
        assertThat(bookingStatus(expired.at("/bookingId"))).isEqualTo("cancelled");
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
    void a_repeated_request_is_answered_as_before_though_its_slot_is_closed_by_now() {
        var slot = desk.slot(1);
        desk.book(slot, 1).expect(201);
        var body = """
                {"slotId":"%s","customer":{"name":"Bo"}}""".formatted(slot);
        var first = desk.api()
                .with("Idempotency-Key", "c")
                .post("/v1/waitlist", body)
                .expect(201);
        desk.api().patch("/v1/slots/" + slot, "{\"status\":\"closed\"}").expect(200);
        var second = desk.api()
                .with("Idempotency-Key", "c")
                .post("/v1/waitlist", body)
                .expect(201);
        assertThat(second.at("/id")).isEqualTo(first.at("/id"));
    }

    @Test
    void who_leaves_waits_no_longer_and_passes_an_offer_on() {
        var slot = desk.slot(1);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        var gone = desk.wait("slotId", slot, 1).expect(201).at("/id");
        var declining = desk.wait("slotId", slot, 1).expect(201).at("/id");
        var next = desk.wait("slotId", slot, 1).expect(201).at("/id");
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
        var entry = desk.wait("slotId", slot, 1).expect(201).at("/id");
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
        var booking = desk.book(slot, 1).expect(201).at("/id");
        var entry = desk.wait("slotId", slot, 1).expect(201).at("/id");
        desk.act(booking, "cancel").expect(200);
        var mine = desk.api().post("/v1/bookings", """
                {"slotId":"%s","customer":{"name":"Bo","email":"BO@example.org"}}""".formatted(other)).expect(201);
        assertThat(desk.answer(entry, "accept").expect(409).at("/type"))
                .isEqualTo("urn:carillon:problem:customer-limit");
        desk.act(mine.at("/id"), "cancel").expect(200);
        desk.answer(entry, "accept").expect(200);
    }

    @Test
    void a_repeated_request_joins_once_and_accepts_once() {
        var slot = desk.slot(1);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        var body = """
                {"slotId":"%s","customer":{"name":"Bo"}}""".formatted(slot);
        var first = desk.api()
                .with("Idempotency-Key", "j")
                .post("/v1/waitlist", body)
                .expect(201);
        var second = desk.api()
                .with("Idempotency-Key", "j")
                .post("/v1/waitlist", body)
                .expect(201);
        assertThat(second.at("/id")).isEqualTo(first.at("/id"));
        desk.act(booking, "cancel").expect(200);
        var path = "/v1/waitlist/" + first.at("/id") + "/accept";
        desk.api().with("Idempotency-Key", "a").post(path).expect(200);
        assertThat(desk.api()
                        .with("Idempotency-Key", "a")
                        .post(path)
                        .expect(200)
                        .at("/status"))
                .isEqualTo("booked");
        assertThat(desk.api()
                        .get("/v1/waitlist?slotId=" + slot)
                        .expect(200)
                        .json()
                        .at("/items"))
                .hasSize(1);
    }

    @Test
    void who_leaves_twice_with_one_key_leaves_once_whether_they_waited_had_an_offer_or_had_left_before() {
        var slot = desk.slot(1);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        var offered = desk.wait("slotId", slot, 1).expect(201).at("/id");
        var waiting = desk.wait("slotId", slot, 1).expect(201).at("/id");
        var gone = desk.wait("slotId", slot, 1).expect(201).at("/id");
        desk.answer(gone, "leave").expect(200);
        desk.act(booking, "cancel").expect(200);
        assertThat(desk.entry(offered).at("/status")).isEqualTo("proposed");
        for (var entry : List.of(waiting, offered, gone)) {
            var keyed = desk.api().with("Idempotency-Key", "l");
            var path = "/v1/waitlist/" + entry + "/leave";
            assertThat(keyed.post(path).expect(200).header("Idempotency-Replayed"))
                    .isEmpty();
            var again = keyed.post(path).expect(200);
            assertThat(again.header("Idempotency-Replayed")).hasValue("true");
            assertThat(again.at("/id")).isEqualTo(entry);
            assertThat(again.at("/status")).isEqualTo("cancelled");
            assertThat(Outbox.about(entry).stream().filter(row -> row.type().equals("carillon.waitlist.left.v1")))
                    .hasSize(1);
        }
    }

    @Test
    void a_refusal_to_let_somebody_leave_is_not_remembered() {
        var slot = desk.slot(1);
        var entry = desk.wait("slotId", slot, 1).expect(201).at("/id");
        desk.answer(entry, "accept").expect(200);
        var keyed = desk.api().with("Idempotency-Key", "r");
        for (int time = 0; time < 2; time++) {
            keyed.post("/v1/waitlist/" + entry + "/leave").expectProblem(409, "transition-refused");
        }
    }

    @Test
    void what_is_offered_is_accepted_only_at_the_revision_that_is_meant() {
        var slot = desk.slot(1);
        var entry = desk.wait("slotId", slot, 1).expect(201);
        assertThat(entry.header("ETag")).hasValue("\"1\"");
        assertThat(desk.entry(entry.at("/id")).header("ETag")).hasValue("\"1\"");
        var path = "/v1/waitlist/" + entry.at("/id") + "/accept";
        desk.api().with("If-Match", "x").post(path).expectProblem(400, "invalid-parameter");
        desk.api().with("If-Match", "\"2\"").post(path).expectProblem(412, "version-mismatch");

        var meant = desk.api().with("If-Match", "\"1\"").with("Idempotency-Key", "m");
        assertThat(meant.post(path).expect(200).header("ETag")).hasValue("\"2\"");
        var again = meant.post(path).expect(200);
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(again.header("ETag")).hasValue("\"2\"");
        desk.api().with("If-Match", "\"1\"").post(path).expectProblem(412, "version-mismatch");
    }

    @Test
    void somebody_leaves_only_at_the_revision_that_is_meant_and_an_offer_does_not_move_it() {
        var slot = desk.slot(1);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        var offered = desk.wait("slotId", slot, 1).expect(201).at("/id");
        var waiting = desk.wait("slotId", slot, 1).expect(201).at("/id");
        desk.act(booking, "cancel").expect(200);
        assertThat(desk.entry(offered).at("/status")).isEqualTo("proposed");
        for (var entry : List.of(waiting, offered)) {
            assertThat(desk.entry(entry).header("ETag")).hasValue("\"1\"");
            var path = "/v1/waitlist/" + entry + "/leave";
            desk.api().with("If-Match", "\"2\"").post(path).expectProblem(412, "version-mismatch");
            var meant = desk.api().with("If-Match", "\"1\"").with("Idempotency-Key", "m");
            assertThat(meant.post(path).expect(200).header("ETag")).hasValue("\"2\"");
            assertThat(meant.post(path).expect(200).header("Idempotency-Replayed"))
                    .hasValue("true");
            desk.api().with("If-Match", "\"1\"").post(path).expectProblem(412, "version-mismatch");
            desk.api().with("If-Match", "\"2\"").post(path).expect(200);
        }
    }

    @Test
    void what_is_wrong_with_a_request_is_said() {
        var slot = desk.slot(1);
        var resource = desk.resource();
        desk.api().post("/v1/waitlist", "{\"customer\":{\"name\":\"Bo\"}}").expect(422);
        desk.api().post("/v1/waitlist", """
                {"slotId":"%s","resourceId":"%s","customer":{"name":"Bo"}}""".formatted(slot, resource)).expect(422);
        desk.wait("slotId", slot, 0).expect(422);
        desk.wait("slotId", UUID.randomUUID().toString(), 1).expect(404);
        desk.wait("resourceId", UUID.randomUUID().toString(), 1).expect(404);
        Desk.of("other-" + UUID.randomUUID()).wait("slotId", slot, 1).expect(404);
        var entry = desk.wait("slotId", slot, 1).expect(201).at("/id");
        Desk.of("other-" + UUID.randomUUID()).answer(entry, "accept").expect(404);
        Desk.of("other-" + UUID.randomUUID()).answer(entry, "leave").expect(404);
        desk.api().patch("/v1/slots/" + slot, "{\"status\":\"closed\"}").expect(200);
        assertThat(desk.wait("slotId", slot, 1).expect(409).at("/type")).isEqualTo("urn:carillon:problem:slot-closed");
    }

    @Test
    void who_waits_for_a_slot_that_begins_is_told_so() {
        var slot = desk.slot(desk.resource(), 1, Duration.ofSeconds(6));
        desk.book(slot, 1).expect(201);
        var entry = desk.wait("slotId", slot, 1).expect(201).at("/id");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(desk.entry(entry).at("/status")).isEqualTo("cancelled"));
        assertThat(desk.entry(entry).at("/cancellationReason")).isEqualTo("slot-began");
    }

    @Test
    void one_offer_is_accepted_once_by_sixteen_at_a_time_or_left_but_never_both() throws Exception {
        for (int round = 0; round < 8; round++) {
            var slot = desk.slot(1);
            var booking = desk.book(slot, 1).expect(201).at("/id");
            var entry = desk.wait("slotId", slot, 1).expect(201).at("/id");
            desk.act(booking, "cancel").expect(200);
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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_is_offered_is_withdrawn_when_its_slot_is_closed_by_hand_or_by_hours_and_offered_again_once_it_is_open(
            boolean byHand) {
        var resource = openEveryDay();
        var slot = lastSlot(resource);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        var entry = desk.wait("slotId", slot, 1).expect(201).at("/id");
        desk.act(booking, "cancel").expect(200);
        var offered = desk.entry(entry).at("/bookingId");

        if (byHand) {
            status(slot, "closed");
        } else {
            desk.api().patch("/v1/resources/" + resource, "{\"weekly\":[]}").expect(200);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(bookingStatus(offered)).isEqualTo("cancelled"));
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
            status(slot, "open");
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
        status(slot, "closed");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(desk.entry(entry.at("/id")).at("/offer/slotId"))
                        .isEqualTo(other));
        assertThat(desk.booked(slot)).isZero();
        assertThat(desk.booked(other)).isEqualTo(1);
    }

    @Test
    void what_is_offered_in_a_slot_that_is_closed_is_not_accepted_and_its_places_are_free() {
        var slot = desk.slot(1);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        var entry = desk.wait("slotId", slot, 1).expect(201).at("/id");
        desk.act(booking, "cancel").expect(200);
        var offered = desk.entry(entry).at("/bookingId");
        closeBeforeAnybodyIsTold(slot);

        desk.answer(entry, "accept").expectProblem(409, "slot-closed");

        assertThat(bookingStatus(offered)).isEqualTo("cancelled");
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
            var booking = desk.book(slot, 1).expect(201).at("/id");
            var entry = desk.wait("slotId", slot, 1).expect(201).at("/id");
            desk.act(booking, "cancel").expect(200);
            var offered = desk.entry(entry).at("/bookingId");
            Answer accepted;
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var accepting = threads.submit(() -> desk.answer(entry, "accept"));
                var closing = threads.submit(() -> status(slot, "closed"));
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
                assertThat(bookingStatus(offered)).isEqualTo("booked");
                assertThat(Outbox.typesAbout(offered)).endsWith("carillon.booking.slot-changed.v1");
            } else {
                assertThat(accepted.expect(409).at("/type"))
                        .isIn("urn:carillon:problem:slot-closed", "urn:carillon:problem:transition-refused");
                assertThat(desk.entry(entry).at("/status")).isEqualTo("waitlist");
                assertThat(bookingStatus(offered)).isEqualTo("cancelled");
            }
            assertThat(desk.booked(slot)).isEqualTo(accepted.status() == 200 ? 1 : 0);
        }
    }

    @Test
    void who_leaves_while_the_slot_is_closed_has_left_and_leaks_no_place() throws Exception {
        for (int round = 0; round < 8; round++) {
            var slot = desk.slot(1);
            var booking = desk.book(slot, 1).expect(201).at("/id");
            var entry = desk.wait("slotId", slot, 1).expect(201).at("/id");
            desk.act(booking, "cancel").expect(200);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var leaving = threads.submit(() -> desk.answer(entry, "leave"));
                var closing = threads.submit(() -> status(slot, "closed"));
                closing.get();
                assertThat(leaving.get().expect(200).at("/status")).isEqualTo("cancelled");
            }
            assertThat(desk.entry(entry).at("/status")).isEqualTo("cancelled");
            assertThat(desk.booked(slot)).isZero();
        }
    }

    private Answer status(String slot, String status) {
        return desk.api()
                .patch("/v1/slots/" + slot, "{\"status\":\"" + status + "\"}")
                .expect(200);
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

    private String bookingStatus(String booking) {
        return desk.api().get("/v1/bookings/" + booking).expect(200).at("/status");
    }
}
