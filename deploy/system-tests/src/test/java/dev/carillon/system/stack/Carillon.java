package dev.carillon.system.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.local.state.Credentials;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Carillon's API and the local inbox, for one who has the local tenant's API key. */
public final class Carillon {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    private final TestStack stack;
    private final String scheduler;
    private final String key;

    public Carillon(TestStack stack) {
        this(stack, 1);
    }

    /** @param instance of the scheduler that is asked, from 1 */
    public Carillon(TestStack stack, int instance) {
        this.stack = stack;
        this.scheduler = stack.scheduler(instance);
        this.key = stack.secret(Credentials.API_KEY);
    }

    /** A message that was accepted, and the marker by which it is known where it arrives. */
    public record Accepted(UUID id, Way way, String marker) {}

    /** Schedules a message {@code in} such as {@code PT3S}. */
    public Accepted schedule(Way way, String marker, String in) {
        Answer answer = post(way, marker, in, null);
        return new Accepted(UUID.fromString(answer.jsonOf(201).getString("id")), way, marker);
    }

    public Accepted schedule(Way way, String in) {
        return schedule(way, marker(), in);
    }

    public static String marker() {
        return "m-" + UUID.randomUUID();
    }

    /** The request alone. */
    public Answer post(Way way, String marker, String in, @Nullable String idempotencyKey) {
        var body = new JsonObject()
                .put("to", way.to(marker, stack.providers()))
                .put("content", way.content(marker))
                .put("schedule", new JsonObject().put("in", in));
        return idempotencyKey == null
                ? scheduler("POST", "/v1/messages", body.encode())
                : scheduler("POST", "/v1/messages", body.encode(), "Idempotency-Key", idempotencyKey);
    }

    public Answer cancel(Accepted message) {
        return scheduler("POST", "/v1/messages/" + message.id() + "/cancel", null);
    }

    public JsonObject message(Accepted message) {
        return scheduler("GET", "/v1/messages/" + message.id(), null).jsonOf(200);
    }

    public JsonObject awaitStatus(Accepted message, String status) {
        return await().atMost(PATIENCE).pollInterval(POLL).until(() -> message(message), found -> found.getString(
                        "status")
                .equals(status));
    }

    /** Every message of the tenant that is due from then on. */
    public List<JsonObject> messagesSince(Instant due) {
        return all(scheduler + "/v1/messages?limit=500&dueFrom=" + due);
    }

    /** Those of them that have this status. */
    public List<JsonObject> messagesSince(Instant due, String status) {
        return all(scheduler + "/v1/messages?limit=500&dueFrom=" + due + "&status=" + status);
    }

    /** Every message whose source is {@code <type>} or {@code <type>:<id>}. */
    public List<JsonObject> messagesOf(String source) {
        return all(scheduler + "/v1/messages?limit=500&source=" + source);
    }

    public List<JsonObject> deliveriesSince(Instant due) {
        return all(stack.delivery() + "/v1/deliveries?limit=500&from=" + due);
    }

    /** How channels, providers and receivers stand in the first delivery. */
    public List<JsonObject> channels() {
        return all(stack.delivery() + "/v1/channels?limit=500");
    }

    public List<JsonObject> deliveries(Accepted message) {
        return all(stack.delivery() + "/v1/deliveries?messageId=" + message.id());
    }

    private List<JsonObject> all(String url) {
        var items = new ArrayList<JsonObject>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = send("GET", url + (cursor.isEmpty() ? "" : "&cursor=" + cursor), null)
                    .jsonOf(200);
            items.addAll(objects(page.getJsonArray("items")));
            cursor = page.getString("nextCursor");
        }
        return items;
    }

    /** Every booking that the query finds. */
    public List<JsonObject> bookings(String query) {
        return all(stack.booking() + "/v1/bookings?limit=500&" + query);
    }

    /** The e-mails to this address that were accepted, in order of arrival. */
    public List<JsonObject> mailTo(String address) {
        return mailTo(address, "");
    }

    /** Also what an injected fault refused. */
    public List<JsonObject> mailCallsTo(String address) {
        return mailTo(address, "&refused=true");
    }

    private List<JsonObject> mailTo(String address, String more) {
        return received("channel=email" + more).stream()
                .filter(mail -> mail.getJsonArray("to").contains(address))
                .toList();
    }

    public List<JsonObject> receivedSince(Instant then, Way way) {
        return received("channel=" + way.label() + "&since=" + then);
    }

    /** Also what an injected fault refused. */
    public List<JsonObject> callsSince(Instant then, Way way) {
        return received("refused=true&channel=" + way.label() + "&since=" + then);
    }

    private List<JsonObject> received(String query) {
        return objects(Web.send("GET", stack.providers() + "/received?" + query, null)
                .jsonOf(200)
                .getJsonArray("items"));
    }

    /** What the local providers accepted of this message, in order of arrival. */
    public List<JsonObject> received(Accepted message) {
        return carrying(message, received("channel=" + message.way().label()));
    }

    /** Also what an injected fault refused. */
    public List<JsonObject> calls(Accepted message) {
        return carrying(
                message, received("refused=true&channel=" + message.way().label()));
    }

    private static List<JsonObject> carrying(Accepted message, List<JsonObject> arrived) {
        return arrived.stream()
                .filter(one -> message.marker().equals(message.way().markerOf(one)))
                .toList();
    }

    public JsonObject awaitArrival(Accepted message) {
        return await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> received(message), found -> !found.isEmpty())
                .getFirst();
    }

    public List<JsonObject> spans(String traceId) {
        return objects(Web.send("GET", stack.providers() + "/traces/" + traceId, null)
                .jsonOf(200)
                .getJsonArray("spans"));
    }

    public Answer scheduler(String method, String path, @Nullable String body, String... headers) {
        return send(method, scheduler + path, body, headers);
    }

    public Answer booking(String method, String path, @Nullable String body, String... headers) {
        return send(method, stack.booking() + path, body, headers);
    }

    private Answer send(String method, String url, @Nullable String body, String... headers) {
        var all = new ArrayList<>(List.of("X-API-Key", key, "Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return Web.send(method, url, body, all.toArray(String[]::new));
    }

    public static List<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    public Faults faults() {
        return new Faults();
    }

    /** What the local providers do wrong. */
    public final class Faults {

        public void inject(JsonObject fault) {
            Answer answer =
                    Web.send("POST", stack.providers() + "/faults", fault.encode(), "Content-Type", "application/json");
            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        }

        /** Whatever goes out on this channel is answered so. */
        public void refuse(String channel, int status) {
            inject(new JsonObject().put("channel", channel).put("mode", "error").put("status", status));
        }

        /** A tenth of the receivers take their time, so that calls are open whenever something happens to who makes them. */
        public void slowSomeWebhooks() {
            inject(new JsonObject()
                    .put("channel", "webhook")
                    .put("mode", "slow")
                    .put("delay", "PT2S")
                    .put("share", 0.1));
        }

        public void clear() {
            Web.send("DELETE", stack.providers() + "/faults", null);
        }
    }
}
