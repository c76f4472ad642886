package dev.carillon.delivery.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhookSignerTest {

    private static final String OLD = "whsec_" + "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xk";
    private static final String NEW = "whsec_" + "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3";
    private static final String BODY = "{\"price\":\"5 €\"}";

    @Test
    void the_specification_s_own_example_comes_out() {
        // https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries, test vector shared by the
        // libraries
        WebhookSigner signer =
                new WebhookSigner(List.of(WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));

        String signature = signer.sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1614265330),
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));

        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void while_a_secret_is_rotated_a_receiver_may_know_either() {
        WebhookSigner signer = new WebhookSigner(List.of(WebhookSecret.parse(NEW), WebhookSecret.parse(OLD)));
        Map<String, List<String>> headers = headers(signer, BODY);

        assertThatCode(() -> new Webhook(NEW).verify(BODY, headers)).doesNotThrowAnyException();
        assertThatCode(() -> new Webhook(OLD).verify(BODY, headers)).doesNotThrowAnyException();
    }

    @Test
    void another_body_or_another_secret_does_not_verify() {
        Map<String, List<String>> headers = headers(new WebhookSigner(List.of(WebhookSecret.parse(NEW))), BODY);

        assertThatThrownBy(() -> new Webhook(NEW).verify(BODY + " ", headers)).isInstanceOf(Exception.class);
        assertThatThrownBy(() -> new Webhook(OLD).verify(BODY, headers)).isInstanceOf(Exception.class);
    }

    @Test
    void a_secret_has_24_to_64_bytes_and_is_never_shown() {
        assertThatThrownBy(() -> WebhookSecret.parse(secret(23))).hasMessageContaining("24 to 64");
        assertThatThrownBy(() -> WebhookSecret.parse(secret(65))).hasMessageContaining("24 to 64");
        assertThat(WebhookSecret.parse(secret(24))).hasToString("whsec_…");
        assertThatCode(() -> WebhookSecret.parse(secret(64))).doesNotThrowAnyException();
        assertThatThrownBy(() -> WebhookSecret.parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
                .hasMessageNotContaining("MfKQ");
    }

    @Test
    void a_tenant_s_secret_is_the_one_that_its_receivers_know() {
        WebhookSecret installation = WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        // deploy/local derives it, too (TenantSecretTest), and receivers keep it: another value here is a breach of
        // contract.
        assertThat(installation.forTenant("acme").shown().reveal())
                .isEqualTo("whsec_JPu66kWY9qENuwMEw3p0MMwvwXyLUjwfcVXvZ192TJo=");
        assertThat(installation.forTenant("other").shown().reveal())
                .isEqualTo("whsec_1aoeU80y6NXoK0DSO0Hah19BjyBcEAqJcYWz3JXn+l0=");
    }

    private static String secret(int bytes) {
        return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
    }

    private static Map<String, List<String>> headers(WebhookSigner signer, String body) {
        Instant now = Instant.now();
        return Map.of(
                "webhook-id", List.of("msg"),
                "webhook-timestamp", List.of(Long.toString(now.getEpochSecond())),
                "webhook-signature", List.of(signer.sign("msg", now, body.getBytes(StandardCharsets.UTF_8))));
    }
}
