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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class AttendanceQuarkusTest {
    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());

    @Test
    void who_arrives_checks_in_and_is_served_keeps_the_places_and_each_step_is_told_in_full() {
        var slot = desk.slot(3);
        var booking = desk.book(slot, 2).expect(201).at("/id");
        assertThat(desk.act(booking, "arrive").expect(200).at("/status")).isEqualTo("arrived");
        assertThat(desk.act(booking, "check-in").expect(200).at("/status")).isEqualTo("checked-in");
        var fulfilled = desk.act(booking, "fulfil").expect(200);
        assertThat(fulfilled.at("/status")).isEqualTo("fulfilled");
        assertThat(fulfilled.header("ETag")).hasValue("\"4\"");
        assertThat(desk.api().get("/v1/bookings/" + booking).expect(200).json()).isEqualTo(fulfilled.json());
        assertThat(desk.booked(slot)).isEqualTo(2);
        assertThat(desk.api().get("/v1/bookings?status=fulfilled").json().at("/items"))
                .hasSize(1);

        assertThat(Outbox.typesAbout(booking))
                .containsExactly(
                        "carillon.booking.booked.v1",
                        "carillon.booking.arrived.v1",
                        "carillon.booking.checked-in.v1",
                        "carillon.booking.fulfilled.v1");
        var event = Outbox.about(booking).getLast();
        assertThat(event.version()).isEqualTo(4);
        for (var at : List.of("/arrivedAt", "/checkedInAt", "/fulfilledAt")) {
            assertThat(event.payload().at(at).asText()).isNotEmpty().isEqualTo(fulfilled.at(at));
        }
    }

    @Test
    void nobody_fails_to_come_before_the_slot_begins() {
        var slot = desk.slot(desk.resource(), 1, Duration.ofSeconds(4));
        var booked = desk.book(slot, 1).expect(201);
        refused(desk.act(booked.at("/id"), "no-show"), "booked", "noshow");
        await().until(() -> Instant.parse(booked.at("/startAt")).isBefore(Instant.now()));
        var recorded = await().until(() -> desk.act(booked.at("/id"), "no-show"), answer -> answer.status() == 200);
        assertThat(recorded.at("/status")).isEqualTo("noshow");
        refused(desk.act(booked.at("/id"), "arrive"), "noshow", "arrived");
        refused(desk.act(booked.at("/id"), "cancel"), "noshow", "cancelled");
        assertThat(Outbox.typesAbout(booked.at("/id")))
                .containsExactly("carillon.booking.booked.v1", "carillon.booking.no-show.v1");
    }

    @Test
    void who_is_not_booked_does_not_arrive_and_who_has_come_does_not_cancel() {
        var slot = desk.slot(9);
        var held = desk.book(slot, 1, ",\"hold\":\"PT5M\"").expect(201).at("/id");
        refused(desk.act(held, "arrive"), "pending", "arrived");
        var cancelled = desk.book(slot, 1).expect(201).at("/id");
        desk.act(cancelled, "cancel").expect(200);
        refused(desk.act(cancelled, "arrive"), "cancelled", "arrived");
        refused(desk.act(cancelled, "check-in"), "cancelled", "checked-in");
        refused(desk.act(cancelled, "fulfil"), "cancelled", "fulfilled");
        refused(desk.act(cancelled, "no-show"), "cancelled", "noshow");

        var arrived = desk.book(slot, 1).expect(201).at("/id");
        desk.act(arrived, "arrive").expect(200);
        refused(desk.act(arrived, "arrive"), "arrived", "arrived");
        refused(desk.act(arrived, "cancel"), "arrived", "cancelled");
        refused(desk.act(arrived, "confirm"), "arrived", "booked");
        refused(desk.move(arrived, desk.slot(1)), "arrived", "booked");
        assertThat(Outbox.typesAbout(arrived))
                .containsExactly("carillon.booking.booked.v1", "carillon.booking.arrived.v1");
    }

    @Test
    void of_an_arrival_and_a_cancellation_at_once_one_is_refused() throws Exception {
        var slot = desk.slot(20);
        for (int round = 0; round < 20; round++) {
            var booking = desk.book(slot, 1).expect(201).at("/id");
            List<Future<Answer>> answers = new ArrayList<>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var action : List.of("arrive", "cancel")) {
                    answers.add(threads.submit(() -> desk.act(booking, action)));
                }
            }
            assertThat(List.of(
                            answers.get(0).get().status(), answers.get(1).get().status()))
                    .containsExactlyInAnyOrder(200, 409);
            assertThat(Outbox.about(booking)).hasSize(2);
        }
    }

    @Test
    void an_arrival_recorded_twice_with_one_key_is_one_and_another_version_is_told() {
        var booking = desk.book(desk.slot(1), 1).expect(201).at("/id");
        var path = "/v1/bookings/" + booking + "/arrive";
        desk.api().with("If-Match", "\"7\"").post(path).expectProblem(412, "version-mismatch");
        desk.api().with("If-Match", "1").post(path).expectProblem(400, "invalid-parameter");
        var keyed = desk.api().with("If-Match", "\"1\"").with("Idempotency-Key", "a-" + UUID.randomUUID());
        keyed.post(path).expect(200);
        var again = keyed.post(path).expect(200);
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(again.at("/status")).isEqualTo("arrived");
        assertThat(Outbox.about(booking)).hasSize(2);
    }

    @Test
    void another_tenants_booking_and_a_viewers_wish_are_refused() {
        var tenant = "acme-" + UUID.randomUUID();
        var own = Desk.of(tenant);
        var booking = own.book(own.slot(1), 1).expect(201).at("/id");
        desk.act(booking, "arrive").expectProblem(404, "not-found");
        Api.as(Token.of(tenant, "viewer"))
                .post("/v1/bookings/" + booking + "/arrive")
                .expectProblem(403, "forbidden");
        desk.act("nine", "no-show").expectProblem(404, "not-found");
    }

    private static void refused(Answer answer, String from, String to) {
        answer.expectProblem(409, "transition-refused");
        assertThat(answer.at("/from")).isEqualTo(from);
        assertThat(answer.at("/to")).isEqualTo(to);
    }
}
