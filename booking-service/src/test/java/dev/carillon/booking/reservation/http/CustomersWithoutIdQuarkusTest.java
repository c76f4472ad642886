package dev.carillon.booking.reservation.http;

import static dev.carillon.booking.reservation.http.Customers.copies;
import static dev.carillon.booking.reservation.http.Customers.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Rows;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.quarkus.Outbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Customers who are found by an address or a chat. */
@QuarkusTest
@TestProfile(Surroundings.class)
class CustomersWithoutIdQuarkusTest {
    private final String tenant = "acme-" + UUID.randomUUID();
    private final Desk desk = Desk.of(tenant);
    private final Customers customers = new Customers(desk);

    @Test
    void who_has_no_id_is_exported_and_erased_by_an_address_in_any_case_and_so_is_who_has_one() {
        var slot = desk.slot(9);
        var nameless = customers.bookFor(slot, "{\"name\":\"Ana\",\"email\":\"Ana@Example.org\"}");
        var other = customers.bookFor(slot, "{\"name\":\"Bo\",\"email\":\"bo@example.org\"}");
        var named = customers.bookFor(slot, "{\"id\":\"c-1\",\"name\":\"Ana\",\"email\":\"ana@example.org\"}");

        var export = customers.export("email:ana@EXAMPLE.org", "").expect(200);
        assertThat(export.at("/customerId")).isEqualTo("email:ana@EXAMPLE.org");
        assertThat(ids(export)).containsExactly(named, nameless);
        assertThat(customers
                        .erase("email:ana@example.org")
                        .expectProblem(409, "customer-has-bookings")
                        .json()
                        .at("/bookings"))
                .extracting(node -> node.asText())
                .containsExactlyInAnyOrder(nameless, named);

        desk.act(nameless, "cancel").expect(200);
        desk.act(named, "cancel").expect(200);
        assertThat(customers.erasedBookings("email:ana%40example.org")).isEqualTo(2);
        assertThat(customers.booking(nameless).text()).doesNotContain("Ana", "xample.org");
        assertThat(customers.booking(named).text()).doesNotContain("Ana", "xample.org");
        assertThat(customers.booking(other).at("/customer/email")).isEqualTo("bo@example.org");
        assertThat(Outbox.typesAbout(nameless).getLast()).isEqualTo("carillon.booking.corrected.v1");
        customers.export("email:ana@example.org", "").expectProblem(404, "not-found");
        customers.erase("email:ana@example.org").expectProblem(404, "not-found");
        assertThat(ids(customers.export("c-1", "").expect(200))).containsExactly(named);
        Api.of("other-" + UUID.randomUUID())
                .post("/v1/customers/email:bo@example.org/export")
                .expectProblem(404, "not-found");
    }

    @Test
    void a_chat_finds_what_has_it_and_what_the_bot_has_named_by_it() {
        var slot = desk.slot(9);
        var chat = Long.toString(ThreadLocalRandom.current().nextLong(1_000_000, 1_000_000_000_000L));
        var nameless = customers.bookFor(slot, "{\"name\":\"Ana\",\"telegramChatId\":\"%s\"}".formatted(chat));
        var byBot = customers.bookFor(
                slot, "{\"id\":\"telegram:%1$s\",\"name\":\"Ana\",\"telegramChatId\":\"%1$s\"}".formatted(chat));
        var byName = customers.bookFor(slot, "{\"id\":\"telegram:%s\",\"name\":\"Ana\"}".formatted(chat));
        var customer = "telegram:" + chat;
        assertThat(ids(customers.export(customer, "").expect(200))).containsExactly(byName, byBot, nameless);
        for (var one : List.of(nameless, byBot, byName)) {
            desk.act(one, "cancel").expect(200);
        }
        assertThat(customers.erasedBookings(customer)).isEqualTo(3);
        for (var one : List.of(nameless, byBot, byName)) {
            assertThat(customers.booking(one).at("/customer/name")).isEmpty();
        }
        assertThat(ids(customers.export(customer, "").expect(200))).containsExactly(byName, byBot);
    }

    @Test
    void who_only_waits_and_has_no_id_is_taken_off_the_list_and_erased() {
        var slot = desk.slot(1);
        customers.book(slot, "c-1");
        var entry = customers.waitFor(slot, "{\"name\":\"Bo\",\"email\":\"bo@example.org\"}");
        var byChat = customers.waitFor(slot, "{\"name\":\"Bo\",\"telegramChatId\":\"-1007\"}");
        assertThat(customers.export("email:BO@example.org", "").expect(200).at("/waitlist/0/id"))
                .isEqualTo(entry);
        assertThat(customers.erasedBookings("email:bo@example.org")).isZero();
        assertThat(desk.entry(entry).at("/cancellationReason")).isEqualTo("left");
        assertThat(desk.entry(entry).text()).doesNotContain("Bo", "bo@");
        assertThat(desk.entry(byChat).at("/status")).isEqualTo("waitlist");
        customers.erase("telegram:-1007").expect(200);
        assertThat(desk.entry(byChat).at("/customer/name")).isEmpty();
        customers.erase("telegram:-1007").expectProblem(404, "not-found");
    }

    @Test
    void a_repeated_erasure_by_an_address_is_answered_as_before_and_its_key_keeps_no_address() {
        var booking = customers.bookFor(desk.slot(1), "{\"name\":\"Ana\",\"email\":\"ana@example.org\"}");
        desk.act(booking, "cancel").expect(200);
        var answer = customers.erasedTwice("email:ana@example.org");
        assertThat(answer.json().at("/bookings").asInt()).isEqualTo(1);
        assertThat(Rows.count("SELECT count(*) FROM idempotency_key WHERE tenant = ?", tenant))
                .isEqualTo(1);
        assertThat(Rows.count(
                        "SELECT count(*) FROM idempotency_key WHERE tenant = ? AND strpos(path, 'example.org') > 0",
                        tenant))
                .isZero();
    }

    @Test
    void an_address_with_more_bookings_than_a_transaction_takes_is_erased_as_a_whole() {
        var booking = customers.bookFor(desk.slot(1), "{\"name\":\"Ana\",\"email\":\"ana@example.org\"}");
        desk.act(booking, "cancel").expect(200);
        copies(booking, 1_100);
        assertThat(customers.erasedBookings("email:ana@example.org")).isEqualTo(1_101);
        customers.export("email:ana@example.org", "").expectProblem(404, "not-found");
    }
}
