package dev.carillon.kit.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How much an instance lets in. Rates are requests a second, each for one instance. */
@ConfigMapping(prefix = "carillon.limits")
public interface LimitSettings {
    /** An API key, or the subject of a token in its tenant. */
    Principal principal();

    /** All that a tenant's principals ask together. */
    Tenant tenant();

    /** What some tenants have instead, by their names. */
    Map<String, Own> tenants();

    Concurrency concurrency();

    interface Principal {
        @WithDefault("10000")
        double rate();

        /** How many may come at once after a pause. */
        @WithDefault("20000")
        int burst();
    }

    interface Tenant {
        @WithDefault("20000")
        double rate();

        @WithDefault("40000")
        int burst();
    }

    /** One tenant's. */
    interface Own {
        /** Of each of its principals. */
        Optional<Rate> principal();

        Optional<Rate> tenant();
    }

    interface Rate {
        double rate();

        int burst();
    }

    /** How many requests may be in flight: see {@link ConcurrencyLimit}. */
    interface Concurrency {
        /** The least that the limit falls to. */
        @WithDefault("256")
        int min();

        /** The most, which it begins with. */
        @WithDefault("4000")
        int max();

        /** Which answer is a slow one. */
        @WithDefault("PT0.25S")
        Duration slow();
    }
}
