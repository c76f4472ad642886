package dev.carillon.booking.reservation.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Scheduler;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.testing.contract.EventContract;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class MessageListenerQuarkusTest {
    private final String tenant = "acme-" + UUID.randomUUID();
    private final Desk desk = Desk.of(tenant);
    private final Scheduler scheduler = new Scheduler();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void a_reminder_that_failed_marks_its_booking_until_it_is_delivered_after_all() {
        var slot = desk.slot(2);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        desk.book(slot, 1).expect(201);
        var message = UUID.randomUUID();
        scheduler.says(tenant, booking, message, "failed", 4);
        await().untilAsserted(() -> assertThat(failed()).containsExactly(booking));
        var shown = desk.api().get("/v1/bookings/" + booking).expect(200);
        assertThat(shown.at("/messages/0/messageId")).isEqualTo(message.toString());
        assertThat(shown.at("/messages/0/purpose")).isEqualTo("reminder");
        assertThat(shown.at("/messages/0/status")).isEqualTo("failed");
        assertThat(shown.at("/messages/0/error")).isEqualTo("550 no such mailbox");
        assertThat(shown.header("ETag")).hasValue("\"1\"");

        scheduler.says(tenant, booking, message, "delivered", 6);
        await().untilAsserted(() -> assertThat(failed()).isEmpty());
    }

    @Test
    void what_marks_a_booking_is_a_reminder_of_the_time_that_it_is_booked_for() {
        var slot = desk.slot(3);
        var moved = desk.book(slot, 1).expect(201).at("/id");
        var cancelled = desk.book(slot, 1).expect(201).at("/id");
        var unconfirmed = desk.book(slot, 1).expect(201).at("/id");
        scheduler.says(tenant, moved, UUID.randomUUID(), "failed", 1);
        scheduler.says(tenant, cancelled, UUID.randomUUID(), "expired", 1);
        await().untilAsserted(() -> assertThat(failed()).containsExactlyInAnyOrder(moved, cancelled));

        scheduler.says(tenant, unconfirmed, UUID.randomUUID(), "failed", 1, "confirmation", 0);
        await().untilAsserted(() -> assertThat(messages(unconfirmed)).hasSize(1));
        desk.api().post("/v1/bookings/" + cancelled + "/cancel").expect(200);
        desk.api()
                .post("/v1/bookings/" + moved + "/reschedule", "{\"slotId\":\"" + desk.slot(1) + "\"}")
                .expect(200);
        assertThat(failed()).isEmpty();

        scheduler.says(tenant, moved, UUID.randomUUID(), "failed", 1, "reminder", 1);
        await().untilAsserted(() -> assertThat(failed()).containsExactly(moved));
    }

    @Test
    void older_news_that_come_late_do_not_undo_newer_ones() {
        var booking = desk.book(desk.slot(1), 1).expect(201).at("/id");
        var late = UUID.randomUUID();
        scheduler.says(tenant, booking, late, "delivered", 6);
        scheduler.says(tenant, booking, late, "failed", 4);
        var expired = UUID.randomUUID();
        scheduler.says(tenant, booking, expired, "expired", 3);
        await().untilAsserted(() -> assertThat(messages(booking)).hasSize(2));
        assertThat(messages(booking).findValuesAsText("status")).containsExactlyInAnyOrder("delivered", "expired");
    }

    @Test
    void news_of_another_tenants_message_and_of_no_booking_change_nothing_and_stop_nothing() {
        var booking = desk.book(desk.slot(1), 1).expect(201).at("/id");
        scheduler.says("other", booking, UUID.randomUUID(), "failed", 1);
        scheduler.says(tenant, UUID.randomUUID().toString(), UUID.randomUUID(), "failed", 1);
        scheduler.says(tenant, "not-a-uuid", UUID.randomUUID(), "failed", 1);
        scheduler.send(tenant, UUID.randomUUID(), "failed", 1, "{}");
        scheduler.send(tenant, UUID.randomUUID(), "rung-twice", 1, "{}");
        // One partition for each message: what is said last may be read first, so every partition gets a last word.
        for (int i = 0; i < 60; i++) {
            scheduler.says(tenant, booking, UUID.randomUUID(), "delivered", 1);
        }
        await().untilAsserted(() -> assertThat(messages(booking)).hasSize(60));
        assertThat(failed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "failed", "expired", "held", "cancelled"})
    void the_least_that_the_contract_lets_the_scheduler_say_is_understood(String status) {
        var booking = desk.book(desk.slot(1), 1).expect(201).at("/id");
        var message = UUID.randomUUID();
        var payload = EventContract.of("carillon.message." + status + ".v1")
                .smallest(Map.of("/messageId", message.toString(), "/source/type", "booking", "/source/id", booking));
        scheduler.send(tenant, message, status, 1, payload);
        await().untilAsserted(() ->
                assertThat(messages(booking).findValuesAsText("status")).containsExactly(status));
    }

    private JsonNode messages(String booking) {
        return desk.api().get("/v1/bookings/" + booking).expect(200).json().at("/messages");
    }

    private List<String> failed() {
        var ids = new ArrayList<String>();
        desk.api()
                .get("/v1/bookings?reminder=failed")
                .expect(200)
                .json()
                .at("/items")
                .forEach(booking -> ids.add(booking.at("/id").asText()));
        return ids;
    }
}
