package dev.carillon.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.local.state.Credentials;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningStack.class)
class LogLevelsIT {

    private final TestStack stack;

    LogLevelsIT(TestStack stack) {
        this.stack = stack;
    }

    @Test
    void a_level_can_be_changed_in_every_service_while_it_runs() {
        for (String service : new String[] {stack.scheduler(), stack.delivery(), stack.booking(), stack.relay()}) {
            String category = service + "/v1/log-levels/dev.carillon.kit";
            assertThat(send("GET", category, null).jsonOf(200).getString("level"))
                    .isEqualTo("INFO");

            assertThat(send("PUT", category, "{\"level\":\"DEBUG\",\"for\":\"PT1M\"}")
                            .jsonOf(200)
                            .getString("until"))
                    .isNotEmpty();
            assertThat(send("GET", category, null).jsonOf(200).getString("level"))
                    .isEqualTo("DEBUG");

            assertThat(send("DELETE", category, null).status()).isEqualTo(204);
            assertThat(send("GET", category, null).jsonOf(200).getString("level"))
                    .isEqualTo("INFO");
            assertThat(send("PUT", category, "{\"level\":\"LOUD\"}").slug()).isEqualTo("invalid-request");
        }
    }

    private Answer send(String method, String url, @Nullable String body) {
        return Web.send(
                method,
                url,
                body,
                "Authorization",
                "Bearer " + stack.secret(Credentials.ADMIN_TOKEN),
                "Content-Type",
                "application/json");
    }
}
