package dev.carillon.kit;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** An HTTP server with one resource and filters before it, by their priorities as in a service; and a client of it. */
public final class KitServer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpServer server;

    /** @param path of the resource, as a Vert.x router takes it */
    public KitServer(Filters filters, String path, Handler<RoutingContext> resource) {
        var router = Router.router(vertx);
        filters.getFilters()
                .forEach(one -> router.route().order(-one.getPriority()).handler(one.getHandler()));
        router.route(path).handler(resource);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Leaves the template of a resource's path where Quarkus REST does. */
    public static void answeredBy(RoutingContext exchange, String template) {
        ((HttpServerRequestInternal) exchange.request()).context().putLocal("UrlPathTemplate", template);
    }

    /** The status of the answer. */
    public int get(String path) {
        return send("GET", path);
    }

    /** The status of the answer. */
    public int send(String method, String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    @Override
    public void close() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
