package dev.carillon.delivery.channel.webhook;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.support.Outbounds;
import dev.carillon.delivery.support.RawServer;
import dev.carillon.delivery.support.SettingsOf;
import dev.carillon.kit.http.RefusedDestinations;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Calls of webhooks by channels whose clock is the test's, at receivers and with name servers that the test makes. What a test opens is closed after it.
 */
final class WebhookCalls implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    static final String BODY = "{\"visit\": \"1234\",  \"price\":\"5 €\"}";
    static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");

    /** What receivers that are no {@link #raw} ones have got. */
    final ConcurrentLinkedQueue<Received> received = new ConcurrentLinkedQueue<>();

    /** What was logged of refused destinations in this test; the clock of that stands still. */
    final List<String> logged = new ArrayList<>();

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final List<AutoCloseable> open = new ArrayList<>();
    private FakeHosts hosts = new FakeHosts();
    private MeterRegistry metrics = new SimpleMeterRegistry();
    private RefusedDestinations refusals = refusals(metrics);

    record Received(String host, String uri, Map<String, List<String>> headers, String body, String connection) {}

    @Override
    public void beforeEach(ExtensionContext test) {
        hosts = new FakeHosts().answering("hooks.test", "127.0.0.1");
        received.clear();
        logged.clear();
        metrics = new SimpleMeterRegistry();
        refusals = refusals(metrics);
    }

    private RefusedDestinations refusals(MeterRegistry registry) {
        return new RefusedDestinations(registry, () -> 0, logged::add);
    }

    /** How many destinations of this range were refused in this test. */
    double refused(String range) {
        return metrics.counter("carillon.webhook.destinations.refused", "range", range)
                .count();
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        open.clear();
    }

    @Override
    public void afterAll(ExtensionContext tests) throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    FakeHosts hosts() {
        return hosts;
    }

    WebhookChannel channel(InstantSource clock) {
        return channel(SECRET, clock);
    }

    WebhookChannel channel(String secrets, InstantSource clock) {
        WebhookSettings settings = settings(
                Map.of("carillon.webhook.allowed-cidrs", "127.0.0.0/8,::1/128", "carillon.webhook.secret", secrets));
        WebhookChannel channel = new WebhookChannel(vertx, settings, clock, hosts, null, refusals);
        open.add(channel);
        return channel;
    }

    /** One with these settings. */
    WebhookChannel channelWith(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.put("carillon.webhook.allowed-cidrs", "127.0.0.0/8,::1/128");
        return opened(settings(all), hosts);
    }

    /** One that asks this resolver, and may call the loopback as well. */
    WebhookChannel channelAsking(HostAddresses resolver) {
        return opened(settings(Map.of("carillon.webhook.allowed-cidrs", "127.0.0.0/8,::1/128")), resolver);
    }

    private WebhookChannel opened(WebhookSettings settings, HostAddresses resolver) {
        WebhookChannel channel = new WebhookChannel(vertx, settings, () -> NOW, resolver, null, refusals);
        open.add(channel);
        return channel;
    }

    /** One that may call no address but public ones. */
    WebhookChannel resolving(HostAddresses resolver) {
        return opened(settings(Map.of()), resolver);
    }

    private static WebhookSettings settings(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.putIfAbsent("carillon.webhook.secret", SECRET);
        return SettingsOf.properties(WebhookSettings.class, all);
    }

    ProviderAnswer post(WebhookChannel channel, String url) {
        return within(Duration.ofSeconds(10), channel, url);
    }

    ProviderAnswer within(Duration timeout, WebhookChannel channel, String url) {
        return answer(channel, Outbounds.within(timeout, url(url), new Content.Json(BODY)));
    }

    /** One that may be sent for so long, and has ten seconds. */
    ProviderAnswer expiring(Duration sendBefore, WebhookChannel channel, String url) {
        return answer(channel, Outbounds.expiring(sendBefore, url(url), new Content.Json(BODY)));
    }

    private static ProviderAnswer answer(WebhookChannel channel, Outbound outbound) {
        return channel.send(outbound)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    /** Makes them all at once and on one event loop, as attempts are made. */
    List<CompletableFuture<ProviderAnswer>> begin(WebhookChannel channel, List<Outbound> outbounds) {
        return outbounds.stream().map(outbound -> begin(channel, outbound)).toList();
    }

    private CompletableFuture<ProviderAnswer> begin(WebhookChannel channel, Outbound outbound) {
        CompletableFuture<ProviderAnswer> answer = new CompletableFuture<>();
        loop.runOnContext(go -> channel.send(outbound).whenComplete((said, bug) -> {
            if (bug == null) {
                answer.complete(said);
            } else {
                answer.completeExceptionally(bug);
            }
        }));
        return answer;
    }

    static Destination url(String url) {
        return new Destination.WebhookUrl(URI.create(url));
    }

    RawServer raw(RawServer.Behaviour behaviour) {
        RawServer server = new RawServer(behaviour);
        open.add(server);
        return server;
    }

    int server(Handler<HttpServerResponse> answer) {
        return server("127.0.0.1", answer);
    }

    int server(String address, Handler<HttpServerResponse> answer) {
        return server(0, address, request -> receive(request, answer));
    }

    int serverAt(int port, Handler<HttpServerResponse> answer) {
        return server(port, "127.0.0.1", request -> receive(request, answer));
    }

    /** One that never answers what comes to this path. */
    int serverHangingAt(String path) {
        return server(0, "127.0.0.1", request -> {
            if (path.equals(request.path())) {
                receive(request, never -> {});
            } else {
                receive(request, HttpServerResponse::end);
            }
        });
    }

    private int server(int port, String address, Handler<HttpServerRequest> receiving) {
        HttpServer server = vertx.createHttpServer().requestHandler(receiving);
        open.add(() -> server.close().toCompletionStage().toCompletableFuture().join());
        return server.listen(port, address)
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private void receive(HttpServerRequest request, Handler<HttpServerResponse> answer) {
        request.body().onSuccess(body -> {
            Map<String, List<String>> headers = new HashMap<>();
            request.headers()
                    .names()
                    .forEach(name -> headers.put(
                            name.toLowerCase(Locale.ROOT), request.headers().getAll(name)));
            received.add(new Received(
                    String.valueOf(request.getHeader("Host")),
                    request.uri(),
                    headers,
                    body.toString(),
                    request.connection().remoteAddress().toString()));
            answer.handle(request.response());
        });
    }
}
