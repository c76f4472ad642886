package dev.carillon.kit.tx;

import io.smallrye.mutiny.Uni;
import java.util.function.Function;

/**
 * Forgets what has been kept long enough.
 *
 * @param what its rows, for the log, such as "bookings that are long past"
 * @param atOnce how many go in one transaction: they are locked meanwhile
 * @param some forgets so many at most, and gives how many it has forgotten; fewer say that there are no more
 */
public record Sweep(String what, int atOnce, Function<Tx, Uni<Integer>> some) {}
