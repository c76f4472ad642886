package dev.carillon.delivery.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.support.Outbounds;
import dev.carillon.delivery.support.SettingsOf;
import dev.carillon.kit.http.RefusedDestinations;
import dev.carillon.kit.testing.network.SelfSigned;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The socket goes to a checked address, and yet everything about TLS goes by the name in the URL. */
class WebhookTlsTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final AtomicReference<@Nullable String> INDICATED = new AtomicReference<>();
    private static final AtomicInteger CONNECTIONS = new AtomicInteger();
    private static final AtomicInteger REQUESTS = new AtomicInteger();
    private static PemTrustOptions trust = new PemTrustOptions();
    private static int port;

    @BeforeAll
    static void startServer() {
        var hooks = SelfSigned.of("dns:hooks.test");
        trust = new PemTrustOptions().addCertValue(Buffer.buffer(hooks.certificate()));
        var key = new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(hooks.certificate()))
                .addKeyValue(Buffer.buffer(hooks.key()));
        port = VERTX.createHttpServer(
                        new HttpServerOptions().setSsl(true).setSni(true).setKeyCertOptions(key))
                .connectionHandler(connection -> CONNECTIONS.incrementAndGet())
                .requestHandler(request -> {
                    REQUESTS.incrementAndGet();
                    INDICATED.set(request.connection().indicatedServerName());
                    request.response().end();
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    @AfterAll
    static void closeVertx() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void the_name_is_indicated_and_its_certificate_accepted() {
        assertThat(post("https://hooks.test:" + port, trust)).isInstanceOf(Delivered.class);
        assertThat(INDICATED.get()).isEqualTo("hooks.test");
    }

    @Test
    void a_certificate_for_another_name_is_refused() {
        assertThat(post("https://other.test:" + port, trust)).isInstanceOfSatisfying(Transient.class, this::isInsecure);
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused() {
        assertThat(post("https://hooks.test:" + port, null)).isInstanceOfSatisfying(Transient.class, this::isInsecure);
    }

    private void isInsecure(Transient answer) {
        assertThat(answer.reason()).isEqualTo(Reason.TLS_FAILED);
        assertThat(answer.possiblyDelivered()).isFalse();
        assertThat(answer.error()).contains("no secure connection");
    }

    @Test
    void a_call_that_was_made_ready_finds_its_one_connection_and_nothing_was_sent_over_it_before() {
        Destination hooks = new Destination.WebhookUrl(URI.create("https://hooks.test:" + port));
        int connections = CONNECTIONS.get();
        int requests = REQUESTS.get();
        try (WebhookChannel channel = channel(trust)) {
            for (int call = 0; call < 50; call++) {
                channel.prepare("acme", hooks);
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> CONNECTIONS.get() > connections);
            assertThat(REQUESTS).hasValue(requests);

            assertThat(post(channel, hooks)).isInstanceOf(Delivered.class);

            assertThat(REQUESTS).hasValue(requests + 1);
            assertThat(CONNECTIONS).hasValue(connections + 1);
        }
    }

    private static ProviderAnswer post(String url, @Nullable TrustOptions trusted) {
        try (WebhookChannel channel = channel(trusted)) {
            return post(channel, new Destination.WebhookUrl(URI.create(url)));
        }
    }

    private static ProviderAnswer post(WebhookChannel channel, Destination url) {
        return channel.send(Outbounds.to(url, new Content.Json("{}")))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private static WebhookChannel channel(@Nullable TrustOptions trusted) {
        WebhookSettings settings = SettingsOf.properties(
                WebhookSettings.class,
                Map.of(
                        "carillon.webhook.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "carillon.webhook.allowed-cidrs", "127.0.0.0/8"));
        FakeHosts hosts = new FakeHosts().answering("hooks.test", "127.0.0.1").answering("other.test", "127.0.0.1");
        return new WebhookChannel(
                VERTX,
                settings,
                InstantSource.system(),
                hosts,
                trusted,
                new RefusedDestinations(new SimpleMeterRegistry()));
    }
}
