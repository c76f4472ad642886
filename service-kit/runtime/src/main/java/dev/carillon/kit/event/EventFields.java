package dev.carillon.kit.event;

import dev.carillon.kit.telemetry.LogCategory.Line;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a line of the log about an event has for fields: {@code eventId}, {@code eventType}, {@code subject}, {@code tenant} and the trace, and the subject once more
 * under the name of what it is: {@code messageId} for {@code carillon.message.staged.v1}.
 */
public final class EventFields {
    private static final Pattern TYPE = Pattern.compile("carillon\\.([a-z]{1,30})\\..*");
    // A producer may write anything into a header.
    private static final int LONGEST = 200;

    private EventFields() {}

    public static Line add(Line line, Event event) {
        return add(
                line,
                event.id(),
                event.type(),
                event.subject(),
                event.tenant(),
                event.trace().traceId());
    }

    public static Line add(Line line, OutgoingEvent event) {
        return add(
                line,
                event.id(),
                event.type(),
                event.subject(),
                event.tenant(),
                event.trace().traceId());
    }

    /** For who has an event in another shape. */
    public static Line add(Line line, UUID id, String type, String subject, String tenant, @Nullable String traceId) {
        var about = bounded(subject);
        var named = TYPE.matcher(type);
        var with = line.in(traceId)
                .with("eventId", id)
                .with("eventType", bounded(type))
                .with("subject", about)
                .with("tenant", bounded(tenant));
        return named.matches() ? with.with(named.group(1) + "Id", about) : with;
    }

    private static String bounded(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
