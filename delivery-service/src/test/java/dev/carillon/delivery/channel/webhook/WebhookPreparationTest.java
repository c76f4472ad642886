package dev.carillon.delivery.channel.webhook;

import static dev.carillon.delivery.channel.webhook.WebhookCalls.url;
import static dev.carillon.delivery.support.RawServer.readHead;
import static dev.carillon.delivery.support.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.webhook.HostAddresses.Lookup;
import dev.carillon.delivery.support.RawServer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a call finds ready; with TLS it is {@link WebhookTlsTest}'s. */
class WebhookPreparationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @RegisterExtension
    static final WebhookCalls calls = new WebhookCalls();

    @Test
    void what_could_not_be_made_ready_is_tried_again_in_full_by_the_call() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        AtomicInteger asked = new AtomicInteger();
        WebhookChannel channel = calls.channelAsking((tenant, host, patience) -> {
            asked.incrementAndGet();
            return Lookup.known(List.of(InetAddress.getLoopbackAddress()));
        });
        channel.prepare("acme", url("http://hooks.test:" + port));
        await().atMost(PATIENCE).until(() -> asked.get() == 1);

        calls.serverAt(port, HttpServerResponse::end);

        assertThat(calls.post(channel, "http://hooks.test:" + port)).isInstanceOf(Delivered.class);
        assertThat(asked).hasValue(2);
    }

    @Test
    void a_name_that_was_not_found_while_it_was_made_ready_is_asked_for_again() {
        int port = calls.server(HttpServerResponse::end);
        AtomicInteger asked = new AtomicInteger();
        WebhookChannel channel = calls.channelAsking((tenant, host, patience) -> asked.incrementAndGet() == 1
                ? Lookup.failed(new UnknownHostException(host))
                : Lookup.known(List.of(InetAddress.getLoopbackAddress())));

        channel.prepare("acme", url("http://hooks.test:" + port));

        assertThat(calls.post(channel, "http://hooks.test:" + port)).isInstanceOf(Delivered.class);
    }

    @Test
    void an_address_that_is_ready_is_not_called_when_its_name_has_gone_elsewhere() {
        RawServer server = calls.raw(RawServer::hang);
        calls.hosts().answering("rebinding.test", "127.0.0.1").answering("rebinding.test", "10.0.0.1");
        WebhookChannel channel = calls.channelWith(Map.of());
        channel.prepare("acme", url("http://rebinding.test:" + server.port()));
        await().atMost(PATIENCE).until(() -> server.connections() == 1);

        assertThat(calls.post(channel, "http://rebinding.test:" + server.port()))
                .isInstanceOf(Permanent.class);
    }

    @Test
    void a_connection_that_has_been_idle_for_long_is_not_kept_for_longer_but_replaced() {
        RawServer server = calls.raw(socket -> {
            while (true) {
                readHead(socket);
                write(socket, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
            }
        });
        // Whatever was left idle has been so for long then, and the client, which takes a second at least, has it
        // still.
        WebhookChannel channel = calls.channelWith(Map.of("carillon.webhook.keep-alive", "PT0S"));
        String url = "http://hooks.test:" + server.port();
        assertThat(calls.post(channel, url)).isInstanceOf(Delivered.class);
        assertThat(server.connections()).isEqualTo(1);

        channel.prepare("acme", url(url));
        await().atMost(PATIENCE).until(() -> server.connections() == 2);

        assertThat(calls.post(channel, url)).isInstanceOf(Delivered.class);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void nothing_is_made_ready_where_no_connection_may_be_had() {
        RawServer server = calls.raw(RawServer::hang);
        WebhookChannel channel = calls.resolving((tenant, host, patience) -> {
            throw new AssertionError("asked for " + host);
        });

        for (Destination destination : List.of(
                url("http://127.0.0.1:" + server.port()),
                url("http:/no-host"),
                new Destination.WebhookEndpoint(UUID.randomUUID(), null),
                new Destination.Telegram("7"))) {
            channel.prepare("acme", destination);
        }

        assertThat(server.connections()).isZero();
    }
}
