package dev.carillon.booking.bot.telegram;

import dev.carillon.booking.bot.Conversation;
import dev.carillon.booking.bot.Said;
import dev.carillon.booking.bot.Screen;
import dev.carillon.booking.bot.store.AnswerStore.Call;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;

/** What the bot says and asks for, as calls of the Bot API. */
public final class ApiCalls {
    public static final String SEND = "sendMessage";
    public static final String EDIT = "editMessageText";
    public static final String HEED = "answerCallbackQuery";
    private static final String SET_WEBHOOK = "setWebhook";

    private ApiCalls() {}

    /** @param conversation whose buttons these are */
    public static Call of(Said said, String chat, Conversation conversation) {
        return switch (said) {
            case Said.Message(Screen screen) ->
                new Call(SEND, screen(screen, chat, conversation).encode());
            case Said.Rewritten(long message, Screen screen) ->
                new Call(
                        EDIT,
                        screen(screen, chat, conversation)
                                .put("message_id", message)
                                .encode());
            case Said.Heeded(String query, String toast) -> {
                var body = new JsonObject().put("callback_query_id", query);
                yield new Call(HEED, (toast.isEmpty() ? body : body.put("text", toast)).encode());
            }
        };
    }

    /** The same in a new message, for one that cannot be rewritten. */
    public static Call anew(Call edit) {
        var body = new JsonObject(edit.body());
        body.remove("message_id");
        return new Call(SEND, body.encode());
    }

    /**
     * Where updates are to be brought, and with what.
     *
     * @param secret for Telegram alone
     */
    public static Call webhook(URI url, String secret) {
        var body = new JsonObject()
                .put("url", url.toString())
                .put("secret_token", secret)
                .put("allowed_updates", new JsonArray().add("message").add("callback_query"));
        return new Call(SET_WEBHOOK, body.encode());
    }

    private static JsonObject screen(Screen screen, String chat, Conversation conversation) {
        var body = new JsonObject()
                .put("chat_id", Long.valueOf(chat))
                .put("text", screen.html())
                .put("parse_mode", "HTML");
        if (screen.rows().isEmpty()) {
            return body;
        }
        var rows = new JsonArray();
        for (var row : screen.rows()) {
            var keys = new JsonArray();
            row.forEach(key -> keys.add(
                    new JsonObject().put("text", key.label()).put("callback_data", conversation.data(key.choice()))));
            rows.add(keys);
        }
        return body.put("reply_markup", new JsonObject().put("inline_keyboard", rows));
    }
}
