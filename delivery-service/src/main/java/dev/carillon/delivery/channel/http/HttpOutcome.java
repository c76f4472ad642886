package dev.carillon.delivery.channel.http;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** How one POST ended. */
public sealed interface HttpOutcome {

    /**
     * The other side gave a status. Its word counts from there on, even if the body then breaks off or never ends.
     *
     * @param body the beginning of the body, as far as it was asked for and came
     */
    record Answered(int status, MultiMap headers, Buffer body) implements HttpOutcome {
        public @Nullable String header(String name) {
            return headers.get(name);
        }
    }

    /**
     * There was no status.
     *
     * @param sent the request was at least begun, so that the other side may have acted on it
     */
    record Unanswered(Throwable cause, boolean sent) implements HttpOutcome {}
}
