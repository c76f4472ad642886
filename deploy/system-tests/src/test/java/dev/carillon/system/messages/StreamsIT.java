package dev.carillon.system.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.Setting;
import dev.carillon.local.state.Credentials;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import dev.carillon.system.stack.Web;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many open streams of one scheduler, each of a message of its own. {@code make streams} opens more; {@code CARILLON_STREAMS} says how many. */
@ExtendWith(RunningStack.class)
class StreamsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int BATCH = 500;
    /** How many are being opened at a time. */
    private static final int OPENING = 32;

    private final TestStack stack;
    private final Carillon carillon;
    private final String key;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    StreamsIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
        this.key = stack.secret(Credentials.API_KEY);
    }

    @Test
    void every_stream_of_many_is_served_the_end_of_its_message() throws Exception {
        int streams = (int) Setting.number("CARILLON_STREAMS", 400);
        Duration opening = Duration.ofSeconds(8).plus(Duration.ofMillis(8L * streams));
        List<String> messages = schedule(streams, opening);
        long before = residentMebibytes();
        Instant began = Instant.now();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .executor(threads)
                        .build()) {
            var gate = new Semaphore(OPENING);
            List<CompletableFuture<List<String>>> seen = new ArrayList<>();
            for (String message : messages) {
                seen.add(CompletableFuture.supplyAsync(() -> follow(client, message, gate), threads));
            }
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> open.get() + ended.get() >= streams
                            || seen.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
            Duration opened = Duration.between(began, Instant.now());
            int atOnce = open.get();
            double told = streamsTold();
            long peak = residentMebibytes();
            List<List<String>> all = seen.stream().map(CompletableFuture::join).toList();
            System.out.printf(
                    "%d streams, opened within %d ms, %d open at once (%.0f by the scheduler's count), %d served the end;"
                            + " the scheduler's resident memory %d MiB before, %d MiB with all open, %d MiB after%n",
                    streams,
                    opened.toMillis(),
                    atOnce,
                    told,
                    all.stream()
                            .filter(events -> events.getLast().equals("delivered"))
                            .count(),
                    before,
                    peak,
                    residentMebibytes());
            assertThat(all).hasSize(streams).allSatisfy(events -> assertThat(events)
                    .endsWith("delivered"));
        }
        await().atMost(PATIENCE).until(() -> streamsTold() == 0);
    }

    private List<String> schedule(int count, Duration in) {
        var ids = new ArrayList<String>();
        while (ids.size() < count) {
            var items = new JsonArray();
            for (int i = 0; i < Math.min(BATCH, count - ids.size()); i++) {
                items.add(new JsonObject()
                        .put("to", Way.WEBHOOK.to("streams", stack.providers()))
                        .put("content", Way.WEBHOOK.content("streams"))
                        .put("schedule", new JsonObject().put("in", in.toString())));
            }
            JsonObject answer = carillon.scheduler(
                            "POST",
                            "/v1/messages/batch",
                            new JsonObject().put("items", items).encode())
                    .jsonOf(200);
            Carillon.objects(answer.getJsonArray("results"))
                    .forEach(result -> ids.add(result.getJsonObject("message").getString("id")));
        }
        return ids;
    }

    /** The names of the events, until the server ends the stream. */
    private List<String> follow(HttpClient client, String message, Semaphore gate) {
        var request = HttpRequest.newBuilder(URI.create(stack.scheduler() + "/v1/messages/" + message + "/events"))
                .header("X-API-Key", key)
                .build();
        try {
            gate.acquire();
            HttpResponse<Stream<String>> response;
            try {
                response = open(client, request);
            } finally {
                gate.release();
            }
            open.incrementAndGet();
            List<String> events = response.body()
                    .filter(line -> line.startsWith("event:"))
                    .map(line -> line.substring("event:".length()).strip())
                    .toList();
            open.decrementAndGet();
            ended.incrementAndGet();
            return events;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One that is too busy says so, and is asked again. */
    private static HttpResponse<Stream<String>> open(HttpClient client, HttpRequest request) {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> client.send(request, BodyHandlers.ofLines()), response -> {
                    assertThat(response.statusCode()).isIn(200, 503);
                    return response.statusCode() == 200;
                });
    }

    private double streamsTold() {
        return Web.send("GET", stack.scheduler() + "/q/metrics", null)
                .body()
                .lines()
                .filter(line -> line.startsWith("carillon_streams_open"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private long residentMebibytes() throws IOException {
        Path status = Path.of("/proc", Long.toString(stack.process("scheduler").pid()), "status");
        String resident = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(resident.replaceAll("\\D", "")) / 1024;
    }
}
