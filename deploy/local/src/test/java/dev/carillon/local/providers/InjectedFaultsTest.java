package dev.carillon.local.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithProviders.class)
class InjectedFaultsTest {

    private final RunningProviders providers;

    InjectedFaultsTest(RunningProviders providers) {
        this.providers = providers;
    }

    @Test
    void an_injected_error_is_answered_and_the_refused_request_does_not_count_as_arrived() throws Exception {
        providers.inject("{'channel':'webhook','mode':'error','status':503}");
        providers.inject("{'channel':'telegram','mode':'error','status':403}");

        assertThat(providers
                        .sendWebhook("/webhooks/x", "{}", RunningProviders.SECRET)
                        .statusCode())
                .isEqualTo(503);
        HttpResponse<String> telegram = providers.post(RunningProviders.TELEGRAM, "{\"chat_id\":42,\"text\":\"x\"}");
        assertThat(telegram.statusCode()).isEqualTo(403);
        assertThat(telegram.body()).contains("Forbidden: bot was blocked by the user");
        assertThat(providers.received("")).isEmpty();
        JsonArray refused =
                new JsonObject(providers.get("/received?refused=true").body()).getJsonArray("items");
        assertThat(refused).hasSize(2);
        assertThat(refused.getJsonObject(0).getString("fault")).isEqualTo("error");
    }

    @Test
    void an_injected_rate_limit_says_when_to_come_back() throws Exception {
        providers.inject("{'channel':'webhook','mode':'rate-limit','retryAfter':'PT7S'}");
        providers.inject("{'channel':'telegram','mode':'rate-limit','retryAfter':'PT7S'}");

        HttpResponse<String> webhook = providers.sendWebhook("/webhooks/x", "{}", RunningProviders.SECRET);
        assertThat(webhook.statusCode()).isEqualTo(429);
        assertThat(webhook.headers().firstValue("Retry-After")).contains("7");
        HttpResponse<String> telegram = providers.post(RunningProviders.TELEGRAM, "{\"chat_id\":42,\"text\":\"x\"}");
        assertThat(telegram.statusCode()).isEqualTo(429);
        assertThat(new JsonObject(telegram.body()).getJsonObject("parameters").getInteger("retry_after"))
                .isEqualTo(7);
    }

    @Test
    void a_slow_answer_comes_late_and_counts() throws Exception {
        providers.inject("{'channel':'webhook','mode':'slow','delay':'PT0.3S'}");
        long began = System.nanoTime();

        assertThat(providers
                        .sendWebhook("/webhooks/x", "{}", RunningProviders.SECRET)
                        .statusCode())
                .isEqualTo(200);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(providers.received("webhook")).hasSize(1);
    }

    @Test
    void a_hanging_request_is_never_answered_and_a_reset_one_loses_its_connection() throws Exception {
        providers.inject("{'channel':'telegram','mode':'hang'}");
        providers.inject("{'channel':'webhook','mode':'reset'}");

        var hanging = providers
                .request(RunningProviders.TELEGRAM)
                .timeout(Duration.ofMillis(300))
                .POST(HttpRequest.BodyPublishers.ofString("{\"chat_id\":42,\"text\":\"x\"}"));
        assertThatThrownBy(() -> providers.send(hanging)).isInstanceOf(HttpTimeoutException.class);
        assertThatThrownBy(() -> providers.sendWebhook("/webhooks/x", "{}", RunningProviders.SECRET))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void faults_are_listed_and_refused_with_a_reason() throws Exception {
        providers.inject("{'channel':'email','mode':'slow','share':0.3,'for':'PT30S'}");

        assertThat(new JsonObject(providers.get("/faults").body())
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getDouble("share"))
                .isEqualTo(0.3);
        assertThat(providers.post("/faults", "not json").statusCode()).isEqualTo(400);
        assertThat(providers.post("/faults", "[]").statusCode()).isEqualTo(400);
        assertThat(providers.post("/faults", "{\"channel\":\"pigeon\"}").body()).contains("channel must be one of");
    }
}
