package dev.carillon.delivery.channel.webhook;

import static dev.carillon.delivery.channel.webhook.WebhookCalls.NOW;
import static dev.carillon.delivery.support.RawServer.hang;
import static dev.carillon.delivery.support.RawServer.readHead;
import static dev.carillon.delivery.support.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.support.RawServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Receivers that give no answer. */
class WebhookFaultsTest {
    @RegisterExtension
    static final WebhookCalls calls = new WebhookCalls();

    @Test
    void a_refused_connection_was_certainly_not_delivered() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }

        assertThat(calls.post(calls.channel(() -> NOW), "http://hooks.test:" + closed))
                .isEqualTo(Transient.unanswered(
                        Reason.CONNECTION_REFUSED, "hooks.test:" + closed + " refused the connection", false));
    }

    @Test
    void a_reset_after_the_request_may_have_been_delivered() {
        RawServer server = calls.raw(socket -> {
            readHead(socket);
            socket.setSoLinger(true, 0);
        });

        assertThat(calls.post(calls.channel(() -> NOW), "http://hooks.test:" + server.port()))
                .isInstanceOfSatisfying(Transient.class, lost -> {
                    assertThat(lost.reason()).isEqualTo(Reason.CONNECTION_LOST);
                    assertThat(lost.possiblyDelivered()).isTrue();
                });
    }

    @Test
    void a_receiver_that_hangs_costs_its_timeout_and_its_connection() {
        RawServer server = calls.raw(socket -> hang(socket));
        Instant start = Instant.now();

        ProviderAnswer answer =
                calls.within(Duration.ofMillis(1500), calls.channel(() -> NOW), "http://hooks.test:" + server.port());

        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofMillis(1490), Duration.ofSeconds(20));
        assertThat(answer).isInstanceOfSatisfying(Transient.class, late -> {
            assertThat(late.reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(late.error()).contains("no answer within 1.5 s");
            assertThat(late.possiblyDelivered()).isTrue();
        });
    }

    @Test
    void a_status_that_drips_in_too_slowly_is_a_timeout() {
        RawServer server = calls.raw(socket -> {
            readHead(socket);
            for (String drop : "HTTP/1.1 200 OK\r\nX-Slow: ".split("")) {
                write(socket, drop);
                Thread.sleep(50);
            }
            while (true) {
                write(socket, "a");
                Thread.sleep(50);
            }
        });

        assertThat(calls.within(Duration.ofMillis(500), calls.channel(() -> NOW), "http://hooks.test:" + server.port()))
                .isInstanceOfSatisfying(
                        Transient.class, late -> assertThat(late.reason()).isEqualTo(Reason.TIMEOUT));
    }

    @Test
    void what_has_no_connection_when_its_message_expires_is_not_sent() {
        RawServer server = calls.raw(RawServer::hang);
        Instant start = Instant.now();

        ProviderAnswer answer =
                calls.expiring(Duration.ofMillis(300), calls.channel(() -> NOW), "https://hooks.test:" + server.port());

        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofMillis(300), Duration.ofSeconds(4));
        assertThat(answer).isInstanceOfSatisfying(Transient.class, late -> {
            assertThat(late.reason()).isEqualTo(Reason.NOT_SENT);
            assertThat(late.possiblyDelivered()).isFalse();
        });
    }

    @Test
    void what_was_sent_before_its_message_expired_may_be_answered_after_it() {
        RawServer server = calls.raw(socket -> {
            readHead(socket);
            Thread.sleep(700);
            write(socket, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
            hang(socket);
        });

        assertThat(calls.expiring(
                        Duration.ofMillis(500), calls.channel(() -> NOW), "http://hooks.test:" + server.port()))
                .isInstanceOf(Delivered.class);
    }

    @Test
    void tls_with_a_stranger_s_certificate_is_not_spoken() {
        RawServer server = calls.raw(socket -> {
            write(socket, "not a handshake at all\r\n");
            hang(socket);
        });

        assertThat(calls.post(calls.channel(() -> NOW), "https://hooks.test:" + server.port()))
                .isInstanceOfSatisfying(Transient.class, insecure -> {
                    assertThat(insecure.reason()).isEqualTo(Reason.TLS_FAILED);
                    assertThat(insecure.possiblyDelivered()).isFalse();
                });
    }
}
