package dev.carillon.booking.support;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.booking.support.TelegramStandIn.Call;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Somebody who talks with a bot, through Telegram: what they do is an update, and what they see is what the Bot API was told. */
public final class Chatter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicLong UPDATES =
            new AtomicLong(ThreadLocalRandom.current().nextInt(1_000_000));

    private final Api telegram;
    private final long id;
    private String name = "Ana";
    private String language = "en-gb";

    private Chatter(String secret, long id) {
        this.telegram = Api.anonymous().with("X-Telegram-Bot-Api-Secret-Token", secret);
        this.id = id;
    }

    public static Chatter with(String secret) {
        return new Chatter(secret, ThreadLocalRandom.current().nextLong(1_000_000, 1_000_000_000_000L));
    }

    public Chatter called(String other) {
        name = other;
        return this;
    }

    /** @param other as Telegram says it */
    public Chatter speaking(String other) {
        language = other;
        return this;
    }

    public String chat() {
        return Long.toString(id);
    }

    /** Writes, and sees what comes of it. */
    public Call says(String text) {
        int before = TelegramStandIn.screens(chat()).size();
        send(message(text)).expect(200);
        await().until(() -> TelegramStandIn.screens(chat()).size() > before);
        return sees();
    }

    /** Presses the button of this label, and sees what comes of it. */
    public Call presses(String label) {
        toast(sees().data(label));
        return sees();
    }

    /** Presses what comes with this data, or says so: what Telegram then says over the chat. */
    public String toast(String data) {
        var press = press(data);
        send(press).expect(200);
        return toastOf(press);
    }

    public String toastOf(ObjectNode press) {
        var query = press.at("/callback_query/id").asText();
        await().until(() -> TelegramStandIn.calls().stream().anyMatch(call -> heeds(call, query)));
        return TelegramStandIn.calls().stream()
                .filter(call -> heeds(call, query))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private static boolean heeds(Call call, String query) {
        return call.taken()
                && call.method().equals("answerCallbackQuery")
                && call.body().at("/callback_query_id").asText().equals(query);
    }

    /** The latest screen. */
    public Call sees() {
        return TelegramStandIn.screens(chat()).getLast();
    }

    public Answer send(ObjectNode update) {
        return telegram.post("/v1/telegram/webhook", update.toString());
    }

    public ObjectNode message(String text) {
        var update = update();
        var message =
                update.putObject("message").put("message_id", 7).put("date", 1).put("text", text);
        message.set("chat", place());
        message.set("from", person());
        return update;
    }

    public ObjectNode press(String data) {
        var update = update();
        var query = update.putObject("callback_query")
                .put("id", UUID.randomUUID().toString())
                .put("chat_instance", "1")
                .put("data", data);
        query.set("from", person());
        query.putObject("message")
                .put("message_id", sees().messageId())
                .put("date", 1)
                .set("chat", place());
        return update;
    }

    private static ObjectNode update() {
        return JSON.createObjectNode().put("update_id", UPDATES.incrementAndGet());
    }

    private ObjectNode place() {
        return JSON.createObjectNode().put("id", id).put("type", "private").put("first_name", name);
    }

    private ObjectNode person() {
        return JSON.createObjectNode()
                .put("id", id)
                .put("is_bot", false)
                .put("first_name", name)
                .put("language_code", language);
    }
}
