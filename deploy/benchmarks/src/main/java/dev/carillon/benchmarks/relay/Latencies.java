package dev.carillon.benchmarks.relay;

import java.util.Arrays;
import java.util.Map;

/** Of commit to acknowledgement; of the beginning and the end by themselves, too, since what grows while it runs shows there. */
final class Latencies {
    private static final int LONG_RUN_SECONDS = 120;

    private Latencies() {}

    /** @param millis in the order of the events, which came evenly over {@code seconds} */
    static void addTo(Map<String, Object> row, double[] millis, int seconds) {
        int sliceSeconds = seconds >= LONG_RUN_SECONDS ? 60 : Math.max(1, seconds / 10);
        int slice = (int) ((long) millis.length * sliceSeconds / seconds);
        double[] first = sorted(Arrays.copyOf(millis, slice));
        double[] last = sorted(Arrays.copyOfRange(millis, millis.length - slice, millis.length));
        double[] all = sorted(millis);
        row.put("p50 ms", percentile(all, 0.5));
        row.put("p99 ms", percentile(all, 0.99));
        row.put("max ms", all[all.length - 1]);
        row.put("first and last", sliceSeconds + " s");
        row.put("p50 first", percentile(first, 0.5));
        row.put("p99 first", percentile(first, 0.99));
        row.put("p50 last", percentile(last, 0.5));
        row.put("p99 last", percentile(last, 0.99));
    }

    private static double[] sorted(double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double percentile(double[] sorted, double part) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * part))];
    }
}
