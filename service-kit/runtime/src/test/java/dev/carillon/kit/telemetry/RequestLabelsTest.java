package dev.carillon.kit.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class RequestLabelsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void methods_that_http_does_not_have_are_one_and_whoever_leaves_before_the_answer_has_no_path() {
        meters.config().meterFilter(RequestLabels.filter());
        for (int i = 0; i < 3; i++) {
            request("MADE-UP-" + i, "/v1/things", "405");
            request("MADE-UP-" + i, "/made/up/" + i, "RESET");
            request("GET", "/made/up/" + i, "RESET");
        }
        request("GET", "/v1/things/{id}", "200");

        assertThat(meters.getMeters())
                .extracting(RequestLabelsTest::text)
                .containsExactlyInAnyOrder(
                        "OTHER /v1/things 405", "OTHER UNKNOWN RESET", "GET UNKNOWN RESET", "GET /v1/things/{id} 200");
    }

    private void request(String method, String uri, String status) {
        meters.counter("http.server.requests", "method", method, "uri", uri, "status", status)
                .increment();
    }

    private static String text(Meter meter) {
        var id = meter.getId();
        return id.getTag("method") + " " + id.getTag("uri") + " " + id.getTag("status");
    }
}
