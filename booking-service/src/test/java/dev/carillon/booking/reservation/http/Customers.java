package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Rows;
import dev.carillon.kit.testing.http.Api.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** What the desk books, exports and erases for those whom it is for. */
record Customers(Desk desk) {
    String book(String slot, String customer) {
        return book(slot, customer, "");
    }

    String book(String slot, String customer, String more) {
        var body = """
                {"slotId":"%s","customer":{"id":"%s","name":"Ana","email":"ana@example.org","telegramChatId":"4711",
                 "zone":"Europe/Lisbon","language":"pt"}%s}""".formatted(slot, customer, more);
        return desk.api().post("/v1/bookings", body).expect(201).at("/id");
    }

    /** @param customer as in the HTTP contract */
    String bookFor(String slot, String customer) {
        return made("/v1/bookings", slot, customer);
    }

    String waitFor(String slot, String customer) {
        return made("/v1/waitlist", slot, customer);
    }

    private String made(String path, String slot, String customer) {
        return desk.api()
                .post(path, "{\"slotId\":\"%s\",\"customer\":%s}".formatted(slot, customer))
                .expect(201)
                .at("/id");
    }

    List<Answer> pages(String customer, int limit) {
        var pages = new ArrayList<Answer>();
        var next = "";
        do {
            var page = export(customer, "?limit=" + limit + (next.isEmpty() ? "" : "&cursor=" + next))
                    .expect(200);
            assertThat(page.json().at("/items").size()
                            + page.json().at("/waitlist").size())
                    .isLessThanOrEqualTo(limit);
            pages.add(page);
            next = page.at("/nextCursor");
        } while (!next.isEmpty());
        return pages;
    }

    Answer export(String customer, String query) {
        return desk.api().post("/v1/customers/" + customer + "/export" + query);
    }

    Answer erase(String customer) {
        return desk.api().post("/v1/customers/" + customer + "/erase");
    }

    /** Gives of how many bookings. */
    int erasedBookings(String customer) {
        return erase(customer).expect(200).json().at("/bookings").asInt();
    }

    /** Erases twice with one key, and gives what was answered both times. */
    Answer erasedTwice(String customer) {
        var keyed = desk.api().with("Idempotency-Key", "e-" + UUID.randomUUID());
        var path = "/v1/customers/" + customer + "/erase";
        var first = keyed.post(path).expect(200);
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        var again = keyed.post(path).expect(200);
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(again.json()).isEqualTo(first.json());
        return first;
    }

    /** Cancelled ones of the same customer. */
    static void copies(String booking, int count) {
        Rows.change(
                "INSERT INTO booking (id, tenant, slot_id, places, status, revision, version, sequence, customer_id, customer_name,"
                        + " customer_email, created_at) SELECT gen_random_uuid(), tenant, slot_id, 1, 'cancelled', 1, 1, 0, customer_id,"
                        + " customer_name, customer_email, created_at FROM booking, generate_series(1, " + count
                        + ") WHERE id = ?",
                UUID.fromString(booking));
    }

    Answer booking(String id) {
        return desk.api().get("/v1/bookings/" + id).expect(200);
    }

    static List<String> ids(Answer export) {
        return ids(export, "/items");
    }

    static List<String> ids(Answer export, String list) {
        return StreamSupport.stream(export.json().at(list).spliterator(), false)
                .map(one -> one.at("/id").asText())
                .toList();
    }

    /** As if the slot had been yesterday. */
    static void over(String slot) {
        Rows.change(
                "UPDATE slot SET start_at = start_at - interval '2 days', end_at = end_at - interval '2 days' WHERE id = ?",
                UUID.fromString(slot));
    }
}
