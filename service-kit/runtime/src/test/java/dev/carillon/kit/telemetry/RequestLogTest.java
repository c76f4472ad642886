package dev.carillon.kit.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitServer;
import dev.carillon.kit.testing.log.LogLines;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestLogTest {
    private static final String CATEGORY = "carillon.requests";

    private final KitServer server = new KitServer(filters(), "/v1/answers/:status", RequestLogTest::answer);

    @AfterEach
    void stop() {
        server.close();
    }

    private static Filters filters() {
        var filters = new Filters();
        new RequestLog().register(filters);
        return filters;
    }

    /** For whom an API key makes known. */
    private static void answer(RoutingContext exchange) {
        KitServer.answeredBy(exchange, "/v1/answers/{status}");
        exchange.setUser(new QuarkusHttpUser(QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal("api-key:7"))
                .addAttribute(RequestLog.TENANT, "acme")
                .build()));
        exchange.response().setStatusCode(Integer.parseInt(exchange.pathParam("status")));
        exchange.end();
    }

    @Test
    void a_request_that_has_ended_leaves_a_line_with_fields_and_nothing_of_its_path_or_query() {
        try (var log = LogLines.at(Level.FINE, CATEGORY)) {
            server.get("/v1/answers/201?address=ana@example.org");
            server.get("/nowhere/ana@example.org");
            await().until(() -> log.lines().size() == 2);

            var answered = log.lines().getFirst();
            assertThat(answered.level()).isEqualTo("DEBUG");
            assertThat(answered.text()).matches("GET /v1/answers/\\{status}: 201 in \\d+ ms");
            assertThat(answered.fields())
                    .containsEntry("method", "GET")
                    .containsEntry("path", "/v1/answers/{status}")
                    .containsEntry("status", "201")
                    .containsEntry("tenant", "acme")
                    .containsEntry("principal", "api-key")
                    .containsKey("durationMs");
            assertThat(log.lines().getLast().fields())
                    .containsEntry("path", "UNKNOWN")
                    .containsEntry("status", "404")
                    .containsEntry("principal", "nobody")
                    .doesNotContainKey("tenant");
            assertThat(log.lines().toString()).doesNotContain("ana");
        }
    }

    @Test
    void without_debug_only_a_fault_of_the_service_leaves_one_and_what_was_shed_is_none() {
        try (var log = LogLines.at(Level.INFO, CATEGORY)) {
            server.get("/v1/answers/200");
            server.get("/v1/answers/404");
            server.get("/v1/answers/503");
            server.get("/v1/answers/500");
            await().until(() -> !log.lines().isEmpty());

            assertThat(log.lines()).singleElement().satisfies(line -> {
                assertThat(line.level()).isEqualTo("WARN");
                assertThat(line.fields()).containsEntry("status", "500");
            });
        }
    }
}
