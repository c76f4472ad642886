package dev.carillon.kit.http;

import io.smallrye.mutiny.Multi;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers with the states of a thing as Server-Sent Events (HTML Living Standard, section 9.2). Each event is the whole thing, so that one that a slow or
 * disconnected client missed is made good by the next; its id is the state's number, by which {@code Last-Event-ID} resumes. A comment every 15 s tells
 * that the stream is alive; after 15 minutes it ends, so that the client connects again, with credentials that may have ended meanwhile.
 */
public final class StateStreams {
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int HIGHEST = 999_999_999;

    private StateStreams() {}

    /** The number of the state that a client saw last; 0 for none. */
    public static long seen(@Nullable String lastEventId) {
        return Queries.number("Last-Event-ID", lastEventId, 0, 0, HIGHEST);
    }

    /** 204: the client has seen the end, and is not to connect again. */
    public static WebApplicationException over() {
        return new WebApplicationException(Response.noContent().build());
    }

    /** An event that shows a thing in a state. */
    public static OutboundSseEvent event(Sse sse, long version, String status, Object view) {
        return sse.newEventBuilder()
                .id(String.valueOf(version))
                .name(status)
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(view)
                .build();
    }

    /**
     * The answer: the states until they end, each as {@code event} makes it.
     *
     * @param answer gets its headers here: neither those of a {@code RestMulti} nor filters of answers come to a stream of events
     */
    public static <S> Multi<OutboundSseEvent> answer(
            HttpServerResponse answer, Sse sse, Multi<S> states, Function<S, OutboundSseEvent> event) {
        answer.putHeader(HttpHeaders.CACHE_CONTROL, "no-store").putHeader("X-Accel-Buffering", "no");
        TraceIdHeader.current().ifPresent(trace -> answer.putHeader(TraceIdHeader.NAME, trace));
        return events(sse, states.map(event)).select().first(LONGEST);
    }

    private static Multi<OutboundSseEvent> events(Sse sse, Multi<OutboundSseEvent> states) {
        var over = sse.newEventBuilder().comment("over").build();
        var heartbeats = Multi.createFrom()
                .ticks()
                .startingAfter(HEARTBEAT)
                .every(HEARTBEAT)
                .onOverflow()
                .drop()
                .map(beat -> sse.newEventBuilder().comment("still here").build());
        // One at a time, so that what a slow client is yet to get waits where a later state takes its place.
        return Multi.createBy()
                .merging()
                .withRequests(1)
                .streams(
                        Multi.createBy()
                                .concatenating()
                                .streams(states, Multi.createFrom().item(over)),
                        heartbeats)
                .select()
                .first(event -> event != over);
    }
}
