package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.testing.quarkus.Outbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Requests to join, accept and leave: repeated, outdated or wrong. */
@QuarkusTest
@TestProfile(Surroundings.class)
class WaitlistRequestsQuarkusTest {
    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());

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
        desk.setStatus(slot, "closed");
        var second = desk.api()
                .with("Idempotency-Key", "c")
                .post("/v1/waitlist", body)
                .expect(201);
        assertThat(second.at("/id")).isEqualTo(first.at("/id"));
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
        var offered = desk.waiting(slot);
        var waiting = desk.waiting(slot);
        var gone = desk.waiting(slot);
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
        var entry = desk.waiting(slot);
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
        var offered = desk.waiting(slot);
        var waiting = desk.waiting(slot);
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
        var entry = desk.waiting(slot);
        Desk.of("other-" + UUID.randomUUID()).answer(entry, "accept").expect(404);
        Desk.of("other-" + UUID.randomUUID()).answer(entry, "leave").expect(404);
        desk.setStatus(slot, "closed");
        assertThat(desk.wait("slotId", slot, 1).expect(409).at("/type")).isEqualTo("urn:carillon:problem:slot-closed");
    }
}
