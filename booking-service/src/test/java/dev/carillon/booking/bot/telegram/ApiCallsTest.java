package dev.carillon.booking.bot.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import dev.carillon.booking.bot.Choice;
import dev.carillon.booking.bot.Conversation;
import dev.carillon.booking.bot.Said;
import dev.carillon.booking.bot.Screen;
import dev.carillon.booking.bot.Screen.Key;
import dev.carillon.booking.bot.Step;
import dev.carillon.booking.bot.store.AnswerStore.Call;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.telegram.telegrambots.meta.api.methods.AnswerCallbackQuery;
import org.telegram.telegrambots.meta.api.methods.botapimethods.PartialBotApiMethod;
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;
import org.telegram.telegrambots.meta.api.methods.updates.SetWebhook;
import org.telegram.telegrambots.meta.api.methods.updatingmessages.EditMessageText;
import org.telegram.telegrambots.meta.api.objects.replykeyboard.InlineKeyboardMarkup;

/** Every call that the bot makes, read by the types of a client library that is not ours. */
class ApiCallsTest {
    private static final ObjectMapper JSON = new ObjectMapper().setAnnotationIntrospector(new Strict());
    private static final Conversation CONVERSATION =
            Conversation.none("old").begun("abc", Step.SERVICE).shown(Instant.EPOCH, Duration.ofMinutes(30));
    private static final Choice SERVICE = new Choice.Service(UUID.randomUUID());
    private static final Screen PLAIN = new Screen("<b>Grüße</b> &amp; mehr", List.of());
    private static final Screen WITH_BUTTONS = new Screen(
            "<b>1/5</b> What?",
            List.of(
                    List.of(new Key("Cut & \"dye\"", SERVICE)),
                    List.of(new Key("« Back", new Choice.Back()), new Key("Stop", new Choice.Stop()))));

    /** The library passes over what it does not know; here that is a fault. */
    private static final class Strict extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated annotated) {
            return JsonIgnoreProperties.Value.empty();
        }
    }

    @Test
    void what_is_said_in_a_new_message() throws Exception {
        var theirs = read(ApiCalls.of(new Said.Message(PLAIN), "42", CONVERSATION), SendMessage.class);
        assertThat(theirs.getChatId()).isEqualTo("42");
        assertThat(theirs.getText()).isEqualTo("<b>Grüße</b> &amp; mehr");
        assertThat(theirs.getParseMode()).isEqualTo("HTML");
        assertThat(theirs.getReplyMarkup()).isNull();
    }

    @Test
    void a_new_message_with_buttons() throws Exception {
        var theirs = read(ApiCalls.of(new Said.Message(WITH_BUTTONS), "42", CONVERSATION), SendMessage.class);
        assertThat(theirs.getText()).isEqualTo("<b>1/5</b> What?");
        assertThat(theirs.getReplyMarkup())
                .isInstanceOfSatisfying(InlineKeyboardMarkup.class, ApiCallsTest::hasTheButtons);
    }

    @Test
    void a_message_that_is_rewritten_with_buttons_and_without() throws Exception {
        var with = read(ApiCalls.of(new Said.Rewritten(4711, WITH_BUTTONS), "42", CONVERSATION), EditMessageText.class);
        assertThat(with.getChatId()).isEqualTo("42");
        assertThat(with.getMessageId()).isEqualTo(4711);
        assertThat(with.getText()).isEqualTo("<b>1/5</b> What?");
        assertThat(with.getParseMode()).isEqualTo("HTML");
        hasTheButtons(with.getReplyMarkup());

        var without = read(ApiCalls.of(new Said.Rewritten(4711, PLAIN), "42", CONVERSATION), EditMessageText.class);
        assertThat(without.getText()).isEqualTo("<b>Grüße</b> &amp; mehr");
        assertThat(without.getReplyMarkup()).isNull();
    }

    @Test
    void one_that_cannot_be_rewritten_is_a_new_message() throws Exception {
        var anew = ApiCalls.anew(ApiCalls.of(new Said.Rewritten(4711, WITH_BUTTONS), "42", CONVERSATION));
        assertThat(anew).isEqualTo(ApiCalls.of(new Said.Message(WITH_BUTTONS), "42", CONVERSATION));
        assertThat(read(anew, SendMessage.class).getText()).isEqualTo("<b>1/5</b> What?");
    }

    @Test
    void a_button_that_was_heard_with_a_word_and_without() throws Exception {
        var word = read(ApiCalls.of(new Said.Heeded("q-1", "Stopped."), "42", CONVERSATION), AnswerCallbackQuery.class);
        assertThat(word.getCallbackQueryId()).isEqualTo("q-1");
        assertThat(word.getText()).isEqualTo("Stopped.");

        var none = read(ApiCalls.of(new Said.Heeded("q-1", ""), "42", CONVERSATION), AnswerCallbackQuery.class);
        assertThat(none.getCallbackQueryId()).isEqualTo("q-1");
        assertThat(none.getText()).isNull();
    }

    @Test
    void where_updates_are_to_be_brought() throws Exception {
        var url = "https://book.example.org/v1/telegram/webhook";
        var theirs = read(ApiCalls.webhook(URI.create(url), "the-secret_of-1-webhook"), SetWebhook.class);
        assertThat(theirs.getUrl()).isEqualTo(url);
        assertThat(theirs.getSecretToken()).isEqualTo("the-secret_of-1-webhook");
        assertThat(theirs.getAllowedUpdates()).containsExactly("message", "callback_query");
    }

    @Test
    void a_field_that_the_library_does_not_know_would_be_found() {
        var call = new Call("answerCallbackQuery", "{\"callback_query_id\":\"q-1\",\"made_up\":true}");
        assertThatThrownBy(() -> read(call, AnswerCallbackQuery.class))
                .isInstanceOf(UnrecognizedPropertyException.class);
    }

    private static void hasTheButtons(InlineKeyboardMarkup keyboard) {
        assertThat(keyboard.getKeyboard()).hasSize(2);
        var service = keyboard.getKeyboard().getFirst().getFirst();
        assertThat(service.getText()).isEqualTo("Cut & \"dye\"");
        assertThat(service.getCallbackData()).isEqualTo(CONVERSATION.data(SERVICE));
        var below = keyboard.getKeyboard().getLast();
        assertThat(below).hasSize(2);
        assertThat(below.getLast().getText()).isEqualTo("Stop");
        assertThat(below.getLast().getCallbackData()).isEqualTo(CONVERSATION.data(new Choice.Stop()));
    }

    /** As the library reads it: with nothing that it does not know, all that it asks for, and the same when it writes it. */
    private static <T extends PartialBotApiMethod<?>> T read(Call call, Class<T> type) throws Exception {
        var theirs = JSON.readValue(call.body(), type);
        theirs.validate();
        var written = new JsonObject(JSON.writeValueAsString(theirs));
        assertThat(String.valueOf(written.remove("method"))).isEqualToIgnoringCase(call.method());
        var ours = new JsonObject(call.body());
        // A chat may have a number or a name; the library writes either as text.
        if (ours.containsKey("chat_id")) {
            ours.put("chat_id", String.valueOf(ours.getValue("chat_id")));
        }
        assertThat(written.getMap()).isEqualTo(ours.getMap());
        return theirs;
    }
}
