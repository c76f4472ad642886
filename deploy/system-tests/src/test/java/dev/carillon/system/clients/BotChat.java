package dev.carillon.system.clients;

import static org.awaitility.Awaitility.await;

import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Web;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Somebody's chat with the local bot: what they say and press is brought as updates, and what they are told is read at the local provider. */
public final class BotChat {

    private static final Duration POLL = Duration.ofMillis(100);
    /** What the provider got just then may not have been there to be read. */
    private static final Duration OVERLAP = Duration.ofSeconds(2);

    private final TestStack stack;
    private final Consumer<JsonObject> webhook;
    private final Duration patience;
    private final long id = ThreadLocalRandom.current().nextLong(1_000_000, 1_000_000_000_000L);
    private final TreeMap<Long, JsonObject> told = new TreeMap<>();
    private long updates = ThreadLocalRandom.current().nextLong(1, 1_000_000_000_000L);
    private Instant lookedAt = Instant.now();
    private JsonObject screen = new JsonObject();

    /**
     * @param patience how long each screen is waited for
     * @param webhook takes each update
     */
    public BotChat(TestStack stack, Duration patience, Consumer<JsonObject> webhook) {
        this.stack = stack;
        this.patience = patience;
        this.webhook = webhook;
    }

    /** As the bot's bookings have it. */
    public String customer() {
        return "telegram:" + id;
    }

    public JsonObject says(String text) {
        return sees(update("message", message().put("from", person()).put("text", text)));
    }

    /** @throws AssertionError when the latest screen has no such button */
    public JsonObject presses(String label) {
        String data = button(label)
                .orElseThrow(() -> new AssertionError("no button " + label + " in " + screen))
                .getString("callback_data");
        var query = new JsonObject()
                .put("id", UUID.randomUUID().toString())
                .put("from", person())
                .put("data", data)
                .put("message", message());
        return sees(update("callback_query", query));
    }

    private Optional<JsonObject> button(String label) {
        return buttons(screen).stream()
                .filter(button -> button.getString("text").equals(label))
                .findFirst();
    }

    /** What can be pressed on the latest screen. */
    public List<String> labels() {
        return buttons(screen).stream().map(button -> button.getString("text")).toList();
    }

    /** What the latest screen says. */
    public String text() {
        return screen.getString("text", "");
    }

    /** Everything that was said in this chat until now, oldest first. */
    public List<JsonObject> told() {
        Instant now = Instant.now();
        String url = stack.providers() + "/received?channel=telegram&since=" + lookedAt.minus(OVERLAP);
        Carillon.objects(Web.send("GET", url, null).jsonOf(200).getJsonArray("items")).stream()
                .filter(one -> Long.toString(id).equals(one.getString("chatId")))
                .forEach(one -> told.put(one.getLong("id"), one));
        lookedAt = now;
        return List.copyOf(told.values());
    }

    private JsonObject sees(JsonObject update) {
        webhook.accept(update);
        screen = await().atMost(patience)
                .pollInterval(POLL)
                .until(this::next, Optional::isPresent)
                .orElseThrow();
        return screen;
    }

    /**
     * The one that follows the latest. Whoever says what a dead node was saying may say the latest one again; one with buttons is never like another, so
     * that a conversation in which none without buttons follows another one without is told apart from its repeats.
     */
    private Optional<JsonObject> next() {
        return told().stream()
                .filter(BotChat::isScreen)
                .filter(one -> one.getLong("id") > screen.getLong("id", 0L) && !isAlike(one, screen))
                .max(Comparator.comparing(one -> one.getLong("id")));
    }

    /** Delivery's messages have no shape. */
    public static boolean isScreen(JsonObject said) {
        return said.getJsonObject("parameters").containsKey("parse_mode");
    }

    private static boolean isAlike(JsonObject one, JsonObject other) {
        return Objects.equals(one.getString("text"), other.getString("text"))
                && buttons(one).equals(buttons(other));
    }

    private static List<JsonObject> buttons(JsonObject screen) {
        return screen
                .getJsonObject("parameters", new JsonObject())
                .getJsonObject("reply_markup", new JsonObject())
                .getJsonArray("inline_keyboard", new JsonArray())
                .stream()
                .flatMap(row -> ((JsonArray) row).stream())
                .map(JsonObject.class::cast)
                .toList();
    }

    private JsonObject update(String kind, JsonObject content) {
        return new JsonObject().put("update_id", ++updates).put(kind, content);
    }

    private JsonObject message() {
        return new JsonObject()
                .put("message_id", 1)
                .put("chat", new JsonObject().put("id", id).put("type", "private"));
    }

    private JsonObject person() {
        return new JsonObject().put("id", id).put("is_bot", false).put("first_name", "Ana");
    }
}
