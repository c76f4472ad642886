package dev.carillon.system.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Rounds;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Web;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keys are the scheduler's, and good at every service. */
@ExtendWith(RunningStack.class)
class ApiKeysIT {

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final TestStack stack;

    ApiKeysIT(TestStack stack) {
        this.stack = stack;
    }

    @Test
    void a_key_opens_every_service_and_none_within_a_second_of_its_revocation() {
        Duration refused = Rounds.until(AT_ONCE, () -> {
            JsonObject issued =
                    asAdmin("POST", "", "{\"name\":\"lab\",\"scopes\":[\"*\"]}").jsonOf(201);
            awaitEverywhere(issued.getString("key"), 200);

            long begin = System.nanoTime();
            Answer revoked = asAdmin("DELETE", "/" + issued.getString("id"), null);
            assertThat(revoked.status()).as(revoked.body()).isBetween(200, 204);
            awaitEverywhere(issued.getString("key"), 401);
            return Duration.ofNanos(System.nanoTime() - begin);
        });

        assertThat(refused).isLessThanOrEqualTo(AT_ONCE);
    }

    private void awaitEverywhere(String key, int status) {
        for (String url : List.of(
                stack.scheduler() + "/v1/messages",
                stack.delivery() + "/v1/deliveries",
                stack.booking() + "/v1/bookings")) {
            await(url)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> Web.send("GET", url, null, "X-API-Key", key).status() == status);
        }
    }

    private Answer asAdmin(String method, String path, @Nullable String body) {
        return stack.asAdmin(method, stack.scheduler() + "/v1/api-keys" + path, body);
    }
}
