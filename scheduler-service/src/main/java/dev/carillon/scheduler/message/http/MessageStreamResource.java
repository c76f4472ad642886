package dev.carillon.scheduler.message.http;

import dev.carillon.kit.http.Queries;
import dev.carillon.kit.http.StateStreams;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.limits.Deferrable;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import dev.carillon.scheduler.message.usecase.WatchMessages;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/messages/{id}/events}: a message's states; see {@link StateStreams}. */
@Path("/v1/messages/{id}/events")
public class MessageStreamResource {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

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
    @Deferrable
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @PermissionsAllowed("messages:read")
    @Operation(
            summary = "The message's states as Server-Sent Events, until it ends",
            description =
                    "Each event has the status as its name and the message as its data. 204 when the end was seen: do not connect again")
    @APIResponse(
            responseCode = "200",
            description = "The stream, with a comment every 15 s",
            content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(type = SchemaType.STRING)))
    @APIResponse(responseCode = "204", description = "The end was seen")
    public Multi<OutboundSseEvent> stream(
            String id, @HeaderParam("Last-Event-ID") @Nullable String lastEventId, @Context HttpServerResponse answer) {
        var known = Queries.id("message", id);
        long seen = StateStreams.seen(lastEventId);
        var message = messages.find(caller.tenant(), known)
                .await()
                .atMost(PATIENCE)
                .orElseThrow(() -> MessageProblems.notFound(known));
        if (message.message().status().isEnd() && message.message().version() <= seen) {
            throw StateStreams.over();
        }
        watchMessages.admit(caller.tenant());
        var states =
                watchMessages.states(message, Math.min(seen, message.message().version()));
        return StateStreams.answer(answer, sse, states, this::event);
    }

    private OutboundSseEvent event(TracedMessage state) {
        return StateStreams.event(
                sse, state.message().version(), state.message().status().wireName(), MessageView.of(state, json));
    }
}
