package dev.carillon.manifests;

import dev.carillon.kit.testing.metrics.MetricsReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which series a query in PromQL names, and by which labels it picks, groups and matches them. */
final class Queries {
    private static final Pattern COMMENT = Pattern.compile("#[^\\n]*");
    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(?:\\{([^}]*)})?(\\s*\\()?");
    private static final Pattern MATCHER = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*(?:=~|!~|!=|=)");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");
    /** That Prometheus, or the suffix of a histogram, adds. */
    private static final Set<String> ADDED = Set.of("job", "instance", "le");

    private Queries() {}

    record Selected(String series, List<String> labels) {}

    static List<Selected> selected(String query) {
        String bare = GROUPING.matcher(withoutTexts(query)).replaceAll(" ");
        bare = bare.replaceAll("\\boffset\\s+\\w+", " ").replaceAll("\\b\\d[\\w.]*", " ");
        var found = new ArrayList<Selected>();
        Matcher selector = SELECTOR.matcher(bare);
        while (selector.find()) {
            if (selector.group(3) == null && !WORDS.contains(selector.group(1))) {
                found.add(new Selected(selector.group(1), labels(selector.group(2))));
            }
        }
        return found;
    }

    private static String withoutTexts(String query) {
        String bare = COMMENT.matcher(query).replaceAll("");
        bare = TEXT.matcher(bare).replaceAll("''");
        return RANGE.matcher(bare).replaceAll("");
    }

    /** Those in {@code by}, {@code without}, {@code on} and their like. */
    private static Set<String> grouping(String query) {
        return GROUPING.matcher(withoutTexts(query))
                .results()
                .flatMap(words -> Arrays.stream(words.group(1).split(",", -1)))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toSet());
    }

    private static List<String> labels(@org.jspecify.annotations.Nullable String matchers) {
        return matchers == null
                ? List.of()
                : MATCHER.matcher(matchers).results().map(one -> one.group(1)).toList();
    }

    /** @param recorded series that rules make */
    static List<String> problems(String query, MetricsReference metrics, Set<String> recorded) {
        var problems = new ArrayList<String>();
        for (Selected one : selected(query)) {
            if (recorded.contains(one.series())) {
                continue;
            }
            if (!metrics.seriesNames().contains(one.series())) {
                problems.add("nobody exports " + one.series() + ": " + query.strip());
            }
            one.labels().stream()
                    .filter(label -> !ADDED.contains(label)
                            && !metrics.labelsOf(one.series()).contains(label))
                    .forEach(label -> problems.add(one.series() + " has no label " + label));
        }
        Set<String> known = selected(query).stream()
                .flatMap(one -> metrics.labelsOf(one.series()).stream())
                .collect(Collectors.toSet());
        grouping(query).stream()
                .filter(label -> !ADDED.contains(label) && !known.contains(label))
                .forEach(label -> problems.add("nothing that is asked has the label " + label + ": " + query.strip()));
        return problems;
    }
}
