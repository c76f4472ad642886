package dev.carillon.local.providers;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * One thing that arrived.
 *
 * @param id counts up from 1 in order of arrival, never reused
 * @param accepted false when an injected fault refused it, or never answered: for its sender it did not arrive
 * @param size what it takes in memory, about
 * @param details what the channel adds
 */
record Received(long id, Channel channel, Instant receivedAt, boolean accepted, int size, JsonObject details) {

    JsonObject toJson() {
        return new JsonObject()
                .put("id", id)
                .put("channel", channel.label())
                .put("receivedAt", Rfc3339.of(receivedAt))
                .put("accepted", accepted)
                .mergeIn(details);
    }
}
