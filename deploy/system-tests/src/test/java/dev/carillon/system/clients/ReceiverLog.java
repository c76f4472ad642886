package dev.carillon.system.clients;

import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Web;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What arrived at the local providers under a path. They keep the newest 20,000 things; here all is kept that was there at a look. */
public final class ReceiverLog {

    /** What is on its way into the log when it is read may have an earlier instant than what is in it. */
    private static final Duration OVERLAP = Duration.ofSeconds(2);

    private final TestStack stack;
    private final String path;
    private final Map<Long, JsonObject> seen = new TreeMap<>();
    private Instant since = Instant.now();

    public ReceiverLog(TestStack stack, String path) {
        this.stack = stack;
        this.path = path;
    }

    /**
     * A webhook at the receiver.
     *
     * @param accepted whether the receiver said yes, or will
     */
    public record Arrival(Instant at, boolean accepted, String text) {}

    /** Reads what has come since the last look; to be called often enough. */
    public synchronized void look() {
        Carillon.objects(Web.send(
                                "GET",
                                stack.providers() + "/received?channel=webhook&refused=true&since=" + since,
                                null)
                        .jsonOf(200)
                        .getJsonArray("items"))
                .forEach(this::keep);
    }

    private void keep(JsonObject received) {
        Instant earlier = received.getInstant("receivedAt").minus(OVERLAP);
        since = earlier.isAfter(since) ? earlier : since;
        if (received.getString("path").startsWith(path)) {
            seen.put(received.getLong("id"), received);
        }
    }

    /** By the message's id. */
    public synchronized Map<String, List<Arrival>> arrivals() {
        var arrivals = new HashMap<String, List<Arrival>>();
        for (JsonObject one : seen.values()) {
            String message = one.getJsonObject("headers").getString("webhook-id");
            arrivals.computeIfAbsent(message, id -> new ArrayList<>()).add(arrival(one));
        }
        arrivals.values().forEach(some -> some.sort(Comparator.comparing(Arrival::at)));
        return arrivals;
    }

    public synchronized int size() {
        return seen.size();
    }

    private static Arrival arrival(JsonObject received) {
        return new Arrival(
                received.getInstant("receivedAt"),
                received.getBoolean("accepted"),
                new JsonObject(received.getString("body")).getString("text"));
    }
}
