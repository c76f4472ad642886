package dev.carillon.booking.bot.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.booking.bot.Heard;
import dev.carillon.booking.bot.Update;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.telegram.telegrambots.meta.api.objects.CallbackQuery;
import org.telegram.telegrambots.meta.api.objects.User;
import org.telegram.telegrambots.meta.api.objects.chat.Chat;
import org.telegram.telegrambots.meta.api.objects.message.InaccessibleMessage;
import org.telegram.telegrambots.meta.api.objects.message.MaybeInaccessibleMessage;
import org.telegram.telegrambots.meta.api.objects.message.Message;

/** Updates as the types of a client library that is not ours write them. */
class UpdateReadingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static User ana() {
        var ana = new User(42L, "Ana", false);
        ana.setLastName("Rao");
        ana.setUserName("ana_rao");
        ana.setLanguageCode("pt-br");
        return ana;
    }

    private static Message message(User from, Chat chat) {
        var message = new Message();
        message.setMessageId(4711);
        message.setDate(1_800_000_000);
        message.setFrom(from);
        message.setChat(chat);
        return message;
    }

    private static Message message(String text) {
        var message = message(ana(), new Chat(42L, "private"));
        message.setText(text);
        return message;
    }

    private static Optional<Update> said(Message message) throws JsonProcessingException {
        var update = new org.telegram.telegrambots.meta.api.objects.Update();
        update.setUpdateId(7);
        update.setMessage(message);
        return UpdateReading.read(JSON.writeValueAsString(update));
    }

    private static Optional<Update> pressed(MaybeInaccessibleMessage under) throws JsonProcessingException {
        var query = new CallbackQuery();
        query.setId("q-1");
        query.setFrom(ana());
        query.setChatInstance("1");
        query.setMessage(under);
        query.setData("abc.1.c");
        var update = new org.telegram.telegrambots.meta.api.objects.Update();
        update.setUpdateId(8);
        update.setCallbackQuery(query);
        return UpdateReading.read(JSON.writeValueAsString(update));
    }

    @Test
    void a_message_is_read_with_who_wrote_it_and_in_which_language() throws Exception {
        assertThat(said(message("Ana Rao")))
                .contains(new Update(7, "42", "Ana Rao", "pt-BR", new Heard.Said("Ana Rao")));
        assertThat(said(message("/book@clinic_bot now")))
                .contains(new Update(7, "42", "Ana Rao", "pt-BR", new Heard.Command("book")));
        assertThat(said(message(ana(), new Chat(42L, "private"))))
                .contains(new Update(7, "42", "Ana Rao", "pt-BR", new Heard.Other()));
    }

    @Test
    void who_tells_neither_surname_nor_language_is_understood() throws Exception {
        var message = message(new User(42L, "Bo", false), new Chat(42L, "private"));
        message.setText("/start");
        assertThat(said(message)).contains(new Update(7, "42", "Bo", null, new Heard.Command("start")));
    }

    @Test
    void a_press_is_read_also_under_a_message_that_is_too_old_to_be_shown() throws Exception {
        var press = new Update(8, "42", "Ana Rao", "pt-BR", new Heard.Pressed("abc.1.c", "q-1", 4711));
        assertThat(pressed(message("<b>1/5</b>"))).contains(press);
        assertThat(pressed(new InaccessibleMessage(new Chat(42L, "private"), 4711, 0)))
                .contains(press);
    }

    @Test
    void groups_other_bots_and_other_kinds_of_updates_are_passed_over() throws Exception {
        assertThat(said(message(ana(), new Chat(-5L, "group")))).isEmpty();
        assertThat(said(message(new User(42L, "Another", true), new Chat(42L, "private"))))
                .isEmpty();
        var edited = new org.telegram.telegrambots.meta.api.objects.Update();
        edited.setUpdateId(9);
        edited.setEditedMessage(message("/book"));
        assertThat(UpdateReading.read(JSON.writeValueAsString(edited))).isEmpty();
    }
}
