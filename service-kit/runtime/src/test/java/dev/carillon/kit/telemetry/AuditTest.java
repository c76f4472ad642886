package dev.carillon.kit.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.kit.testing.log.LogLines;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final LogLines lines = LogLines.of("carillon.audit");

    @AfterEach
    void stopListening() {
        lines.close();
    }

    @Test
    void a_line_names_who_what_the_outcome_and_the_requests_trace_though_the_answer_comes_on_another_thread() {
        var span = Span.wrap(
                SpanContext.create(TRACE, "b7ad6b7169203331", TraceFlags.getSampled(), TraceState.getDefault()));
        Audit.Line line;
        try (var request = span.makeCurrent()) {
            line = new Audit().begin("ann", "outbox.adopt", "booking");
        }
        var work = Uni.createFrom().completionStage(() -> CompletableFuture.supplyAsync(() -> 3));

        assertThat(line.around(work, done -> "kept " + done).await().indefinitely())
                .isEqualTo(3);

        assertThat(lines.said()).containsExactly("ann: outbox.adopt booking: kept 3");
        assertThat(line.fields("kept 3"))
                .containsEntry("auditActor", "ann")
                .containsEntry("auditAction", "outbox.adopt")
                .containsEntry("auditObject", "booking")
                .containsEntry("auditOutcome", "kept 3")
                .containsEntry("auditTraceId", TRACE);
    }

    @Test
    void an_action_that_fails_leaves_a_line_too() {
        var work = Uni.createFrom().failure(new IllegalStateException("no database"));

        assertThatThrownBy(() -> new Audit()
                        .begin("ann", "outbox.pause", "booking")
                        .around(work, done -> "done")
                        .await()
                        .indefinitely())
                .hasMessage("no database");

        assertThat(lines.said()).hasSize(1).first().asString().startsWith("ann: outbox.pause booking: failed: ");
    }
}
