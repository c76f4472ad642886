package dev.carillon.kit.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Corrects what libraries say of a span when it starts. Of requests it hides who made them and whom {@link PersonalUrls} name; of URLs that are called it leaves
 * scheme, host and port, since the rest may be a credential of whoever is called; and it tells of statements which database they go to, by OpenTelemetry's
 * conventions.
 */
@Singleton
public class StartedSpans implements SpanProcessor {
    static final String HIDDEN = "REDACTED";
    private static final String POSTGRESQL = "postgresql";
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");
    private static final AttributeKey<String> URL = AttributeKey.stringKey("url.full");
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
    private static final AttributeKey<String> FORMER_SYSTEM = AttributeKey.stringKey("db.system");
    private static final AttributeKey<String> NAMESPACE = AttributeKey.stringKey("db.namespace");
    private static final List<AttributeKey<String>> OF_CALLERS =
            List.of(AttributeKey.stringKey("client.address"), AttributeKey.stringKey("user_agent.original"));

    private final List<Pattern> inPaths;
    private final List<Pattern> inQueries;

    public StartedSpans(@All List<PersonalUrls> personal) {
        this.inPaths = personal.stream().flatMap(urls -> urls.paths().stream()).toList();
        this.inQueries = personal.stream()
                .filter(urls -> !urls.parameters().isEmpty())
                .map(urls -> inQuery(urls.parameters()))
                .toList();
    }

    private static Pattern inQuery(List<String> parameters) {
        return parameters.stream()
                .map(Pattern::quote)
                .collect(Collectors.collectingAndThen(
                        Collectors.joining("|"), names -> Pattern.compile("(?s)(?:^|&)(?:" + names + ")=(?<who>.*)")));
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        if (span.getKind() == SpanKind.SERVER) {
            hide(span, PATH, inPaths);
            hide(span, QUERY, inQueries);
            hideCaller(span);
        } else if (span.getKind() == SpanKind.CLIENT) {
            shorten(span);
            nameDatabase(span);
        }
    }

    private static void hide(ReadWriteSpan span, AttributeKey<String> attribute, List<Pattern> patterns) {
        var text = span.getAttribute(attribute);
        if (text != null) {
            patterns.stream()
                    .flatMap(pattern -> pattern.matcher(text).results().limit(1))
                    .findFirst()
                    .ifPresent(found -> span.setAttribute(
                            attribute,
                            text.substring(0, found.start("who")) + HIDDEN + text.substring(found.end("who"))));
        }
    }

    /** An attribute can be changed and not be taken away. */
    private static void hideCaller(ReadWriteSpan span) {
        for (var attribute : OF_CALLERS) {
            if (span.getAttribute(attribute) != null) {
                span.setAttribute(attribute, HIDDEN);
            }
        }
    }

    private static void shorten(ReadWriteSpan span) {
        var url = span.getAttribute(URL);
        if (url != null) {
            span.setAttribute(URL, origin(url));
        }
    }

    /** What is called, without user, path, query and fragment. */
    static String origin(String url) {
        int scheme = url.indexOf("://");
        if (scheme < 0) {
            return HIDDEN;
        }
        int start = scheme + "://".length();
        int end = Stream.of('/', '?', '#', '\\')
                .mapToInt(mark -> url.indexOf(mark, start))
                .filter(at -> at >= 0)
                .min()
                .orElse(url.length());
        var authority = url.substring(start, end);
        return url.substring(0, start) + authority.substring(authority.lastIndexOf('@') + 1);
    }

    /** Quarkus tells the name of the database where the kind of it belongs. */
    private static void nameDatabase(ReadWriteSpan span) {
        var told = span.getAttribute(SYSTEM);
        var name = told == null ? span.getAttribute(FORMER_SYSTEM) : told;
        if (name == null) {
            return;
        }
        if (!name.equals(POSTGRESQL)) {
            span.setAttribute(NAMESPACE, name);
        }
        span.setAttribute(SYSTEM, POSTGRESQL);
        if (told == null) {
            span.setAttribute(FORMER_SYSTEM, POSTGRESQL);
        }
    }

    @Override
    public boolean isStartRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
        return false;
    }
}
