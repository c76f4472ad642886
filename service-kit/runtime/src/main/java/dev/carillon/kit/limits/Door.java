package dev.carillon.kit.limits;

import dev.carillon.kit.problem.EarlyAnswers;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;

/**
 * Refuses at once, while as much is in flight as may be for any priority, what {@link Admission} would refuse later: who calls has not been checked by then and
 * its body has not been read, which is most of what a refusal costs. Only what comes in floods, creating and reading: POST to a collection such as {@code
 * /v1/messages}, GET and HEAD. Whatever else there is may be one that waits for others or is never refused, which is known further inside.
 */
@ApplicationScoped
public class Door {
    private static final int BEFORE_BODIES_ARE_READ = 1_100;
    private static final Pattern COLLECTION = Pattern.compile("/v1/[a-z-]+/?");

    private final ConcurrencyLimit concurrency;
    private final LimitMetrics metrics;
    private final EarlyAnswers answers;

    Door(ConcurrencyLimit concurrency, LimitMetrics metrics, EarlyAnswers answers) {
        this.concurrency = concurrency;
        this.metrics = metrics;
        this.answers = answers;
    }

    void register(@Observes Filters filters) {
        filters.register(this::judge, BEFORE_BODIES_ARE_READ);
    }

    private void judge(RoutingContext exchange) {
        if (concurrency.isFull() && isRefusable(exchange.request())) {
            refuse(exchange.request());
        } else {
            exchange.next();
        }
    }

    private static boolean isRefusable(HttpServerRequest request) {
        var path = request.path();
        return path != null
                && path.startsWith("/v1/")
                && (isRead(request)
                        || HttpMethod.POST.equals(request.method())
                                && COLLECTION.matcher(path).matches());
    }

    private static boolean isRead(HttpServerRequest request) {
        return HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
    }

    /** The connection stays, for the next request on it: what comes of the body meanwhile has nobody who reads it, and is dropped. */
    private void refuse(HttpServerRequest request) {
        metrics.shed(isRead(request) ? Priority.READ : Priority.PROMISE);
        request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
        var unused = answers.answer(request, EarlyAnswers.OVERLOADED);
    }
}
