package dev.carillon.delivery.containment;

import dev.carillon.delivery.channel.ProviderAnswer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The leave to make one call. It holds places that others wait for, so it ends: with {@link #ended} after the call, with {@link #unused} without one.
 * Only its first end counts. Thread-safe.
 */
public interface Permit {
    /** The call is being made. */
    void begins();

    /** Whether as many calls as there are connections were being made when this one began, so that it had to wait for one of theirs. */
    boolean hadToWait();

    /**
     * The call has ended.
     *
     * @param answer null for a bug of ours, which says nothing about whom was called
     */
    void ended(@Nullable ProviderAnswer answer, Duration took);

    /** No call is made after all. */
    void unused();
}
