package dev.carillon.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** What delivery can be told; the channels have settings of their own. */
@ConfigMapping(prefix = "carillon.delivery")
public interface DeliverySettings {
    /** How long before its instant an attempt's intent is committed, at most 500 ms: from then on a recall comes too late. */
    @WithDefault("PT0.3S")
    Duration intentLead();

    Retry retry();

    /** How long a stopping node waits for open calls. */
    @WithDefault("PT20S")
    Duration stopPatience();

    /** How many results share a commit at most. */
    @WithDefault("500")
    int resultGroup();

    /** How long a result waits for others at most, to be recorded in one commit with them. */
    @WithDefault("PT0.02S")
    Duration resultGather();

    /**
     * How long after its end a delivery is kept, with its attempts, and a redrive likewise. Not shorter than the inbox remembers: an event of a delivery that
     * is gone must not begin it anew.
     */
    @WithDefault("P30D")
    Duration retention();

    /** How many streams of a delivery's states may be open at once; more are refused. */
    @WithDefault("10000")
    int streams();

    /** How many of them may be one tenant's. */
    @WithDefault("2000")
    int streamsOfTenant();

    /** The retry policy. */
    interface Retry {
        /** The wait before each retry, as {@code duration±percent}; there are as many retries as waits. */
        @WithDefault("PT4M±25,PT11M±10")
        List<String> waits();
    }
}
