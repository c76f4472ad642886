package dev.carillon.kit.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How much an instance lets in. Rates are requests a second, and each instance grants them for itself. */
@ConfigMapping(prefix = "carillon.limits")
public interface LimitSettings {
    /** Each API key, and each user: the subject of a token in its tenant. */
    Principal principal();

    /** All of a tenant's keys and users together. */
    Tenant tenant();

    /** What the tenant {@code <tenant>} has instead: its principals' or its own rate, or both, each with its burst. */
    Map<String, Own> tenants();

    /** How many requests may be in flight: between the least and the most the limit goes by how slow answers are. As many again may wait for delivery. */
    Concurrency concurrency();

    interface Principal {
        /** How many requests a second it is granted. */
        @WithDefault("10000")
        double rate();

        /** How many requests may come at once after a pause. */
        @WithDefault("20000")
        int burst();
    }

    interface Tenant {
        /** How many requests a second they are granted. */
        @WithDefault("20000")
        double rate();

        /** How many requests may come at once after a pause. */
        @WithDefault("40000")
        int burst();
    }

    /** One tenant's. */
    interface Own {
        /** Each of its keys and users. */
        Optional<Rate> principal();

        /** All of them together. */
        Optional<Rate> tenant();
    }

    interface Rate {
        /** How many requests a second; set together with the burst. */
        double rate();

        /** How many requests at once after a pause; set together with the rate. */
        int burst();
    }

    /** How many requests may be in flight: see {@link ConcurrencyLimit}. */
    interface Concurrency {
        /** The least that the limit falls to. */
        @WithDefault("256")
        int min();

        /** The most, which the limit begins with. */
        @WithDefault("4000")
        int max();

        /** Which answer is a slow one. */
        @WithDefault("PT0.1S")
        Duration slow();
    }
}
