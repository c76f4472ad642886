package dev.carillon.local.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithProviders.class)
class WebhookProviderTest {

    private final RunningProviders providers;

    WebhookProviderTest(RunningProviders providers) {
        this.providers = providers;
    }

    @Test
    void a_webhook_signed_by_the_reference_library_is_shown_as_verified() throws Exception {
        Instant before = Instant.now().minusMillis(1);
        HttpResponse<String> answer =
                providers.sendWebhook("/webhooks/a/b?c=d", "{\"hello\":\"wörld\"}", RunningProviders.SECRET);

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonObject received = providers.only("webhook");
        assertThat(received.getBoolean("signatureVerified")).isTrue();
        assertThat(received.getString("path")).isEqualTo("/webhooks/a/b");
        assertThat(received.getString("body")).isEqualTo("{\"hello\":\"wörld\"}");
        assertThat(received.getJsonObject("headers").getString("webhook-id")).isEqualTo("msg_1");
        assertThat(received.getString("receivedAt")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(Instant.parse(received.getString("receivedAt"))).isBetween(before, Instant.now());
    }

    @Test
    void a_webhook_with_a_wrong_signature_arrives_and_is_shown_as_not_verified() throws Exception {
        providers.sendWebhook(
                "/webhooks/x", "{}", "whsec_" + Base64.getEncoder().encodeToString(new byte[32]));

        assertThat(providers.only("webhook").getBoolean("signatureVerified")).isFalse();
        assertThat(providers.only("webhook").getString("signatureFlaw")).isEqualTo("no signature fits");
    }
}
