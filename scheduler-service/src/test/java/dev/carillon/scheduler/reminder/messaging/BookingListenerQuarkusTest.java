package dev.carillon.scheduler.reminder.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.kit.testing.contract.EventContract;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.quarkus.Outbox;
import dev.carillon.scheduler.support.BookingEvents;
import dev.carillon.scheduler.support.DeadLetterTopic;
import dev.carillon.scheduler.support.Delivery;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class BookingListenerQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Instant FRIDAY = Instant.parse("2036-11-28T04:30:00Z");
    private static final Instant SATURDAY = Instant.parse("2036-11-29T04:30:00Z");
    private static final Instant SUNDAY = Instant.parse("2036-11-30T04:30:00Z");

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Api api = Api.of(tenant);
    private final BookingEvents booking = new BookingEvents(tenant);
    private final Delivery delivery = new Delivery();

    @AfterEach
    void close() {
        booking.close();
        delivery.close();
    }

    @Test
    void a_booking_is_confirmed_at_once_with_its_calendar_file_and_its_reminder_waits() {
        booking.booked(1, FRIDAY);
        awaitMessages("confirmation staged", "reminder scheduled");

        var confirmation = message("confirmation");
        var staged = Outbox.about(confirmation.at("/id").asText()).getFirst();
        assertThat(staged.type()).isEqualTo("carillon.message.staged.v1");
        assertThat(staged.payload().at("/to/address").asText()).isEqualTo("ana@example.org");
        assertThat(staged.payload().at("/source/id").asText())
                .isEqualTo(booking.bookingId().toString());
        assertThat(staged.payload().at("/content/subject").asText())
                .isEqualTo("Booked: Dr. Rao, Friday, 28 November 2036, 05:30 (Europe/Berlin)");
        assertThat(staged.payload().at("/content/text").asText()).contains("Places: 2");
        var file = staged.payload().at("/content/attachments/0");
        assertThat(file.at("/contentType").asText()).isEqualTo("text/calendar; charset=utf-8; method=REQUEST");
        assertThat(new String(Base64.getDecoder().decode(file.at("/base64").asText()), UTF_8))
                .startsWith("BEGIN:VCALENDAR\r\n");

        var reminder = message("reminder");
        assertThat(reminder.at("/dueAt").asText()).isEqualTo("2036-11-28T03:30:00Z");
        assertThat(reminder.at("/expiresAt").asText()).isEqualTo("2036-11-28T04:30:00Z");
        assertThat(reminder.at("/localDueAt").asText()).startsWith("2036-11-28T09:00");
        assertThat(reminder.at("/metadata/before").asText()).isEqualTo("PT1H");
    }

    @Test
    void the_messages_continue_the_trace_of_the_bookings_request() {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        booking.send(
                UUID.fromString("0199aaaa-0000-7000-8000-"
                        + booking.bookingId().toString().substring(24)),
                "booked",
                1,
                booking.payload("booked", 0, FRIDAY),
                "00-" + trace + "-00f067aa0ba902b7-01");
        awaitMessages("confirmation staged", "reminder scheduled");
        assertThat(messages())
                .allSatisfy(one -> assertThat(one.at("/traceId").asText()).isEqualTo(trace));
        assertThat(Outbox.about(message("confirmation").at("/id").asText())
                        .getFirst()
                        .traceparent())
                .contains(trace)
                .doesNotContain("00f067aa0ba902b7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"booked", "rescheduled"})
    void the_least_that_the_contract_lets_booking_say_is_understood(String kind) {
        var values = Map.of(
                "/bookingId",
                booking.bookingId().toString(),
                "/resource/zone",
                "Asia/Kolkata",
                "/slot/startAt",
                FRIDAY.toString(),
                "/customer/telegramChatId",
                "4711");
        var booked = new HashMap<>(values);
        booked.put("/status", "booked");
        booking.says("held", 1, EventContract.of("carillon.booking.held.v1").smallest(values));
        booking.says(
                kind, 2, EventContract.of("carillon.booking." + kind + ".v1").smallest(booked));
        awaitMessages("confirmation staged");
        booking.says(
                "cancelled",
                3,
                EventContract.of("carillon.booking.cancelled.v1").smallest(values));
        awaitMessages("confirmation recalling");
    }

    @Test
    void events_that_come_twice_or_late_change_nothing() {
        var payload = booking.payload("booked", 0, FRIDAY);
        var id = booking.says("booked", 2, payload);
        booking.send(id, "booked", 2, payload, null);
        booking.says("booked", 2, payload);
        booking.says("held", 1, booking.payload("pending", 0, FRIDAY));
        awaitAllRead();
        awaitMessages("confirmation staged", "reminder scheduled");
    }

    @Test
    void a_move_ends_what_was_meant_for_the_old_time() {
        booking.booked(1, FRIDAY);
        awaitMessages("confirmation staged", "reminder scheduled");
        delivery.says("delivered", message("confirmation").at("/id").asText(), 2, 1);
        awaitMessages("confirmation delivered", "reminder scheduled");

        booking.moved(2, 1, SATURDAY);
        awaitMessages("confirmation delivered", "reminder cancelled", "moved staged", "reminder scheduled");
        assertThat(message("moved").at("/content/text").asText())
                .contains("Old time: Friday, 28 November 2036, 05:30 (Europe/Berlin)")
                .contains("New time: Saturday, 29 November 2036, 05:30 (Europe/Berlin)");
        assertThat(inStatus("scheduled").getFirst().at("/dueAt").asText()).isEqualTo("2036-11-29T03:30:00Z");
    }

    @Test
    void of_two_moves_that_come_in_the_wrong_order_the_later_one_stands() {
        booking.booked(1, FRIDAY);
        awaitMessages("confirmation staged", "reminder scheduled");
        booking.moved(3, 2, SUNDAY);
        booking.moved(2, 1, SATURDAY);
        awaitAllRead();
        awaitMessages("confirmation recalling", "reminder cancelled", "moved staged", "reminder scheduled");
        assertThat(inStatus("scheduled").getFirst().at("/dueAt").asText()).isEqualTo("2036-11-30T03:30:00Z");
    }

    @Test
    void a_cancellation_ends_every_message_and_others_are_told_what_each_was_for() {
        booking.booked(1, FRIDAY);
        awaitMessages("confirmation staged", "reminder scheduled");
        var confirmation = message("confirmation").at("/id").asText();
        var reminder = message("reminder").at("/id").asText();
        booking.cancelled(2, 0, FRIDAY);
        awaitMessages("confirmation recalling", "reminder cancelled", "cancelled staged");

        assertThat(Outbox.typesAbout(confirmation)).contains("carillon.message.recalled.v1");
        var told = Outbox.about(reminder).getLast();
        assertThat(told.type()).isEqualTo("carillon.message.cancelled.v1");
        assertThat(told.payload().at("/metadata/purpose").asText()).isEqualTo("reminder");
        assertThat(told.payload().at("/metadata/before").asText()).isEqualTo("PT1H");
        assertThat(message("cancelled").at("/content/attachments/0/contentType").asText())
                .endsWith("method=CANCEL");
    }

    @Test
    void a_booking_that_is_told_after_its_cancellation_sends_nothing() {
        booking.cancelled(2, 0, FRIDAY);
        booking.booked(1, FRIDAY);
        awaitAllRead();
        awaitMessages("cancelled staged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"booked", "fulfilled", "cancelled"})
    void a_correction_of_what_is_over_sends_nothing_and_counts_as_the_latest_state(String status) {
        booking.says("corrected", 3, corrected(status));
        booking.booked(2, FRIDAY);
        awaitAllRead();
        awaitMessages();
    }

    @Test
    void a_correction_after_a_cancellation_repeats_no_notice() {
        booking.cancelled(2, 0, FRIDAY);
        awaitMessages("cancelled staged");
        booking.says("corrected", 3, corrected("cancelled"));
        awaitAllRead();
        awaitMessages("cancelled staged");
    }

    /** As booking says it once the customer is erased. */
    private String corrected(String status) {
        return EventContract.of("carillon.booking.corrected.v1")
                .smallest(Map.of(
                        "/bookingId",
                        booking.bookingId().toString(),
                        "/status",
                        status,
                        "/bookedAt",
                        "2025-12-01T00:00:00Z",
                        "/resource/zone",
                        "Asia/Kolkata",
                        "/slot/startAt",
                        "2026-01-02T04:30:00Z",
                        "/customer/name",
                        ""));
    }

    @Test
    void a_resources_own_words_are_said_in_its_language_and_what_is_not_understood_in_the_standard_ones() {
        var payload = booking.payload("booked", 0, FRIDAY)
                .replace("\"floor\":3", "\"language\":\"de\"")
                .replace("\"later\":", """
                        "templates":{"confirmation":{"subject":"{weekday}","text":"{places} am {date}","html":"<i>{customer.name}"},
                                     "reminder":{"text":"{"}},"later":""");
        booking.says("booked", 1, payload);
        awaitMessages("confirmation staged", "reminder scheduled");
        var confirmation = message("confirmation");
        assertThat(confirmation.at("/content/subject").asText()).isEqualTo("Freitag");
        assertThat(confirmation.at("/content/text").asText()).isEqualTo("2 am 28. November 2036");
        assertThat(confirmation.at("/content/html").asText()).isEqualTo("<i>Ana");
        assertThat(confirmation.at("/content/attachments")).hasSize(1);
        assertThat(message("reminder").at("/content/text").asText()).contains("this is a reminder of your booking");
    }

    @Test
    void a_resources_markdown_is_what_is_said_by_telegram() {
        var payload = booking.payload("booked", 0, FRIDAY)
                .replace("\"email\":\"ana@example.org\"", "\"telegramChatId\":\"42\"")
                .replace("\"later\":", """
                        "templates":{"confirmation":{"text":"plain","markdown":"*{customer.name}*\\\\."}},"later":""");
        booking.says("booked", 1, payload);
        awaitMessages("confirmation staged", "reminder scheduled");
        var confirmation = message("confirmation");
        assertThat(confirmation.at("/content/markdown").asText()).isEqualTo("*Ana*\\.");
        assertThat(confirmation.at("/content/text").isMissingNode()).isTrue();
    }

    @Test
    void who_is_booked_in_a_slot_that_is_closed_is_told_and_who_did_not_come_is_if_there_are_words_for_it() {
        booking.booked(1, FRIDAY);
        awaitMessages("confirmation staged", "reminder scheduled");
        var closed = booking.payload("booked", 0, FRIDAY).replace("\"slot\":{", "\"slot\":{\"closed\":true,");
        booking.says("slot-changed", 2, closed);
        booking.says("slot-changed", 2, closed);
        awaitAllRead();
        awaitMessages("confirmation staged", "reminder scheduled", "slot-closed staged");
        booking.says(
                "no-show",
                3,
                booking.payload("noshow", 0, FRIDAY)
                        .replace("\"later\":", "\"templates\":{\"noShow\":{\"text\":\"We missed you\"}},\"later\":"));
        awaitMessages("confirmation staged", "reminder scheduled", "slot-closed staged", "no-show staged");
        assertThat(message("no-show").at("/content/text").asText()).isEqualTo("We missed you");
    }

    @Test
    void a_hold_and_its_expiry_send_nothing() {
        var expired = booking.payload("cancelled", 0, FRIDAY)
                .replace("\"bookedAt\":\"2026-01-01T00:00:00Z\",", "\"cancellationReason\":\"hold-expired\",");
        booking.says("held", 1, booking.payload("pending", 0, FRIDAY));
        booking.says("hold-expired", 2, expired);
        awaitAllRead();
        awaitMessages();
    }

    @Test
    void after_a_cancellation_no_retry_follows_the_attempt_that_was_open() {
        booking.booked(1, FRIDAY);
        awaitMessages("confirmation staged", "reminder scheduled");
        var confirmation = message("confirmation").at("/id").asText();
        booking.cancelled(2, 0, FRIDAY);
        awaitMessages("confirmation recalling", "reminder cancelled", "cancelled staged");

        delivery.says("recall-refused", confirmation, 3, 1);
        awaitMessages("confirmation delivering", "reminder cancelled", "cancelled staged");
        delivery.says("retry-scheduled", confirmation, 4, """
                {"messageId":"%s","generation":1,"deliveryId":"%s","attempts":1,"possiblyDelivered":false,
                 "firedAt":"2026-01-01T00:00:00.250Z","nextAttemptAt":"2026-01-01T00:04:00Z"}""".formatted(confirmation, UUID.randomUUID()));
        awaitMessages("confirmation recalling", "reminder cancelled", "cancelled staged");
        assertThat(recalls(confirmation)).isEqualTo(2);

        delivery.says("recalled", confirmation, 5, 1);
        awaitMessages("confirmation cancelled", "reminder cancelled", "cancelled staged");
    }

    @Test
    void after_a_clients_own_cancel_that_was_refused_a_retry_follows() {
        booking.booked(1, FRIDAY);
        awaitMessages("confirmation staged", "reminder scheduled");
        var confirmation = message("confirmation").at("/id").asText();
        delivery.says("accepted", confirmation, 1, 0);
        api.post("/v1/messages/" + confirmation + "/cancel").expect(202);
        delivery.says("recall-refused", confirmation, 3, 1);
        delivery.says("retry-scheduled", confirmation, 4, """
                {"messageId":"%s","generation":1,"deliveryId":"%s","attempts":1,"possiblyDelivered":false,
                 "firedAt":"2026-01-01T00:00:00.250Z","nextAttemptAt":"2026-01-01T00:04:00Z"}""".formatted(confirmation, UUID.randomUUID()));
        awaitMessages("confirmation delivering", "reminder scheduled");
        assertThat(recalls(confirmation)).isEqualTo(1);
    }

    @Test
    void an_event_that_cannot_be_read_becomes_a_dead_letter_and_those_after_it_are_applied() {
        var poison = booking.says("booked", 1, "{\"bookingId\":\"no uuid\"}");
        booking.says("waved-at", 1, "{}");
        booking.booked(2, FRIDAY);
        awaitMessages("confirmation staged", "reminder scheduled");

        var letter = DeadLetterTopic.letterOf("carillon.booking.events.v1.scheduler.dlq", poison);
        assertThat(letter.key()).isEqualTo(booking.bookingId().toString());
        assertThat(DeadLetterTopic.header(letter, "x-carillon-dlq-error")).contains("not readable");
    }

    private static long recalls(String message) {
        return Outbox.typesAbout(message).stream()
                .filter("carillon.message.recalled.v1"::equals)
                .count();
    }

    private void awaitAllRead() {
        try (var follower = booking.follower()) {
            follower.booked(1, FRIDAY);
            await().atMost(PATIENCE).until(() -> !list(follower).isEmpty());
        }
    }

    /** Each as its purpose and its status, in any order. */
    private void awaitMessages(String... wanted) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages().stream()
                        .map(one -> one.at("/metadata/purpose").asText() + " "
                                + one.at("/status").asText()))
                .containsExactlyInAnyOrder(wanted));
    }

    private JsonNode message(String purpose) {
        return messages().stream()
                .filter(one -> one.at("/metadata/purpose").asText().equals(purpose))
                .findFirst()
                .orElseThrow();
    }

    private List<JsonNode> inStatus(String status) {
        return messages().stream()
                .filter(one -> one.at("/status").asText().equals(status))
                .toList();
    }

    private List<JsonNode> messages() {
        return list(booking);
    }

    private List<JsonNode> list(BookingEvents of) {
        var items = api.get(of.listed()).expect(200).json().at("/items");
        return StreamSupport.stream(items.spliterator(), false).toList();
    }
}
