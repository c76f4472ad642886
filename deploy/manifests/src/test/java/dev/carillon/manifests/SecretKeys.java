package dev.carillon.manifests;

import static java.util.stream.Collectors.toMap;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The secrets that whoever deploys has to make: a table in {@code deploy/kubernetes/README.md}. */
record SecretKeys(Map<String, Set<String>> keys) {
    private static final Pattern ROW = Pattern.compile("^\\| `(carillon-[a-z-]+)` \\| ([^|]+) \\|");
    private static final Pattern KEY = Pattern.compile("`([^`]+)`");
    private static final Pattern MADE = Pattern.compile("^secret (carillon-\\S+) (.*)$");
    private static final Pattern MADE_KEY = Pattern.compile("--from-(?:literal|file)=([^=]+)=");

    static SecretKeys documented() {
        return new SecretKeys(read(Repository.read(Repository.DEPLOY.resolve("kubernetes/README.md")), ROW, KEY));
    }

    /** By {@code local-secrets}. */
    static SecretKeys madeLocally() {
        return new SecretKeys(
                read(Repository.read(Repository.DEPLOY.resolve("kubernetes/local-secrets")), MADE, MADE_KEY));
    }

    private static Map<String, Set<String>> read(String text, Pattern line, Pattern key) {
        return text.lines()
                .map(line::matcher)
                .filter(java.util.regex.Matcher::find)
                .collect(toMap(row -> row.group(1), row -> key.matcher(row.group(2))
                        .results()
                        .map(one -> one.group(1))
                        .collect(Collectors.toSet())));
    }

    boolean has(String secret, String key) {
        return keys.getOrDefault(secret, Set.of()).contains(key);
    }
}
