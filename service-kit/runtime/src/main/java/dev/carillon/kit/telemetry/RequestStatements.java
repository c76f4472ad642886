package dev.carillon.kit.telemetry;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Tells how many statements requests waited for, by method and path template: {@code carillon.request.statements}. What no resource answers has no template,
 * and is left out: its path is the client's.
 */
@ApplicationScoped
public class RequestStatements {
    /** After what is refused unread, which has no template. */
    private static final int BEFORE_ANY_STATEMENT = 900;

    private final MeterRegistry meters;

    RequestStatements(MeterRegistry meters) {
        this.meters = meters;
    }

    void register(@Observes Filters filters) {
        filters.register(this::count, BEFORE_ANY_STATEMENT);
    }

    private void count(RoutingContext exchange) {
        if (Vertx.currentContext() instanceof ContextInternal own && own.isDuplicate()) {
            var statements = Statements.begin(own);
            exchange.addEndHandler(ended -> tell(exchange, statements));
        }
        exchange.next();
    }

    private void tell(RoutingContext exchange, Statements statements) {
        var template = PathTemplate.of(exchange.request());
        if (template != null) {
            DistributionSummary.builder("carillon.request.statements")
                    .description("Statements that a request waited for")
                    .tags("method", exchange.request().method().name(), "uri", template)
                    .register(meters)
                    .record(statements.sum());
        }
    }
}
