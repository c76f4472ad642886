package dev.carillon.kit.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The environment variables that any of Carillon's services reads as a setting, so that those can be told that none does. Which they are is in a file, which
 * {@code make reference} writes from the code, as it does docs/reference/settings.md: a service knows only its own, and may share its environment with others.
 */
final class Variables {
    /** One that is set, with the settings that were perhaps meant, the likeliest first. */
    record Unread(String name, List<String> close) {}

    private static final String FILE = "variables.txt";
    private static final String PREFIX = "CARILLON_";

    /** What the operator calls a tenant, a bot, a source. */
    private static final Pattern NAME = Pattern.compile("<[A-Z]+>");

    /** Of a list each element may be a variable of its own. */
    private static final String ELEMENT = "(_\\d+_)?";

    /** Every fifth letter may be another one. */
    private static final int LIKENESS = 5;

    private static final int MOST_CLOSE = 3;

    private final List<String> names;
    private final Pattern read;
    private final Set<String> groups;

    Variables(List<String> names) {
        this.names = List.copyOf(names);
        this.read = Pattern.compile(names.stream()
                .map(name -> NAME.matcher(name).replaceAll(".+") + ELEMENT)
                .collect(Collectors.joining("|")));
        this.groups = names.stream().map(Variables::group).collect(Collectors.toUnmodifiableSet());
    }

    /** Empty if this build has none. */
    static Variables ofCarillon() {
        try (InputStream file = Variables.class.getResourceAsStream(FILE)) {
            return new Variables(
                    file == null
                            ? List.of()
                            : new String(file.readAllBytes(), StandardCharsets.UTF_8)
                                    .lines()
                                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    /**
     * Those of an environment that no service reads, by name, and that were meant for one: they begin as settings of Carillon do ({@code CARILLON_RELAY_…}), or
     * nearly are one. Others may be anybody's, such as the launcher's {@code CARILLON_STATE_DIR}.
     */
    List<Unread> unread(Set<String> environment) {
        return new TreeSet<>(environment)
                .stream()
                        .filter(name -> name.startsWith(PREFIX))
                        .filter(name -> !read.matcher(name).matches())
                        .map(name -> new Unread(name, close(name)))
                        .filter(one -> groups.contains(group(one.name()))
                                || !one.close().isEmpty())
                        .toList();
    }

    private List<String> close(String name) {
        return names.stream()
                .filter(known -> !known.contains("<") && edits(name, known) <= name.length() / LIKENESS)
                .sorted(Comparator.comparingInt(known -> edits(name, known)))
                .limit(MOST_CLOSE)
                .toList();
    }

    /** {@code RELAY} of {@code CARILLON_RELAY_LEASE}. */
    private static String group(String name) {
        return name.substring(PREFIX.length()).replaceFirst("_.*", "");
    }

    /** How many letters have to be changed, added or taken away to make the other of the one. */
    private static int edits(String one, String other) {
        int[] above = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[other.length()];
    }
}
