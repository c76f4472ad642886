package dev.carillon.delivery.containment;

import java.time.Instant;

/** What was asked for: to begin an attempt. */
public sealed interface Answer {
    /**
     * The attempt may begin.
     *
     * @param callAt when its call may be made: at the instant that was asked for, or a moment later
     */
    record Granted(Permit permit, Instant callAt) implements Answer {}

    /**
     * Nothing may begin now.
     *
     * @param askAgainAt when it is to be asked for again
     */
    record Denied(Denial reason, Instant askAgainAt) implements Answer {}
}
