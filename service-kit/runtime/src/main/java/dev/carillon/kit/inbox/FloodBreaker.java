package dev.carillon.kit.inbox;

import java.time.Duration;
import java.util.BitSet;

/**
 * Tells a few records that fail from many that do, by the latest records of one partition.
 *
 * <pre>
 * flowing ──(failures of the latest records ≥ least, and ≥ share of them)──> flooded
 * flooded ──(fewer than share of the records that are tried again fail; one behind a failed one of its key is not tried)──> flowing
 * </pre>
 */
final class FloodBreaker {
    private final InboxSettings.Flood settings;
    private final BitSet failed = new BitSet();
    private int seen;
    private int next;

    FloodBreaker(InboxSettings.Flood settings) {
        this.settings = settings;
    }

    synchronized void succeeded(int records) {
        for (int i = 0; i < Math.min(records, settings.window()); i++) {
            note(false);
        }
    }

    synchronized void failed() {
        note(true);
    }

    private void note(boolean failure) {
        failed.set(next, failure);
        next = (next + 1) % settings.window();
        seen = Math.min(seen + 1, settings.window());
    }

    synchronized boolean isFlooded() {
        return failed.cardinality() >= settings.least() && isMost(failed.cardinality(), seen);
    }

    /** Whether so many failures of so many records that were tried again mean that nothing has changed. */
    boolean isStillFlooded(int failures, int records) {
        return failures > 0 && isMost(failures, records);
    }

    private boolean isMost(int failures, int records) {
        return failures >= settings.share() * records;
    }

    /** What was seen in the flood says nothing about what comes after it. */
    synchronized void forget() {
        failed.clear();
        seen = 0;
        next = 0;
    }

    /** How long to wait before the records are tried for the {@code probe}th time, from 1. */
    Duration wait(int probe) {
        var wait = settings.firstWait().multipliedBy(1L << Math.min(probe - 1, 20));
        return wait.compareTo(settings.longestWait()) < 0 ? wait : settings.longestWait();
    }
}
