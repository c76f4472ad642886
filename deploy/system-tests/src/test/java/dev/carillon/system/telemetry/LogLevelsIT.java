package dev.carillon.system.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
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
        for (String service : stack.services()) {
            String category = service + "/v1/log-levels/dev.carillon.kit";
            assertThat(stack.asAdmin("GET", category, null).jsonOf(200).getString("level"))
                    .isEqualTo("INFO");

            assertThat(stack.asAdmin("PUT", category, "{\"level\":\"DEBUG\",\"for\":\"PT1M\"}")
                            .jsonOf(200)
                            .getString("until"))
                    .isNotEmpty();
            assertThat(stack.asAdmin("GET", category, null).jsonOf(200).getString("level"))
                    .isEqualTo("DEBUG");

            assertThat(stack.asAdmin("DELETE", category, null).status()).isEqualTo(204);
            assertThat(stack.asAdmin("GET", category, null).jsonOf(200).getString("level"))
                    .isEqualTo("INFO");
            assertThat(stack.asAdmin("PUT", category, "{\"level\":\"LOUD\"}").slug())
                    .isEqualTo("invalid-request");
        }
    }
}
