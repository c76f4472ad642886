package dev.carillon.delivery.channel.email;

import static dev.carillon.delivery.channel.email.EmailCalls.line;
import static dev.carillon.delivery.support.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.email.EmailCalls.Received;
import dev.carillon.delivery.support.RawServer;
import dev.carillon.kit.testing.network.SelfSigned;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relays with a certificate of a private authority, from the first byte on ({@code tls}) or after STARTTLS. */
class EmailTlsTest {
    private static final SelfSigned RELAYS = SelfSigned.of("ip:127.0.0.1");
    private static final SelfSigned OF_ANOTHER = SelfSigned.of("dns:other.test");

    @RegisterExtension
    static final EmailCalls emails = new EmailCalls();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void letters_go_out_over_one_secure_connection_with_one_sign_in(boolean tls, @TempDir Path folder) {
        EmailChannel channel =
                channel(relay(RELAYS, tls), tls, Map.of("carillon.smtp.trusted-certificates", file(folder, RELAYS)));

        assertThat(emails.send(channel, Content.Message.text("one"))).isInstanceOf(Delivered.class);
        assertThat(emails.send(channel, Content.Message.text("two"))).isInstanceOf(Delivered.class);

        assertThat(emails.received)
                .hasSize(2)
                .extracting(Received::connection)
                .containsOnly(emails.received.element().connection());
        assertThat(emails.signedIn).containsExactly("carillon");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_certificate_that_nobody_vouches_for_is_refused(boolean tls) {
        EmailChannel channel = channel(relay(RELAYS, tls), tls, Map.of());

        assertThatNothingIsSaid(channel);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_certificate_for_another_host_is_refused(boolean tls, @TempDir Path folder) {
        EmailChannel channel = channel(
                relay(OF_ANOTHER, tls), tls, Map.of("carillon.smtp.trusted-certificates", file(folder, OF_ANOTHER)));

        assertThatNothingIsSaid(channel);
    }

    @ParameterizedTest
    @ValueSource(strings = {"required", "optional"})
    void a_relay_that_offers_a_secure_connection_and_gives_none_hears_nothing_in_the_clear(String startTls) {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        RawServer server = emails.raw(socket -> offerAndFail(socket, heard));
        EmailChannel channel = emails.channel(server.port(), Map.of("carillon.smtp.start-tls", startTls));

        assertThat(emails.send(channel, Content.Message.text("Hi")))
                .isInstanceOfSatisfying(
                        Transient.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.TLS_FAILED));
        assertThat(heard.toString(StandardCharsets.ISO_8859_1)).doesNotContain("EHLO", "HELO", "MAIL");
    }

    @Test
    void a_file_without_a_certificate_is_found_at_the_start(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("ca.pem"), "nothing");
        Map<String, String> settings = Map.of("carillon.smtp.trusted-certificates", file.toString());

        assertThatThrownBy(() -> emails.channel(25, settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("trusted-certificates");
    }

    /** Twice, since a connection that failed is followed by one of a new client. */
    private static void assertThatNothingIsSaid(EmailChannel channel) {
        for (int call = 0; call < 2; call++) {
            assertThat(emails.send(channel, Content.Message.text("Hi")))
                    .isInstanceOfSatisfying(Transient.class, refused -> {
                        assertThat(refused.reason()).isEqualTo(Reason.TLS_FAILED);
                        assertThat(refused.possiblyDelivered()).isFalse();
                        assertThat(refused.error()).contains("no secure connection");
                    });
        }
        assertThat(emails.signedIn).isEmpty();
        assertThat(emails.received).isEmpty();
    }

    private static int relay(SelfSigned certificate, boolean tls) {
        return emails.relay(relay -> tls
                ? relay.requireAuth().serverSocketFactory(certificate.server())
                : relay.requireAuth().enableTLS().requireTLS().startTlsSocketFactory(certificate.server()));
    }

    private static EmailChannel channel(int port, boolean tls, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("carillon.smtp.pool-size", "1");
        settings.put("carillon.smtp.tls", Boolean.toString(tls));
        settings.put("carillon.smtp.username", "carillon");
        settings.put("carillon.smtp.password", "right");
        return emails.channel(port, settings);
    }

    private static String file(Path folder, SelfSigned certificate) {
        return certificate.writeTo(folder.resolve("ca.pem")).toString();
    }

    private static void offerAndFail(Socket socket, ByteArrayOutputStream heard) throws IOException {
        InputStream in = socket.getInputStream();
        write(socket, "220 relay\r\n");
        line(in);
        write(socket, "250-relay\r\n250 STARTTLS\r\n");
        line(in);
        write(socket, "220 go on\r\n");
        heard.write(in.read());
        write(socket, "454 not after all\r\n");
        in.transferTo(heard);
    }
}
