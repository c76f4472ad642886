package dev.carillon.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.system.Transcript.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The documents' commands, as they stand there, in one shell for each document. The first on the stack that the tests share, which is then as
 * new as its readers': what other tests have sent, and what of theirs is still to come, would stand in the lists that the documents show.
 */
@ExtendWith(RunningStack.class)
@Order(2)
class TutorialDT {

    private static final int TIMES_TO_ASK = 10;
    private static final int[] PORTS = {8081, 8082, 8083, 8084, 8090};

    private final TestStack stack;
    private final Path folder;

    TutorialDT(TestStack stack, @TempDir Path folder) {
        this.stack = stack;
        this.folder = folder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/start.md", "docs/first-booking.md"})
    void a_documents_commands_work_as_they_stand_there_and_answer_what_it_shows(String document) throws Exception {
        Web.send("DELETE", stack.providers() + "/received", null);
        Transcript transcript = Transcript.of(TestStack.root().resolve(document));
        assertThat(transcript.steps()).isNotEmpty();

        try (var shell = new Shell()) {
            for (Step step : transcript.steps()) {
                assertThat(problem(shell, step)).as(step.place()).isEmpty();
            }
        }
    }

    /** A reader who sees nothing yet asks again. */
    private static Optional<String> problem(Shell shell, Step step) throws IOException {
        Optional<String> problem = Optional.empty();
        int times = step.onlyAsks() && !step.expected().isEmpty() ? TIMES_TO_ASK : 1;
        for (int i = 0; i < times; i++) {
            Shell.Ended ended = shell.run(step.script());
            if (ended.exit() != 0) {
                return Optional.of("exit " + ended.exit() + ": " + ended.output());
            }
            problem =
                    step.expected().isEmpty() ? Optional.empty() : Likeness.difference(step.expected(), ended.output());
            if (problem.isEmpty()) {
                return problem;
            }
        }
        return problem;
    }

    /** A bash in the repository's folder, for which the test's stack is the one that the documents speak of. */
    private final class Shell implements AutoCloseable {

        private record Ended(int exit, String output) {}

        private final Process bash;
        private final OutputStream in;
        private final BufferedReader out;
        private final Path block = folder.resolve("block.sh");
        private final Path output = folder.resolve("output");

        private Shell() throws IOException {
            var builder = new ProcessBuilder("bash", "-o", "pipefail")
                    .directory(TestStack.root().toFile())
                    .redirectError(folder.resolve("stderr").toFile());
            builder.environment().putAll(stack.environment());
            bash = builder.start();
            in = bash.getOutputStream();
            out = bash.inputReader(UTF_8);
            // `make` as the documents use it, which would build while Maven does.
            write("make() { " + commandLine() + " \"$@\"; }");
            write("set -E; trap 'failed=$?' ERR");
        }

        private static String commandLine() {
            List<String> words = TestStack.commandLine("");
            return words.subList(0, words.size() - 1).stream()
                    .map(word -> "'" + word + "'")
                    .collect(Collectors.joining(" "));
        }

        /** One block; any command in it that fails is its failure. */
        Ended run(String script) throws IOException {
            Files.writeString(block, here(script));
            write("failed=0; . '" + block + "' >'" + output + "' 2>&1 </dev/null; echo \"$failed\"");
            String exit = out.readLine();
            return new Ended(exit == null ? -1 : Integer.parseInt(exit), there(Files.readString(output)));
        }

        private String here(String text) {
            String moved = text.replace("deploy/local/.state", stack.state().toString());
            for (int port : PORTS) {
                moved = moved.replace("localhost:" + port, "localhost:" + (port + stack.offset()));
            }
            return moved;
        }

        private String there(String text) {
            String moved = text.replace(stack.state().toString(), "deploy/local/.state");
            for (int port : PORTS) {
                moved = moved.replace("localhost:" + (port + stack.offset()), "localhost:" + port);
            }
            return moved;
        }

        private void write(String text) throws IOException {
            in.write((text + "\n").getBytes(UTF_8));
            in.flush();
        }

        @Override
        public void close() {
            bash.destroy();
        }
    }
}
