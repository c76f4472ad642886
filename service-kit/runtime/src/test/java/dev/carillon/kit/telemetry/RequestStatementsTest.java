package dev.carillon.kit.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitServer;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestStatementsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KitServer server =
            new KitServer(filters(meters), "/v1/things/:id", RequestStatementsTest::answerWithThree);

    @AfterEach
    void stop() {
        server.close();
    }

    private static Filters filters(SimpleMeterRegistry meters) {
        var filters = new Filters();
        new RequestStatements(meters).register(filters);
        return filters;
    }

    private static void answerWithThree(RoutingContext exchange) {
        KitServer.answeredBy(exchange, "/v1/things/{id}/");
        Statements.current().add(1);
        Statements.current().add(2);
        exchange.end();
    }

    @Test
    void requests_count_by_their_template_and_whatever_clients_ask_for_there_are_no_other_series() {
        for (int i = 0; i < 10; i++) {
            assertThat(server.get("/v1/things/" + i)).isEqualTo(200);
            assertThat(server.get("/v1/nothing/" + i)).isEqualTo(404);
        }
        await().until(() -> told() == 10);
        assertThat(summaries()).singleElement().satisfies(one -> {
            assertThat(one.getId().getTag("method")).isEqualTo("GET");
            assertThat(one.getId().getTag("uri")).isEqualTo("/v1/things/{id}");
            assertThat(one.totalAmount()).isEqualTo(30);
            assertThat(one.max()).isEqualTo(3);
        });
    }

    private long told() {
        return summaries().stream().mapToLong(DistributionSummary::count).sum();
    }

    private Collection<DistributionSummary> summaries() {
        return meters.find("carillon.request.statements").summaries();
    }
}
