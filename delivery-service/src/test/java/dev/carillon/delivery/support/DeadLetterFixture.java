package dev.carillon.delivery.support;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.identity.Token;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** A tenant of its own with its dead letters, the receiver that they go to, and the redrives of them. */
public final class DeadLetterFixture implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(40);

    public final DeliveryDatabase database = new DeliveryDatabase();
    public final Receiver receiver = Receiver.start();
    public final String tenant = "tenant-" + UUID.randomUUID();
    public final SchedulerTopic scheduler = new SchedulerTopic();

    public static RequestSpecification as(String owner, String group) {
        return given().auth().oauth2(Token.of(owner, group).signed()).contentType("application/json");
    }

    /** One for each path, each dead after the first attempt and taken at the next. */
    public List<Staged> dead(int count) {
        var messages = IntStream.range(0, count)
                .mapToObj(number -> {
                    var path = "/" + UUID.randomUUID();
                    receiver.answering(path, 400, 200);
                    return Staged.webhook(receiver.url(path), Instant.now()).of(tenant);
                })
                .toList();
        messages.forEach(scheduler::stage);
        awaitLast(messages, "dead-lettered");
        return messages;
    }

    public void awaitLast(List<Staged> messages, String type) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages)
                .allSatisfy(one -> assertThat(database.types(one.id())).last().isEqualTo(type)));
    }

    public ValidatableResponse redrive(String body) {
        return as(tenant, "operator")
                .body(body)
                .post("/v1/dead-letters/redrive")
                .then();
    }

    public JsonPath job(String id) {
        return as(tenant, "viewer")
                .get("/v1/redrives/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    public JsonPath ended(String id) {
        return await().atMost(PATIENCE)
                .until(() -> job(id), job -> !job.getString("state").equals("running"));
    }

    public String idOf(Staged message) {
        return as(tenant, "viewer")
                .get("/v1/deliveries?messageId=" + message.id())
                .then()
                .extract()
                .path("items[0].id");
    }

    public List<Receiver.Call> calls(List<Staged> messages) {
        return messages.stream().flatMap(one -> calls(one).stream()).toList();
    }

    public List<Receiver.Call> calls(Staged message) {
        return receiver.calls(URI.create(message.to().getString("url")).getPath());
    }

    @Override
    public void close() {
        scheduler.close();
        receiver.close();
    }
}
