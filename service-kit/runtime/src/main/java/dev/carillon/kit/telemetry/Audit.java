package dev.carillon.kit.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * One line for each action of an operator, also one that failed, in the category {@code carillon.audit}; the parts are fields of the JSON line, and
 * {@code auditTraceId} leads to the request. Where these lines are kept is said in docs/operating/audit.md.
 */
@ApplicationScoped
public class Audit {
    private static final Logger LOG = Logger.getLogger("carillon.audit");

    /** To be called on the request's own thread, where its trace is known: what an action waits for may answer on another one. */
    public Line begin(String actor, String action, String object) {
        return new Line(actor, action, object, Span.current().getSpanContext());
    }

    /** What is known before the outcome. */
    public record Line(String actor, String action, String object, SpanContext trace) {

        /** {@code work}, and the line that tells how it ended. */
        public <T> Uni<T> around(Uni<T> work, Function<T, String> outcome) {
            return work.onItemOrFailure()
                    .invoke((done, failure) -> write(failure == null ? outcome.apply(done) : "failed: " + failure));
        }

        /** As {@link #around}, for work that blocks. */
        public <T> T during(Supplier<T> work, Function<T, String> outcome) {
            T done;
            try {
                done = work.get();
            } catch (RuntimeException failure) {
                write("failed: " + failure);
                throw failure;
            }
            write(outcome.apply(done));
            return done;
        }

        private void write(String outcome) {
            Map<String, String> fields = fields(outcome);
            fields.forEach(MDC::put);
            try {
                LOG.infof("%s: %s %s: %s", actor, action, object, outcome);
            } finally {
                fields.keySet().forEach(MDC::remove);
            }
        }

        Map<String, String> fields(String outcome) {
            Map<String, String> fields = new HashMap<>();
            fields.put("auditActor", actor);
            fields.put("auditAction", action);
            fields.put("auditObject", object);
            fields.put("auditOutcome", outcome);
            if (trace.isValid()) {
                fields.put("auditTraceId", trace.getTraceId());
            }
            return fields;
        }
    }
}
