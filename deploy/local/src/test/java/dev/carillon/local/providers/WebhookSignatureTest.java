package dev.carillon.local.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {

    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
    private static final String ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
    private static final String BODY = "{\"naïve\":\"✓\"}";
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");

    private final WebhookSignature ours = new WebhookSignature(SECRET);

    @Test
    void what_the_reference_library_signs_is_verified() throws Exception {
        assertThat(flaw(signed(), BODY, NOW)).isEmpty();
    }

    @Test
    void one_fitting_signature_among_several_is_enough() throws Exception {
        assertThat(flaw("v1a,unknown v1,bm90IHRoaXMgb25l v1,%% " + signed(), BODY, NOW))
                .isEmpty();
    }

    @Test
    void another_body_or_another_secret_is_found_out() throws Exception {
        String foreign = new Webhook("whsec_"
                        + Base64.getEncoder()
                                .encodeToString("another secret of Carillon".getBytes(StandardCharsets.US_ASCII)))
                .sign(ID, NOW.getEpochSecond(), BODY);

        assertThat(flaw(signed(), BODY + " ", NOW)).isEqualTo("no signature fits");
        assertThat(flaw(foreign, BODY, NOW)).isEqualTo("no signature fits");
    }

    @Test
    void a_signature_is_good_for_five_minutes_either_way() throws Exception {
        assertThat(flaw(signed(), BODY, NOW.plus(Duration.ofMinutes(5)))).isEmpty();
        assertThat(flaw(signed(), BODY, NOW.plus(Duration.ofSeconds(301)))).contains("five minutes");
        assertThat(flaw(signed(), BODY, NOW.minus(Duration.ofSeconds(301)))).contains("five minutes");
    }

    @Test
    void missing_and_malformed_headers_are_named() {
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);

        assertThat(ours.flaw(ID, null, "v1,x", body, NOW).orElseThrow()).contains("missing");
        assertThat(ours.flaw(ID, "soon", "v1,x", body, NOW).orElseThrow()).contains("webhook-timestamp");
        assertThat(ours.flaw(ID, "99999999999999999", "v1,x", body, NOW).orElseThrow())
                .contains("webhook-timestamp");
    }

    private String flaw(String signatures, String body, Instant now) {
        String timestamp = Long.toString(NOW.getEpochSecond());
        return ours.flaw(ID, timestamp, signatures, body.getBytes(StandardCharsets.UTF_8), now)
                .orElse("");
    }

    private static String signed() throws Exception {
        return new Webhook(SECRET).sign(ID, NOW.getEpochSecond(), BODY);
    }
}
