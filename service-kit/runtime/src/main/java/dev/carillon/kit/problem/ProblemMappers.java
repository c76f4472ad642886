package dev.carillon.kit.problem;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.carillon.kit.tx.Outages;
import io.opentelemetry.api.trace.Span;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;
import org.jspecify.annotations.Nullable;

/** Turns every failure of a request into a problem. */
public class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
    static final String MEDIA_TYPE = "application/problem+json";
    private static final Problem UNAVAILABLE = Problem.of(
            503,
            "unavailable",
            "The database does not answer",
            "Try again; with an Idempotency-Key nothing is done twice");

    @ServerExceptionMapper
    Response refused(ProblemException refusal, UriInfo uri) {
        var answer = begun(refusal.problem(), uri, refusal.retryAfter());
        refusal.headers().forEach((name, value) -> answer.header(name, value));
        return answer.build();
    }

    /** Of what was stored or came from elsewhere: of a request's body {@link BodyReading} has told. Quarkus would blame the client. */
    @ServerExceptionMapper(priority = 1)
    Response mismatched(MismatchedInputException wrong, UriInfo uri, RoutingContext exchange) {
        return unexpected(wrong, uri, exchange);
    }

    @ServerExceptionMapper({AuthenticationFailedException.class, UnauthorizedException.class})
    Response unauthenticated(SecurityException missing, UriInfo uri) {
        var problem = Problem.of(
                401,
                "unauthenticated",
                "Who calls is not known",
                missing instanceof AuthenticationFailedException
                        ? "The credentials are malformed, expired, revoked or not known here"
                        : "Send Authorization: Bearer <JWT>, or X-API-Key");
        return Response.fromResponse(answer(problem, uri, null))
                .header("WWW-Authenticate", "Bearer")
                .build();
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException denied, UriInfo uri) {
        return answer(
                Problem.of(403, "forbidden", "These credentials do not allow this", "They lack the scope or role"),
                uri,
                null);
    }

    @ServerExceptionMapper
    Response http(WebApplicationException failure, UriInfo uri, RoutingContext exchange, ServerRequestContext request) {
        int status = isContentTypeMalformed(failure, exchange)
                ? Response.Status.UNSUPPORTED_MEDIA_TYPE.getStatusCode()
                : failure.getResponse().getStatus();
        if (status < 400) {
            return failure.getResponse();
        }
        if (status >= 500) {
            return unexpected(failure, uri, exchange);
        }
        return switch (status) {
            case 404 -> notFound(routes(request), uri);
            case 405 -> notAllowed(routes(request), uri);
            case 406 -> notAcceptable(routes(request), uri);
            case 413 -> named(413, "The body is larger than is taken here", uri).build();
            case 415 -> unsupported(routes(request), uri);
            default -> named(status, null, uri).build();
        };
    }

    private static Routes routes(ServerRequestContext request) {
        return Routes.of((ResteasyReactiveRequestContext) request);
    }

    /**
     * Of several resources whose paths begin as the request's does, RESTEasy asks one after another, and the last one says what is wrong: that it has nothing at this
     * path, although another one has, for other methods.
     */
    private static Response notFound(Routes routes, UriInfo uri) {
        return routes.areOfOtherMethods()
                ? notAllowed(routes, uri)
                : named(404, "Nothing is at " + uri.getPath(), uri).build();
    }

    /** The Allow of RFC 9110, 15.5.6, which RESTEasy leaves out. */
    private static Response notAllowed(Routes routes, UriInfo uri) {
        return named(405, uri.getPath() + " does not take this method", uri)
                .header(HttpHeaders.ALLOW, routes.allowed())
                .build();
    }

    private static Response notAcceptable(Routes routes, UriInfo uri) {
        var types = routes.produced();
        return named(406, types.isEmpty() ? null : "It can be given as " + types, uri)
                .build();
    }

    /** With the Accept that RFC 9110, 15.5.16, recommends. */
    private static Response unsupported(Routes routes, UriInfo uri) {
        var types = routes.consumed().isEmpty() ? MediaType.APPLICATION_JSON : routes.consumed();
        return named(415, "Send " + types, uri)
                .header(HttpHeaders.ACCEPT, types)
                .build();
    }

    private static Response.ResponseBuilder named(int status, @Nullable String detail, UriInfo uri) {
        var reason = Objects.requireNonNullElse(Response.Status.fromStatusCode(status), Response.Status.BAD_REQUEST);
        var slug = reason.getReasonPhrase().toLowerCase(Locale.ROOT).replace(' ', '-');
        return begun(Problem.of(status, slug, reason.getReasonPhrase(), detail), uri, null);
    }

    /** RESTEasy's own refusal of a Content-Type that is none says neither what is wrong nor where: a bare 400. */
    private static boolean isContentTypeMalformed(WebApplicationException failure, RoutingContext exchange) {
        var type = exchange.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || failure.getResponse().getStatus() != Response.Status.BAD_REQUEST.getStatusCode()) {
            return false;
        }
        try {
            var unused = MediaType.valueOf(type);
            return false;
        } catch (RuntimeException malformed) {
            // Not only IllegalArgumentException: its parser runs over the end of some.
            return true;
        }
    }

    @ServerExceptionMapper
    Response unexpected(Throwable failure, UriInfo uri, RoutingContext exchange) {
        if (Outages.isOutage(failure)) {
            LOG.warnf("%s is not served: %s", template(exchange), failure);
            return answer(UNAVAILABLE, uri, Duration.ofSeconds(1));
        }
        LOG.errorf(failure, "Unexpected failure of %s", template(exchange));
        return answer(
                Problem.of(500, "internal-error", "Something went wrong here", "It is logged under this trace id"),
                uri,
                null);
    }

    /** What metrics have for the path: what stands in the path itself may be somebody's address. */
    private static String template(RoutingContext exchange) {
        // Kept there by Quarkus once a resource is found, for metrics and traces.
        String found =
                ((HttpServerRequestInternal) exchange.request()).context().getLocal("UrlPathTemplate");
        return found == null ? "A path that no resource has" : found;
    }

    /**
     * The answer to the request at {@code uri} that is refused with {@code problem}.
     *
     * @param retryAfter when it may come again; null where that is not said
     */
    public static Response answer(Problem problem, UriInfo uri, @Nullable Duration retryAfter) {
        return begun(problem, uri, retryAfter).build();
    }

    private static Response.ResponseBuilder begun(Problem problem, UriInfo uri, @Nullable Duration retryAfter) {
        var trace = Span.current().getSpanContext();
        var path = "/" + uri.getPath().replaceFirst("^/+", "");
        var answer = Response.status(problem.status())
                .type(MEDIA_TYPE)
                .entity(problem.at(path, trace.isValid() ? trace.getTraceId() : null));
        if (retryAfter != null) {
            answer.header("Retry-After", Math.max(1, retryAfter.toSeconds()));
        }
        return answer;
    }
}
