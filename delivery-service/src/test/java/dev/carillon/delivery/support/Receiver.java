package dev.carillon.delivery.support;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A provider that a test holds in its hand: it remembers every call, and answers each path as told, 200 where nothing was told. With 429 it asks for 30 seconds. */
public final class Receiver implements AutoCloseable {

    /** A request as it arrived, with the instant at which it did. */
    public record Call(String path, @Nullable String webhookId, Instant receivedAt, String body, MultiMap headers) {}

    /** The status for each call to a path, counted from 1. */
    public interface Script {
        CompletionStage<Integer> status(int call);
    }

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<Instant> connectedAt = new CopyOnWriteArrayList<>();
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();

    private Receiver(int port) {
        // With HTTP/2 in the clear a connection is known by its first bytes only.
        server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                .connectionHandler(connection -> connectedAt.add(Instant.now()))
                .requestHandler(this::receive)
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    public static Receiver start() {
        return new Receiver(0);
    }

    public static Receiver startAt(int port) {
        return new Receiver(port);
    }

    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.actualPort() + path);
    }

    /** One status for each call; the last one stays. */
    public Receiver answering(String path, int... statuses) {
        return answering(
                path, call -> CompletableFuture.completedFuture(statuses[Math.min(call, statuses.length) - 1]));
    }

    public Receiver answering(String path, Script script) {
        scripts.put(path, script);
        return this;
    }

    /** When each of its connections came. */
    public List<Instant> connectedAt() {
        return connectedAt;
    }

    public List<Call> calls(String path) {
        return calls.stream().filter(call -> call.path.equals(path)).toList();
    }

    private void receive(HttpServerRequest request) {
        var receivedAt = Instant.now();
        var path = Objects.requireNonNull(request.path());
        request.body().onSuccess(body -> {
            calls.add(new Call(path, request.getHeader("webhook-id"), receivedAt, body.toString(), request.headers()));
            scripts.getOrDefault(path, call -> CompletableFuture.completedFuture(200))
                    .status(calls(path).size())
                    .thenAccept(status -> request.response()
                            .setStatusCode(status)
                            .putHeader("retry-after", status == 429 ? "30" : "0")
                            .end("{\"ok\":true,\"result\":{\"message_id\":7}}"));
        });
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
