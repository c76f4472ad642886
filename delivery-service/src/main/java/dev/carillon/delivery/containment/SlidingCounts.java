package dev.carillon.delivery.containment;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** How calls ended lately: counts over a window that slides in tenths of its length. */
final class SlidingCounts {
    private static final int STEPS = 10;

    /** What a window comes to. */
    record Sum(int calls, int failures, int slow) {
        double failureRate() {
            return share(failures);
        }

        double slowRate() {
            return share(slow);
        }

        private double share(int part) {
            return calls == 0 ? 0 : (double) part / calls;
        }
    }

    private final long stepMillis;
    private final int[] calls = new int[STEPS];
    private final int[] failures = new int[STEPS];
    private final int[] slow = new int[STEPS];
    private long newest = Long.MIN_VALUE;

    SlidingCounts(Duration window) {
        stepMillis = Math.max(1, window.toMillis() / STEPS);
    }

    void add(Instant now, boolean failed, boolean wasSlow) {
        int slot = slide(now);
        calls[slot]++;
        failures[slot] += failed ? 1 : 0;
        slow[slot] += wasSlow ? 1 : 0;
    }

    Sum sum(Instant now) {
        slide(now);
        return new Sum(
                Arrays.stream(calls).sum(),
                Arrays.stream(failures).sum(),
                Arrays.stream(slow).sum());
    }

    void clear() {
        Arrays.fill(calls, 0);
        Arrays.fill(failures, 0);
        Arrays.fill(slow, 0);
    }

    /** The slot of the newest step; what comes from before it, by a clock that was set back, counts as now. */
    private int slide(Instant now) {
        long step = Math.floorDiv(now.toEpochMilli(), stepMillis);
        if (newest == Long.MIN_VALUE || step - newest >= STEPS) {
            clear();
            newest = step;
        }
        while (newest < step) {
            newest++;
            int left = slot(newest);
            calls[left] = 0;
            failures[left] = 0;
            slow[left] = 0;
        }
        return slot(newest);
    }

    private static int slot(long step) {
        return (int) Math.floorMod(step, (long) STEPS);
    }
}
