package dev.carillon.kit.telemetry;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import org.jspecify.annotations.Nullable;

/** The template of a request's path, where Quarkus REST leaves it for Quarkus' own metrics and spans. */
final class PathTemplate {
    private static final String KEY = "UrlPathTemplate";

    private PathTemplate() {}

    /** Such as {@code /v1/things/{id}}; null until a resource was found to answer. */
    static @Nullable String of(HttpServerRequest request) {
        String template = ((HttpServerRequestInternal) request).context().getLocal(KEY);
        return template != null && template.length() > 1 && template.endsWith("/")
                ? template.substring(0, template.length() - 1)
                : template;
    }
}
