package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.reservation.store.CustomerStore;
import dev.carillon.booking.reservation.store.CustomersOfLater;
import dev.carillon.booking.reservation.store.UncountableCustomers;
import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.LogLines;
import dev.carillon.booking.support.Rows;
import dev.carillon.booking.support.Scheduler;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.booking.support.UrlsInTraces;
import dev.carillon.kit.problem.ProblemMappers;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.kit.testing.metrics.MetricsReference;
import dev.carillon.kit.testing.quarkus.Outbox;
import dev.carillon.kit.tx.Transactions;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class CustomerQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Inject
    Transactions transactions;

    @Inject
    UrlsInTraces urlsInTraces;

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Desk desk = Desk.of(tenant);
    private final Scheduler scheduler = new Scheduler();

    @AfterEach
    void close() {
        scheduler.close();
    }

    @Test
    void an_export_has_every_booking_of_the_customer_as_it_is_kept_and_of_nobody_else() {
        var slot = desk.slot(9);
        var first = book(slot, "c-1");
        book(slot, "c-2");
        var second = book(slot, "c-1");
        desk.act(second, "cancel").expect(200);

        var export = export("c-1", "").expect(200);
        assertThat(export.at("/customerId")).isEqualTo("c-1");
        assertThat(export.at("/exportedAt")).isNotBlank();
        assertThat(ids(export)).containsExactly(second, first);
        assertThat(export.json().at("/items/1"))
                .isEqualTo(desk.api().get("/v1/bookings/" + first).expect(200).json());
        assertThat(export.at("/items/1/customer/email")).isEqualTo("ana@example.org");
        assertThat(export.at("/items/0/status")).isEqualTo("cancelled");
        assertThat(export.json().has("nextCursor")).isFalse();

        var page = export("c-1", "?limit=1").expect(200);
        assertThat(ids(page)).containsExactly(second);
        assertThat(ids(export("c-1", "?limit=1&cursor=" + page.at("/nextCursor"))
                        .expect(200)))
                .containsExactly(first);
        export("c-1", "?limit=0").expectProblem(400, "invalid-parameter");
    }

    @Test
    void what_is_over_is_erased_and_told_with_all_that_is_left_of_it() {
        var slot = desk.slot(9);
        var over = book(slot, "c-1");
        var cancelled = book(desk.slot(1), "c-1");
        desk.act(cancelled, "cancel").expect(200);
        var other = book(slot, "c-2");
        over(slot);

        var erased = erase("c-1").expect(200);
        assertThat(erased.at("/customerId")).isEqualTo("c-1");
        assertThat(erased.json().at("/bookings").asInt()).isEqualTo(2);

        var kept = booking(over);
        assertThat(kept.at("/status")).isEqualTo("booked");
        assertThat(kept.json().at("/places").asInt()).isEqualTo(1);
        assertThat(kept.at("/customer/name")).isEmpty();
        assertThat(kept.json().at("/customer").properties()).hasSize(2);
        assertThat(kept.header("ETag")).hasValue("\"2\"");
        assertThat(desk.booked(slot)).isEqualTo(2);
        assertThat(booking(cancelled).text()).doesNotContain("Ana", "example.org", "Lisbon");
        assertThat(booking(other).at("/customer/name")).isEqualTo("Ana");
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
        var was = book(over, "c-1");
        over(over);
        var ahead = book(desk.slot(1), "c-1");
        var held = book(desk.slot(1), "c-1", ",\"hold\":\"PT5M\"");

        var refused = erase("c-1").expectProblem(409, "customer-has-bookings");
        assertThat(refused.json().at("/bookings"))
                .extracting(node -> node.asText())
                .containsExactlyInAnyOrder(ahead, held);
        assertThat(booking(was).at("/customer/name")).isEqualTo("Ana");
        assertThat(Outbox.typesAbout(was)).containsExactly("carillon.booking.booked.v1");

        desk.act(ahead, "cancel").expect(200);
        desk.act(held, "cancel").expect(200);
        assertThat(erase("c-1").expect(200).json().at("/bookings").asInt()).isEqualTo(3);
        assertThat(export("c-1", "").expect(200).text()).doesNotContain("Ana", "example.org", "Lisbon");
    }

    @Test
    void who_is_erased_already_stays_so_and_nothing_is_told_again() {
        var booking = book(desk.slot(1), "c-1");
        desk.act(booking, "cancel").expect(200);
        var keyed = desk.api().with("Idempotency-Key", "e-" + UUID.randomUUID());
        var first = keyed.post("/v1/customers/c-1/erase").expect(200);
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        var again = keyed.post("/v1/customers/c-1/erase").expect(200);
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(erase("c-1").expect(200).json()).isEqualTo(first.json());
        assertThat(Outbox.typesAbout(booking))
                .filteredOn("carillon.booking.corrected.v1"::equals)
                .hasSize(1);
    }

    @Test
    void an_erased_customers_booking_that_is_changed_later_tells_nothing_of_them() {
        var slot = desk.slot(1);
        var booking = book(slot, "c-1");
        over(slot);
        erase("c-1").expect(200);
        assertThat(desk.act(booking, "cancel").expect(200).at("/customer/name")).isEmpty();
        assertThat(Outbox.about(booking).getLast().payload().toString()).doesNotContain("Ana", "example.org");
    }

    @Test
    void what_a_provider_said_of_an_address_is_erased_and_does_not_come_back() {
        var booking = book(desk.slot(1), "c-1");
        var before = UUID.randomUUID();
        scheduler.says(tenant, booking, before, "failed", 1);
        await().atMost(PATIENCE).until(() -> booking(booking).text().contains("no such mailbox"));
        desk.act(booking, "cancel").expect(200);
        erase("c-1").expect(200);
        assertThat(booking(booking).at("/messages/0/status")).isEqualTo("failed");
        assertThat(booking(booking).text()).doesNotContain("no such mailbox");

        scheduler.says(tenant, booking, before, "expired", 2);
        scheduler.says(tenant, booking, UUID.randomUUID(), "failed", 1);
        await().atMost(PATIENCE)
                .until(() -> booking(booking).json().at("/messages").size() == 2
                        && booking(booking).text().contains("expired"));
        assertThat(booking(booking).text()).doesNotContain("no such mailbox");
    }

    @Test
    void a_customer_with_more_bookings_than_a_transaction_takes_is_erased_as_a_whole() {
        var booking = book(desk.slot(1), "c-1");
        desk.act(booking, "cancel").expect(200);
        run(
                "INSERT INTO booking (id, tenant, slot_id, places, status, revision, version, sequence, customer_id, customer_name, created_at)"
                        + " SELECT gen_random_uuid(), tenant, slot_id, 1, 'cancelled', 1, 1, 0, 'c-1', 'Ana', created_at FROM booking,"
                        + " generate_series(1, 1100) WHERE id = $1",
                booking);
        assertThat(erase("c-1").expect(200).json().at("/bookings").asInt()).isEqualTo(1101);
        assertThat(export("c-1", "").expect(200).text()).doesNotContain("Ana");
    }

    @Test
    void who_has_no_id_is_exported_and_erased_by_an_address_in_any_case_and_so_is_who_has_one() {
        var slot = desk.slot(9);
        var nameless = bookFor(slot, "{\"name\":\"Ana\",\"email\":\"Ana@Example.org\"}");
        var other = bookFor(slot, "{\"name\":\"Bo\",\"email\":\"bo@example.org\"}");
        var named = bookFor(slot, "{\"id\":\"c-1\",\"name\":\"Ana\",\"email\":\"ana@example.org\"}");

        var export = export("email:ana@EXAMPLE.org", "").expect(200);
        assertThat(export.at("/customerId")).isEqualTo("email:ana@EXAMPLE.org");
        assertThat(ids(export)).containsExactly(named, nameless);
        assertThat(erase("email:ana@example.org")
                        .expectProblem(409, "customer-has-bookings")
                        .json()
                        .at("/bookings"))
                .extracting(node -> node.asText())
                .containsExactlyInAnyOrder(nameless, named);

        desk.act(nameless, "cancel").expect(200);
        desk.act(named, "cancel").expect(200);
        assertThat(erase("email:ana%40example.org")
                        .expect(200)
                        .json()
                        .at("/bookings")
                        .asInt())
                .isEqualTo(2);
        assertThat(booking(nameless).text()).doesNotContain("Ana", "xample.org");
        assertThat(booking(named).text()).doesNotContain("Ana", "xample.org");
        assertThat(booking(other).at("/customer/email")).isEqualTo("bo@example.org");
        assertThat(Outbox.typesAbout(nameless).getLast()).isEqualTo("carillon.booking.corrected.v1");
        export("email:ana@example.org", "").expectProblem(404, "not-found");
        erase("email:ana@example.org").expectProblem(404, "not-found");
        assertThat(ids(export("c-1", "").expect(200))).containsExactly(named);
        Api.of("other-" + UUID.randomUUID())
                .post("/v1/customers/email:bo@example.org/export")
                .expectProblem(404, "not-found");
    }

    @Test
    void a_chat_finds_what_has_it_and_what_the_bot_has_named_by_it() {
        var slot = desk.slot(9);
        var chat = Long.toString(ThreadLocalRandom.current().nextLong(1_000_000, 1_000_000_000_000L));
        var nameless = bookFor(slot, "{\"name\":\"Ana\",\"telegramChatId\":\"%s\"}".formatted(chat));
        var byBot = bookFor(
                slot, "{\"id\":\"telegram:%1$s\",\"name\":\"Ana\",\"telegramChatId\":\"%1$s\"}".formatted(chat));
        var byName = bookFor(slot, "{\"id\":\"telegram:%s\",\"name\":\"Ana\"}".formatted(chat));
        var customer = "telegram:" + chat;
        assertThat(ids(export(customer, "").expect(200))).containsExactly(byName, byBot, nameless);
        for (var one : List.of(nameless, byBot, byName)) {
            desk.act(one, "cancel").expect(200);
        }
        assertThat(erase(customer).expect(200).json().at("/bookings").asInt()).isEqualTo(3);
        for (var one : List.of(nameless, byBot, byName)) {
            assertThat(booking(one).at("/customer/name")).isEmpty();
        }
        assertThat(ids(export(customer, "").expect(200))).containsExactly(byName, byBot);
    }

    @Test
    void who_only_waits_and_has_no_id_is_taken_off_the_list_and_erased() {
        var slot = desk.slot(1);
        book(slot, "c-1");
        var entry = waitFor(slot, "{\"name\":\"Bo\",\"email\":\"bo@example.org\"}");
        var byChat = waitFor(slot, "{\"name\":\"Bo\",\"telegramChatId\":\"-1007\"}");
        assertThat(export("email:BO@example.org", "").expect(200).at("/waitlist/0/id"))
                .isEqualTo(entry);
        assertThat(erase("email:bo@example.org")
                        .expect(200)
                        .json()
                        .at("/bookings")
                        .asInt())
                .isZero();
        assertThat(desk.entry(entry).at("/cancellationReason")).isEqualTo("left");
        assertThat(desk.entry(entry).text()).doesNotContain("Bo", "bo@");
        assertThat(desk.entry(byChat).at("/status")).isEqualTo("waitlist");
        erase("telegram:-1007").expect(200);
        assertThat(desk.entry(byChat).at("/customer/name")).isEmpty();
        erase("telegram:-1007").expectProblem(404, "not-found");
    }

    @Test
    void a_repeated_erasure_by_an_address_is_answered_as_before_and_its_key_keeps_no_address() {
        var booking = bookFor(desk.slot(1), "{\"name\":\"Ana\",\"email\":\"ana@example.org\"}");
        desk.act(booking, "cancel").expect(200);
        var keyed = desk.api().with("Idempotency-Key", "e-" + UUID.randomUUID());
        var first = keyed.post("/v1/customers/email:ana@example.org/erase").expect(200);
        assertThat(first.json().at("/bookings").asInt()).isEqualTo(1);
        var again = keyed.post("/v1/customers/email:ana@example.org/erase").expect(200);
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(Rows.count("SELECT count(*) FROM idempotency_key WHERE tenant = ?", tenant))
                .isEqualTo(1);
        assertThat(Rows.count(
                        "SELECT count(*) FROM idempotency_key WHERE tenant = ? AND strpos(path, 'example.org') > 0",
                        tenant))
                .isZero();
    }

    @Test
    void what_came_after_it_was_counted_is_erased_and_counted_and_the_key_is_remembered() {
        var booking = bookFor(desk.slot(1), "{\"name\":\"Ana\",\"email\":\"ana@example.org\"}");
        desk.act(booking, "cancel").expect(200);
        QuarkusMock.installMockForType(new CustomersOfLater(), CustomerStore.class);
        var keyed = desk.api().with("Idempotency-Key", "e-" + UUID.randomUUID());
        var erased = keyed.post("/v1/customers/email:ana@example.org/erase").expect(200);
        assertThat(erased.json().at("/bookings").asInt()).isEqualTo(1);
        assertThat(booking(booking).at("/customer/name")).isEmpty();
        var again = keyed.post("/v1/customers/email:ana@example.org/erase").expect(200);
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(again.json()).isEqualTo(erased.json());
    }

    @Test
    void who_came_to_wait_after_it_was_counted_is_erased_and_was_a_customer() {
        var slot = desk.slot(1);
        book(slot, "c-1");
        var entry = waitFor(slot, "{\"name\":\"Bo\",\"email\":\"bo@example.org\"}");
        QuarkusMock.installMockForType(new CustomersOfLater(), CustomerStore.class);
        assertThat(erase("email:bo@example.org")
                        .expect(200)
                        .json()
                        .at("/bookings")
                        .asInt())
                .isZero();
        assertThat(desk.entry(entry).at("/customer/name")).isEmpty();
    }

    @Test
    void an_address_with_more_bookings_than_a_transaction_takes_is_erased_as_a_whole() {
        var booking = bookFor(desk.slot(1), "{\"name\":\"Ana\",\"email\":\"ana@example.org\"}");
        desk.act(booking, "cancel").expect(200);
        run(
                "INSERT INTO booking (id, tenant, slot_id, places, status, revision, version, sequence, customer_name, customer_email,"
                        + " created_at) SELECT gen_random_uuid(), tenant, slot_id, 1, 'cancelled', 1, 1, 0, 'Ana', 'ANA@example.org',"
                        + " created_at FROM booking, generate_series(1, 1100) WHERE id = $1",
                booking);
        assertThat(erase("email:ana@example.org")
                        .expect(200)
                        .json()
                        .at("/bookings")
                        .asInt())
                .isEqualTo(1101);
        export("email:ana@example.org", "").expectProblem(404, "not-found");
    }

    @Test
    void an_exports_pages_have_the_newest_of_bookings_and_entries_together() {
        var slot = desk.slot(1);
        var first = book(slot, "c-1");
        var entry = waitFor(slot, "{\"id\":\"c-1\",\"name\":\"Ana\"}");
        var last = book(desk.slot(1), "c-1");
        var pages = pages("c-1", 2);
        assertThat(pages).hasSize(2);
        assertThat(ids(pages.get(0))).containsExactly(last);
        assertThat(pages.get(0).at("/waitlist/0/id")).isEqualTo(entry);
        assertThat(ids(pages.get(1))).containsExactly(first);
        assertThat(pages.get(1).json().at("/waitlist")).isEmpty();
    }

    @Test
    void an_export_has_every_entry_once_however_many_there_are() {
        var slot = desk.slot(1);
        var booking = book(slot, "c-1");
        var entry = waitFor(slot, "{\"id\":\"c-1\",\"name\":\"Ana\"}");
        run(
                "INSERT INTO waitlist_entry (id, tenant, resource_id, slot_id, places, status, version, customer_id, customer_name, created_at)"
                        + " SELECT gen_random_uuid(), tenant, resource_id, slot_id, 1, 'cancelled', 1, 'c-1', 'Ana', created_at"
                        + " FROM waitlist_entry, generate_series(1, 1100) WHERE id = $1",
                entry);
        var pages = pages("c-1", 500);
        assertThat(pages).hasSize(3);
        assertThat(pages.stream().flatMap(page -> ids(page).stream())).containsExactly(booking);
        assertThat(pages.stream().flatMap(page -> ids(page, "/waitlist").stream()))
                .hasSize(1101)
                .contains(entry)
                .doesNotHaveDuplicates();
    }

    @Test
    void only_an_admin_erases_and_another_tenants_customers_do_not_exist() {
        var booking = book(desk.slot(1), "c-1");
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
        assertThat(booking(booking).at("/customer/name")).isEqualTo("Ana");
    }

    @Test
    void an_id_may_be_what_ids_may_be_and_what_cannot_be_one_is_not_found() {
        var booking = book(desk.slot(1), "Ana M/7 ü");
        assertThat(ids(export("Ana%20M%2F7%20%C3%BC", "").expect(200))).containsExactly(booking);
        export("nobody", "").expectProblem(404, "not-found");
        export("a%00b", "").expectProblem(404, "not-found");
        export("x".repeat(201), "").expectProblem(404, "not-found");
        erase("nobody").expectProblem(404, "not-found");
    }

    @Test
    void metrics_are_those_that_are_written_down() {
        book(desk.slot(1), "c-to-be-counted");
        assertThat(MetricsReference.read()
                        .differences(
                                "booking", Api.anonymous().get("/q/metrics").text()))
                .isEmpty();
    }

    @Test
    void no_metric_has_a_label_that_names_a_customer() {
        book(desk.slot(1), "c-in-no-label");
        export("c-in-no-label", "").expect(200);
        erase("c-in-no-label").expectProblem(409, "customer-has-bookings");
        export("c-of-nobody", "").expectProblem(404, "not-found");
        assertThat(Api.anonymous().get("/q/metrics").expect(200).text())
                .contains("/v1/customers/{id}/export")
                .doesNotContain("c-in-no-label", "c-of-nobody", "ana@example.org");
    }

    @Test
    void no_trace_has_a_url_that_names_a_customer() {
        book(desk.slot(1), "c-in-no-trace");
        var listed = desk.api().get("/v1/bookings?status=booked&customerId=c-in-no-trace&limit=9");
        assertThat(traced(listed.expect(200)))
                .contains("/v1/bookings", "limit=9")
                .doesNotContain("c-in-no-trace");
        assertThat(traced(export("c-in-no-trace", "").expect(200)))
                .contains("/v1/customers/REDACTED/export")
                .doesNotContain("c-in-no-trace");
        assertThat(traced(erase("c-in-no-trace").expect(409))).doesNotContain("c-in-no-trace");
        assertThat(traced(export("email:in-no-trace@example.org", "").expect(404)))
                .contains("/v1/customers/REDACTED/export")
                .doesNotContain("in-no-trace");
    }

    @Test
    void no_line_of_the_log_about_a_request_that_was_not_served_names_a_customer() {
        var customer = "email:in-no-log@example.org";
        var uncountable = new UncountableCustomers();
        QuarkusMock.installMockForType(uncountable, CustomerStore.class);
        try (var log = LogLines.of(ProblemMappers.class)) {
            erase(customer).expectProblem(500, "internal-error");
            uncountable.failWith(new IOException("away"));
            erase(customer).expectProblem(503, "unavailable");
            assertThat(log.said())
                    .hasSize(2)
                    .allMatch(line -> line.contains("/v1/customers/{id}/erase"))
                    .noneMatch(line -> line.contains("in-no-log"));
        }
    }

    private String traced(Answer answer) {
        var trace = answer.header("X-Trace-Id").orElseThrow();
        return await().atMost(PATIENCE).until(() -> urlsInTraces.of(trace), Objects::nonNull);
    }

    private String book(String slot, String customer) {
        return book(slot, customer, "");
    }

    private String book(String slot, String customer, String more) {
        var body = """
                {"slotId":"%s","customer":{"id":"%s","name":"Ana","email":"ana@example.org","telegramChatId":"4711",
                 "zone":"Europe/Lisbon","language":"pt"}%s}""".formatted(slot, customer, more);
        return desk.api().post("/v1/bookings", body).expect(201).at("/id");
    }

    /** @param customer as in the HTTP contract */
    private String bookFor(String slot, String customer) {
        return made("/v1/bookings", slot, customer);
    }

    private String waitFor(String slot, String customer) {
        return made("/v1/waitlist", slot, customer);
    }

    private String made(String path, String slot, String customer) {
        return desk.api()
                .post(path, "{\"slotId\":\"%s\",\"customer\":%s}".formatted(slot, customer))
                .expect(201)
                .at("/id");
    }

    private List<Answer> pages(String customer, int limit) {
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

    private Answer export(String customer, String query) {
        return desk.api().post("/v1/customers/" + customer + "/export" + query);
    }

    private Answer erase(String customer) {
        return desk.api().post("/v1/customers/" + customer + "/erase");
    }

    private Answer booking(String id) {
        return desk.api().get("/v1/bookings/" + id).expect(200);
    }

    private static List<String> ids(Answer export) {
        return ids(export, "/items");
    }

    private static List<String> ids(Answer export, String list) {
        return StreamSupport.stream(export.json().at(list).spliterator(), false)
                .map(one -> one.at("/id").asText())
                .toList();
    }

    /** As if the slot had been yesterday. */
    private void over(String slot) {
        run(
                "UPDATE slot SET start_at = start_at - interval '2 days', end_at = end_at - interval '2 days' WHERE id = $1",
                slot);
    }

    private void run(String sql, String id) {
        transactions
                .inTransaction(tx -> tx.run(sql, Tuple.of(UUID.fromString(id))))
                .await()
                .atMost(PATIENCE);
    }
}
