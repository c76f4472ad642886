package dev.carillon.kit.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestStatementsTest {
    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer server;

    @BeforeEach
    void start() {
        var router = Router.router(vertx);
        router.route().handler(new RequestStatements(meters)::count);
        router.get("/v1/things/:id").handler(RequestStatementsTest::answerWithThree);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void stop() {
        client.close();
        vertx.close();
    }

    /** As a resource, of which Quarkus REST tells the template. */
    private static void answerWithThree(RoutingContext exchange) {
        ((HttpServerRequestInternal) exchange.request()).context().putLocal("UrlPathTemplate", "/v1/things/{id}/");
        Statements.current().add(1);
        Statements.current().add(2);
        exchange.end();
    }

    @Test
    void requests_count_by_their_template_and_whatever_clients_ask_for_there_are_no_other_series()
            throws IOException, InterruptedException {
        for (int i = 0; i < 10; i++) {
            assertThat(get("/v1/things/" + i)).isEqualTo(200);
            assertThat(get("/v1/nothing/" + i)).isEqualTo(404);
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

    private int get(String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + server.actualPort() + path);
        var request = HttpRequest.newBuilder(uri).build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
