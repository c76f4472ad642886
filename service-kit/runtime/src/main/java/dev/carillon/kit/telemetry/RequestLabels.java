package dev.carillon.kit.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.arc.Unremovable;
import io.quarkus.micrometer.runtime.HttpServerMetricsTagsContributor;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Set;

/**
 * Keeps the labels of {@code http.server.requests} to what the service has, whatever clients send. By itself Quarkus takes any word for a method, and the whole
 * path of what is refused before a resource was found: a series for each, with names and addresses in it.
 */
@Unremovable
@Singleton
public class RequestLabels implements HttpServerMetricsTagsContributor {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final String OTHER_METHOD = "OTHER";
    static final String NO_TEMPLATE = "UNKNOWN";

    @Override
    public Tags contribute(Context context) {
        return Tags.of("uri", Objects.requireNonNullElse(PathTemplate.of(context.request()), NO_TEMPLATE));
    }

    @Produces
    @Singleton
    static MeterFilter filter() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().equals("http.server.requests") ? bounded(id) : id;
            }
        };
    }

    /** Any word that is no method becomes one. */
    static String method(String word) {
        return METHODS.contains(word) ? word : OTHER_METHOD;
    }

    private static Meter.Id bounded(Meter.Id id) {
        var word = Objects.requireNonNullElse(id.getTag("method"), "");
        var method = method(word);
        var bounded = method.equals(word) ? id : id.withTag(Tag.of("method", method));
        // Its client has gone: Quarkus asks for no labels then.
        return "RESET".equals(id.getTag("status")) ? bounded.withTag(Tag.of("uri", NO_TEMPLATE)) : bounded;
    }
}
