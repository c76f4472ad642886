package dev.carillon.system.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.system.stack.TestStack;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A bash in the repository's folder, for which the test's stack is the one that the documents speak of. */
final class Shell implements AutoCloseable {

    private static final int[] PORTS = {8081, 8082, 8083, 8084, 8090};

    /**
     * What a script came to.
     *
     * @param exit 0, or the exit status of the last of its commands that failed
     */
    record Ended(int exit, String output) {}

    private final TestStack stack;
    private final Process bash;
    private final OutputStream in;
    private final BufferedReader out;
    private final Path block;
    private final Path output;

    /** @param folder for what it has to keep in files */
    Shell(TestStack stack, Path folder) throws IOException {
        this.stack = stack;
        this.block = folder.resolve("block.sh");
        this.output = folder.resolve("output");
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

    /** One block; any command in it that fails is its failure. What it sets is there for the next one. */
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
