package dev.carillon.kit.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.log.LogLines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
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
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestLogTest {
    private static final String CATEGORY = "carillon.requests";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer server;

    @BeforeEach
    void start() {
        var router = Router.router(vertx);
        router.route().handler(new RequestStatements(new SimpleMeterRegistry())::count);
        router.get("/v1/answers/:status").handler(RequestLogTest::answer);
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

    /** As a resource, of which Quarkus REST tells the template, for whom an API key makes known. */
    private static void answer(RoutingContext exchange) {
        ((HttpServerRequestInternal) exchange.request()).context().putLocal("UrlPathTemplate", "/v1/answers/{status}");
        exchange.setUser(new QuarkusHttpUser(QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal("api-key:7"))
                .addAttribute(RequestLog.TENANT, "acme")
                .build()));
        exchange.response().setStatusCode(Integer.parseInt(exchange.pathParam("status")));
        exchange.end();
    }

    @Test
    void a_request_that_has_ended_leaves_a_line_with_fields_and_nothing_of_its_path_or_query()
            throws IOException, InterruptedException {
        try (var log = LogLines.at(Level.FINE, CATEGORY)) {
            get("/v1/answers/201?address=ana@example.org");
            get("/nowhere/ana@example.org");
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
    void without_debug_only_a_fault_of_the_service_leaves_one_and_what_was_shed_is_none()
            throws IOException, InterruptedException {
        try (var log = LogLines.at(Level.INFO, CATEGORY)) {
            get("/v1/answers/200");
            get("/v1/answers/404");
            get("/v1/answers/503");
            get("/v1/answers/500");
            await().until(() -> !log.lines().isEmpty());

            assertThat(log.lines()).singleElement().satisfies(line -> {
                assertThat(line.level()).isEqualTo("WARN");
                assertThat(line.fields()).containsEntry("status", "500");
            });
        }
    }

    private void get(String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + server.actualPort() + path);
        var request = HttpRequest.newBuilder(uri).build();
        client.send(request, HttpResponse.BodyHandlers.discarding());
    }
}
