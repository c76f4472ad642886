package dev.carillon.system.stack;

import java.util.function.Predicate;

/** How many webhooks' destinations a service has refused since its start, by its metrics. */
public record RefusalCount(String service) {

    private static final String SERIES = "carillon_webhook_destinations_refused_total{";

    /** Of all ranges, and for their form. */
    public double all() {
        return sum(line -> true);
    }

    public double ofRange(String range) {
        return sum(line -> line.contains("range=\"" + range + "\""));
    }

    private double sum(Predicate<String> wanted) {
        Answer metrics = Web.send("GET", service + "/q/metrics", null);
        return metrics.body()
                .lines()
                .filter(line -> line.startsWith(SERIES))
                .filter(wanted)
                .mapToDouble(RefusalCount::value)
                .sum();
    }

    /** An exemplar may follow. */
    private static double value(String line) {
        return Double.parseDouble(line.substring(line.indexOf("} ") + 2).split(" ", 2)[0]);
    }
}
