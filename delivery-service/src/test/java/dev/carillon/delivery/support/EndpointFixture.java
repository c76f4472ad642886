package dev.carillon.delivery.support;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.carillon.kit.testing.identity.Token;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** A tenant of its own with its endpoints, the receiver that they lead to, and the scheduler that stages messages for them. */
public final class EndpointFixture implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(40);

    public final DeliveryDatabase database = new DeliveryDatabase();
    public final Receiver receiver = Receiver.start();
    public final String tenant = "tenant-" + UUID.randomUUID();
    public final String path = "/" + UUID.randomUUID();
    public final SchedulerTopic scheduler = new SchedulerTopic();

    public static RequestSpecification as(String owner, String group) {
        return given().auth().oauth2(Token.of(owner, group).signed()).contentType("application/json");
    }

    public ValidatableResponse register(String body) {
        return as(tenant, "operator").body(body).post("/v1/endpoints").then();
    }

    /** An endpoint at {@link #path}, that gets messages. */
    public JsonPath registered() {
        return register("{\"url\":\"%s\",\"description\":\"orders\"}".formatted(receiver.url(path)))
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    /** @param action such as {@code disable} */
    public ValidatableResponse act(String id, String action) {
        return as(tenant, "operator").post("/v1/endpoints/" + id + "/" + action).then();
    }

    public ValidatableResponse read(String id) {
        return as(tenant, "viewer").get("/v1/endpoints/" + id).then();
    }

    /** A message to it that is due now. */
    public Staged stage(String endpointId) {
        var message = Staged.endpoint(endpointId, Instant.now()).of(tenant);
        scheduler.stage(message);
        return message;
    }

    /** As a receiver does that knows this secret. */
    public static void verify(String secret, Receiver.Call call) throws WebhookVerificationException {
        var headers = call.headers().entries().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        new Webhook(secret).verify(call.body(), HttpHeaders.of(headers, (name, value) -> true));
    }

    public void awaitLast(Staged message, String type) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.types(message.id()))
                .last()
                .as("of %s", message.id())
                .isEqualTo(type));
    }

    @Override
    public void close() {
        scheduler.close();
        receiver.close();
    }
}
