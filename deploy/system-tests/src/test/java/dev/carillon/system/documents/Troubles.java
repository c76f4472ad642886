package dev.carillon.system.documents;

import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Carillon.Accepted;
import dev.carillon.system.stack.Nonsense;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What operators have to do with, made on the running stack: a message that its receiver refused for good, an event that its consumer could not use,
 * and events that Kafka refused. None of it is in anybody's way.
 */
final class Troubles {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String CONSUMED = "carillon.delivery.events.v1";
    private static final String CONSUMER = "scheduler";

    /** More than a producer sends. */
    private static final String TOO_LARGE = "x".repeat(1 << 20);

    /** To a topic that no service reads. */
    private static final String APPEND = """
            INSERT INTO outbox_event (lane, event_id, topic, record_key, type, source, subject, tenant, version, occurred_at, traceparent, payload)
            VALUES (0, gen_random_uuid(), 'carillon.slot.events.v1', ?, 'carillon.slot.nonsense.v1', '/test', 'nonsense', 'local', ?,
                    clock_timestamp(), '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', ?)
            """;

    private final TestStack stack;
    private final Carillon carillon;
    private final String run = UUID.randomUUID().toString();
    private final String stuck = "stuck-" + run;
    private final String mended = "mended-" + run;

    Troubles(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    /** Makes them, and gives what their reader would put in for {@code <id>}, by the part of a command that it stands in. */
    Map<String, String> make() throws SQLException {
        Nonsense.send(stack, CONSUMED);
        append();
        Accepted refused = refused();
        carillon.awaitStatus(refused, "failed");
        awaitDeadLetter();
        String message = refused.id().toString();
        String delivery = carillon.deliveries(refused).getFirst().getString("id");
        return Map.of(
                "trace=<id>",
                carillon.message(refused).getString("traceId"),
                "/v1/messages/<id>",
                message,
                "/v1/deliveries?messageId=<id>",
                message,
                "/v1/deliveries/<id>/retry",
                delivery,
                "/v1/outbox/booking/parked/<id>/retry",
                parkedAndMended(),
                "/v1/outbox/booking/parked/<id>/skip",
                awaitParked(stuck, 1).getFirst());
    }

    /** By the local inbox, which has nothing there. */
    private Accepted refused() {
        var message = new JsonObject()
                .put("to", new JsonObject().put("channel", "webhook").put("url", stack.providers() + "/nowhere/" + run))
                .put("content", new JsonObject().put("json", new JsonObject()))
                .put("schedule", new JsonObject().put("now", true));
        String id = carillon.scheduler("POST", "/v1/messages", message.encode())
                .jsonOf(201)
                .getString("id");
        return new Accepted(UUID.fromString(id), Way.WEBHOOK, run);
    }

    private void awaitDeadLetter() {
        String path = "/v1/event-dead-letters?topic=" + CONSUMED + "&group=" + CONSUMER;
        await().atMost(PATIENCE).pollInterval(POLL).until(() -> !items(path).isEmpty());
    }

    /** As booking would, if it had events as large. */
    private void append() throws SQLException {
        Database booking = stack.database("booking");
        try (var connection = booking.connect()) {
            append(connection, stuck, 1, TOO_LARGE);
            append(connection, mended, 1, TOO_LARGE);
            append(connection, mended, 2, "{}");
        }
    }

    private static void append(Connection connection, String key, long version, String payload) throws SQLException {
        try (var statement = connection.prepareStatement(APPEND)) {
            statement.setString(1, key);
            statement.setLong(2, version);
            statement.setBytes(3, payload.getBytes(StandardCharsets.UTF_8));
            statement.executeUpdate();
        }
    }

    /** It waits behind one that is too large, which has been decided about: nothing is wrong with it any more. */
    private String parkedAndMended() {
        List<String> parked = awaitParked(mended, 2);
        relay("POST", "/v1/outbox/booking/parked/" + parked.getFirst() + "/skip")
                .jsonOf(200);
        return parked.getLast();
    }

    /** The ids of the key's parked events, oldest first. */
    private List<String> awaitParked(String key, int events) {
        return await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(
                        () -> items("/v1/outbox/booking/parked?limit=500").stream()
                                .filter(event -> key.equals(event.getString("key")))
                                .map(event -> event.getString("id"))
                                .toList(),
                        found -> found.size() == events);
    }

    private List<JsonObject> items(String path) {
        return Carillon.objects(relay("GET", path).jsonOf(200).getJsonArray("items"));
    }

    private Answer relay(String method, String path) {
        return stack.asAdmin(method, stack.relay() + path, null);
    }
}
