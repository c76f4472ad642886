package dev.carillon.manifests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A program that may be on this machine. */
record Command(Path file) {

    record Ended(int exit, String output, String errors) {}

    static Optional<Command> find(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Command::new)
                .findFirst();
    }

    Ended run(String... arguments) {
        try {
            Path errors = Files.createTempFile("errors", ".txt");
            var command = new java.util.ArrayList<>(List.of(file.toString()));
            command.addAll(List.of(arguments));
            var process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            int exit = process.waitFor();
            String said = Files.readString(errors);
            Files.delete(errors);
            return new Ended(exit, output, said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
