package dev.carillon.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.docs.FencedBlock;
import dev.carillon.kit.testing.docs.OperatingDocs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That whatever a document tells its reader to type is typed by a test: by {@link TutorialDT}, {@link OperatingDT} or {@link PrometheusIT}. */
class DocumentsTest {

    /** Only to be looked at. */
    private static final Set<String> SHOWN = Set.of("json", "text", "ebnf");

    @Test
    void every_command_statement_and_query_of_a_document_is_on_a_page_that_is_run() {
        Set<Path> operated = OperatingDocs.pages().stream().collect(Collectors.toSet());
        Set<Path> followed =
                TutorialDT.documents().stream().map(TestStack.root()::resolve).collect(Collectors.toSet());

        assertThat(documents()).containsAll(operated).containsAll(followed).allSatisfy(document -> {
            // The tutorial has commands alone.
            Set<String> run = operated.contains(document)
                    ? Set.of("sh", "sql", "promql")
                    : followed.contains(document) ? Set.of("sh") : Set.of();
            assertThat(blocks(document).filter(block -> !SHOWN.contains(block.language())))
                    .allSatisfy(block -> assertThat(run).as(block.place()).contains(block.language()));
        });
    }

    private static Stream<FencedBlock> blocks(Path document) {
        return FencedBlock.of(document, TestStack.root().relativize(document).toString()).stream();
    }

    private static List<Path> documents() {
        try (var files = Files.walk(TestStack.root().resolve("docs"))) {
            Stream<Path> pages = files.filter(file -> file.toString().endsWith(".md"));
            return Stream.concat(Stream.of(TestStack.root().resolve("README.md")), pages)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
