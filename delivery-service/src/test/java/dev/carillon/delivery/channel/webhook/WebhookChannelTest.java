package dev.carillon.delivery.channel.webhook;

import static dev.carillon.delivery.channel.webhook.WebhookCalls.BODY;
import static dev.carillon.delivery.channel.webhook.WebhookCalls.NOW;
import static dev.carillon.delivery.channel.webhook.WebhookCalls.SECRET;
import static dev.carillon.delivery.channel.webhook.WebhookCalls.url;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.delivery.channel.webhook.WebhookCalls.Received;
import dev.carillon.delivery.support.Outbounds;
import io.vertx.core.http.HttpServerResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WebhookChannelTest {
    private static final String FORMER_SECRET = "whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xk";

    @RegisterExtension
    static final WebhookCalls calls = new WebhookCalls();

    @Test
    void a_receiver_gets_the_body_as_it_was_given_with_a_signature_that_the_reference_library_accepts() {
        int port = calls.server(response -> response.setStatusCode(202).end("thanks"));
        WebhookChannel channel = calls.channel(InstantSource.system());

        ProviderAnswer answer = calls.post(channel, "http://hooks.test:" + port + "/in?a=b%20c");

        assertThat(answer).isEqualTo(new Delivered(202, null, "thanks"));
        Received request = calls.received.element();
        assertThat(request.body()).isEqualTo(BODY);
        assertThat(request.host()).isEqualTo("hooks.test:" + port);
        assertThat(request.uri()).isEqualTo("/in?a=b%20c");
        assertThat(request.headers())
                .containsEntry("webhook-id", List.of(Outbounds.MESSAGE.toString()))
                .containsEntry("content-type", List.of("application/json"))
                .hasEntrySatisfying(
                        "user-agent", agent -> assertThat(agent.getFirst()).startsWith("Carillon"));
        assertThat(channel.secretsOf("acme")).singleElement().satisfies(secret -> new Webhook(secret.reveal())
                .verify(request.body(), request.headers()));
    }

    @Test
    void no_other_tenant_s_secret_signs_nor_the_installation_s() {
        int port = calls.server(HttpServerResponse::end);
        WebhookChannel channel = calls.channel(InstantSource.system());
        calls.post(channel, "http://hooks.test:" + port);
        Received request = calls.received.element();

        String others = channel.secretsOf("other").getFirst().reveal();
        assertThat(others).isNotEqualTo(channel.secretsOf("acme").getFirst().reveal());
        for (String secret : List.of(SECRET, others)) {
            assertThatThrownBy(() -> new Webhook(secret).verify(request.body(), request.headers()))
                    .isInstanceOf(WebhookVerificationException.class);
        }
    }

    @Test
    void while_the_installation_s_secret_is_rotated_a_tenant_has_one_of_each_and_both_sign() {
        int port = calls.server(HttpServerResponse::end);
        WebhookChannel channel = calls.channel(SECRET + "," + FORMER_SECRET, InstantSource.system());
        calls.post(channel, "http://hooks.test:" + port);
        Received request = calls.received.element();

        assertThat(channel.secretsOf("acme"))
                .hasSize(2)
                .allSatisfy(secret -> new Webhook(secret.reveal()).verify(request.body(), request.headers()))
                .extracting(SigningSecret::reveal)
                .first()
                .isEqualTo(calls.channel(InstantSource.system())
                        .secretsOf("acme")
                        .getFirst()
                        .reveal());
    }

    @Test
    void the_timestamp_is_the_attempt_s_own() {
        int port = calls.server(HttpServerResponse::end);

        calls.post(calls.channel(() -> NOW), "http://hooks.test:" + port);

        assertThat(calls.received.element().headers())
                .containsEntry("webhook-timestamp", List.of(Long.toString(NOW.getEpochSecond())));
        assertThat(calls.received.element().uri()).isEqualTo("/");
    }

    @Test
    void calls_to_one_receiver_share_a_connection() {
        int port = calls.server(response -> response.end("x".repeat(40_000)));
        WebhookChannel channel = calls.channel(() -> NOW);

        calls.post(channel, "http://hooks.test:" + port);
        calls.post(channel, "http://hooks.test:" + port);

        assertThat(calls.received)
                .hasSize(2)
                .extracting(Received::connection)
                .containsOnly(calls.received.element().connection());
    }

    @Test
    void many_calls_at_once_all_arrive() {
        int port = calls.server(HttpServerResponse::end);
        WebhookChannel channel = calls.channel(() -> NOW);

        List<ProviderAnswer> answers = IntStream.range(0, 300)
                .mapToObj(i -> channel.send(Outbounds.to(url("http://hooks.test:" + port), new Content.Json(BODY))))
                .toList()
                .stream()
                .map(answer -> answer.toCompletableFuture().join())
                .toList();

        assertThat(answers).hasSize(300).allMatch(Delivered.class::isInstance);
        assertThat(calls.received).hasSize(300);
    }

    @Test
    void a_message_for_people_is_posted_with_the_names_of_the_http_interface() {
        int port = calls.server(HttpServerResponse::end);
        Content message = new Content.Message(
                "Hi",
                "text",
                null,
                null,
                List.of(new Content.Attachment("a.txt", "text/plain", new byte[] {1})),
                null,
                null);

        calls.channel(() -> NOW)
                .send(Outbounds.to(url("http://hooks.test:" + port), message))
                .toCompletableFuture()
                .join();

        assertThat(calls.received.element().body())
                .isEqualTo("{\"subject\":\"Hi\",\"text\":\"text\","
                        + "\"attachments\":[{\"name\":\"a.txt\",\"contentType\":\"text/plain\",\"base64\":\"AQ==\"}]}");
    }

    @Test
    void another_channel_s_destination_is_a_bug() {
        assertThatThrownBy(() -> calls.channel(() -> NOW)
                        .send(Outbounds.to(new Destination.Email("a@example.org"), new Content.Json("{}"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
