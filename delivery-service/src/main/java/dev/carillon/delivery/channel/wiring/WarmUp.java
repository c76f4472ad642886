package dev.carillon.delivery.channel.wiring;

import dev.carillon.delivery.channel.Channel;
import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.email.EmailChannel;
import dev.carillon.delivery.channel.email.SmtpSettings;
import dev.carillon.delivery.channel.telegram.TelegramChannel;
import dev.carillon.delivery.channel.telegram.TelegramSettings;
import dev.carillon.delivery.channel.webhook.WebhookChannel;
import dev.carillon.delivery.channel.webhook.WebhookSettings;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Makes calls over channels of its own to listeners of its own before the service is ready, so that the first message does not pay for loading
 * the code that sends it. Leaves no delivery, no span and no connection; what goes wrong here is logged and stops nothing.
 */
@Singleton
public class WarmUp {
    private static final Logger LOG = Logger.getLogger(WarmUp.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ROUNDS = 20;
    // A parent that is not sampled: whatever spans the calls make are not recorded either.
    private static final Span UNSEEN = Span.wrap(SpanContext.create(
            "ca000000000000000000000000000000", "ca00000000000000", TraceFlags.getDefault(), TraceState.getDefault()));

    private final Vertx vertx;

    WarmUp(Vertx vertx) {
        this.vertx = vertx;
    }

    void run(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent starting) {
        long begun = System.nanoTime();
        try (var web = Loopback.http();
                var mail = Loopback.smtp();
                var deaf = Loopback.closing();
                var webhook = webhook();
                var telegram = telegram(web.port());
                var email = email(mail.port())) {
            long deadline = begun + PATIENCE.toNanos();
            for (int round = 0; round < ROUNDS; round++) {
                call(webhook, url("http", web), new Content.Json("{\"warm\":true}"), deadline);
                call(telegram, new Destination.Telegram("1"), Content.Message.text("warm"), deadline);
                call(email, new Destination.Email("warm@carillon.invalid"), Content.Message.text("warm"), deadline);
            }
            // No TLS is spoken there; but to find that out, all that TLS needs is loaded.
            send(webhook, url("https", deaf), new Content.Json("{}"), deadline);
        } catch (IOException | ExecutionException | TimeoutException | RuntimeException failure) {
            LOG.warn("The channels could not be warmed up: the first messages may be late", failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        LOG.infof("The channels were warmed up in %d ms", (System.nanoTime() - begun) / 1_000_000);
    }

    /** The address policy is loosened for this channel alone, which nobody else ever sees. */
    private WebhookChannel webhook() {
        var settings = settings(
                WebhookSettings.class,
                Map.of(
                        "carillon.webhook.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "carillon.webhook.allowed-cidrs", "127.0.0.0/8,::1/128"));
        return new WebhookChannel(vertx, settings, InstantSource.system());
    }

    private TelegramChannel telegram(int port) {
        var settings = settings(
                TelegramSettings.class,
                Map.of("carillon.telegram.token", "1:warm", "carillon.telegram.base-url", "http://127.0.0.1:" + port));
        return new TelegramChannel(vertx, settings);
    }

    private EmailChannel email(int port) {
        var settings = settings(
                SmtpSettings.class,
                Map.of(
                        "carillon.smtp.host", "127.0.0.1",
                        "carillon.smtp.port", Integer.toString(port),
                        "carillon.smtp.from", "warm@carillon.invalid"));
        return new EmailChannel(vertx, settings);
    }

    private static Destination url(String scheme, Loopback listener) {
        return new Destination.WebhookUrl(URI.create(scheme + "://localhost:" + listener.port()));
    }

    private void call(Channel channel, Destination destination, Content content, long deadline)
            throws ExecutionException, InterruptedException, TimeoutException {
        var answer = send(channel, destination, content, deadline);
        if (!(answer instanceof ProviderAnswer.Delivered)) {
            throw new IllegalStateException("the channel " + channel.name() + " answered " + answer);
        }
    }

    private ProviderAnswer send(Channel channel, Destination destination, Content content, long deadline)
            throws ExecutionException, InterruptedException, TimeoutException {
        long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
        var id = UUID.randomUUID();
        var outbound = new Outbound(id, 1, "warm", id, 1, destination, content, Duration.ofMillis(left));
        var answer = new CompletableFuture<ProviderAnswer>();
        ((ContextInternal) vertx.getOrCreateContext()).unwrap().duplicate().runOnContext(ignored -> {
            try (var scope = Context.root().with(UNSEEN).makeCurrent()) {
                channel.send(outbound).whenComplete((said, bug) -> {
                    if (said != null) {
                        answer.complete(said);
                    } else {
                        answer.completeExceptionally(bug);
                    }
                });
            }
        });
        return answer.get(left, TimeUnit.MILLISECONDS);
    }

    private static <T> T settings(Class<T> mapping, Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .withDefaultValues(values)
                .withMapping(mapping)
                .build()
                .getConfigMapping(mapping);
    }
}
