package dev.carillon.benchmarks.stack;

import java.util.Arrays;
import java.util.Map;

/** Every sample of something, in milliseconds, sorted. */
record Samples(double[] sorted) {

    static Samples of(double[] millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    double percentile(double part) {
        return sorted.length == 0 ? Double.NaN : sorted[Math.min(sorted.length - 1, (int) (sorted.length * part))];
    }

    double largest() {
        return percentile(1);
    }

    long negative() {
        return Arrays.stream(sorted).filter(one -> one < 0).count();
    }

    void addTo(Map<String, Object> row) {
        row.put("p50 ms", percentile(0.5));
        row.put("p90 ms", percentile(0.9));
        row.put("p99 ms", percentile(0.99));
        row.put("max ms", largest());
    }
}
