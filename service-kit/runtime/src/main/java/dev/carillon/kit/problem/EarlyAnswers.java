package dev.carillon.kit.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.http.TraceIdHeader;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.Objects;

/** Answers with a problem before any resource is asked, as {@link ProblemMappers} does after it. */
@Singleton
public class EarlyAnswers {
    /** More is asked than can be done. */
    public static final Problem OVERLOADED = Problem.of(
            503, "overloaded", "More is asked at the moment than can be done", "Try again; nothing was done");

    private final ObjectMapper json;

    public EarlyAnswers(ObjectMapper json) {
        this.json = json;
    }

    /** Ends the answer. What is still to come of the request's body is the caller's care. */
    public Future<Void> answer(HttpServerRequest request, Problem problem) {
        var trace = Span.current().getSpanContext();
        var response = request.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemMappers.MEDIA_TYPE);
        if (trace.isValid()) {
            response.putHeader(TraceIdHeader.NAME, trace.getTraceId());
        }
        return response.end(text(problem.at(
                Objects.requireNonNullElse(request.path(), "/"), trace.isValid() ? trace.getTraceId() : null)));
    }

    private String text(Problem problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
