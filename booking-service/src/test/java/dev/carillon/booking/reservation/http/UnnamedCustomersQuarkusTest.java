package dev.carillon.booking.reservation.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.reservation.store.CustomerStore;
import dev.carillon.booking.reservation.store.UncountableCustomers;
import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.booking.support.UrlsInTraces;
import dev.carillon.kit.problem.ProblemMappers;
import dev.carillon.kit.testing.contract.EventContract;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.log.LogLines;
import dev.carillon.kit.testing.metrics.MetricsReference;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Requests that name a customer in their path or query, in metrics, traces and the log. */
@QuarkusTest
@TestProfile(Surroundings.class)
class UnnamedCustomersQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Inject
    UrlsInTraces urlsInTraces;

    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());
    private final Customers customers = new Customers(desk);

    @Test
    void metrics_are_those_that_are_written_down() {
        customers.book(desk.slot(1), "c-to-be-counted");
        assertThat(MetricsReference.read()
                        .differences(
                                "booking", Api.anonymous().get("/q/metrics").text()))
                .isEmpty();
    }

    @Test
    void every_type_of_event_is_counted_before_there_is_one() {
        String exported = Api.anonymous().get("/q/metrics").expect(200).text();
        assertThat(EventContract.typesOf("carillon.booking.")).isNotEmpty().allSatisfy(type -> assertThat(exported)
                .contains("carillon_outbox_appended_total{type=\"" + type + "\"}"));
    }

    @Test
    void no_metric_has_a_label_that_names_a_customer() {
        customers.book(desk.slot(1), "c-in-no-label");
        customers.export("c-in-no-label", "").expect(200);
        customers.erase("c-in-no-label").expectProblem(409, "customer-has-bookings");
        customers.export("c-of-nobody", "").expectProblem(404, "not-found");
        assertThat(Api.anonymous().get("/q/metrics").expect(200).text())
                .contains("/v1/customers/{id}/export")
                .doesNotContain("c-in-no-label", "c-of-nobody", "ana@example.org");
    }

    @Test
    void no_trace_has_a_url_that_names_a_customer() {
        customers.book(desk.slot(1), "c-in-no-trace");
        var listed = desk.api().get("/v1/bookings?status=booked&limit=9&customerId=c-in-no-trace");
        assertThat(traced(listed.expect(200)))
                .contains("/v1/bookings", "limit=9", "customerId=REDACTED")
                .doesNotContain("c-in-no-trace", "Java-http-client");
        assertThat(traced(customers.export("c-in-no-trace", "").expect(200)))
                .contains("/v1/customers/REDACTED/export")
                .doesNotContain("c-in-no-trace");
        assertThat(traced(customers.erase("c-in-no-trace").expect(409))).doesNotContain("c-in-no-trace");
        assertThat(traced(customers.export("email:in-no-trace@example.org", "").expect(404)))
                .contains("/v1/customers/REDACTED/export")
                .doesNotContain("in-no-trace");
    }

    @Test
    void no_line_of_the_log_about_a_request_that_was_not_served_names_a_customer() {
        var customer = "email:in-no-log@example.org";
        var uncountable = new UncountableCustomers();
        QuarkusMock.installMockForType(uncountable, CustomerStore.class);
        try (var log = LogLines.of(ProblemMappers.class)) {
            customers.erase(customer).expectProblem(500, "internal-error");
            uncountable.failWith(new IOException("away"));
            customers.erase(customer).expectProblem(503, "unavailable");
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
}
