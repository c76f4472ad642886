package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.ReadCalendar;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.quarkus.Outbox;
import dev.carillon.kit.tx.Transactions;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class CalendarQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Inject
    Transactions transactions;

    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());

    @Test
    void a_bookings_file_is_the_event_that_its_customer_was_sent() {
        var booked = desk.book(desk.slot(2), 2).expect(201);
        var answer = file(booked);
        assertThat(answer.header("Content-Type").orElseThrow().replace(" ", ""))
                .isEqualToIgnoringCase("text/calendar;charset=utf-8");
        assertThat(answer.header("Content-Disposition"))
                .hasValue("attachment; filename=\"booking-%s.ics\"".formatted(id(booked)));
        assertThat(answer.header("ETag").orElseThrow()).startsWith("W/\"1-");

        var read = ReadCalendar.of(answer.text());
        var sent = sent(booked);
        assertThat(read.value("METHOD")).isEqualTo("REQUEST");
        assertThat(read.event().value("UID")).isEqualTo(sent.event().value("UID"));
        assertThat(read.event().value("SEQUENCE")).isEqualTo(sent.event().value("SEQUENCE"));
        assertThat(read.event().startAt())
                .isEqualTo(Instant.parse(booked.at("/startAt")).truncatedTo(ChronoUnit.SECONDS));
        assertThat(read.event().value("ATTENDEE")).isEqualTo("mailto:ana@example.org");
    }

    @Test
    void a_move_and_a_cancellation_follow_in_the_same_sequence_as_in_the_mails() {
        var resource = desk.resource();
        var booked = desk.book(desk.slot(resource, 1, Duration.ofDays(1)), 1).expect(201);
        desk.move(id(booked), desk.slot(resource, 1, Duration.ofDays(2))).expect(200);
        assertThat(sequence(ReadCalendar.of(file(booked).text()))).isEqualTo(1).isEqualTo(sequence(sent(booked)));
        desk.act(id(booked), "cancel").expect(200);
        var cancelled = ReadCalendar.of(file(booked).text());
        assertThat(cancelled.value("METHOD")).isEqualTo("CANCEL");
        assertThat(sequence(cancelled)).isEqualTo(2).isEqualTo(sequence(sent(booked)));
    }

    @Test
    void who_has_the_file_already_is_not_sent_it_again_until_the_booking_changes() {
        var booked = desk.book(desk.slot(1), 1).expect(201);
        var path = "/v1/bookings/" + id(booked) + ".ics";
        var tag = file(booked).header("ETag").orElseThrow();
        var known = desk.api().with("If-None-Match", "\"x\", " + tag);
        var unchanged = known.get(path).expect(304);
        assertThat(unchanged.text()).isEmpty();
        assertThat(unchanged.header("ETag")).hasValue(tag);
        desk.act(id(booked), "cancel").expect(200);
        assertThat(known.get(path).expect(200).header("ETag").orElseThrow()).startsWith("W/\"2-");
    }

    @Test
    void who_has_the_file_already_is_sent_it_again_when_its_resource_has_another_name_and_only_then() {
        var booked = desk.book(desk.slot(1), 1).expect(201);
        var path = "/v1/bookings/" + id(booked) + ".ics";
        var resource = "/v1/resources/" + booked.at("/resourceId");
        var known = desk.api().with("If-None-Match", file(booked).header("ETag").orElseThrow());
        desk.api().patch(resource, "{\"reminders\":[\"PT2H\"]}").expect(200);
        known.get(path).expect(304);
        desk.api().patch(resource, "{\"name\":\"Dr. Lal\"}").expect(200);
        assertThat(known.get(path).expect(200).text()).contains("SUMMARY:Dr. Lal");
    }

    @Test
    void what_was_never_booked_or_is_somebody_elses_has_no_file() {
        var slot = desk.slot(2);
        var held = desk.book(slot, 1, ",\"hold\":\"PT5M\"").expect(201);
        assertThat(desk.api()
                        .get("/v1/bookings/" + id(held) + ".ics")
                        .expectProblem(404, "not-in-calendar")
                        .at("/bookingStatus"))
                .isEqualTo("pending");
        var booked = desk.book(slot, 1).expect(201);
        var other = Api.of("other-" + UUID.randomUUID());
        other.get("/v1/bookings/" + id(booked) + ".ics").expectProblem(404, "not-found");
        other.get("/v1/resources/" + booked.at("/resourceId") + "/calendar.ics").expectProblem(404, "not-found");
        desk.api().get("/v1/bookings/nine.ics").expectProblem(404, "not-found");
        desk.api().get("/v1/bookings/" + UUID.randomUUID() + ".ics").expectProblem(404, "not-found");
        desk.api().get("/v1/resources/nine/calendar.ics").expectProblem(404, "not-found");
        Api.anonymous().get("/v1/bookings/" + id(booked) + ".ics").expectProblem(401, "unauthenticated");
        assertThat(desk.api().get("/v1/bookings/" + id(booked)).expect(200).at("/id"))
                .isEqualTo(id(booked));
    }

    @Test
    void a_resources_calendar_has_what_stands_in_order_and_nobodys_name() {
        var resource = desk.resource();
        var friday = desk.slot(resource, 9, Duration.ofDays(2));
        var thursday = desk.slot(resource, 9, Duration.ofDays(1));
        var later = desk.book(friday, 2).expect(201);
        var earlier = desk.book(thursday, 1, ",\"hold\":\"PT5M\"").expect(201);
        desk.act(id(desk.book(friday, 1).expect(201)), "cancel").expect(200);
        desk.book(desk.slot(1), 1).expect(201);

        var answer = calendar(resource, "?to=" + inDays(9));
        assertThat(answer.text()).doesNotContain("Ana", "ana@example.org");
        assertThat(answer.header("Content-Disposition"))
                .hasValue("attachment; filename=\"resource-%s.ics\"".formatted(resource));
        var read = ReadCalendar.of(answer.text());
        assertThat(read.value("METHOD")).isEqualTo("PUBLISH");
        assertThat(read.events())
                .extracting(event -> event.value("UID"))
                .containsExactly(id(earlier) + "@carillon", id(later) + "@carillon");
        assertThat(read.events()).extracting(event -> event.value("STATUS")).containsExactly("TENTATIVE", "CONFIRMED");
    }

    @Test
    void a_resources_calendar_ends_at_its_horizon_and_begins_thirty_days_ago_unless_other_times_are_asked_for() {
        var resource = desk.resource();
        var near = desk.book(desk.slot(resource, 1, Duration.ofDays(1)), 1).expect(201);
        var beyond = desk.book(desk.slot(resource, 1, Duration.ofDays(70)), 1).expect(201);
        var lately = desk.slot(resource, 1, Duration.ofDays(3));
        var seen = desk.book(lately, 1).expect(201);
        over(lately, 10);
        var longAgo = desk.slot(resource, 1, Duration.ofDays(4));
        var forgotten = desk.book(longAgo, 1).expect(201);
        over(longAgo, 40);

        assertThat(ids(calendar(resource, ""))).containsExactly(id(seen), id(near));
        assertThat(ids(calendar(resource, "?to=" + inDays(90)))).containsExactly(id(seen), id(near), id(beyond));
        assertThat(ids(calendar(resource, "?from=" + inDays(-60)))).containsExactly(id(forgotten), id(seen), id(near));
        assertThat(ids(calendar(resource, "?from=" + inDays(-20) + "&to=" + inDays(-1))))
                .containsExactly(id(seen));
    }

    @Test
    void a_calendar_that_says_the_same_is_not_sent_again() {
        var resource = desk.resource();
        var booked = desk.book(desk.slot(resource, 1, Duration.ofDays(1)), 1).expect(201);
        var path = "/v1/resources/" + resource + "/calendar.ics";
        var known = desk.api()
                .with("If-None-Match", calendar(resource, "").header("ETag").orElseThrow());
        known.get(path).expect(304);
        desk.act(id(booked), "cancel").expect(200);
        assertThat(known.get(path).expect(200).text()).doesNotContain("VEVENT");
    }

    @ParameterizedTest
    @CsvSource({
        "?from=yesterday, from",
        "?to=2026-13-01T00:00:00Z, to",
        "?from=9999-12-31T23:59:59Z, from",
        "?from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z, from",
        "?to=2020-01-01T00:00:00Z, to",
        "?from=2026-01-01T00:00:00Z&to=2028-01-01T00:00:00Z, to",
        "?from=0001-01-01T00:00:00Z, from",
    })
    void a_time_that_cannot_be_asked_for_is_refused_and_named(String query, String parameter) {
        var refused = desk.api()
                .get("/v1/resources/" + desk.resource() + "/calendar.ics" + query)
                .expectProblem(400, "invalid-parameter");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo(parameter);
    }

    @Test
    void more_bookings_than_a_file_takes_are_refused_and_less_time_is_answered() {
        var resource = desk.resource();
        var slot = desk.slot(resource, 10_000, Duration.ofDays(1));
        var booked = id(desk.book(slot, 1).expect(201));
        run(
                "INSERT INTO booking (id, tenant, slot_id, places, status, revision, version, sequence, customer_name, created_at, booked_at)"
                        + " SELECT gen_random_uuid(), tenant, slot_id, 1, status, 1, 1, 0, 'Bo', created_at, booked_at FROM booking,"
                        + " generate_series(1, 4999) WHERE id = $1",
                UUID.fromString(booked));
        assertThat(ReadCalendar.of(calendar(resource, "").text()).events()).hasSize(5_000);
        desk.book(slot, 1).expect(201);
        var refused =
                desk.api().get("/v1/resources/" + resource + "/calendar.ics").expectProblem(422, "too-many-bookings");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo("to");
        calendar(resource, "?to=" + inDays(0));
    }

    private Answer file(Answer booking) {
        return desk.api().get("/v1/bookings/" + id(booking) + ".ics").expect(200);
    }

    private Answer calendar(String resource, String query) {
        return desk.api()
                .get("/v1/resources/" + resource + "/calendar.ics" + query)
                .expect(200);
    }

    private static ReadCalendar sent(Answer booking) {
        return ReadCalendar.of(
                Outbox.about(id(booking)).getLast().payload().at("/calendar").asText());
    }

    private static int sequence(ReadCalendar calendar) {
        return Integer.parseInt(calendar.event().value("SEQUENCE"));
    }

    private static List<String> ids(Answer calendar) {
        return ReadCalendar.of(calendar.text()).events().stream()
                .map(event -> event.value("UID").replace("@carillon", ""))
                .toList();
    }

    private static Instant inDays(int days) {
        return Instant.now().plus(Duration.ofDays(days));
    }

    /** The slot, which was so many days ago now. */
    private String over(String slot, int daysAgo) {
        run(
                "UPDATE slot SET start_at = clock_timestamp() - interval '%d days', end_at = clock_timestamp() - interval '%d days'"
                                .formatted(daysAgo, daysAgo)
                        + " + interval '30 minutes' WHERE id = $1",
                UUID.fromString(slot));
        return slot;
    }

    private void run(String sql, UUID id) {
        transactions.inTransaction(tx -> tx.run(sql, Tuple.of(id))).await().atMost(PATIENCE);
    }

    private static String id(Answer booking) {
        return booking.at("/id");
    }
}
