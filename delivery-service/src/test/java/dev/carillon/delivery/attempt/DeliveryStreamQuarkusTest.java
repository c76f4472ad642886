package dev.carillon.delivery.attempt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.Receiver;
import dev.carillon.delivery.support.SchedulerTopic;
import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.delivery.support.Staged;
import dev.carillon.kit.testing.identity.Token;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code /v1/deliveries/{id}/events}. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class DeliveryStreamQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final DeliveryDatabase database = new DeliveryDatabase();
    private final Receiver receiver = Receiver.start();
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final String path = "/" + UUID.randomUUID();
    private final SchedulerTopic scheduler = new SchedulerTopic();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void disconnect() {
        client.shutdownNow();
        scheduler.close();
        receiver.close();
    }

    private Staged staged(Duration dueIn) {
        var message =
                Staged.webhook(receiver.url(path), Instant.now().plus(dueIn)).of(tenant);
        scheduler.stage(message);
        await().atMost(PATIENCE).until(() -> database.types(message.id()).contains("accepted"));
        return message;
    }

    private String idOf(Staged message) {
        return given().auth()
                .oauth2(Token.of(tenant, "viewer").signed())
                .get("/v1/deliveries?messageId=" + message.id())
                .then()
                .extract()
                .path("items[0].id");
    }

    private CompletableFuture<HttpResponse<Stream<String>>> open(String owner, String id, String lastEventId) {
        var request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + RestAssured.port + "/v1/deliveries/" + id + "/events"))
                .header("Authorization", "Bearer " + Token.of(owner, "viewer").signed())
                .header("Accept", "text/event-stream");
        return client.sendAsync(
                (lastEventId.isEmpty() ? request : request.header("Last-Event-ID", lastEventId)).build(),
                HttpResponse.BodyHandlers.ofLines());
    }

    private static List<String> fields(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .toList();
    }

    @Test
    void the_states_of_a_delivery_are_streamed_with_its_attempts_up_to_its_end() {
        receiver.answering(path, 500, 200);
        var id = idOf(staged(Duration.ofSeconds(2)));

        var stream = open(tenant, id, "").join();

        assertThat(stream.statusCode()).isEqualTo(200);
        var lines = stream.body().toList();
        var names = fields(lines, "event");
        assertThat(names.getFirst()).isEqualTo("pending");
        assertThat(names.getLast()).isEqualTo("delivered");
        assertThat(fields(lines, "id")).extracting(Integer::valueOf).isSorted().doesNotHaveDuplicates();
        var last = new JsonObject(fields(lines, "data").getLast());
        assertThat(last.getJsonArray("attempts")).hasSize(2);
        assertThat(last.getString("id")).isEqualTo(id);

        var seen = fields(lines, "id").getLast();
        assertThat(open(tenant, id, seen).join().statusCode())
                .as("the end was seen")
                .isEqualTo(204);
        assertThat(fields(open(tenant, id, "1").join().body().toList(), "event"))
                .as("who comes back gets what is left")
                .containsExactly("delivered");
    }

    @Test
    void a_stream_is_its_tenants() {
        var id = idOf(staged(Duration.ofHours(1)));
        assertThat(open("somebody-else", id, "").join().statusCode()).isEqualTo(404);
        assertThat(open(tenant, UUID.randomUUID().toString(), "").join().statusCode())
                .isEqualTo(404);
        assertThat(open(tenant, id, "x").join().statusCode()).isEqualTo(400);
    }
}
