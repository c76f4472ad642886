package dev.carillon.local.providers;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a fault as it is asked for, and says exactly what is wrong with one that cannot be understood. */
final class FaultRequest {

    private static final Set<String> FIELDS =
            Set.of("channel", "mode", "status", "share", "path", "for", "retryAfter", "delay");

    private FaultRequest() {}

    static Fault read(JsonObject json, Instant now) {
        json.fieldNames().stream()
                .filter(name -> !FIELDS.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new BadRequest("unknown field " + name);
                });
        Channel channel = Channel.labelled(text(json, "channel", ""))
                .orElseThrow(() -> new BadRequest("channel must be one of " + Channel.labels()));
        Fault.Mode mode = Fault.Mode.labelled(text(json, "mode", ""))
                .orElseThrow(() -> new BadRequest("mode must be one of " + Fault.Mode.labels()));
        Duration lasts = duration(json, "for", null);
        return new Fault(
                channel,
                mode,
                status(json, channel),
                share(json),
                path(json, channel),
                lasts == null ? null : now.plus(lasts),
                positive(json, "retryAfter", Fault.DEFAULT_RETRY_AFTER),
                positive(json, "delay", Fault.DEFAULT_DELAY));
    }

    private static @Nullable Integer status(JsonObject json, Channel channel) {
        Object value = json.getValue("status");
        if (value == null) {
            return null;
        }
        if (!(value instanceof Integer status) || status < 400 || status > 599) {
            String what = channel == Channel.EMAIL ? "SMTP reply code" : "HTTP status";
            throw new BadRequest("status must be an " + what + " from 400 to 599");
        }
        return status;
    }

    private static double share(JsonObject json) {
        Object value = json.getValue("share", 1.0);
        if (!(value instanceof Number share) || !(share.doubleValue() >= 0 && share.doubleValue() <= 1)) {
            throw new BadRequest("share must be a number from 0 to 1");
        }
        return share.doubleValue();
    }

    private static String path(JsonObject json, Channel channel) {
        Object value = json.getValue("path", "");
        if (!(value instanceof String path) || !(path.isEmpty() || path.startsWith("/webhooks"))) {
            throw new BadRequest("path must be a string that begins with /webhooks");
        }
        if (!path.isEmpty() && channel != Channel.WEBHOOK) {
            throw new BadRequest("path is for the channel webhook only");
        }
        return path;
    }

    private static Duration positive(JsonObject json, String field, Duration usual) {
        Duration given = duration(json, field, usual);
        return given == null ? usual : given;
    }

    private static @Nullable Duration duration(JsonObject json, String field, @Nullable Duration usual) {
        Object value = json.getValue(field);
        if (value == null) {
            return usual;
        }
        if (value instanceof Integer seconds && seconds > 0) {
            return Duration.ofSeconds(seconds);
        }
        try {
            Duration given = Duration.parse(value.toString());
            if (given.isPositive() && given.compareTo(Duration.ofDays(365)) < 0) {
                return given;
            }
        } catch (DateTimeParseException e) {
            throw new BadRequest(field + " must be an ISO 8601 duration such as PT30S", e);
        }
        throw new BadRequest(field + " must be a positive ISO 8601 duration of less than a year");
    }

    private static String text(JsonObject json, String field, String usual) {
        return json.getValue(field, usual) instanceof String text ? text : usual;
    }
}
