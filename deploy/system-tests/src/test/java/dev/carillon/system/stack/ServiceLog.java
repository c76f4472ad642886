package dev.carillon.system.stack;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What a service has written, a line of JSON each. */
public record ServiceLog(Path file) {

    /** Those lines that have this text in them, in order. */
    public List<JsonObject> linesWith(String text) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("{") && line.contains(text))
                    .map(JsonObject::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a line says beside its message. */
    public static Map<String, Object> fields(JsonObject line) {
        return Objects.requireNonNullElseGet(line.getJsonObject("mdc"), JsonObject::new)
                .getMap();
    }
}
