package dev.carillon.delivery.support;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.identity.Token;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** What attempts are watched by: the scheduler that stages messages, the receiver that they go to, and what the service tells of them. */
public final class AttemptFixture implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(40);

    public final DeliveryDatabase database = new DeliveryDatabase();
    public final Receiver receiver = Receiver.start();
    public final String path = "/" + UUID.randomUUID();
    public final SchedulerTopic scheduler = new SchedulerTopic();

    /** One that goes to {@link #path}; it is not staged yet. */
    public Staged dueIn(Duration time) {
        return Staged.webhook(receiver.url(path), Instant.now().plus(time).truncatedTo(ChronoUnit.MICROS));
    }

    /** The delivery of a message, as its tenant sees it. */
    public static JsonPath view(Staged message) {
        return given().auth()
                .oauth2(Token.of(message.tenant(), "viewer").signed())
                .queryParam("messageId", message.id().toString())
                .get("/v1/deliveries")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .setRootPath("items[0]");
    }

    public static JsonPath awaitStatus(Staged message, String status) {
        await().atMost(PATIENCE).until(() -> status.equals(view(message).getString("status")));
        return view(message);
    }

    /** Until these types of events, and no others, were told of its delivery, in this order. */
    public void awaitTold(Staged message, String... types) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(database.types(message.id())).containsExactly(types));
    }

    /** At {@link #path}. */
    public void awaitCalls(int number) {
        await().atMost(PATIENCE).until(() -> receiver.calls(path).size() >= number);
    }

    /** Whatever was due before this one has had its chance. */
    public void awaitLaterMessageArrives() {
        var later = Staged.webhook(receiver.url("/later" + path), Instant.now().plusSeconds(2));
        scheduler.stage(later);
        await().atMost(PATIENCE).until(() -> !receiver.calls("/later" + path).isEmpty());
    }

    @Override
    public void close() {
        scheduler.close();
        receiver.close();
    }
}
