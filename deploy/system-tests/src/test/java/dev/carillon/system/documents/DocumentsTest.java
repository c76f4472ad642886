package dev.carillon.system.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.docs.FencedBlock;
import dev.carillon.kit.testing.docs.OperatingDocs;
import dev.carillon.system.stack.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * That whatever a document tells its reader to type is typed by a test: by {@link TutorialDT}, {@link OperatingDT} or {@code PrometheusIT}; and which blocks are not, and
 * why.
 */
class DocumentsTest {

    /** Only to be looked at. */
    private static final Set<String> SHOWN = Set.of("json", "text", "ebnf");

    private static final String DOCKER_AND_A_CLUSTER = "needs Docker and a cluster";
    private static final String A_CLUSTER = "needs a cluster";
    private static final String SERVERS_ELSEWHERE = "needs a PostgreSQL and a Kafka that somebody else runs";

    /** What is run by nobody, by its document and its first line. */
    private static final Map<String, String> NOT_RUN = Map.of(
            "deploy/kubernetes/README.md: ./mvnw package -Dmaven.test.skip -pl scheduler-service,delivery-service,booking-service,outbox-relay -am",
            DOCKER_AND_A_CLUSTER,
            "deploy/kubernetes/README.md: kubectl create namespace carillon",
            A_CLUSTER,
            "deploy/kubernetes/README.md: kubectl -n carillon delete job --selector app.kubernetes.io/component=migration --ignore-not-found",
            A_CLUSTER,
            "deploy/kubernetes/README.md: export PGHOST=postgres.example.org PGPASSWORD=… PGSSLMODE=require PGOPTIONS=-ccreaterole_self_grant=set",
            SERVERS_ELSEWHERE,
            "deploy/kubernetes/README.md: export KAFKA_BOOTSTRAP_SERVERS=kafka-1.example.org:9096 KAFKA_HOME=…",
            SERVERS_ELSEWHERE,
            "deploy/kubernetes/README.md: kubectl -n carillon create secret generic carillon-authorities --from-file=postgres.pem --from-file=kafka.pem",
            A_CLUSTER);

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
            assertThat(typed(document).filter(block -> !NOT_RUN.containsKey(firstLine(block))))
                    .allSatisfy(block -> assertThat(run).as(block.place()).contains(block.language()));
        });
    }

    @Test
    void what_is_said_to_be_run_by_nobody_stands_in_a_document() {
        assertThat(documents().stream().flatMap(DocumentsTest::typed).map(DocumentsTest::firstLine))
                .containsAll(NOT_RUN.keySet());
    }

    private static Stream<FencedBlock> typed(Path document) {
        String name = TestStack.root().relativize(document).toString();
        return FencedBlock.of(document, name).stream().filter(block -> !SHOWN.contains(block.language()));
    }

    private static String firstLine(FencedBlock block) {
        return block.document() + ": " + block.text().lines().findFirst().orElse("");
    }

    /** The README, what is under {@code docs}, and what the folders under {@code deploy} say of themselves. */
    private static List<Path> documents() {
        return Stream.of(pages("README.md", 0), pages("docs", Integer.MAX_VALUE), pages("deploy", 2))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Path> pages(String where, int depth) {
        try (var files = Files.walk(TestStack.root().resolve(where), depth)) {
            return files.filter(file -> file.toString().endsWith(".md")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
