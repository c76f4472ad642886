package dev.carillon.system.interruptions;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.system.clients.ReceiverLog;
import dev.carillon.system.clients.ReceiverLog.Arrival;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.TestStack;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Many webhooks that are asked for at once, every other one of the second scheduler, and due one shortly after the other. */
final class Wave {

    private static final int BATCH = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Carillon carillon;
    private final String path;
    private final ReceiverLog receiver;
    private final Instant begin = Instant.now();
    private final Map<String, Instant> dueAt = new HashMap<>();

    /** @param apart between one instant and the next */
    Wave(TestStack stack, int size, Duration first, Duration apart) {
        this.carillon = new Carillon(stack);
        this.path = "/webhooks/wave-" + UUID.randomUUID();
        this.receiver = new ReceiverLog(stack, path);
        List<Carillon> schedulers = List.of(carillon, new Carillon(stack, 2));
        for (int from = 0; from < size; from += BATCH) {
            int count = Math.min(BATCH, size - from);
            ask(
                    schedulers.get(from / BATCH % 2),
                    stack.providers() + path,
                    first.plus(apart.multipliedBy(from)),
                    apart,
                    count);
        }
    }

    private void ask(Carillon scheduler, String url, Duration first, Duration apart, int count) {
        var items = new JsonArray();
        for (int i = 0; i < count; i++) {
            items.add(new JsonObject()
                    .put("idempotencyKey", UUID.randomUUID().toString())
                    .put("to", new JsonObject().put("channel", "webhook").put("url", url))
                    .put("content", new JsonObject().put("json", new JsonObject().put("text", "wave")))
                    .put(
                            "schedule",
                            new JsonObject()
                                    .put("in", first.plus(apart.multipliedBy(i)).toString())));
        }
        JsonObject answer =
                insist(scheduler, new JsonObject().put("items", items).encode());
        for (JsonObject result : Carillon.objects(answer.getJsonArray("results"))) {
            assertThat(result.getInteger("status")).as(result.encode()).isEqualTo(201);
            JsonObject message = result.getJsonObject("message");
            dueAt.put(message.getString("id"), message.getInstant("dueAt"));
        }
    }

    /** One that was frozen until now may find its connections closed, and say so. */
    private static JsonObject insist(Carillon scheduler, String batch) {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> scheduler.scheduler("POST", "/v1/messages/batch", batch), answer -> {
                    assertThat(answer.status()).as(answer.body()).isIn(200, 503);
                    return answer.status() == 200;
                })
                .json();
    }

    Set<String> ids() {
        return dueAt.keySet();
    }

    int size() {
        return dueAt.size();
    }

    boolean hasArrived() {
        receiver.look();
        return receiver.size() >= size();
    }

    /** How many have got into each status. */
    Map<String, Integer> statuses() {
        return carillon.messagesSince(begin).stream()
                .filter(message -> dueAt.containsKey(message.getString("id")))
                .collect(toMap(message -> message.getString("status"), message -> 1, Integer::sum));
    }

    /** As the scheduler has it, as delivery has it, and as the receiver saw it; a call of unknown outcome may be repeated, and says so. */
    void assertThatEachWasDeliveredOnceAndNotEarly() {
        Map<String, JsonObject> deliveries = carillon.deliveriesSince(begin).stream()
                .filter(delivery -> dueAt.containsKey(delivery.getString("messageId")))
                .collect(toMap(delivery -> delivery.getString("messageId"), Function.identity()));
        receiver.look();
        Map<String, List<Arrival>> arrivals = receiver.arrivals();
        assertThat(statuses()).isEqualTo(Map.of("delivered", size()));
        assertThat(deliveries.keySet()).isEqualTo(ids());
        assertThat(arrivals.keySet()).isEqualTo(ids());
        assertThat(deliveries).allSatisfy((id, delivery) -> {
            int attempts = delivery.getJsonArray("attempts").size();
            List<Arrival> arrived = arrivals.getOrDefault(id, List.of());
            assertThat(arrived.size()).isBetween(1, attempts);
            assertThat(attempts == 1 || delivery.getBoolean("possiblyDelivered"))
                    .isTrue();
            assertThat(arrived.getFirst().at()).isAfterOrEqualTo(dueAt.get(id));
        });
    }

    /** From its instant to its arrival. */
    Duration longestLateness() {
        return receiver.arrivals().entrySet().stream()
                .map(each -> Duration.between(
                        dueAt.get(each.getKey()), each.getValue().getFirst().at()))
                .max(Duration::compareTo)
                .orElseThrow();
    }
}
