package dev.carillon.manifests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Links from one document of the repository to another, or to a heading, as GitHub understands them. */
final class Links {
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");
    private static final Pattern CODE = Pattern.compile("^```.*?^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

    private Links() {}

    static List<Path> documents() {
        return Stream.concat(
                        Stream.of(Repository.ROOT.resolve("README.md")),
                        Stream.of("docs", "deploy/kubernetes", "deploy/compose", "deploy/observability")
                                .map(Repository.ROOT::resolve)
                                .flatMap(folder ->
                                        Repository.filesUnder(
                                                folder, file -> file.toString().endsWith(".md"))
                                                .stream()))
                .toList();
    }

    /** Those that lead nowhere. */
    static List<String> broken(Path document) {
        return broken(document, Repository.read(document));
    }

    static List<String> broken(Path document, String text) {
        return LINK.matcher(withoutCode(text))
                .results()
                .map(found -> found.group(1))
                .filter(link -> !ELSEWHERE.matcher(link).matches())
                .filter(link -> !leadsSomewhere(document, link))
                .map(link -> Repository.ROOT.relativize(document) + ": " + link)
                .toList();
    }

    private static boolean leadsSomewhere(Path document, String link) {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
        boolean toHeading = hash >= 0 && target.toString().endsWith(".md");
        return Files.exists(target)
                && (!toHeading || anchors(Repository.read(target)).contains(link.substring(hash + 1)));
    }

    static Set<String> anchors(String text) {
        var anchors = new HashSet<String>();
        HEADING.matcher(withoutCode(text)).results().map(Links::anchor).forEach(anchor -> {
            String free = anchor;
            for (int again = 1; !anchors.add(free); again++) {
                free = anchor + "-" + again;
            }
        });
        return anchors;
    }

    private static String anchor(MatchResult heading) {
        return heading.group(1)
                .strip()
                .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-');
    }

    private static String withoutCode(String text) {
        return CODE.matcher(text).replaceAll("");
    }
}
