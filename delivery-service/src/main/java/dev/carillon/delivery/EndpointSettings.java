package dev.carillon.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Registered webhook endpoints. */
@ConfigMapping(prefix = "carillon.endpoints")
public interface EndpointSettings {
    /** How many endpoints a tenant may have, disabled ones among them. */
    @WithDefault("1000")
    int most();

    /** How long the secret before a rotation signs beside the new one. */
    @WithDefault("P1D")
    Duration rotationOverlap();

    /** From how many failed attempts in a row on an endpoint counts as failing, and its failing is told. */
    @WithDefault("20")
    int leastFailures();

    /** How long an endpoint has to have been failing, without a single success, until it is disabled. */
    @WithDefault("P5D")
    Duration disableAfter();

    /** How long what is held for a disabled endpoint is kept, from the first time that it was held, until it is a dead letter. */
    @WithDefault("P30D")
    Duration heldAtMost();

    /** How many deliveries are held for one disabled endpoint; what is more is a dead letter at its instant. */
    @WithDefault("100000")
    int mostHeld();

    /** How many deliveries that were held for an endpoint are attempted a second once it is enabled. */
    @WithDefault("50")
    int replayRate();
}
