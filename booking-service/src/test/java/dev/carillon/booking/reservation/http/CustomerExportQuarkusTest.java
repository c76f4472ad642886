package dev.carillon.booking.reservation.http;

import static dev.carillon.booking.reservation.http.Customers.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Rows;
import dev.carillon.booking.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class CustomerExportQuarkusTest {
    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());
    private final Customers customers = new Customers(desk);

    @Test
    void an_export_has_every_booking_of_the_customer_as_it_is_kept_and_of_nobody_else() {
        var slot = desk.slot(9);
        var first = customers.book(slot, "c-1");
        customers.book(slot, "c-2");
        var second = customers.book(slot, "c-1");
        desk.act(second, "cancel").expect(200);

        var export = customers.export("c-1", "").expect(200);
        assertThat(export.at("/customerId")).isEqualTo("c-1");
        assertThat(export.at("/exportedAt")).isNotBlank();
        assertThat(ids(export)).containsExactly(second, first);
        assertThat(export.json().at("/items/1"))
                .isEqualTo(desk.api().get("/v1/bookings/" + first).expect(200).json());
        assertThat(export.at("/items/1/customer/email")).isEqualTo("ana@example.org");
        assertThat(export.at("/items/0/status")).isEqualTo("cancelled");
        assertThat(export.json().has("nextCursor")).isFalse();

        var page = customers.export("c-1", "?limit=1").expect(200);
        assertThat(ids(page)).containsExactly(second);
        assertThat(ids(customers
                        .export("c-1", "?limit=1&cursor=" + page.at("/nextCursor"))
                        .expect(200)))
                .containsExactly(first);
        customers.export("c-1", "?limit=0").expectProblem(400, "invalid-parameter");
    }

    @Test
    void an_exports_pages_have_the_newest_of_bookings_and_entries_together() {
        var slot = desk.slot(1);
        var first = customers.book(slot, "c-1");
        var entry = customers.waitFor(slot, "{\"id\":\"c-1\",\"name\":\"Ana\"}");
        var last = customers.book(desk.slot(1), "c-1");
        var pages = customers.pages("c-1", 2);
        assertThat(pages).hasSize(2);
        assertThat(ids(pages.get(0))).containsExactly(last);
        assertThat(pages.get(0).at("/waitlist/0/id")).isEqualTo(entry);
        assertThat(ids(pages.get(1))).containsExactly(first);
        assertThat(pages.get(1).json().at("/waitlist")).isEmpty();
    }

    @Test
    void an_export_has_every_entry_once_however_many_there_are() {
        var slot = desk.slot(1);
        var booking = customers.book(slot, "c-1");
        var entry = customers.waitFor(slot, "{\"id\":\"c-1\",\"name\":\"Ana\"}");
        Rows.change(
                "INSERT INTO waitlist_entry (id, tenant, resource_id, slot_id, places, status, version, customer_id, customer_name, created_at)"
                        + " SELECT gen_random_uuid(), tenant, resource_id, slot_id, 1, 'cancelled', 1, 'c-1', 'Ana', created_at"
                        + " FROM waitlist_entry, generate_series(1, 1100) WHERE id = ?",
                UUID.fromString(entry));
        var pages = customers.pages("c-1", 500);
        assertThat(pages).hasSize(3);
        assertThat(pages.stream().flatMap(page -> ids(page).stream())).containsExactly(booking);
        assertThat(pages.stream().flatMap(page -> ids(page, "/waitlist").stream()))
                .hasSize(1101)
                .contains(entry)
                .doesNotHaveDuplicates();
    }

    @Test
    void an_id_may_be_what_ids_may_be_and_what_cannot_be_one_is_not_found() {
        var booking = customers.book(desk.slot(1), "Ana M/7 ü");
        assertThat(ids(customers.export("Ana%20M%2F7%20%C3%BC", "").expect(200)))
                .containsExactly(booking);
        customers.export("nobody", "").expectProblem(404, "not-found");
        customers.export("a%00b", "").expectProblem(404, "not-found");
        customers.export("x".repeat(201), "").expectProblem(404, "not-found");
        customers.erase("nobody").expectProblem(404, "not-found");
    }
}
