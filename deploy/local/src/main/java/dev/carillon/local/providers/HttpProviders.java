package dev.carillon.local.providers;

import dev.carillon.local.providers.trace.Traces;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One HTTP server for Telegram, webhooks, traces, and for looking at and disturbing all of them. */
final class HttpProviders {

    private static final int LARGEST_BODY = 8 * 1024 * 1024;
    private static final String ALLOW = "Allow";

    private final Vertx vertx;
    private final Inbox inbox;
    private final Faults faults;
    private final Traces traces;
    private final TelegramProvider telegram;
    private final WebhookProvider webhooks;
    private final Buffer page = page();
    private @Nullable HttpServer server;

    HttpProviders(
            Vertx vertx,
            Inbox inbox,
            Faults faults,
            Traces traces,
            TelegramProvider telegram,
            WebhookProvider webhooks) {
        this.vertx = vertx;
        this.inbox = inbox;
        this.faults = faults;
        this.traces = traces;
        this.telegram = telegram;
        this.webhooks = webhooks;
    }

    /** On both loopback addresses, where the machine has both: {@code localhost} may be either. */
    void start(int port) {
        server = listen("127.0.0.1", port)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        listen("::1", port())
                .otherwiseEmpty()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    int port() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server.actualPort();
    }

    private Future<HttpServer> listen(String host, int port) {
        return vertx.createHttpServer(new HttpServerOptions()
                        .setHost(host)
                        .setPort(port)
                        .setDecompressionSupported(false)
                        .setMaxInitialLineLength(16 * 1024)
                        .setMaxHeaderSize(64 * 1024))
                .requestHandler(this::read)
                .invalidRequestHandler(request -> send(request, Answer.problem(400, "malformed HTTP request")))
                .listen();
    }

    private void read(HttpServerRequest request) {
        Instant receivedAt = Instant.now();
        var body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() <= LARGEST_BODY) {
                body.appendBuffer(part);
            } else if (!request.response().ended()) {
                request.response().putHeader(HttpHeaders.CONNECTION, "close");
                send(request, Answer.problem(413, "more than 8 MiB"));
            }
        });
        request.endHandler(end -> {
            if (!request.response().ended()) {
                answer(request, body, receivedAt);
            }
        });
    }

    private void answer(HttpServerRequest http, Buffer body, Instant receivedAt) {
        try {
            String path = http.path();
            if (path == null) {
                throw new BadRequest("the request has no path");
            }
            // params() decodes the query, and refuses a malformed one.
            var request = new Request(http.method(), path, http.params(), http.headers(), body, receivedAt);
            answer(http, request);
        } catch (BadRequest e) {
            send(http, Answer.problem(400, e.detail()));
        } catch (IllegalArgumentException e) {
            send(http, Answer.problem(400, "malformed request: " + e.getMessage()));
        }
    }

    private void answer(HttpServerRequest http, Request request) {
        String path = request.path();
        if (path.startsWith(TelegramProvider.PREFIX)) {
            arrive(http, request, telegram);
        } else if (path.equals("/webhooks") || path.startsWith("/webhooks/")) {
            arrive(http, request, webhooks);
        } else if (path.equals("/v1/traces")) {
            takeTraces(http, request);
        } else {
            send(http, ownAnswer(request));
        }
    }

    private Answer ownAnswer(Request request) {
        String path = request.path();
        if (path.startsWith("/traces/")) {
            return trace(request, path.substring("/traces/".length()));
        }
        return switch (path) {
            case "/" -> request.is(HttpMethod.GET) ? inboxPage() : notAllowed("GET");
            case "/health" -> Answer.json(200, new JsonObject().put("status", "UP"));
            case "/received" -> received(request);
            case "/faults" -> faults(request);
            default -> Answer.problem(404, "nothing is at " + path + "; the page at / says what is where");
        };
    }

    private void arrive(HttpServerRequest http, Request request, FaultyProvider provider) {
        Optional<Answer> refusal = provider.refusal(request);
        if (refusal.isPresent()) {
            send(http, refusal.get());
            return;
        }
        Optional<Fault> fault = faults.befalling(provider.channel(), request.path());
        keep(request, provider, fault);
        if (fault.isEmpty()) {
            send(http, provider.acceptance(request));
        } else {
            suffer(http, request, provider, fault.get());
        }
    }

    private void keep(Request request, FaultyProvider provider, Optional<Fault> fault) {
        if (provider.channel() == Channel.TELEGRAM && !TelegramProvider.isKept(request)) {
            return;
        }
        JsonObject details = provider.details(request);
        fault.ifPresent(injected -> details.put("fault", injected.mode().label()));
        boolean accepted = fault.isEmpty() || fault.get().mode() == Fault.Mode.SLOW;
        inbox.add(
                provider.channel(),
                request.receivedAt(),
                accepted,
                3 * request.body().length() + 2048,
                details);
    }

    private void suffer(HttpServerRequest http, Request request, FaultyProvider provider, Fault fault) {
        switch (fault.mode()) {
            case ERROR -> send(http, provider.error(fault));
            case RATE_LIMIT -> send(http, provider.rateLimit(fault));
            case SLOW -> vertx.setTimer(fault.delay().toMillis(), timer -> send(http, provider.acceptance(request)));
            case HANG -> {
                // Nothing is ever answered; the connection ends when its client gives up.
            }
            case RESET -> http.connection().close();
        }
    }

    private void takeTraces(HttpServerRequest http, Request request) {
        if (!request.is(HttpMethod.POST)) {
            send(http, notAllowed("POST"));
            return;
        }
        String type = Optional.ofNullable(request.headers().get(HttpHeaders.CONTENT_TYPE))
                .orElse("");
        if (!type.startsWith("application/x-protobuf")) {
            send(http, Answer.problem(415, "traces are taken as application/x-protobuf"));
            return;
        }
        boolean gzip = "gzip".equalsIgnoreCase(request.headers().get(HttpHeaders.CONTENT_ENCODING));
        vertx.executeBlocking(
                        () -> {
                            traces.accept(request.body().getBytes(), gzip);
                            return Answer.empty(200);
                        },
                        true)
                .otherwise(HttpProviders::refusedTraces)
                // An empty ExportTraceServiceResponse is no bytes at all.
                .onSuccess(answer -> send(http, answer));
    }

    private static Answer refusedTraces(Throwable failure) {
        return failure instanceof Traces.Unreadable
                ? Answer.problem(400, String.valueOf(failure.getMessage()))
                : Answer.problem(503, "traces cannot be kept: " + failure.getMessage());
    }

    private Answer trace(Request request, String traceId) {
        if (!request.is(HttpMethod.GET)) {
            return notAllowed("GET");
        }
        if (!traceId.matches("[0-9a-fA-F]{32}")) {
            throw new BadRequest("a trace id has 32 hexadecimal digits");
        }
        return Answer.json(200, traces.of(traceId));
    }

    private Answer received(Request request) {
        if (request.is(HttpMethod.DELETE)) {
            inbox.clear();
            return Answer.empty(204);
        }
        if (!request.is(HttpMethod.GET)) {
            return notAllowed("GET, DELETE");
        }
        var items = new JsonArray();
        inbox.matching(wanted(request), limit(request)).forEach(received -> items.add(received.toJson()));
        return Answer.items(items);
    }

    private static Predicate<Received> wanted(Request request) {
        String channel = request.query().get("channel");
        String since = request.query().get("since");
        Predicate<Received> wanted = "true".equals(request.query().get("refused")) ? any -> true : Received::accepted;
        if (channel != null && !channel.isEmpty()) {
            Channel only = Channel.labelled(channel)
                    .orElseThrow(() -> new BadRequest("channel must be one of " + Channel.labels()));
            wanted = wanted.and(received -> received.channel() == only);
        }
        if (since != null && !since.isEmpty()) {
            Instant from = instant(since);
            wanted = wanted.and(received -> !received.receivedAt().isBefore(from));
        }
        return wanted;
    }

    private static Instant instant(String text) {
        try {
            // A plus sign that was not escaped arrives as a space.
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeParseException e) {
            throw new BadRequest("since must be an RFC 3339 instant such as 2026-11-27T09:00:00Z", e);
        }
    }

    private static int limit(Request request) {
        String limit = request.query().get("limit");
        try {
            int wanted = limit == null ? Inbox.KEPT : Integer.parseInt(limit);
            if (wanted >= 1) {
                return wanted;
            }
        } catch (NumberFormatException e) {
            throw new BadRequest("limit must be a number", e);
        }
        throw new BadRequest("limit must be at least 1");
    }

    private Answer faults(Request request) {
        if (request.is(HttpMethod.POST)) {
            Fault fault = FaultRequest.read(request.json(), Instant.now());
            faults.inject(fault);
            return Answer.json(201, fault.toJson());
        }
        if (request.is(HttpMethod.DELETE)) {
            faults.clear();
            return Answer.empty(204);
        }
        if (!request.is(HttpMethod.GET)) {
            return notAllowed("GET, POST, DELETE");
        }
        var items = new JsonArray();
        faults.active().forEach(fault -> items.add(fault.toJson()));
        return Answer.items(items);
    }

    private Answer inboxPage() {
        return new Answer(200, "text/html; charset=utf-8", page, Map.of());
    }

    private static Answer notAllowed(String allowed) {
        return Answer.problem(405, "allowed here: " + allowed).with(ALLOW, allowed);
    }

    private static void send(HttpServerRequest request, Answer answer) {
        var response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        if (!answer.contentType().isEmpty()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType());
        }
        response.end(answer.body());
    }

    private static Buffer page() {
        try (var page = HttpProviders.class.getResourceAsStream("inbox.html")) {
            return page == null
                    ? Buffer.buffer("inbox.html is missing")
                    : Buffer.buffer(new String(page.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
