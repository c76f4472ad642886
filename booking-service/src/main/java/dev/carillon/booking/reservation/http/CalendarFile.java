package dev.carillon.booking.reservation.http;

import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is a calendar file (RFC 5545). Its tag is weak: a file says when it was written (DTSTAMP), and two that say the same differ in that.
 *
 * @param name what it is saved as
 * @param tag the same as long as the file says the same
 */
record CalendarFile(String name, EntityTag tag, Supplier<String> text) {
    static final String MEDIA_TYPE = "text/calendar;charset=utf-8";

    static CalendarFile of(String name, String version, Supplier<String> text) {
        return new CalendarFile(name + ".ics", new EntityTag(version, true), text);
    }

    /** 304 when {@code ifNoneMatch} names what the client has already (RFC 9110, 13.1.2); the file is not even written then. */
    Response answer(@Nullable String ifNoneMatch) {
        var answer = isKnown(ifNoneMatch)
                ? Response.notModified()
                : Response.ok(text.get(), MEDIA_TYPE)
                        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"");
        return answer.tag(tag)
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .build();
    }

    private boolean isKnown(@Nullable String ifNoneMatch) {
        return ifNoneMatch != null
                && Stream.of(ifNoneMatch.split(",", -1))
                        .map(String::strip)
                        .anyMatch(known -> known.equals("*")
                                || known.replaceFirst("^W/", "").equals('"' + tag.getValue() + '"'));
    }
}
