package dev.carillon.delivery.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.telegram.TelegramChannel;
import dev.carillon.delivery.channel.telegram.TelegramSettings;
import dev.carillon.delivery.channel.webhook.WebhookChannel;
import dev.carillon.delivery.channel.webhook.WebhookSettings;
import dev.carillon.delivery.support.Outbounds;
import dev.carillon.delivery.support.RawServer;
import dev.carillon.delivery.support.SettingsOf;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The channels leave tracing to Vert.x's instrumentation: here to one that, like OpenTelemetry's, reads the context. */
class TracingTest {

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final ConcurrentLinkedQueue<TracingPolicy> policies = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> traces = new ConcurrentLinkedQueue<>();
    private final Vertx vertx = Vertx.builder()
            .with(new io.vertx.core.VertxOptions().setTracingOptions(new TracingOptions()))
            .withTracer(options -> new ContextTracer())
            .build();
    private int port;

    private final class ContextTracer implements VertxTracer<Object, Object> {
        @Override
        public <R> @Nullable Object sendRequest(
                Context context,
                SpanKind kind,
                TracingPolicy policy,
                R request,
                String operation,
                BiConsumer<String, String> headers,
                TagExtractor<R> tags) {
            policies.add(policy);
            String trace = context.getLocal("trace");
            if (trace != null && policy != TracingPolicy.IGNORE) {
                headers.accept("traceparent", trace);
            }
            return null;
        }
    }

    @BeforeEach
    void startServer() {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            traces.add(Objects.requireNonNullElse(request.getHeader("traceparent"), "none"));
            request.response().end("{\"ok\":true,\"result\":{\"message_id\":5}}");
        });
        port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    @AfterEach
    void closeVertx() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_webhook_carries_the_trace_of_the_context_that_sends_it_even_after_a_lookup_elsewhere() {
        try (WebhookChannel channel = new WebhookChannel(
                vertx,
                SettingsOf.properties(
                        WebhookSettings.class,
                        Map.of(
                                "carillon.webhook.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                "carillon.webhook.allowed-cidrs", "127.0.0.0/8,::1/128")),
                InstantSource.system())) {
            assertThat(traced(
                            channel,
                            Outbounds.to(
                                    new Destination.WebhookUrl(URI.create("http://localhost:" + port)),
                                    new Content.Json("{}"))))
                    .isInstanceOf(ProviderAnswer.Delivered.class);
        }
        assertThat(traces).containsExactly(TRACE);
    }

    @Test
    void telegram_is_called_outside_of_tracing_because_its_address_holds_the_token() {
        try (TelegramChannel channel = new TelegramChannel(
                vertx,
                SettingsOf.properties(
                        TelegramSettings.class,
                        Map.of(
                                "carillon.telegram.base-url",
                                "http://127.0.0.1:" + port,
                                "carillon.telegram.token",
                                "12:ab")))) {
            assertThat(traced(channel, Outbounds.to(new Destination.Telegram("7"), Content.Message.text("hi"))))
                    .isInstanceOf(ProviderAnswer.Delivered.class);
        }
        assertThat(policies).containsExactly(TracingPolicy.IGNORE);
        assertThat(traces).containsExactly("none");
    }

    @Test
    void a_timeout_is_answered_on_the_context_that_sent_too() throws Exception {
        try (RawServer server = new RawServer(RawServer::hang);
                TelegramChannel channel = new TelegramChannel(
                        vertx,
                        SettingsOf.properties(
                                TelegramSettings.class,
                                Map.of(
                                        "carillon.telegram.base-url",
                                        "http://127.0.0.1:" + server.port(),
                                        "carillon.telegram.token",
                                        "12:ab")))) {
            assertThat(traced(
                            channel,
                            Outbounds.within(
                                    Duration.ofMillis(100), new Destination.Telegram("7"), Content.Message.text("hi"))))
                    .isInstanceOf(ProviderAnswer.Transient.class);
        }
    }

    /** Sends on a context whose trace is over when the call has begun, and checks that the answer comes back on it. */
    private ProviderAnswer traced(Channel channel, Outbound outbound) {
        ContextInternal context = ((ContextInternal) vertx.getOrCreateContext()).duplicate();
        context.putLocal("trace", TRACE);
        CompletableFuture<ProviderAnswer> answer = new CompletableFuture<>();
        context.runOnContext(go -> {
            CompletionStage<ProviderAnswer> call = channel.send(outbound);
            context.removeLocal("trace");
            call.whenComplete((sent, failure) -> {
                if (Vertx.currentContext() != context) {
                    answer.completeExceptionally(new AssertionError("answered on another context"));
                } else if (failure != null) {
                    answer.completeExceptionally(failure);
                } else {
                    answer.complete(sent);
                }
            });
        });
        return answer.orTimeout(10, TimeUnit.SECONDS).join();
    }
}
