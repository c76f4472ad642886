package dev.carillon.relay.source;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Which outboxes are relayed, and how. */
@ConfigMapping(prefix = "carillon.relay")
public interface RelaySettings {

    /** By name. One without a host is left out. */
    Map<String, Source> sources();

    /**
     * The tenant whose operators and admins run the platform. An outbox holds every tenant's events, so that nobody else may look into it or act
     * on it; without this setting nobody may at all.
     */
    Optional<String> operatorsTenant();

    /** How long a lane stays with a relay that does not renew it; a dead relay's lanes are taken over this much later. */
    @WithDefault("4s")
    Duration lease();

    /** How often leases are renewed. */
    @WithDefault("1s")
    Duration renewEvery();

    /** How long a record may take to be acknowledged before it counts as failed and is sent again. Shorter than the lease. */
    @WithDefault("3s")
    Duration deliveryTimeout();

    /** How long the producer waits for more records of a partition. One key's events go one after another, so this bounds their rate. */
    @WithDefault("1ms")
    Duration linger();

    /** Most events of a source between being read and being settled. */
    @WithDefault("4000")
    int windowEvents();

    /** Most bytes of payloads of a source that wait or are on their way. */
    @WithDefault("16777216")
    long windowBytes();

    /** The pause after a read that found something, unless it came back full or a hint tells of more. */
    @WithDefault("5ms")
    Duration busyPoll();

    /** The longest pause between reads of an idle outbox; a hint ends it. */
    @WithDefault("200ms")
    Duration idlePoll();

    /** How long a stop may wait for what is on its way. */
    @WithDefault("5s")
    Duration stopWithin();

    /** One outbox. */
    interface Source {
        /** Without it the source is left out. */
        Optional<String> host();

        @WithDefault("5432")
        int port();

        /** Default: the source's name. */
        Optional<String> database();

        @WithDefault("relay")
        String user();

        Optional<String> password();

        /**
         * Least pause after a read, hint or not, unless it came back full: whatever is appended meanwhile is read, sent and consumed together. At most
         * {@code carillon.relay.idle-poll}.
         */
        @WithDefault("5ms")
        Duration rest();
    }
}
