package dev.carillon.kit.testing.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The pages of {@code docs/operating}, each known by its path in there: {@code production.md}, {@code runbooks/dead-letters.md}; and those beside it that tell
 * what to type just as they do: {@code ../endpoints.md}.
 */
public final class OperatingDocs {
    private static final Path FOLDER = Path.of("docs", "operating");
    private static final List<String> BESIDE = List.of("../endpoints.md");

    private OperatingDocs() {}

    /** Looks for it in the folders above, as tests run in their module's. */
    public static Path folder() {
        Path above = Path.of("").toAbsolutePath();
        while (above != null && !Files.isDirectory(above.resolve(FOLDER))) {
            above = above.getParent();
        }
        if (above == null) {
            throw new IllegalStateException(FOLDER + " is in no folder above");
        }
        return above.resolve(FOLDER);
    }

    /** Their files. */
    public static List<Path> pages() {
        Path folder = folder();
        try (var files = Files.walk(folder)) {
            Stream<Path> inside =
                    files.filter(file -> file.toString().endsWith(".md")).sorted();
            Stream<Path> beside =
                    BESIDE.stream().map(page -> folder.resolve(page).normalize());
            return Stream.concat(inside, beside).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every block of every page. */
    public static List<FencedBlock> blocks() {
        Path folder = folder();
        return pages().stream()
                .flatMap(page -> FencedBlock.of(page, folder.relativize(page).toString()).stream())
                .toList();
    }

    /** Those in one language, such as {@code sh}. */
    public static List<FencedBlock> blocks(String language) {
        return blocks().stream()
                .filter(block -> block.language().equals(language))
                .toList();
    }

    /** What they ask of Prometheus: each line of their {@code promql} that is no comment. */
    public static List<String> queries() {
        return blocks("promql").stream()
                .flatMap(block -> block.text().lines())
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }
}
