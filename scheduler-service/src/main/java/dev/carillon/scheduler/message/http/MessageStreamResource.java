package dev.carillon.scheduler.message.http;

import dev.carillon.kit.http.Queries;
import dev.carillon.kit.identity.Caller;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import dev.carillon.scheduler.message.usecase.WatchMessages;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestMulti;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/messages/{id}/events}: Server-Sent Events (HTML Living Standard, section 9.2). Each event is the whole message, so that one that a slow
 * or disconnected client missed is made good by the next; its id is the state's number, by which {@code Last-Event-ID} resumes.
 */
@Path("/v1/messages/{id}/events")
public class MessageStreamResource {
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    // Then the client connects again, with credentials that may have ended meanwhile.
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final Caller caller;
    private final MessageStore messages;
    private final WatchMessages watchMessages;
    private final MessageJson json;
    private final Sse sse;

    public MessageStreamResource(
            Caller caller, MessageStore messages, WatchMessages watchMessages, MessageJson json, Sse sse) {
        this.caller = caller;
        this.messages = messages;
        this.watchMessages = watchMessages;
        this.json = json;
        this.sse = sse;
    }

    /** Looks for the message before it answers, on a worker's thread: a stream that has begun cannot be refused any more. */
    @GET
    @Blocking
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @PermissionsAllowed("messages:read")
    @Operation(
            summary = "The message's states as Server-Sent Events, until it ends",
            description =
                    "Each event has the status as its name and the message as its data. 204 when the end was seen: do not connect again")
    @APIResponse(responseCode = "200", description = "The stream, with a comment every 15 s")
    public Multi<OutboundSseEvent> stream(String id, @HeaderParam("Last-Event-ID") @Nullable String lastEventId) {
        var known = Queries.id("message", id);
        long seen = Queries.number("Last-Event-ID", lastEventId, 0, 0, 999_999_999);
        var message = messages.find(caller.tenant(), known)
                .await()
                .atMost(PATIENCE)
                .orElseThrow(() -> MessageProblems.notFound(known));
        if (message.message().status().isEnd() && message.message().version() <= seen) {
            throw new WebApplicationException(Response.noContent().build());
        }
        watchMessages.admit(caller.tenant());
        return RestMulti.fromMultiData(
                        events(message, Math.min(seen, message.message().version()))
                                .select()
                                .first(LONGEST))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("X-Accel-Buffering", "no")
                .build();
    }

    private Multi<OutboundSseEvent> events(TracedMessage message, long seen) {
        var states = watchMessages.states(message, seen).map(this::event);
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

    private OutboundSseEvent event(TracedMessage state) {
        return sse.newEventBuilder()
                .id(String.valueOf(state.message().version()))
                .name(state.message().status().wireName())
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(MessageView.of(state, json))
                .build();
    }
}
