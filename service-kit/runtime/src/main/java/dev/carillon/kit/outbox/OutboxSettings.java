package dev.carillon.kit.outbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When the relay is told of events. */
@ConfigMapping(prefix = "carillon.outbox")
public interface OutboxSettings {
    /**
     * How long at most the relay is not told of an event that nobody waits for (a message was accepted, staged well ahead, delivered, or failed), so that it is
     * published and consumed together with those that come meanwhile. What somebody waits for is told at once, and takes along what there is. No longer than
     * {@code carillon.relay.idle-poll}, when the relay looks anyway.
     */
    @WithDefault("PT1S")
    Duration gather();

    /** When no further event of those has come for so long, the relay is told at once: there is nothing to wait for. */
    @WithDefault("PT0.1S")
    Duration quiet();
}
