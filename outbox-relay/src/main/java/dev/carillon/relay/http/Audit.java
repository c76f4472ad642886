package dev.carillon.relay.http;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** One line for each action of an operator, in the category {@code carillon.audit}; the parts are fields of the JSON line. */
@ApplicationScoped
public class Audit {
    private static final Logger LOG = Logger.getLogger("carillon.audit");

    public void record(String actor, String action, String object, String outcome) {
        Map<String, String> fields =
                Map.of("auditActor", actor, "auditAction", action, "auditObject", object, "auditOutcome", outcome);
        fields.forEach(MDC::put);
        try {
            LOG.infof("%s: %s %s: %s", actor, action, object, outcome);
        } finally {
            fields.keySet().forEach(MDC::remove);
        }
    }
}
