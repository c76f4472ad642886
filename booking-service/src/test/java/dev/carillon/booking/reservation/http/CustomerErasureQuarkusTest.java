package dev.carillon.booking.reservation.http;

import static dev.carillon.booking.reservation.http.Customers.copies;
import static dev.carillon.booking.reservation.http.Customers.over;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.reservation.store.CustomerStore;
import dev.carillon.booking.reservation.store.CustomersOfLater;
import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Scheduler;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.kit.testing.quarkus.Outbox;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class CustomerErasureQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Desk desk = Desk.of(tenant);
    private final Customers customers = new Customers(desk);
    private final Scheduler scheduler = new Scheduler();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void what_is_over_is_erased_and_told_with_all_that_is_left_of_it() {
        var slot = desk.slot(9);
        var over = customers.book(slot, "c-1");
        var cancelled = customers.book(desk.slot(1), "c-1");
        desk.act(cancelled, "cancel").expect(200);
        var other = customers.book(slot, "c-2");
        over(slot);

        var erased = customers.erase("c-1").expect(200);
        assertThat(erased.at("/customerId")).isEqualTo("c-1");
        assertThat(erased.json().at("/bookings").asInt()).isEqualTo(2);

        var kept = customers.booking(over);
        assertThat(kept.at("/status")).isEqualTo("booked");
        assertThat(kept.json().at("/places").asInt()).isEqualTo(1);
        assertThat(kept.at("/customer/name")).isEmpty();
        assertThat(kept.json().at("/customer").properties()).hasSize(2);
        assertThat(kept.header("ETag")).hasValue("\"2\"");
        assertThat(desk.booked(slot)).isEqualTo(2);
        assertThat(customers.booking(cancelled).text()).doesNotContain("Ana", "example.org", "Lisbon");
        assertThat(customers.booking(other).at("/customer/name")).isEqualTo("Ana");
        assertThat(desk.api().get("/v1/bookings/" + over + ".ics").expect(200).text())
                .contains("METHOD:REQUEST")
                .doesNotContain("ATTENDEE", "example.org");

        var event = Outbox.about(over).getLast();
        assertThat(event.type()).isEqualTo("carillon.booking.corrected.v1");
        assertThat(event.version()).isEqualTo(2);
        assertThat(event.payload().at("/status").asText()).isEqualTo("booked");
        assertThat(event.payload().at("/slot/startAt").asText()).isEqualTo(kept.at("/startAt"));
        assertThat(event.payload().toString()).doesNotContain("Ana", "example.org", "Lisbon");
        assertThat(event.traceparent()).contains(erased.header("X-Trace-Id").orElseThrow());
        assertThat(Outbox.typesAbout(cancelled).getLast()).isEqualTo("carillon.booking.corrected.v1");
        assertThat(Outbox.typesAbout(other)).containsExactly("carillon.booking.booked.v1");
    }

    @Test
    void nothing_is_erased_while_a_booking_stands_and_what_stands_is_named() {
        var over = desk.slot(1);
        var was = customers.book(over, "c-1");
        over(over);
        var ahead = customers.book(desk.slot(1), "c-1");
        var held = customers.book(desk.slot(1), "c-1", ",\"hold\":\"PT5M\"");

        var refused = customers.erase("c-1").expectProblem(409, "customer-has-bookings");
        assertThat(refused.json().at("/bookings"))
                .extracting(node -> node.asText())
                .containsExactlyInAnyOrder(ahead, held);
        assertThat(customers.booking(was).at("/customer/name")).isEqualTo("Ana");
        assertThat(Outbox.typesAbout(was)).containsExactly("carillon.booking.booked.v1");

        desk.act(ahead, "cancel").expect(200);
        desk.act(held, "cancel").expect(200);
        assertThat(customers.erasedBookings("c-1")).isEqualTo(3);
        assertThat(customers.export("c-1", "").expect(200).text()).doesNotContain("Ana", "example.org", "Lisbon");
    }

    @Test
    void who_is_erased_already_stays_so_and_nothing_is_told_again() {
        var booking = customers.book(desk.slot(1), "c-1");
        desk.act(booking, "cancel").expect(200);
        var first = customers.erasedTwice("c-1");
        assertThat(customers.erase("c-1").expect(200).json()).isEqualTo(first.json());
        assertThat(Outbox.typesAbout(booking))
                .filteredOn("carillon.booking.corrected.v1"::equals)
                .hasSize(1);
    }

    @Test
    void an_erased_customers_booking_that_is_changed_later_tells_nothing_of_them() {
        var slot = desk.slot(1);
        var booking = customers.book(slot, "c-1");
        over(slot);
        customers.erase("c-1").expect(200);
        assertThat(desk.act(booking, "cancel").expect(200).at("/customer/name")).isEmpty();
        assertThat(Outbox.about(booking).getLast().payload().toString()).doesNotContain("Ana", "example.org");
    }

    @Test
    void what_a_provider_said_of_an_address_is_erased_and_does_not_come_back() {
        var booking = customers.book(desk.slot(1), "c-1");
        var before = UUID.randomUUID();
        scheduler.says(tenant, booking, before, "failed", 1);
        await().atMost(PATIENCE).until(() -> customers.booking(booking).text().contains("no such mailbox"));
        desk.act(booking, "cancel").expect(200);
        customers.erase("c-1").expect(200);
        assertThat(customers.booking(booking).at("/messages/0/status")).isEqualTo("failed");
        assertThat(customers.booking(booking).text()).doesNotContain("no such mailbox");

        scheduler.says(tenant, booking, before, "expired", 2);
        scheduler.says(tenant, booking, UUID.randomUUID(), "failed", 1);
        await().atMost(PATIENCE)
                .until(() -> customers.booking(booking).json().at("/messages").size() == 2
                        && customers.booking(booking).text().contains("expired"));
        assertThat(customers.booking(booking).text()).doesNotContain("no such mailbox");
    }

    @Test
    void a_customer_with_more_bookings_than_a_transaction_takes_is_erased_as_a_whole() {
        var booking = customers.book(desk.slot(1), "c-1");
        desk.act(booking, "cancel").expect(200);
        copies(booking, 1_100);
        assertThat(customers.erasedBookings("c-1")).isEqualTo(1_101);
        assertThat(customers.export("c-1", "").expect(200).text()).doesNotContain("Ana");
    }

    @Test
    void what_came_after_it_was_counted_is_erased_and_counted_and_the_key_is_remembered() {
        var booking = customers.bookFor(desk.slot(1), "{\"name\":\"Ana\",\"email\":\"ana@example.org\"}");
        desk.act(booking, "cancel").expect(200);
        QuarkusMock.installMockForType(new CustomersOfLater(), CustomerStore.class);
        var erased = customers.erasedTwice("email:ana@example.org");
        assertThat(erased.json().at("/bookings").asInt()).isEqualTo(1);
        assertThat(customers.booking(booking).at("/customer/name")).isEmpty();
    }

    @Test
    void who_came_to_wait_after_it_was_counted_is_erased_and_was_a_customer() {
        var slot = desk.slot(1);
        customers.book(slot, "c-1");
        var entry = customers.waitFor(slot, "{\"name\":\"Bo\",\"email\":\"bo@example.org\"}");
        QuarkusMock.installMockForType(new CustomersOfLater(), CustomerStore.class);
        assertThat(customers.erasedBookings("email:bo@example.org")).isZero();
        assertThat(desk.entry(entry).at("/customer/name")).isEmpty();
    }

    @Test
    void only_an_admin_erases_and_another_tenants_customers_do_not_exist() {
        var booking = customers.book(desk.slot(1), "c-1");
        desk.act(booking, "cancel").expect(200);
        for (var group : List.of("operator", "viewer")) {
            var api = Api.as(Token.of(tenant, group));
            api.post("/v1/customers/c-1/erase").expectProblem(403, "forbidden");
            api.post("/v1/customers/c-1/export").expect(200);
        }
        Api.anonymous().post("/v1/customers/c-1/export").expectProblem(401, "unauthenticated");
        var other = Api.of("other-" + UUID.randomUUID());
        other.post("/v1/customers/c-1/erase").expectProblem(404, "not-found");
        other.post("/v1/customers/c-1/export").expectProblem(404, "not-found");
        assertThat(customers.booking(booking).at("/customer/name")).isEqualTo("Ana");
    }
}
