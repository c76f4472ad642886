package dev.carillon.system.telemetry;

import static org.awaitility.Awaitility.await;

import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.TestStack;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** What the stack has told of its traces. */
final class Traces {

    /** Spans are exported in batches, some seconds after they ended. */
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private final TestStack stack;
    private final Carillon carillon;

    Traces(TestStack stack, Carillon carillon) {
        this.stack = stack;
        this.carillon = carillon;
    }

    Trace of(String traceId) {
        return new Trace(carillon.spans(traceId));
    }

    /** Holds of all spans of this trace, some time soon. */
    void awaitThat(String traceId, Consumer<Trace> holds) {
        await().atMost(PATIENCE).untilAsserted(() -> holds.accept(of(traceId)));
    }

    /** The spans that the stack has sent, as OTLP has them; the latest line may not be whole yet. */
    void exported(Consumer<JsonObject> each) throws IOException {
        Path file = stack.traces();
        String text = Files.exists(file) ? Files.readString(file) : "";
        text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(JsonObject::new)
                .flatMap(request -> Carillon.objects(request.getJsonArray("resourceSpans")).stream())
                .flatMap(resource -> Carillon.objects(resource.getJsonArray("scopeSpans")).stream())
                .flatMap(scope -> Carillon.objects(scope.getJsonArray("spans")).stream())
                .forEach(each);
    }
}
