package dev.carillon.kit.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.log.LogLines;
import java.util.Map;
import java.util.logging.Level;
import org.jboss.logmanager.MDC;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogCategoryTest {
    private static final String NAME = "test.log.category";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String OTHER_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final LogCategory category = LogCategory.named(NAME);

    @AfterEach
    void forget() {
        MDC.clear();
    }

    @Test
    void a_line_has_its_fields_and_the_next_one_has_none_of_them() {
        try (var log = LogLines.at(Level.INFO, NAME)) {
            category.info().in(TRACE).with("messageId", 7).with("reason", null).say("%s is %s", "It", "so");
            category.warn().say("And now?");

            assertThat(log.lines())
                    .containsExactly(
                            new LogLines.Line("INFO", "It is so", Map.of("traceId", TRACE, "messageId", "7")),
                            new LogLines.Line("WARN", "And now?", Map.of()));
        }
    }

    @Test
    void a_line_about_another_trace_names_no_span_of_the_one_that_is_active_and_leaves_that_as_it_is() {
        MDC.put("traceId", OTHER_TRACE);
        MDC.put("spanId", "b7ad6b7169203331");
        try (var log = LogLines.at(Level.INFO, NAME)) {
            category.info().in(TRACE).say("about another");
            category.info().in(null).say("about none");
            category.info().in(OTHER_TRACE).say("about this one");

            var active = Map.of("traceId", OTHER_TRACE, "spanId", "b7ad6b7169203331");
            assertThat(log.lines())
                    .extracting(LogLines.Line::fields)
                    .containsExactly(Map.of("traceId", TRACE), active, active);
        }
        assertThat(MDC.get("traceId")).isEqualTo(OTHER_TRACE);
        assertThat(MDC.get("spanId")).isEqualTo("b7ad6b7169203331");
    }

    @Test
    void a_line_whose_level_is_off_is_not_written() {
        try (var log = LogLines.at(Level.INFO, NAME)) {
            category.debug().in(TRACE).with("messageId", 7).say("It is so");
            assertThat(category.isDebug()).isFalse();
            assertThat(category.debug()).isSameAs(category.debug());
            assertThat(log.lines()).isEmpty();
        }
        try (var log = LogLines.at(Level.FINE, NAME)) {
            category.debug().say("It is so");
            assertThat(log.said()).containsExactly("It is so");
        }
    }
}
