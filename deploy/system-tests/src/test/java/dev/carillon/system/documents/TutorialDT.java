package dev.carillon.system.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.system.documents.Transcript.Step;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Web;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The documents' commands, as they stand there, in one shell for each document. The first on the stack that the tests share, which is then as
 * new as its readers': what other tests have sent, and what of theirs is still to come, would stand in the lists that the documents show.
 */
@ExtendWith(RunningStack.class)
@Order(2)
class TutorialDT {

    private static final int TIMES_TO_ASK = 10;

    private final TestStack stack;
    private final Path folder;

    TutorialDT(TestStack stack, @TempDir Path folder) {
        this.stack = stack;
        this.folder = folder;
    }

    /** By their path in the repository. */
    static List<String> documents() {
        return List.of("README.md", "docs/start.md", "docs/first-booking.md");
    }

    @ParameterizedTest
    @MethodSource("documents")
    void a_documents_commands_work_as_they_stand_there_and_answer_what_it_shows(String document) throws Exception {
        Web.send("DELETE", stack.providers() + "/received", null);
        Transcript transcript = Transcript.of(TestStack.root().resolve(document));
        assertThat(transcript.steps()).isNotEmpty();

        try (var shell = new Shell(stack, folder)) {
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
}
