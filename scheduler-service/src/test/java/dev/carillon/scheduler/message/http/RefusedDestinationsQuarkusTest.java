package dev.carillon.scheduler.message.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.http.RefusedDestinations;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.log.LogLines;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The operator hears of destinations that the scheduler refuses as of those that delivery does. */
@QuarkusTest
@TestProfile(Surroundings.class)
class RefusedDestinationsQuarkusTest {
    private static final String SERIES = "carillon_webhook_destinations_refused_total{range=\"shared\"} ";

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Api api = Api.of(tenant);

    @Test
    void each_is_counted_by_its_range_in_a_message_an_item_of_a_batch_and_who_is_told_of_a_failure() {
        double before = refused();

        post(webhook("http://100.64.0.1/?key=secret", ""));
        post(webhook(
                "https://example.org/", ",\"onFailure\":{\"channel\":\"webhook\",\"url\":\"http://100.64.0.1/\"}"));
        api.post("/v1/messages/batch", "{\"items\":[%s]}".formatted(webhook("http://100.64.0.1/", "")));

        assertThat(refused()).isEqualTo(before + 3);
    }

    @Test
    void one_is_logged_with_its_tenant_and_range_and_without_its_url() {
        try (var log = LogLines.of(RefusedDestinations.class)) {
            // Another test may have had one logged in the same second.
            await().untilAsserted(() -> {
                post(webhook("http://100.64.0.1/?key=secret", ""));
                assertThat(log.said()).anySatisfy(line -> assertThat(line).contains(tenant, "range: shared"));
            });
            assertThat(log.said()).noneMatch(line -> line.contains("100.64") || line.contains("secret"));
        }
    }

    private void post(String message) {
        api.post("/v1/messages", message).expectProblem(422, "destination-refused");
    }

    private static String webhook(String url, String more) {
        return """
                {"to":{"channel":"webhook","url":"%s"},"content":{"json":{}},"schedule":{"in":"P1D"}%s}""".formatted(url, more);
    }

    private static double refused() {
        return Api.anonymous()
                .get("/q/metrics")
                .expect(200)
                .text()
                .lines()
                .filter(line -> line.startsWith(SERIES))
                // An exemplar may follow.
                .map(line -> line.substring(SERIES.length()).replaceFirst(" .*", ""))
                .mapToDouble(Double::parseDouble)
                .sum();
    }
}
