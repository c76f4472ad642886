package dev.carillon.kit.limits;

import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.tx.Overloaded;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.time.Duration;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Stands before every method of a resource under {@code /v1}, after the check of who calls and whether they may: refuses with 429 who asks more than their
 * rate, and with 503 what is more than this instance answers in time, lowest {@link Priority} first.
 */
@ApplicationScoped
public class Admission {
    private static final Logger LOG = Logger.getLogger(Admission.class);
    private static final String DEFERRABLE = "carillon.limits.deferrable";
    private static final String AWAITS_OTHERS = "carillon.limits.awaits-others";
    private static final String UNLIMITED = "carillon.limits.unlimited";
    private static final String PASSAGE = "carillon.limits.passage";
    private static final String PRIORITY = "carillon.limits.priority";

    private final RateLimits rates;
    private final ConcurrencyLimit concurrency;
    private final Caller caller;
    private final LimitMetrics metrics;

    public Admission(RateLimits rates, ConcurrencyLimit concurrency, Caller caller, LimitMetrics metrics) {
        this.rates = rates;
        this.concurrency = concurrency;
        this.caller = caller;
        this.metrics = metrics;
    }

    /** What {@link AwaitsOthers} says of a method, of a single request that turns out to wait for others. */
    public static void awaitOthers(RoutingContext exchange) {
        if (exchange.get(PASSAGE) instanceof ConcurrencyLimit.Passage passage) {
            passage.awaitOthers();
        }
    }

    /** Settings are read, and metrics are there, before the first request. */
    void start(@Observes StartupEvent started) {
        LOG.debugf("At most %d requests in flight", concurrency.limit());
    }

    @Deferrable
    @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
    public void markDeferrable(ContainerRequestContext request) {
        request.setProperty(DEFERRABLE, true);
    }

    @AwaitsOthers
    @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
    public void markAwaitsOthers(ContainerRequestContext request) {
        request.setProperty(AWAITS_OTHERS, true);
    }

    @Unlimited
    @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
    public void markUnlimited(ContainerRequestContext request) {
        request.setProperty(UNLIMITED, true);
    }

    /** After the marks above. */
    @ServerRequestFilter(priority = Priorities.AUTHORIZATION + 1)
    public void admit(ContainerRequestContext request, RoutingContext exchange) {
        if (request.getProperty(UNLIMITED) == null && exchange.normalizedPath().startsWith("/v1/")) {
            keepToRate();
            enter(judged(request, exchange), request.getProperty(AWAITS_OTHERS) == null, exchange);
        }
    }

    /** That of a request which has come as far as here, or further; by its method alone, if it was let in anyway. */
    static Priority priority(RoutingContext exchange) {
        return exchange.get(PRIORITY) instanceof Priority judged ? judged : byMethod(exchange);
    }

    private static Priority judged(ContainerRequestContext request, RoutingContext exchange) {
        return request.getProperty(DEFERRABLE) == null ? byMethod(exchange) : Priority.DEFERRABLE;
    }

    private static Priority byMethod(RoutingContext exchange) {
        var method = exchange.request().method();
        return HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method) ? Priority.READ : Priority.PROMISE;
    }

    private void keepToRate() {
        var exceeded = rates.count(caller.tenant(), caller.name());
        if (exceeded != null) {
            metrics.limited(exceeded.limit());
            throw limited(exceeded);
        }
    }

    private void enter(Priority priority, boolean telling, RoutingContext exchange) {
        exchange.put(PRIORITY, priority);
        var passage = concurrency.enter(priority, telling);
        if (passage == null) {
            throw new Overloaded("As many requests are in flight as may be");
        }
        exchange.put(PASSAGE, passage);
        exchange.addHeadersEndHandler(begun -> passage.end());
        // Of an answer that never begins: its client has gone.
        exchange.addEndHandler(ended -> passage.end());
        if (exchange.response().closed()) {
            // Gone while it was asked who calls: by now its handlers have been called, and the one above never will be.
            passage.end();
        }
    }

    private static ProblemException limited(Exceeded exceeded) {
        var quota = exceeded.quota();
        var detail = "%s may ask %s times a second, and %d times at once after a pause"
                .formatted(
                        exceeded.limit() == Limit.PRINCIPAL
                                ? "This API key or user"
                                : "All API keys and users of this tenant together",
                        quota.rate(),
                        quota.burst());
        return new ProblemException(
                Problem.of(429, "rate-limited", "More is asked than was granted", detail)
                        .with("limit", exceeded.limit().wireName()),
                Duration.ofSeconds(exceeded.retryAfter()),
                Map.of("RateLimit-Policy", exceeded.policyHeader(), "RateLimit", exceeded.stateHeader()));
    }
}
