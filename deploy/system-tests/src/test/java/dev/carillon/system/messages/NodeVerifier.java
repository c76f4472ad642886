package dev.carillon.system.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.system.stack.Program;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Verifies webhooks by the JavaScript library of Standard Webhooks, which npm fetches at the versions that {@code src/test/node} locks. */
final class NodeVerifier {

    private static final String ABSENT =
            "LEFT OUT: %s (Node.js) is not on this machine, so that no webhook was verified by the JavaScript library.";
    private static final Path SOURCES = Path.of("src", "test", "node");
    private static final Path FOLDER = Path.of("target", "node");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int REFUSED = 3;

    private final Path node;

    private NodeVerifier(Path node) {
        this.node = node;
    }

    static NodeVerifier installed() throws IOException {
        Path npm = Program.find("npm", ABSENT.formatted("npm"));
        Files.createDirectories(FOLDER);
        for (String file : List.of("package.json", "package-lock.json", "verify.js")) {
            Files.copy(SOURCES.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(run(List.of(npm.toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"), ""))
                .as("npm ci, whose words are in %s", FOLDER.resolve("log"))
                .isZero();
        return new NodeVerifier(Program.find("node", ABSENT.formatted("node")));
    }

    /** @param webhook as the local provider tells of it */
    boolean verifies(String secret, JsonObject webhook, String body) {
        int exit = run(
                List.of(node.toString(), "verify.js"),
                new JsonObject()
                        .put("secret", secret)
                        .put("headers", webhook.getJsonObject("headers"))
                        .put("body", body)
                        .encode());
        assertThat(exit).as("what verify.js ends with").isIn(0, REFUSED);
        return exit == 0;
    }

    private static int run(List<String> command, String input) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(FOLDER.resolve("log").toFile())
                    .start();
            try (var writer = process.outputWriter()) {
                writer.write(input);
            }
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " has not ended within " + PATIENCE);
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
