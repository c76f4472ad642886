package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.support.EndpointFixture.PATIENCE;
import static dev.carillon.delivery.support.EndpointFixture.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.delivery.support.EndpointFixture;
import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.delivery.support.Staged;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is exported does not grow with tenants, their endpoints and their URLs. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class BoundedMetricsQuarkusTest {
    private static final int TENANTS = 50;
    private static final int ONE_IN_SO_MANY_FAILS = 5;

    private final EndpointFixture on = new EndpointFixture();

    @AfterEach
    void disconnect() {
        on.close();
    }

    @Test
    void fifty_tenants_with_endpoints_and_urls_of_their_own_add_no_series_each() {
        deliverFor(ONE_IN_SO_MANY_FAILS, "first-" + UUID.randomUUID());
        var known = series();
        assertThat(known)
                .anyMatch(one -> one.startsWith("carillon_delivery_attempts_total{"))
                .anyMatch(one -> one.startsWith("carillon_webhook_destinations_refused_total{"))
                .anyMatch(one -> one.startsWith("carillon_request_statements_count{"))
                .anyMatch(one -> one.startsWith("http_server_requests_seconds_count{"));
        var mark = UUID.randomUUID().toString();

        deliverFor(TENANTS, mark);

        var added = series();
        added.removeAll(known);
        // What tests before this one have left to do may add a reason or a state, but not one for each tenant.
        assertThat(added).hasSizeLessThan(TENANTS / 2).noneMatch(one -> one.contains(mark));
    }

    /** Until all has ended. */
    private void deliverFor(int tenants, String mark) {
        var messages = new ArrayList<Staged>();
        for (int i = 0; i < tenants; i++) {
            int status = i % ONE_IN_SO_MANY_FAILS == 0 ? 500 : 200;
            messages.addAll(stagedFor("tenant-" + mark + "-" + i, "/" + mark + "/" + i, status));
        }
        await().atMost(PATIENCE).until(() -> {
            messages.removeIf(this::hasEnded);
            return messages.isEmpty();
        });
    }

    /** One to a URL and one to an endpoint, which have this path; and an endpoint that is refused, and an id that nothing has. */
    private List<Staged> stagedFor(String tenant, String path, int status) {
        var url = on.receiver.answering(path, status).url(path);
        String endpoint = as(tenant, "operator")
                .body("{\"url\":\"%s\"}".formatted(url))
                .post("/v1/endpoints")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        as(tenant, "operator")
                .body("{\"url\":\"http://10.0.0.1/\"}")
                .post("/v1/endpoints")
                .then()
                .statusCode(422);
        as(tenant, "viewer").get("/v1/deliveries/" + UUID.randomUUID()).then().statusCode(404);
        var messages = List.of(
                Staged.webhook(url, Instant.now()).of(tenant),
                Staged.endpoint(endpoint, Instant.now()).of(tenant));
        messages.forEach(on.scheduler::stage);
        return messages;
    }

    private boolean hasEnded(Staged message) {
        return on.database.types(message.id()).stream()
                .anyMatch(List.of("delivered", "dead-lettered", "held")::contains);
    }

    /** Names and labels, without values. */
    private static Set<String> series() {
        var series = new TreeSet<String>();
        given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("carillon_") || line.startsWith("http_server_requests_seconds_count{"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .forEach(series::add);
        return series;
    }
}
