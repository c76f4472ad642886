package dev.carillon.system.drills;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.system.stack.Carillon;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Messages to one destination, which fails, and what becomes of them. */
public final class Drill {

    private static final int BATCH = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final Set<String> ENDS = Set.of("delivered", "failed", "expired", "cancelled");

    private final Carillon carillon;
    private final String name;
    private final JsonObject to;
    private final JsonObject content;
    private final Instant begin = Instant.now();
    private final Set<String> ids = new LinkedHashSet<>();

    private Drill(Carillon carillon, String name, JsonObject to, JsonObject content) {
        this.carillon = carillon;
        this.name = name;
        this.to = to;
        this.content = content;
    }

    public static Drill webhooks(Carillon carillon, String name, String url) {
        return new Drill(
                carillon,
                name,
                new JsonObject().put("channel", "webhook").put("url", url),
                new JsonObject().put("json", new JsonObject().put("text", name)));
    }

    public static Drill mail(Carillon carillon, String name) {
        return mail(carillon, name, "drill-" + UUID.randomUUID() + "@example.org");
    }

    public static Drill mail(Carillon carillon, String name, String address) {
        return new Drill(
                carillon,
                name,
                new JsonObject().put("channel", "email").put("address", address),
                new JsonObject().put("subject", name).put("text", name));
    }

    /** To a chat of its own. */
    public static Drill telegram(Carillon carillon, String name) {
        int chat = ThreadLocalRandom.current().nextInt(1_000_000_000, Integer.MAX_VALUE);
        return new Drill(
                carillon,
                name,
                new JsonObject().put("channel", "telegram").put("chatId", String.valueOf(chat)),
                new JsonObject().put("text", name));
    }

    /** So many more, due at {@code first} and then one after another. */
    public Drill ask(Instant first, Duration apart, int count) {
        return ask(first, apart, count, null);
    }

    public Drill ask(Instant first, Duration apart, int count, @Nullable Instant expiresAt) {
        for (int from = 0; from < count; from += BATCH) {
            var items = new JsonArray();
            for (int i = from; i < Math.min(count, from + BATCH); i++) {
                items.add(item(first.plus(apart.multipliedBy(i)), expiresAt));
            }
            JsonObject answer = carillon.scheduler(
                            "POST",
                            "/v1/messages/batch",
                            new JsonObject().put("items", items).encode())
                    .jsonOf(200);
            for (JsonObject result : Carillon.objects(answer.getJsonArray("results"))) {
                assertThat(result.getInteger("status")).as(result.encode()).isEqualTo(201);
                ids.add(result.getJsonObject("message").getString("id"));
            }
        }
        return this;
    }

    private JsonObject item(Instant due, @Nullable Instant expiresAt) {
        var item = new JsonObject()
                .put("idempotencyKey", UUID.randomUUID().toString())
                .put("to", to)
                .put("content", content)
                .put("schedule", new JsonObject().put("at", micros(due)));
        return expiresAt == null ? item : item.put("expiresAt", micros(expiresAt));
    }

    /** As finely as the product tells time. */
    private static String micros(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).toString();
    }

    public DrillHistory awaitEnd() {
        return awaitEnd(PATIENCE);
    }

    /** What came of everything, once everything has ended. */
    public DrillHistory awaitEnd(Duration patience) {
        Map<String, JsonObject> messages = await(name)
                .atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofSeconds(1))
                .until(this::messages, found -> found.values().stream()
                        .allMatch(message -> ENDS.contains(message.getString("status"))));
        Map<String, JsonObject> deliveries = carillon.deliveriesSince(begin).stream()
                .filter(delivery -> ids.contains(delivery.getString("messageId")))
                .collect(toMap(delivery -> delivery.getString("messageId"), Function.identity(), (one, other) -> {
                    throw new AssertionError("two deliveries of one message: " + one + other);
                }));
        assertThat(messages.keySet()).as(name).isEqualTo(ids);
        assertThat(deliveries.keySet()).as(name).isEqualTo(ids);
        return new DrillHistory(
                name,
                ids.stream()
                        .map(id -> DrillHistory.Fate.of(
                                Objects.requireNonNull(messages.get(id)), Objects.requireNonNull(deliveries.get(id))))
                        .toList());
    }

    private Map<String, JsonObject> messages() {
        return carillon.messagesSince(begin).stream()
                .filter(message -> ids.contains(message.getString("id")))
                .collect(toMap(message -> message.getString("id"), Function.identity()));
    }

    /**
     * Which of the calls that the local providers were made are of its messages, by message: whether each was accepted, in order. They are known by where they
     * went, so that one with the id of no message is seen.
     */
    public Map<String, List<Boolean>> callsOf(List<JsonObject> received, Function<JsonObject, String> message) {
        List<JsonObject> own =
                received.stream().filter(this::wentToItsDestination).toList();
        assertThat(own.stream().map(message).toList())
                .as(name + ": what came has the id of a message, repeated or not")
                .isSubsetOf(ids);
        return own.stream()
                .collect(toMap(message, one -> List.of(one.getBoolean("accepted")), (some, more) -> Stream.concat(
                                some.stream(), more.stream())
                        .toList()));
    }

    /** As {@link #callsOf}, where a call does not tell of which message it is: all of them, in order. */
    public List<Boolean> callsInOrder(List<JsonObject> received) {
        return received.stream()
                .filter(this::wentToItsDestination)
                .map(call -> call.getBoolean("accepted"))
                .toList();
    }

    private boolean wentToItsDestination(JsonObject call) {
        return switch (to.getString("channel")) {
            case "webhook" -> URI.create(to.getString("url")).getPath().equals(call.getString("path"));
            case "telegram" -> to.getString("chatId").equals(call.getString("chatId"));
            default -> call.getJsonObject("envelope").encode().contains(to.getString("address"));
        };
    }
}
