package dev.carillon.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What delivery can be told; the channels have settings of their own. */
@ConfigMapping(prefix = "carillon.delivery")
public interface DeliverySettings {
    /** How long before its instant an attempt's intent is committed, so that it can no longer be recalled; at most 500 ms. */
    @WithDefault("PT0.5S")
    Duration intentLead();

    /** When an attempt that has failed is made again. */
    Retry retry();

    /** How long a stopping node waits for open calls. */
    @WithDefault("PT20S")
    Duration stopPatience();

    /** How many results share a commit at most. */
    @WithDefault("500")
    int resultGroup();

    /** How long at most a call's result waits for others, to be recorded in one commit with them. */
    @WithDefault("PT0.02S")
    Duration resultGather();

    /**
     * How long after its end a delivery is kept, with its content and attempts, and a redrive likewise; dead letters among them, which can be redriven until
     * then. Not shorter than {@code carillon.inbox.retention}, or the service does not start: an event of a delivery that is gone must not begin it anew.
     */
    @WithDefault("P30D")
    Duration retention();

    /** How many streams ({@code GET /v1/deliveries/…/events}) may be open at once; more are answered 503. */
    @WithDefault("10000")
    int streams();

    /** How many streams may be one tenant's; more are answered 503. */
    @WithDefault("2000")
    int streamsOfTenant();

    /** The retry policies. */
    interface Retry {
        /**
         * The wait before each retry, with its jitter in per cent: {@code duration±percent}. There are as many retries as waits, none longer than 365 days.
         * Of every channel that has no waits of its own.
         */
        @WithDefault("PT4M±25,PT11M±10")
        List<String> waits();

        /**
         * What one channel has of its own, {@code <channel>} being {@code email}, {@code telegram} or {@code webhook}; in a variable {@code EMAIL},
         * {@code TELEGRAM} or {@code WEBHOOK}. The service does not start with another one, nor with a wait that is none.
         */
        Map<String, OfChannel> channels();
    }

    /** The retry policy of a channel. */
    interface OfChannel {
        /** Its waits, in place of those of {@code carillon.delivery.retry.waits}. */
        Optional<List<String>> waits();
    }
}
