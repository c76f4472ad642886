package dev.carillon.relay.source;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Which outboxes are relayed, and how. */
@ConfigMapping(prefix = "carillon.relay")
public interface RelaySettings {

    /** An outbox, {@code <source>} being the name of its service: {@code scheduler}, {@code delivery} or {@code booking}. One without a host is left out. */
    Map<String, Source> sources();

    /**
     * The tenant whose operators and admins may look into outboxes and act on them. An outbox holds every tenant's events, so that {@code /v1/outbox}
     * refuses everybody else; without this setting nobody may at all.
     */
    Optional<String> operatorsTenant();

    /**
     * How long a lane stays with a relay that does not renew it; a dead relay's lanes are taken over this much later. The scheduler has to know it:
     * {@code carillon.scheduler.relay-lease}.
     */
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

    /** How many events of a source may be between being read and being settled. */
    @WithDefault("4000")
    int windowEvents();

    /** How many bytes of payloads of a source may wait or be on their way. */
    @WithDefault("16777216")
    long windowBytes();

    /**
     * The pause after a read, unless it came back full; a hint ends it. So it is how late an event may be whose hint was lost. No shorter than
     * {@code carillon.outbox.gather} of the services, or what they gather is read before they have.
     */
    @WithDefault("2s")
    Duration idlePoll();

    /** How long a stop may wait for what is on its way. */
    @WithDefault("5s")
    Duration stopWithin();

    /** One outbox. */
    interface Source {
        /** The host of its database. Without it the source is left out. */
        Optional<String> host();

        /** The port of its database. */
        @WithDefault("5432")
        int port();

        /** The name of its database; by default the source's name. */
        Optional<String> database();

        /** The role that the services grant their outboxes. */
        @WithDefault("relay")
        String user();

        /** The role's password. */
        Optional<String> password();

        /** Whether its connections are encrypted, and whom they believe: as {@code carillon.database.tls} of its service. */
        @WithDefault("disable")
        String tls();

        /** A file with the certificates of the database's CA, in PEM. */
        Optional<String> tlsCa();

        /**
         * How long the relay waits at least after a read of this outbox, hint or not, unless it came back full: whatever is appended meanwhile is read, sent and
         * consumed together. At most {@code carillon.relay.idle-poll}.
         */
        @WithDefault("5ms")
        Duration rest();
    }
}
