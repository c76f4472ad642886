package dev.carillon.system.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.carillon.local.state.Credentials;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Carillon.Accepted;
import dev.carillon.system.stack.Rounds;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(RunningStack.class)
class OnTimeIT {

    private static final int MESSAGES = 7;
    private static final Duration ON_TIME = Duration.ofMillis(100);

    private final TestStack stack;
    private final Carillon carillon;

    OnTimeIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    /** Half of several messages are as near to their instant as promised. That none is early and each arrives once holds for all. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void a_message_in_three_seconds_arrives_at_its_instant_once(Way way) {
        Duration typical = Rounds.until(ON_TIME, () -> typicalLateness(way));

        assertThat(typical).isLessThanOrEqualTo(ON_TIME);
    }

    private Duration typicalLateness(Way way) {
        List<Accepted> messages = IntStream.range(0, MESSAGES)
                .mapToObj(each -> carillon.schedule(way, "PT3S"))
                .toList();

        messages.forEach(message -> carillon.awaitStatus(message, "delivered"));
        assertThat(messages).allSatisfy(message -> {
            assertThat(carillon.calls(message)).hasSize(1);
            assertThatItsOneAttemptIsReadable(message);
        });
        List<Duration> lateness = messages.stream().map(this::lateness).sorted().toList();
        System.out.println("lateness, " + way.label() + ": " + lateness);
        assertThat(lateness).as("never early").noneMatch(Duration::isNegative);
        return lateness.get(MESSAGES / 2);
    }

    private Duration lateness(Accepted message) {
        Instant receivedAt = carillon.received(message).getFirst().getInstant("receivedAt");
        return Duration.between(carillon.message(message).getInstant("dueAt"), receivedAt);
    }

    private void assertThatItsOneAttemptIsReadable(Accepted message) {
        JsonObject told = carillon.message(message);
        assertThat(told.getInteger("attempts")).isEqualTo(1);
        assertThat(told.getBoolean("possiblyDelivered")).isFalse();
        List<JsonObject> deliveries = carillon.deliveries(message);
        assertThat(deliveries).hasSize(1);
        JsonObject delivery = deliveries.getFirst();
        assertThat(delivery.getString("id")).isEqualTo(told.getString("deliveryId"));
        assertThat(delivery.getString("status")).isEqualTo("delivered");
        assertThat(delivery.getJsonArray("attempts")).hasSize(1);
        JsonObject attempt = delivery.getJsonArray("attempts").getJsonObject(0);
        assertThat(attempt.getString("outcome")).isEqualTo("delivered");
        assertThat(attempt.getInteger("number")).isEqualTo(1);
        assertThat(attempt.getInstant("startedAt")).isAfterOrEqualTo(told.getInstant("dueAt"));
        assertThat(attempt.getString("traceId")).isEqualTo(told.getString("traceId"));
    }

    @Test
    void the_reference_library_of_standard_webhooks_verifies_a_webhook_and_refuses_a_forged_one() throws Exception {
        Accepted message = carillon.schedule(Way.WEBHOOK, "PT0S");

        JsonObject webhook = carillon.awaitArrival(message);

        assertThat(webhook.getJsonObject("headers").getString("webhook-id"))
                .isEqualTo(message.id().toString());
        var verifier = new Webhook(stack.secret(Credentials.WEBHOOK_SECRET));
        HttpHeaders headers = headersOf(webhook);
        verifier.verify(webhook.getString("body"), headers);
        assertThat(new JsonObject(webhook.getString("body")).getString("text")).isEqualTo("Grüße um 9.");
        assertThatThrownBy(() -> verifier.verify(webhook.getString("body") + " ", headers))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void the_javascript_library_of_standard_webhooks_verifies_a_webhook_and_refuses_a_forged_one() throws Exception {
        var verifier = NodeVerifier.installed();
        Accepted message = carillon.schedule(Way.WEBHOOK, "PT0S");

        JsonObject webhook = carillon.awaitArrival(message);

        String secret = stack.secret(Credentials.WEBHOOK_SECRET);
        assertThat(verifier.verifies(secret, webhook, webhook.getString("body")))
                .isTrue();
        assertThat(verifier.verifies(secret, webhook, webhook.getString("body") + " "))
                .isFalse();
    }

    private static HttpHeaders headersOf(JsonObject webhook) {
        return HttpHeaders.of(
                webhook.getJsonObject("headers").stream()
                        .collect(Collectors.toMap(
                                header -> header.getKey(), header -> List.of(String.valueOf(header.getValue())))),
                (name, value) -> true);
    }
}
