package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.kit.testing.quarkus.Outbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class BookingQuarkusTest {
    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());

    @Test
    void a_booking_takes_its_places_and_tells_of_it_with_everything_a_consumer_needs() {
        var slot = desk.slot(5);
        var booked = desk.book(slot, 2).expect(201);

        assertThat(booked.at("/status")).isEqualTo("booked");
        assertThat(booked.header("Location").orElseThrow()).endsWith("/v1/bookings/" + id(booked));
        assertThat(booked.header("ETag")).hasValue("\"1\"");
        assertThat(booked.at("/traceId")).matches("[0-9a-f]{32}");
        assertThat(desk.booked(slot)).isEqualTo(2);
        assertThat(desk.api().get("/v1/bookings/" + id(booked)).expect(200).json())
                .isEqualTo(booked.json());

        var event = Outbox.about(id(booked)).getFirst();
        assertThat(event.type()).isEqualTo("carillon.booking.booked.v1");
        assertThat(event.topic()).isEqualTo("carillon.booking.events.v1");
        assertThat(event.key()).isEqualTo(id(booked));
        assertThat(event.version()).isEqualTo(1);
        assertThat(event.traceparent()).contains(booked.at("/traceId"));
        var payload = event.payload();
        assertThat(payload.at("/bookingId").asText()).isEqualTo(id(booked));
        assertThat(payload.at("/resource/name").asText()).isEqualTo("Dr. Rao");
        assertThat(payload.at("/resource/zone").asText()).isEqualTo("Asia/Kolkata");
        assertThat(payload.at("/slot/startAt").asText()).isEqualTo(booked.at("/startAt"));
        assertThat(payload.at("/customer/zone").asText()).isEqualTo("Europe/Lisbon");
        assertThat(payload.at("/reminders").toString()).isEqualTo("[\"P1D\",\"PT1H\"]");
        assertThat(payload.at("/calendar").asText()).contains("METHOD:REQUEST");
        assertThat(payload.has("holdExpiresAt")).isFalse();
    }

    @Test
    void a_full_slot_says_how_many_places_it_has_left_and_takes_what_fits() {
        var slot = desk.slot(3);
        desk.book(slot, 2).expect(201);
        assertThat(desk.book(slot, 2)
                        .expectProblem(409, "slot-full")
                        .json()
                        .at("/available")
                        .asInt())
                .isEqualTo(1);
        desk.book(slot, 1).expect(201);
        assertThat(desk.book(slot, 1)
                        .expectProblem(409, "slot-full")
                        .json()
                        .at("/available")
                        .asInt())
                .isZero();
        assertThat(desk.booked(slot)).isEqualTo(3);
    }

    @Test
    void a_closed_slot_takes_no_bookings_and_keeps_those_it_has() {
        var slot = desk.slot(3);
        var booked = desk.book(slot, 1).expect(201);
        desk.api().patch("/v1/slots/" + slot, "{\"status\":\"closed\"}").expect(200);
        desk.book(slot, 1).expectProblem(409, "slot-closed");
        assertThat(desk.booked(slot)).isEqualTo(1);
        assertThat(status(id(booked))).isEqualTo("booked");
    }

    @Test
    void what_is_held_is_not_confirmed_while_its_slot_is_closed_and_nothing_is_moved_there() {
        var resource = desk.resource();
        var slot = desk.slot(resource, 3, Duration.ofDays(1));
        var other = desk.slot(resource, 3, Duration.ofDays(2));
        var held = id(desk.book(slot, 1, ",\"hold\":\"PT5M\"").expect(201));
        var elsewhere = id(desk.book(other, 1).expect(201));
        desk.api().patch("/v1/slots/" + slot, "{\"status\":\"closed\"}").expect(200);

        desk.act(held, "confirm").expectProblem(409, "slot-closed");
        desk.move(elsewhere, slot).expectProblem(409, "slot-closed");
        assertThat(status(held)).isEqualTo("pending");
        assertThat(desk.booked(slot)).isEqualTo(1);
        assertThat(desk.booked(other)).isEqualTo(1);

        desk.move(held, other).expect(200);
        assertThat(desk.act(held, "confirm").expect(200).at("/status")).isEqualTo("booked");
        assertThat(desk.booked(slot)).isZero();
    }

    @Test
    void what_was_held_is_confirmed_once_its_slot_is_open_again() {
        var slot = desk.slot(1);
        var held = id(desk.book(slot, 1, ",\"hold\":\"PT5M\"").expect(201));
        desk.api().patch("/v1/slots/" + slot, "{\"status\":\"closed\"}").expect(200);
        desk.act(held, "confirm").expectProblem(409, "slot-closed");
        desk.api().patch("/v1/slots/" + slot, "{\"status\":\"open\"}").expect(200);
        assertThat(desk.act(held, "confirm").expect(200).at("/status")).isEqualTo("booked");
    }

    @Test
    void a_cancelled_booking_gives_its_places_back_once() {
        var slot = desk.slot(3);
        desk.book(slot, 1).expect(201);
        var booked = desk.book(slot, 2).expect(201);
        var cancelled = desk.act(id(booked), "cancel").expect(200);
        assertThat(cancelled.at("/status")).isEqualTo("cancelled");
        assertThat(cancelled.header("ETag")).hasValue("\"2\"");
        assertThat(desk.booked(slot)).isEqualTo(1);

        assertThat(desk.act(id(booked), "cancel").expect(200).json()).isEqualTo(cancelled.json());
        assertThat(desk.booked(slot)).isEqualTo(1);
        assertThat(Outbox.typesAbout(id(booked)))
                .containsExactly("carillon.booking.booked.v1", "carillon.booking.cancelled.v1");
        var event = Outbox.about(id(booked)).get(1);
        assertThat(event.payload().at("/calendar").asText()).contains("METHOD:CANCEL");
        assertThat(event.traceparent()).contains(cancelled.header("X-Trace-Id").orElseThrow());
    }

    @Test
    void a_hold_keeps_its_places_until_it_is_confirmed() {
        var slot = desk.slot(2);
        var held = desk.book(slot, 2, ",\"hold\":\"PT5M\"").expect(201);
        assertThat(held.at("/status")).isEqualTo("pending");
        assertThat(Duration.between(Instant.parse(held.at("/createdAt")), Instant.parse(held.at("/holdExpiresAt"))))
                .isEqualTo(Duration.ofMinutes(5));
        desk.book(slot, 1).expectProblem(409, "slot-full");

        var confirmed = desk.act(id(held), "confirm").expect(200);
        assertThat(confirmed.at("/status")).isEqualTo("booked");
        assertThat(confirmed.json().has("holdExpiresAt")).isFalse();
        var again = desk.act(id(held), "confirm").expectProblem(409, "transition-refused");
        assertThat(again.at("/from")).isEqualTo("booked");
        assertThat(again.at("/to")).isEqualTo("booked");
        assertThat(desk.booked(slot)).isEqualTo(2);
        assertThat(Outbox.typesAbout(id(held)))
                .containsExactly("carillon.booking.held.v1", "carillon.booking.booked.v1");
    }

    @Test
    void a_hold_that_expires_frees_its_places_by_itself_and_cannot_be_confirmed_any_more() {
        var slot = desk.slot(2);
        var held = desk.book(slot, 2, ",\"hold\":\"PT1S\"").expect(201);
        await().until(() -> status(id(held)).equals("cancelled"));
        assertThat(desk.booked(slot)).isZero();
        var refused = desk.act(id(held), "confirm").expectProblem(409, "transition-refused");
        assertThat(refused.at("/from")).isEqualTo("cancelled");
        assertThat(desk.api().get("/v1/bookings/" + id(held)).at("/cancellationReason"))
                .isEqualTo("hold-expired");
        assertThat(Outbox.typesAbout(id(held)))
                .containsExactly("carillon.booking.held.v1", "carillon.booking.hold-expired.v1");
        assertThat(Outbox.about(id(held)).get(1).payload().has("calendar")).isFalse();
    }

    @Test
    void a_move_takes_places_there_and_gives_back_those_here_or_does_neither() {
        var resource = desk.resource();
        var morning = desk.slot(resource, 2, Duration.ofDays(1));
        var evening = desk.slot(resource, 2, Duration.ofDays(2));
        var booked = desk.book(morning, 2).expect(201);
        var other = desk.book(evening, 1).expect(201);

        desk.move(id(booked), evening).expectProblem(409, "slot-full");
        assertThat(desk.booked(morning)).isEqualTo(2);
        assertThat(desk.booked(evening)).isEqualTo(1);

        desk.act(id(other), "cancel").expect(200);
        var moved = desk.move(id(booked), evening).expect(200);
        assertThat(moved.at("/slotId")).isEqualTo(evening);
        assertThat(moved.json().at("/sequence").asInt()).isEqualTo(1);
        assertThat(desk.booked(morning)).isZero();
        assertThat(desk.booked(evening)).isEqualTo(2);

        assertThat(desk.move(id(booked), evening).expect(200).json()).isEqualTo(moved.json());
        var events = Outbox.about(id(booked));
        assertThat(events).hasSize(2);
        assertThat(events.get(1).type()).isEqualTo("carillon.booking.rescheduled.v1");
        assertThat(events.get(1).version()).isEqualTo(2);
        assertThat(events.get(1).payload().at("/sequence").asInt()).isEqualTo(1);
        assertThat(events.get(1).payload().at("/calendar").asText()).contains("SEQUENCE:1");

        desk.act(id(booked), "cancel").expect(200);
        desk.move(id(booked), morning).expectProblem(409, "transition-refused");
    }

    @Test
    void a_name_may_have_whatever_names_have() {
        var slot = desk.slot(1);
        var body = """
                {"slotId":"%s","customer":{"name":"Robert \\"Bob\\" O'Neil; Smith, Jr: ^x","email":"bob@example.org"}}""".formatted(slot);
        var booked = desk.api().post("/v1/bookings", body).expect(201);
        assertThat(Outbox.about(id(booked)).getFirst().payload().at("/calendar").asText())
                .contains("BEGIN:VEVENT", "mailto:bob@example.org");
    }

    @Test
    void who_waits_for_a_move_finds_the_booking_where_it_was_moved_to() throws Exception {
        var resource = desk.resource();
        var morning = desk.slot(resource, 1, Duration.ofDays(1));
        var evening = desk.slot(resource, 1, Duration.ofDays(2));
        for (int round = 0; round < 20; round++) {
            var held = id(desk.book(morning, 1, ",\"hold\":\"PT5M\"").expect(201));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var moved = threads.submit(() -> desk.move(held, evening));
                var cancelled = threads.submit(() -> desk.act(held, "cancel"));
                assertThat(moved.get().status()).isIn(200, 409);
                cancelled.get().expect(200);
            }
            assertThat(desk.booked(morning)).isZero();
            assertThat(desk.booked(evening)).isZero();
        }
    }

    @Test
    void the_same_request_twice_with_one_key_is_one_booking() {
        var slot = desk.slot(5);
        var keyed = desk.api().with("Idempotency-Key", "k-" + UUID.randomUUID());
        var first = keyed.post("/v1/bookings", Desk.body(slot, 2, "")).expect(201);
        var again = keyed.post("/v1/bookings", Desk.body(slot, 2, "")).expect(201);
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(id(again)).isEqualTo(id(first));
        assertThat(desk.booked(slot)).isEqualTo(2);
        keyed.post("/v1/bookings", Desk.body(slot, 1, "")).expectProblem(422, "idempotency-key-reused");

        var cancel = desk.api().with("Idempotency-Key", "c-" + UUID.randomUUID());
        cancel.post("/v1/bookings/" + id(first) + "/cancel").expect(200);
        assertThat(cancel.post("/v1/bookings/" + id(first) + "/cancel")
                        .expect(200)
                        .header("Idempotency-Replayed"))
                .hasValue("true");
    }

    @Test
    void who_means_another_version_than_the_current_one_is_told_so() {
        var booked = desk.book(desk.slot(1), 1).expect(201);
        desk.api()
                .with("If-Match", "\"7\"")
                .post("/v1/bookings/" + id(booked) + "/cancel")
                .expectProblem(412, "version-mismatch");
        desk.api()
                .with("If-Match", "\"1\"")
                .post("/v1/bookings/" + id(booked) + "/cancel")
                .expect(200);
    }

    @Test
    void another_tenants_slots_and_bookings_do_not_exist() {
        var slot = desk.slot(2);
        var booked = desk.book(slot, 1).expect(201);
        var other = Desk.of("other-" + UUID.randomUUID());
        other.book(slot, 1).expectProblem(404, "not-found");
        other.api().get("/v1/bookings/" + id(booked)).expectProblem(404, "not-found");
        other.act(id(booked), "cancel").expectProblem(404, "not-found");
        other.api().get("/v1/slots/" + slot).expectProblem(404, "not-found");
        other.api().patch("/v1/slots/" + slot, "{\"capacity\":9}").expectProblem(404, "not-found");
        var theirs = other.book(other.slot(1), 1).expect(201);
        other.move(id(theirs), slot).expectProblem(404, "not-found");
        assertThat(desk.booked(slot)).isEqualTo(1);
        assertThat(other.api().get("/v1/bookings").json().at("/items")).hasSize(1);
    }

    @Test
    void a_viewer_reads_and_does_not_book() {
        var slot = desk.slot(1);
        var viewer = Api.as(Token.of("acme-viewer", "viewer"));
        viewer.get("/v1/bookings").expect(200);
        viewer.post("/v1/bookings", Desk.body(slot, 1, "")).expectProblem(403, "forbidden");
        Api.anonymous().get("/v1/bookings").expectProblem(401, "unauthenticated");
    }

    @Test
    void bookings_are_listed_by_what_is_asked_for_newest_first() {
        var slot = desk.slot(9);
        var first = desk.book(slot, 1).expect(201);
        var second = desk.book(slot, 1, ",\"hold\":\"PT5M\"").expect(201);
        var third = desk.book(desk.slot(1), 1).expect(201);
        var list = desk.api();
        assertThat(ids(list.get("/v1/bookings"))).containsExactly(id(third), id(second), id(first));
        assertThat(ids(list.get("/v1/bookings?slotId=" + slot))).containsExactly(id(second), id(first));
        assertThat(ids(list.get("/v1/bookings?status=pending"))).containsExactly(id(second));
        assertThat(ids(list.get("/v1/bookings?resourceId=" + third.at("/resourceId"))))
                .containsExactly(id(third));
        assertThat(ids(list.get("/v1/bookings?reminder=failed"))).isEmpty();
        var page = list.get("/v1/bookings?limit=2");
        assertThat(ids(list.get("/v1/bookings?limit=2&cursor=" + page.at("/nextCursor"))))
                .containsExactly(id(first));
        list.get("/v1/bookings?reminder=late").expectProblem(400, "invalid-parameter");
        list.get("/v1/bookings?status=gone").expectProblem(400, "invalid-parameter");
    }

    private static List<String> ids(Answer page) {
        return page.expect(200).json().at("/items").findValuesAsText("id").stream()
                .filter(id -> id.length() == 36)
                .toList();
    }

    private static String id(Answer booking) {
        return booking.at("/id");
    }

    private String status(String booking) {
        return desk.api().get("/v1/bookings/" + booking).expect(200).at("/status");
    }
}
