package dev.carillon.scheduler.preview;

import dev.carillon.scheduler.recurrence.http.RulePreview;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/time/preview}, as it comes: one way to say when.
 *
 * @param reference the instant at which it is said, RFC 3339; absent for now
 * @param startAt the first local time that counts of a rule, and so are {@code count}, {@code gap} and {@code overlap} a rule's
 */
@RegisterForReflection
public record TimePreviewRequest(
        @Nullable String phrase,
        @Nullable String at,
        @Nullable String cron,
        @Nullable String rrule,
        @Nullable String zone,
        @Nullable String reference,
        @Nullable String startAt,
        @Nullable Integer count,
        @Nullable String gap,
        @Nullable String overlap) {

    long ways() {
        return Stream.of(phrase, at, cron, rrule).filter(Objects::nonNull).count();
    }

    boolean hasRule() {
        return cron != null || rrule != null;
    }

    RulePreview.Asked rule() {
        return new RulePreview.Asked(cron, rrule, zone, startAt, count, gap, overlap);
    }
}
