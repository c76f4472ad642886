package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.identity.ApiKey;
import dev.carillon.kit.identity.ApiKeyDirectory;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.identity.Token;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class BookingRulesQuarkusTest {
    @Inject
    ApiKeyDirectory keys;

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Desk desk = Desk.of(tenant);

    @Test
    void a_slot_that_begins_sooner_than_the_lead_time_is_neither_booked_nor_held_nor_moved_to() {
        var resource = desk.resource("\"leadTime\":\"PT2H\"");
        var soon = desk.slot(resource, 3, Duration.ofMinutes(119));
        var later = desk.slot(resource, 3, Duration.ofMinutes(121));
        desk.book(soon, 1).expectProblem(409, "slot-closed");
        desk.book(soon, 1, ",\"hold\":\"PT5M\"").expectProblem(409, "slot-closed");
        var booked = desk.book(later, 1).expect(201).at("/id");
        desk.move(booked, soon).expectProblem(409, "slot-closed");
        assertThat(desk.booked(soon)).isZero();
        assertThat(desk.booked(later)).isEqualTo(1);
    }

    @Test
    void a_customer_who_gives_too_short_notice_is_refused_and_staff_are_not() {
        var resource = desk.resource("\"cancelNotice\":\"PT2H\"");
        var soon = desk.slot(resource, 9, Duration.ofMinutes(119));
        var later = desk.slot(resource, 9, Duration.ofMinutes(121));
        var bot = key(Set.of("bookings:read", "bookings:write"));

        var booked = bot.book(soon, 1).expect(201);
        var refused = bot.act(booked.at("/id"), "cancel").expectProblem(409, "notice-too-short");
        assertThat(Instant.parse(refused.at("/until")))
                .isEqualTo(Instant.parse(booked.at("/startAt")).minus(Duration.ofHours(2)));
        bot.move(booked.at("/id"), later).expectProblem(409, "notice-too-short");
        assertThat(desk.booked(soon)).isEqualTo(1);

        var inTime = bot.book(later, 1).expect(201).at("/id");
        bot.act(inTime, "cancel").expect(200);
        bot.act(inTime, "cancel").expect(200);
        var held = bot.book(soon, 1, ",\"hold\":\"PT5M\"").expect(201).at("/id");
        bot.act(held, "cancel").expect(200);

        var operator = new Desk(Api.as(Token.of(tenant, "operator")));
        operator.move(booked.at("/id"), later).expect(200);
        desk.move(booked.at("/id"), soon).expect(200);
        key(Set.of("bookings:write", "bookings:admin"))
                .act(booked.at("/id"), "cancel")
                .expect(200);
    }

    @Test
    void a_customer_has_as_many_bookings_ahead_of_a_resource_as_it_allows_and_others_have_theirs() {
        var resource = desk.resource("\"maxPerCustomer\":2");
        var slot = desk.slot(resource, 20, Duration.ofDays(1));
        var ana = "{\"id\":\"c-1\",\"name\":\"Ana\",\"email\":\"ana@example.org\"}";
        var first = book(slot, ana).expect(201).at("/id");
        book(slot, ana).expect(201);
        var refused = book(slot, ana).expectProblem(409, "customer-limit");
        assertThat(refused.json().at("/maxPerCustomer").asInt()).isEqualTo(2);
        assertThat(desk.booked(slot)).isEqualTo(2);

        var byAddress = "{\"name\":\"Ana\",\"email\":\"%s\"}";
        book(slot, byAddress.formatted("ana@example.org")).expect(201);
        book(slot, byAddress.formatted("Ana@Example.org")).expect(201);
        book(slot, byAddress.formatted("ANA@example.org")).expectProblem(409, "customer-limit");
        var byChat = "{\"name\":\"Ana\",\"telegramChatId\":7}";
        book(slot, byChat).expect(201);
        book(slot, byChat).expect(201);
        book(slot, byChat).expectProblem(409, "customer-limit");
        for (int i = 0; i < 3; i++) {
            book(slot, "{\"name\":\"Ana\"}").expect(201);
        }
        var other = desk.slot(desk.resource("\"maxPerCustomer\":2"), 2, Duration.ofDays(1));
        book(other, ana).expect(201);

        desk.act(first, "cancel").expect(200);
        var again = book(slot, ana).expect(201).at("/id");
        desk.act(again, "arrive").expect(200);
        book(slot, ana).expectProblem(409, "customer-limit");
    }

    @Test
    void a_move_within_a_resource_is_no_further_booking_and_one_to_another_is() {
        var ana = "{\"id\":\"c-1\",\"name\":\"Ana\"}";
        var resource = desk.resource("\"maxPerCustomer\":1");
        var morning = desk.slot(resource, 2, Duration.ofDays(1));
        var evening = desk.slot(resource, 2, Duration.ofDays(2));
        var booked = book(morning, ana).expect(201).at("/id");
        desk.move(booked, evening).expect(200);

        var elsewhere = book(desk.slot(2), ana).expect(201).at("/id");
        desk.move(elsewhere, morning).expectProblem(409, "customer-limit");
        desk.act(booked, "cancel").expect(200);
        desk.move(elsewhere, morning).expect(200);
        assertThat(desk.booked(morning)).isEqualTo(1);
        assertThat(desk.booked(evening)).isZero();
    }

    @Test
    void a_limit_that_is_set_later_counts_what_is_booked_already() {
        var ana = "{\"id\":\"c-1\",\"name\":\"Ana\"}";
        var resource = desk.resource();
        var slot = desk.slot(resource, 9, Duration.ofDays(1));
        book(slot, ana).expect(201);
        desk.api().patch("/v1/resources/" + resource, "{\"maxPerCustomer\":1}").expect(200);
        book(slot, ana).expectProblem(409, "customer-limit");
    }

    private Answer book(String slot, String customer) {
        return desk.api().post("/v1/bookings", "{\"slotId\":\"%s\",\"customer\":%s}".formatted(slot, customer));
    }

    private Desk key(Set<String> scopes) {
        var secret = "k-" + UUID.randomUUID();
        keys.learnFromOwner(
                new ApiKey(UUID.randomUUID(), tenant, "bot", ApiKeyDirectory.hash(secret), scopes, null, null), 1);
        return new Desk(Api.anonymous().with("X-API-Key", secret));
    }
}
