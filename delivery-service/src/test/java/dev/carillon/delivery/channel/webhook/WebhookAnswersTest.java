package dev.carillon.delivery.channel.webhook;

import static dev.carillon.delivery.channel.webhook.WebhookCalls.NOW;
import static dev.carillon.delivery.support.RawServer.readHead;
import static dev.carillon.delivery.support.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.Excerpt;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.support.RawServer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver's answer comes to, however it is written. */
class WebhookAnswersTest {
    @RegisterExtension
    static final WebhookCalls calls = new WebhookCalls();

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
    void what_may_be_better_later_is_transient_and_says_when(int status) {
        int port = calls.server(response ->
                response.setStatusCode(status).putHeader("Retry-After", "90").end("busy"));

        ProviderAnswer answer = calls.post(calls.channel(() -> NOW), "http://hooks.test:" + port);

        assertThat(answer).isInstanceOfSatisfying(Transient.class, later -> {
            assertThat(later.providerStatus()).isEqualTo(status);
            assertThat(later.retryAfter()).isEqualTo(Duration.ofSeconds(90));
            assertThat(later.responseExcerpt()).isEqualTo("busy");
            assertThat(later.reason()).isEqualTo(status == 429 ? Reason.RATE_LIMITED : Reason.PROVIDER_FAILED);
            assertThat(later.possiblyDelivered()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 409, 413, 422, 499})
    void what_would_be_refused_again_is_permanent(int status) {
        int port = calls.server(response -> response.setStatusCode(status).end("no"));

        assertThat(calls.post(calls.channel(() -> NOW), "http://hooks.test:" + port))
                .isEqualTo(new Permanent(status, Reason.REJECTED, "the receiver answered " + status, "no"));
    }

    @Test
    void a_receiver_that_is_gone_is_told_apart() {
        int port = calls.server(response -> response.setStatusCode(410).end());

        assertThat(calls.post(calls.channel(() -> NOW), "http://hooks.test:" + port))
                .isInstanceOfSatisfying(Permanent.class, gone -> {
                    assertThat(gone.reason()).isEqualTo(Reason.DESTINATION_GONE);
                    assertThat(gone.providerStatus()).isEqualTo(410);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void a_redirect_is_not_followed(int status) {
        int elsewhere = calls.server(HttpServerResponse::end);
        int port = calls.server(response -> response.setStatusCode(status)
                .putHeader("Location", "http://hooks.test:" + elsewhere + "/")
                .end());

        assertThat(calls.post(calls.channel(() -> NOW), "http://hooks.test:" + port))
                .isInstanceOfSatisfying(Permanent.class, redirected -> {
                    assertThat(redirected.reason()).isEqualTo(Reason.REDIRECTED);
                    assertThat(redirected.error()).contains(Integer.toString(status), "not followed");
                });
        assertThat(calls.received).hasSize(1);
    }

    @Test
    void a_body_that_drips_for_ever_ends_at_the_deadline_and_the_status_counts() {
        RawServer server = calls.raw(socket -> {
            readHead(socket);
            write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (true) {
                write(socket, "1\r\nz\r\n");
                Thread.sleep(20);
            }
        });

        assertThat(calls.within(
                        Duration.ofMillis(2000), calls.channel(() -> NOW), "http://hooks.test:" + server.port()))
                .isInstanceOfSatisfying(Delivered.class, delivered -> assertThat(delivered.responseExcerpt())
                        .matches("z+"));
    }

    @Test
    void a_body_that_breaks_off_changes_nothing_about_the_status() {
        RawServer server = calls.raw(socket -> {
            readHead(socket);
            write(socket, "HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\nhalf");
        });

        assertThat(calls.post(calls.channel(() -> NOW), "http://hooks.test:" + server.port()))
                .isInstanceOfSatisfying(Transient.class, busy -> {
                    assertThat(busy.providerStatus()).isEqualTo(503);
                    assertThat(busy.responseExcerpt()).isEqualTo("half");
                });
    }

    @Test
    void of_an_endless_body_16_KiB_are_kept_and_the_connection_is_given_up() {
        RawServer server = calls.raw(socket -> {
            readHead(socket);
            write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "1000\r\n" + "y".repeat(4096) + "\r\n";
            while (true) {
                write(socket, chunk);
            }
        });
        WebhookChannel channel = calls.channel(() -> NOW);

        for (int call = 1; call <= 2; call++) {
            assertThat(calls.post(channel, "http://hooks.test:" + server.port()))
                    .isEqualTo(new Delivered(200, null, "y".repeat(Excerpt.BODY_BYTES)));
        }
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void what_is_not_http_is_an_unreadable_answer() {
        RawServer server = calls.raw(socket -> {
            readHead(socket);
            write(socket, "SSH-2.0-OpenSSH_9.6\r\n\r\n");
        });

        assertThat(calls.post(calls.channel(() -> NOW), "http://hooks.test:" + server.port()))
                .isInstanceOfSatisfying(Transient.class, unreadable -> assertThat(unreadable.reason())
                        .isEqualTo(Reason.UNREADABLE_ANSWER));
    }
}
