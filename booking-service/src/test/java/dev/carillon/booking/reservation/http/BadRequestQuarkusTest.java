package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class BadRequestQuarkusTest {
    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"customer\":{\"name\":\"Ana\"}} | 422 | invalid-request | /slotId",
                "{\"slotId\":\"nine\",\"customer\":{\"name\":\"Ana\"}} | 422 | invalid-request | /slotId",
                "{\"slotId\":\"SLOT-1\",\"customer\":{\"name\":\"Ana\"}} | 422 | invalid-request | /slotId",
                "{\"slotId\":\"SLOT\"} | 422 | invalid-request | /customer",
                "{\"slotId\":\"SLOT\",\"customer\":{}} | 422 | invalid-request | /customer/name",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\" \"}} | 422 | invalid-request | /customer/name",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\"},\"places\":0} | 422 | invalid-request | /places",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\"},\"places\":-1} | 422 | invalid-request | /places",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\"},\"places\":2147483647} | 422 | invalid-request | /places",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\"},\"places\":1.5} | 400 | invalid-field | /places",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\"},\"places\":3000000000} | 400 | invalid-field | /places",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\",\"email\":\"nobody\"}} | 422 | invalid-request | /customer/email",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\",\"email\":\"a@b\\r\\nBcc: c@d\"}} | 422 | invalid-request | /customer/email",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\\nB\"}} | 422 | invalid-request | /customer/name",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\",\"telegramChatId\":\"x\"}} | 422 | invalid-request | /customer/telegramChatId",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\",\"zone\":\"Mars/Olympus\"}} | 422 | unknown-zone | /customer/zone",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\",\"language\":\"-\"}} | 422 | invalid-request | /customer/language",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\"},\"hold\":\"soon\"} | 422 | invalid-request | /hold",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\"},\"hold\":\"PT0S\"} | 422 | invalid-request | /hold",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\"},\"hold\":\"P2D\"} | 422 | invalid-request | /hold",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"Ana\"},\"colour\":\"red\"} | 400 | unknown-field | /colour",
                "{\"slotId\":\"SLOT\",\"customer\":{\"name\":\"A\\u0000\"}} | 400 | invalid-text | /customer/name",
            })
    void a_booking_that_cannot_be_is_refused_and_the_fault_named(String body, int status, String slug, String pointer) {
        var slot = desk.slot(1);
        var refused =
                desk.api().post("/v1/bookings", body.replace("SLOT", slot)).expectProblem(status, slug);
        assertThat(refused.at("/errors/0/pointer")).isEqualTo(pointer);
        assertThat(desk.booked(slot)).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/waitlist | {\"slotId\":\"nine\",\"customer\":{\"name\":\"Bo\"}} | /slotId",
                "/v1/waitlist | {\"resourceId\":\"\",\"customer\":{\"name\":\"Bo\"}} | /resourceId",
                "/v1/slots | {\"resourceId\":\"nine\",\"startAt\":\"2099-01-01T09:00:00Z\"} | /resourceId",
                "/v1/slots | {\"startAt\":\"2099-01-01T09:00:00Z\"} | /resourceId",
                "/v1/bookings/BOOKING/reschedule | {\"slotId\":\"nine\"} | /slotId",
                "/v1/bookings/BOOKING/reschedule | {} | /slotId",
            })
    void an_id_in_a_body_that_is_missing_or_malformed_is_named(String path, String body, String pointer) {
        var booking = desk.book(desk.slot(1), 1).expect(201).at("/id");
        var refused = desk.api().post(path.replace("BOOKING", booking), body).expectProblem(422, "invalid-request");
        assertThat(refused.json().at("/errors")).hasSize(1);
        assertThat(refused.at("/errors/0/pointer")).isEqualTo(pointer);
    }

    @Test
    void every_fault_is_named_a_malformed_id_among_them() {
        var refused = desk.api()
                .post("/v1/bookings", "{\"slotId\":\"nine\",\"places\":0}")
                .expectProblem(422, "invalid-request");
        assertThat(refused.json().at("/errors"))
                .extracting(error -> error.at("/pointer").asText())
                .containsExactlyInAnyOrder("/slotId", "/places", "/customer");
    }

    @Test
    void what_is_no_slot_or_booking_is_not_found() {
        var body = Desk.body(UUID.randomUUID().toString(), 1, "");
        desk.api().post("/v1/bookings", body).expectProblem(404, "not-found");
        desk.act(UUID.randomUUID().toString(), "confirm").expectProblem(404, "not-found");
        desk.act("nine", "cancel").expectProblem(404, "not-found");
        desk.api().post("/v1/bookings", "").expectProblem(400, "malformed-json");
    }
}
