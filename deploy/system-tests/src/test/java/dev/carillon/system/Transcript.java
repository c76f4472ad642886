package dev.carillon.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a document tells its reader to type, and what it says will be answered.
 *
 * @param steps in their order: the blocks of {@code sh} that call the stack or take its credentials
 */
record Transcript(List<Step> steps) {

    private static final String FENCE = "```";

    /**
     * One block.
     *
     * @param place in the document, for who has to look
     * @param expected the block of {@code json} or {@code text} that comes next, empty when another {@code sh} comes first
     */
    record Step(String place, String script, String expected) {

        /** May be run again without an effect: it only asks. */
        boolean onlyAsks() {
            return script.lines()
                    .noneMatch(line -> line.contains(" -d") || line.contains(" -X ") || line.contains("kill "));
        }
    }

    private record Block(int line, String language, String text) {}

    static Transcript of(Path document) throws IOException {
        List<Block> blocks = blocks(Files.readAllLines(document));
        var steps = new ArrayList<Step>();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            if (block.language.equals("sh")
                    && (block.text.contains("curl") || block.text.contains("credentials.env"))) {
                boolean answered =
                        i + 1 < blocks.size() && !blocks.get(i + 1).language.equals("sh");
                steps.add(new Step(
                        document.getFileName() + ":" + block.line, block.text, answered ? blocks.get(i + 1).text : ""));
            }
        }
        return new Transcript(List.copyOf(steps));
    }

    private static List<Block> blocks(List<String> lines) {
        var blocks = new ArrayList<Block>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(FENCE)) {
                int end = i + 1;
                while (!lines.get(end).startsWith(FENCE)) {
                    end++;
                }
                String language = lines.get(i).substring(FENCE.length()).strip();
                blocks.add(new Block(i + 1, language, String.join("\n", lines.subList(i + 1, end))));
                i = end;
            }
        }
        return blocks;
    }
}
