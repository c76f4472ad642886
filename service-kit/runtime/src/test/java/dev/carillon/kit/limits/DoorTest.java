package dev.carillon.kit.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.KitServer;
import dev.carillon.kit.problem.EarlyAnswers;
import dev.carillon.kit.telemetry.RequestLog;
import dev.carillon.kit.testing.log.LogLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DoorTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ConcurrencyLimit limit = new ConcurrencyLimit(
            RateLimitsTest.settings(Map.of(
                            "carillon.limits.concurrency.min", "10",
                            "carillon.limits.concurrency.max", "10"))
                    .concurrency(),
            System::nanoTime);
    private final KitServer server = new KitServer(filters(limit, meters), "/v1/*", exchange -> exchange.end());

    @AfterEach
    void stop() {
        server.close();
    }

    /** The door first, as may happen in a service. */
    private static Filters filters(ConcurrencyLimit limit, SimpleMeterRegistry meters) {
        var filters = new Filters();
        new Door(limit, new LimitMetrics(meters, limit), new EarlyAnswers(new ObjectMapper())).register(filters);
        new RequestLog().register(filters);
        return filters;
    }

    @Test
    void while_nothing_is_let_in_reads_and_creating_are_refused_and_counted_and_nothing_else_is() {
        othersAreInFlight(10);

        assertThat(server.get("/v1/messages/7")).isEqualTo(503);
        assertThat(server.send("HEAD", "/v1/messages")).isEqualTo(503);
        assertThat(server.send("POST", "/v1/messages")).isEqualTo(503);
        assertThat(server.send("POST", "/v1/messages/7/cancel")).isEqualTo(200);
        assertThat(server.send("PATCH", "/v1/messages/7")).isEqualTo(200);

        assertThat(shed("read")).isEqualTo(2);
        assertThat(shed("promise")).isEqualTo(1);
    }

    @Test
    void while_only_promises_are_let_in_it_is_left_to_the_admission_which_reads_are() {
        othersAreInFlight(9);

        assertThat(server.get("/v1/messages/7")).isEqualTo(200);
        assertThat(server.send("POST", "/v1/messages")).isEqualTo(200);
    }

    @Test
    void who_is_refused_leaves_a_line_in_the_log_as_every_request_does() {
        othersAreInFlight(10);
        try (var log = LogLines.at(Level.FINE, "carillon.requests")) {
            assertThat(server.get("/v1/messages")).isEqualTo(503);

            await().until(() -> !log.lines().isEmpty());
            assertThat(log.lines().getFirst().fields())
                    .containsEntry("method", "GET")
                    .containsEntry("status", "503");
        }
    }

    private void othersAreInFlight(int times) {
        for (int n = 0; n < times; n++) {
            assertThat(limit.enter(Priority.PROMISE, true)).isNotNull();
        }
    }

    private double shed(String priority) {
        return meters.get("carillon.limits.shed")
                .tag("priority", priority)
                .counter()
                .count();
    }
}
