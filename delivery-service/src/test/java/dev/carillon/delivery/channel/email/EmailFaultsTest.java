package dev.carillon.delivery.channel.email;

import static dev.carillon.delivery.channel.email.EmailCalls.line;
import static dev.carillon.delivery.support.RawServer.hang;
import static dev.carillon.delivery.support.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.support.RawServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Relays that are away, break off or hang. */
class EmailFaultsTest {
    @RegisterExtension
    static final EmailCalls emails = new EmailCalls();

    @Test
    void a_refused_connection_was_certainly_not_delivered() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }

        assertThat(emails.send(emails.channel(closed), Content.Message.text("Hi")))
                .isEqualTo(Transient.unanswered(
                        Reason.CONNECTION_REFUSED, "127.0.0.1:" + closed + " refused the connection", false));
    }

    @Test
    void a_relay_that_breaks_off_after_the_letter_may_have_taken_it() {
        RawServer server = emails.raw(socket -> {
            InputStream in = socket.getInputStream();
            write(socket, "220 hello\r\n");
            line(in);
            write(socket, "250 me\r\n");
            for (String reply : List.of("250 ok\r\n", "250 ok\r\n", "354 go\r\n")) {
                line(in);
                write(socket, reply);
            }
            while (!line(in).equals(".")) {
                // the letter
            }
        });

        assertThat(emails.send(emails.channel(server.port()), Content.Message.text("Hi")))
                .isInstanceOfSatisfying(Transient.class, lost -> {
                    assertThat(lost.reason()).isEqualTo(Reason.CONNECTION_LOST);
                    assertThat(lost.possiblyDelivered()).isTrue();
                });
    }

    @Test
    void a_relay_that_hangs_costs_the_timeout_and_those_who_wait_for_it_were_never_sent() {
        RawServer server = emails.raw(socket -> hang(socket));
        EmailChannel channel = emails.channel(server.port(), Map.of("carillon.smtp.pool-size", "1"));
        CompletableFuture<ProviderAnswer> first = emails.begin(channel, Duration.ofMillis(1500), "Hi");
        CompletableFuture<ProviderAnswer> second = emails.begin(channel, Duration.ofMillis(1000), "Hi");

        assertThat(second.join()).isInstanceOfSatisfying(Transient.class, waited -> {
            assertThat(waited.reason()).isEqualTo(Reason.NOT_SENT);
            assertThat(waited.error()).contains("no connection was free");
            assertThat(waited.possiblyDelivered()).isFalse();
        });
        assertThat(first.join()).isInstanceOfSatisfying(Transient.class, late -> {
            assertThat(late.reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(late.possiblyDelivered()).isTrue();
        });
    }

    @Test
    void a_relay_that_hung_is_cut_off_and_its_place_is_free_again() {
        RawServer server = emails.raw(socket -> hang(socket));
        EmailChannel channel = emails.channel(
                server.port(),
                Map.of(
                        "carillon.smtp.pool-size", "1",
                        "carillon.smtp.timeout", "PT0.3S",
                        "carillon.smtp.keep-alive", "PT0.3S"));
        emails.begin(channel, Duration.ofMillis(300), "Hi").join();

        ProviderAnswer next = emails.begin(channel, Duration.ofSeconds(2), "Hi").join();

        assertThat(server.connections()).isGreaterThan(1);
        assertThat(next).isInstanceOf(Transient.class);
    }

    @Test
    void a_letter_that_cannot_even_be_begun_ends_its_call_at_once_and_leaves_its_place_to_the_next() {
        // A time that the client cannot be told: more milliseconds than an int holds.
        EmailChannel channel =
                emails.channel(25, Map.of("carillon.smtp.pool-size", "1", "carillon.smtp.connect-timeout", "P30D"));

        for (int call = 1; call <= 2; call++) {
            assertThat(emails.begin(channel, Duration.ofSeconds(10), "Hi"))
                    .as("call %d", call)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(ArithmeticException.class);
        }
    }
}
