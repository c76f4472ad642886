package dev.carillon.scheduler.message.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Delivery;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class MessageStreamQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Api api = Api.of(tenant);
    private final Delivery delivery = new Delivery();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        client.shutdownNow();
        delivery.close();
    }

    private HttpRequest request(String id, String lastEventId) {
        var request = HttpRequest.newBuilder(Api.uri("/v1/messages/" + id + "/events"))
                .header("Authorization", "Bearer " + Token.of(tenant, "viewer").signed())
                .header("Accept", "text/event-stream");
        return (lastEventId.isEmpty() ? request : request.header("Last-Event-ID", lastEventId)).build();
    }

    /** The whole stream, once the server has ended it. */
    private CompletableFuture<HttpResponse<Stream<String>>> open(String id, String lastEventId) {
        return client.sendAsync(request(id, lastEventId), HttpResponse.BodyHandlers.ofLines());
    }

    /** A server-sent event. */
    private record Sent(String id, String name, JsonNode data) {}

    private static List<Sent> events(HttpResponse<Stream<String>> stream) {
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        assertThat(stream.headers().firstValue("X-Trace-Id"))
                .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f]{32}"));
        assertThat(stream.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(stream.headers().firstValue("X-Accel-Buffering")).hasValue("no");
        var events = new ArrayList<Sent>();
        var fields = new ArrayList<String>();
        stream.body().forEach(line -> {
            if (!line.isEmpty()) {
                fields.add(line);
            } else if (fields.stream().anyMatch(field -> field.startsWith("data:"))) {
                events.add(new Sent(field(fields, "id"), field(fields, "event"), tree(field(fields, "data"))));
                fields.clear();
            }
        });
        return events;
    }

    private static String field(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @Test
    void the_states_of_a_message_are_streamed_up_to_its_end() {
        var id = api.post("/v1/messages", Bodies.nearEmail()).expect(201).at("/id");
        var stream = open(id, "");
        stream.join();
        delivery.says("accepted", id, 1, 0);
        delivery.says("retry-scheduled", id, 2, 1);
        await().atMost(PATIENCE)
                .until(() -> "delivering".equals(api.get("/v1/messages/" + id).at("/status")));
        delivery.says("delivered", id, 3, 2);

        var events = events(stream.join());
        assertThat(events.getFirst().name()).isEqualTo("staged");
        assertThat(events.getLast().name()).isEqualTo("delivered");
        assertThat(events)
                .extracting(event -> Integer.valueOf(event.id()))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(events).allSatisfy(event -> {
            assertThat(event.data().at("/id").asText()).isEqualTo(id);
            assertThat(event.data().at("/status").asText()).isEqualTo(event.name());
        });
        assertThat(events.getLast().data())
                .isEqualTo(api.get("/v1/messages/" + id).json());
    }

    @Test
    void a_client_that_comes_back_gets_what_it_has_not_seen_and_nothing_after_the_end() {
        var id = api.post("/v1/messages", Bodies.farEmail()).expect(201).at("/id");
        var stream = open(id, "1");
        stream.join();
        api.post("/v1/messages/" + id + "/cancel").expect(200);
        var events = events(stream.join());
        assertThat(events).extracting(Sent::name).containsExactly("cancelled");

        assertThat(events(open(id, "1").join())).extracting(Sent::name).containsExactly("cancelled");
        assertThat(open(id, events.getLast().id()).join().statusCode()).isEqualTo(204);
    }

    @Test
    void many_watch_and_each_sees_the_end_of_its_own() {
        var ids = Stream.generate(() ->
                        api.post("/v1/messages", Bodies.farEmail()).expect(201).at("/id"))
                .limit(5)
                .toList();
        var streams = Stream.iterate(0, n -> n + 1)
                .limit(100)
                .map(n -> open(ids.get(n % 5), "1"))
                .toList();
        streams.forEach(CompletableFuture::join);
        ids.forEach(id -> api.post("/v1/messages/" + id + "/cancel").expect(200));
        for (int n = 0; n < 100; n++) {
            var events = events(streams.get(n).join());
            assertThat(events).extracting(Sent::name).containsExactly("cancelled");
            assertThat(events.getFirst().data().at("/id").asText()).isEqualTo(ids.get(n % 5));
        }
    }

    @Test
    void what_is_wrong_with_a_request_is_a_problem() {
        var unknown = UUID.randomUUID();
        api.get("/v1/messages/" + unknown + "/events").expectProblem(404, "not-found");
        api.get("/v1/messages/none/events").expectProblem(404, "not-found");
        var id = api.post("/v1/messages", Bodies.farEmail()).expect(201).at("/id");
        Api.of("other").get("/v1/messages/" + id + "/events").expectProblem(404, "not-found");
        assertThat(api.with("Last-Event-ID", "x")
                        .get("/v1/messages/" + id + "/events")
                        .status())
                .isEqualTo(400);
        Api.anonymous().get("/v1/messages/" + id + "/events").expectProblem(401, "unauthenticated");
    }
}
