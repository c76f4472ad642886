package dev.carillon.system.documents;

import dev.carillon.kit.testing.docs.FencedBlock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a document tells its reader to type, and what it says will be answered.
 *
 * @param steps in their order: the blocks of {@code sh} that call the stack or take its credentials
 */
record Transcript(List<Step> steps) {

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

    static Transcript of(Path document) {
        List<FencedBlock> blocks = FencedBlock.of(document, String.valueOf(document.getFileName()));
        var steps = new ArrayList<Step>();
        for (int i = 0; i < blocks.size(); i++) {
            FencedBlock block = blocks.get(i);
            if (block.language().equals("sh")
                    && (block.text().contains("curl") || block.text().contains("credentials.env"))) {
                boolean answered =
                        i + 1 < blocks.size() && !blocks.get(i + 1).language().equals("sh");
                steps.add(new Step(
                        block.place(),
                        block.text(),
                        answered ? blocks.get(i + 1).text() : ""));
            }
        }
        return new Transcript(List.copyOf(steps));
    }
}
