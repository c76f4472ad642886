package dev.carillon.kit.limits;

import dev.carillon.kit.problem.EarlyAnswers;
import dev.carillon.kit.problem.ProblemMappers;
import dev.carillon.kit.tx.Overloaded;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Answers what is refused on purpose, for {@link Admission} does not let it in, a queue further inside is full, or too many change one thing at once, and
 * counts it as shed: once for each answer, so that what is shed can be told from what fails. What is tried again inside, and what nobody has asked for by HTTP, is not counted.
 */
@Singleton
public class Shedding {
    private final LimitMetrics metrics;

    Shedding(LimitMetrics metrics) {
        this.metrics = metrics;
    }

    @ServerExceptionMapper
    Response overloaded(Overloaded refusal, UriInfo uri, RoutingContext exchange) {
        metrics.shed(Admission.priority(exchange));
        return ProblemMappers.answer(EarlyAnswers.OVERLOADED, uri, Duration.ofSeconds(1));
    }
}
