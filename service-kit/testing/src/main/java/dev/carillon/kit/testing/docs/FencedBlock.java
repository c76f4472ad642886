package dev.carillon.kit.testing.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands between two fences of a document.
 *
 * @param document its name
 * @param line of the fence that opens it, from 1
 * @param language what that fence names; empty when it names nothing
 * @param text without the indentation of the list that it may stand in
 */
public record FencedBlock(String document, int line, String language, String text) {
    private static final String FENCE = "```";

    /**
     * All of a file, in their order.
     *
     * @param document as what it is known to its readers
     */
    public static List<FencedBlock> of(Path file, String document) {
        try {
            return of(Files.readAllLines(file), document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<FencedBlock> of(List<String> lines, String document) {
        var blocks = new ArrayList<FencedBlock>();
        for (int i = 0; i < lines.size(); i++) {
            if (isFence(lines.get(i))) {
                int end = end(lines, i + 1, document);
                String language = lines.get(i).strip().substring(FENCE.length()).strip();
                String text = String.join("\n", lines.subList(i + 1, end)).stripIndent();
                blocks.add(new FencedBlock(document, i + 1, language, text));
                i = end;
            }
        }
        return List.copyOf(blocks);
    }

    private static int end(List<String> lines, int begin, String document) {
        for (int end = begin; end < lines.size(); end++) {
            if (isFence(lines.get(end))) {
                return end;
            }
        }
        throw new IllegalStateException(document + ":" + begin + " is never closed");
    }

    private static boolean isFence(String line) {
        return line.strip().startsWith(FENCE);
    }

    /** For who has to look. */
    public String place() {
        return document + ":" + line;
    }
}
