package dev.carillon.kit.timer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How a node leases timers. */
@ConfigMapping(prefix = "carillon.timer")
public interface TimerSettings {
    /** How long after its last renewal a node's timers may be taken over by another one. */
    @WithDefault("PT5S")
    Duration lease();

    /** How far ahead timers are leased and held in memory. */
    @WithDefault("PT40S")
    Duration window();

    /**
     * Timers further ahead wait in a table of their own, which is swept four times within this; at least four windows, or the service does not start. The same
     * on every instance.
     */
    @WithDefault("PT1H")
    Duration horizon();

    /** How many timers a node holds in memory: the earliest; the rest waits in the database. */
    @WithDefault("50000")
    int held();

    /** How many timers one firing takes at most: the size of its statement group. */
    @WithDefault("500")
    int batch();

    /**
     * How long at most a timer that is due waits for others, to be fired in one transaction with them. What has to happen at its very instant has a head
     * start, which must be longer: in delivery {@code carillon.delivery.intent-lead}.
     */
    @WithDefault("PT0.02S")
    Duration gather();

    /** How long a firing may take before it is given up and tried again. */
    @WithDefault("PT10S")
    Duration patience();

    /** How many firings run at once. */
    @WithDefault("4")
    int concurrency();
}
