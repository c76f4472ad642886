package dev.carillon.system.documents;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.carillon.kit.testing.docs.FencedBlock;
import dev.carillon.kit.testing.docs.OperatingDocs;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresCluster;
import dev.carillon.local.state.Credentials;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Web;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code docs/operating}, and what of {@link OperatingDocs} is beside it, tells to type, as it stands there, on the running stack. Queries of Prometheus are tried by {@code PrometheusIT}.
 * It leaves records that are no events, so it comes after those who read every topic as one of events.
 */
@Order(Integer.MAX_VALUE - 2)
@ExtendWith(RunningStack.class)
class OperatingDT {

    /** Run here; asked by {@code PrometheusIT}, and held against the metrics by {@code ObservabilityTest}; and what is only to be looked at. */
    private static final Set<String> LANGUAGES = Set.of("sh", "sql", "promql", "text", "json");

    /** Statements of an update, and the test that takes one by them. */
    private static final Map<String, String> SHOWN_ELSEWHERE =
            Map.of("production.md", "LargeIndexTest of booking-service");

    /** Their id is in the answer to a command before. */
    private static final List<String> TOLD_BEFORE =
            List.of("/v1/redrives/<id>", "/v1/event-redrives/<id>", "/v1/endpoints/<id>/ping", "/v1/api-keys/<id>");

    private static final String ID = "<id>";
    private static final Pattern TO_FILL_IN = Pattern.compile("<[A-Za-z][A-Za-z -]*>");
    private static final Pattern LINES_END = Pattern.compile("(?<!\\\\)\n");

    /** As curl alone does not: an answer of 4xx or 5xx is a failure. */
    private static final String STRICT_CURL = "curl() { command curl --fail-with-body \"$@\"; }";

    private final TestStack stack;

    OperatingDT(TestStack stack) {
        this.stack = stack;
    }

    @Test
    void every_block_is_in_a_language_that_somebody_runs_or_is_text() {
        assertThat(OperatingDocs.blocks())
                .isNotEmpty()
                .allSatisfy(block -> assertThat(LANGUAGES).as(block.place()).contains(block.language()));
    }

    @TestFactory
    Stream<DynamicTest> commands_work_as_they_stand_there(@TempDir Path folder) throws SQLException {
        awaitThatAllAreReady();
        Map<String, String> ids = new Troubles(stack).make();
        Map<String, List<FencedBlock>> pages =
                OperatingDocs.blocks("sh").stream().collect(groupingBy(FencedBlock::document, TreeMap::new, toList()));
        assertThat(pages).isNotEmpty();
        return pages.entrySet().stream()
                .map(page -> dynamicTest(page.getKey(), () -> new Reader(ids).follow(page.getValue(), folder)));
    }

    /** The tests before have killed and restarted what there is. */
    private void awaitThatAllAreReady() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(stack.services()).allSatisfy(url -> {
                    Answer ready = Web.send("GET", url + "/q/health/ready", null);
                    assertThat(ready.status()).as(ready.body()).isEqualTo(200);
                }));
    }

    /** Somebody who types the commands of a page into one shell, and knows what was answered. */
    private final class Reader {

        private final Map<String, String> ids;
        private String told = "";

        private Reader(Map<String, String> ids) {
            this.ids = ids;
        }

        private void follow(List<FencedBlock> blocks, Path folder) throws IOException {
            try (var shell = new Shell(stack, folder)) {
                assertThat(shell.run(". deploy/local/.state/credentials.env").exit())
                        .isZero();
                assertThat(shell.run(STRICT_CURL).exit()).isZero();
                for (FencedBlock block : blocks) {
                    follow(block, shell);
                }
            }
        }

        private void follow(FencedBlock block, Shell shell) throws IOException {
            for (String command : LINES_END.split(block.text(), -1)) {
                String filled = filled(command);
                assertThat(TO_FILL_IN.matcher(filled).find())
                        .as(block.place() + ": say here what is put in, in " + filled)
                        .isFalse();
                Shell.Ended ended = shell.run(filled);
                assertThat(ended.exit())
                        .as(block.place() + ": " + filled + "\n" + ended.output())
                        .isZero();
                told = idIn(ended.output()).orElse(told);
            }
        }

        private String filled(String command) {
            if (TOLD_BEFORE.stream().anyMatch(command::contains)) {
                return command.replace(ID, told);
            }
            String filled = command;
            for (var known : ids.entrySet()) {
                filled = filled.replace(known.getKey(), known.getKey().replace(ID, known.getValue()));
            }
            return filled;
        }

        private static Optional<String> idIn(String answer) {
            try {
                return Optional.ofNullable(new JsonObject(answer).getString("id"));
            } catch (DecodeException notJson) {
                return Optional.empty();
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> statements_run_as_they_stand_there() {
        return OperatingDocs.blocks("sql").stream()
                .filter(block -> !SHOWN_ELSEWHERE.containsKey(block.document()))
                .map(block -> dynamicTest(block.place(), () -> execute(block)));
    }

    private void execute(FencedBlock block) throws SQLException {
        try (var connection = database(block).connect();
                var statement = connection.createStatement()) {
            statement.execute(block.text());
        }
    }

    /** As the page says whose statements they are. */
    private Database database(FencedBlock block) {
        Database booking = stack.database("booking");
        return switch (block.document()) {
            case "runbooks/disk-filling.md" ->
                booking.as(PostgresCluster.SUPERUSER, stack.secret(Credentials.POSTGRES_PASSWORD));
            case "runbooks/slot-search-slow.md" -> booking;
            case "../endpoints.md" -> stack.database("delivery");
            default -> throw new AssertionError(block.place() + ": say here who runs these statements");
        };
    }
}
