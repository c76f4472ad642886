package dev.carillon.kit.testing.metrics;

import static java.util.stream.Collectors.toSet;

import dev.carillon.kit.testing.docs.OperatingDocs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code docs/operating/metrics.md}: every metric of Carillon's own, with its type, its labels and who exports it. */
public final class MetricsReference {
    private static final String PAGE = "metrics.md";
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z_]+)` \\|([^|]*)\\|([^|]*)\\|([^|]*)\\|([^|]*)\\|.*");
    private static final Pattern TYPE = Pattern.compile("^# TYPE (\\S+) (\\S+)$");
    private static final Pattern SAMPLE = Pattern.compile("^([a-z_]+)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Set<String> OF_HISTOGRAMS = Set.of("le", "quantile");
    private static final Set<String> TIMES = Set.of("histogram", "summary");

    /** What is written down of a metric; {@code atOnce}: it is there before anything has happened. */
    public record Metric(String name, String type, Set<String> labels, Set<String> services, boolean atOnce) {
        public Metric {
            labels = Set.copyOf(labels);
            services = Set.copyOf(services);
        }
    }

    private final List<Metric> metrics;

    private MetricsReference(List<String> lines) {
        metrics = lines.stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(MetricsReference::metric)
                .toList();
    }

    /** As it stands in the documents. */
    public static MetricsReference read() {
        try {
            return of(Files.readString(OperatingDocs.folder().resolve(PAGE)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static MetricsReference of(String markdown) {
        return new MetricsReference(markdown.lines().toList());
    }

    private static Metric metric(Matcher row) {
        return new Metric(
                row.group(1),
                row.group(2).strip(),
                words(row.group(3)),
                words(row.group(4)),
                row.group(5).strip().equals("at once"));
    }

    private static Set<String> words(String cell) {
        return Arrays.stream(cell.strip().split("[ ,`]+"))
                .filter(word -> !word.isEmpty())
                .collect(toSet());
    }

    /** As they are written down: those of histograms and summaries without their suffixes. */
    public Set<String> names() {
        return metrics.stream().map(Metric::name).collect(toSet());
    }

    /** Names as queries use them: those of histograms and summaries with their suffixes. */
    public Set<String> seriesNames() {
        return metrics.stream()
                .flatMap(metric -> series(metric.name(), metric.type()))
                .collect(toSet());
    }

    /** The labels that a query may use of such a series. */
    public Set<String> labelsOf(String series) {
        return metrics.stream()
                .filter(metric -> series(metric.name(), metric.type()).anyMatch(series::equals))
                .flatMap(metric -> metric.labels().stream())
                .collect(toSet());
    }

    /** Who exports such a series: services, and others such as {@code kubelet}. */
    public Set<String> exportersOf(String series) {
        return metrics.stream()
                .filter(metric -> series(metric.name(), metric.type()).anyMatch(series::equals))
                .flatMap(metric -> metric.services().stream())
                .collect(toSet());
    }

    private static Stream<String> series(String name, String type) {
        return switch (type) {
            case "histogram" -> Stream.of("_bucket", "_count", "_sum", "_max").map(name::concat);
            case "summary" -> Stream.of("_count", "_sum", "_max").map(name::concat);
            default -> Stream.of(name);
        };
    }

    /**
     * What is wrong: metrics of Carillon's own that the service exports and that are not written down like that, and those that are written down as
     * there at once and are not.
     *
     * @param exposition what {@code /q/metrics} answered, in Prometheus' text format
     */
    public List<String> differences(String service, String exposition) {
        Map<String, String> types = types(exposition);
        Map<String, Set<String>> labels = labels(exposition);
        var wrong = new ArrayList<String>();
        types.forEach((name, type) -> {
            if (isOurs(name) && !isMaximum(name)) {
                difference(service, name, type, labels).ifPresent(wrong::add);
            }
        });
        metrics.stream()
                .filter(metric -> metric.atOnce() && metric.services().contains(service))
                .filter(metric -> !types.containsKey(metric.name()))
                .forEach(metric -> wrong.add(metric.name() + " is written down and not exported"));
        return wrong;
    }

    private Optional<String> difference(String service, String name, String type, Map<String, Set<String>> labels) {
        Metric metric = find(service, name).orElse(null);
        if (metric == null) {
            return Optional.of(name + " of " + service + " is not written down");
        }
        if (!metric.type().equals(type)) {
            return Optional.of(name + " is a " + type + ", and not a " + metric.type());
        }
        Set<String> found = series(name, type)
                .flatMap(series -> labels.getOrDefault(series, Set.of()).stream())
                .collect(toSet());
        boolean exported = series(name, type).anyMatch(labels::containsKey);
        return !exported || found.equals(metric.labels())
                ? Optional.empty()
                : Optional.of(name + " has the labels " + new TreeSet<>(found) + ", and not "
                        + new TreeSet<>(metric.labels()));
    }

    private Optional<Metric> find(String service, String name) {
        return metrics.stream()
                .filter(metric ->
                        metric.name().equals(name) && metric.services().contains(service))
                .findFirst();
    }

    private boolean isOurs(String name) {
        return name.startsWith("carillon_")
                || metrics.stream().anyMatch(metric -> metric.name().equals(name));
    }

    /** Timers have their largest value of late beside them. */
    private boolean isMaximum(String name) {
        return name.endsWith("_max")
                && metrics.stream()
                        .filter(metric -> TIMES.contains(metric.type()))
                        .anyMatch(metric -> name.equals(metric.name() + "_max"));
    }

    private static Map<String, String> types(String exposition) {
        var types = new TreeMap<String, String>();
        exposition
                .lines()
                .map(TYPE::matcher)
                .filter(Matcher::matches)
                .forEach(type -> types.put(typed(type), type.group(2)));
        return types;
    }

    /** Counters may be announced without the suffix that their samples have. */
    private static String typed(Matcher type) {
        String name = type.group(1);
        return type.group(2).equals("counter") && !name.endsWith("_total") ? name + "_total" : name;
    }

    private static String withoutExemplar(String line) {
        return line.startsWith("#") ? line : line.replaceFirst(" # \\{.*$", "");
    }

    private static Map<String, Set<String>> labels(String exposition) {
        var labels = new TreeMap<String, Set<String>>();
        exposition
                .lines()
                .map(MetricsReference::withoutExemplar)
                .map(SAMPLE::matcher)
                .filter(Matcher::matches)
                .forEach(sample -> {
                    Set<String> known = labels.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
                    if (sample.group(2) != null) {
                        LABEL.matcher(sample.group(2))
                                .results()
                                .map(label -> label.group(1))
                                .filter(label -> !OF_HISTOGRAMS.contains(label))
                                .forEach(known::add);
                    }
                });
        return labels;
    }
}
