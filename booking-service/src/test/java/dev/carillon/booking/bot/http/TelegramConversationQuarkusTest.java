package dev.carillon.booking.bot.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.support.Chatter;
import dev.carillon.booking.support.Rows;
import dev.carillon.booking.support.Salon;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.booking.support.TelegramStandIn;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.quarkus.Outbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a conversation with the bot comes to: a booking, its change or its end, or nothing. */
@QuarkusTest
@TestProfile(Surroundings.class)
class TelegramConversationQuarkusTest {
    private final Salon salon = Salon.of(TelegramStandIn.TENANT);
    private final Chatter ana = Chatter.with(TelegramStandIn.SECRET);

    @BeforeEach
    void telegram_is_there() {
        TelegramStandIn.listen();
    }

    @Test
    void five_steps_make_a_booking_like_any_other() {
        var slot = salon.slot("10:00", 2);
        assertThat(ana.says("/start").text()).contains("/book", "/bookings", "/cancel", "/help");
        salon.chosenBy(ana);
        assertThat(ana.sees().text()).contains("<b>" + salon.name().replace("&", "&amp;") + "</b>", "2/5");
        assertThat(ana.presses(salon.dayLabel()).text()).contains("3/5", "Asia/Kolkata");
        assertThat(ana.presses("10:00").labels()).contains("Ana");
        assertThat(ana.says("Ana <Rao>").text()).contains("5/5", "for Ana &lt;Rao&gt;");
        assertThat(salon.bookings()).isEmpty();
        var said = ana.presses("Book");

        assertThat(said.text()).contains("Booked.", "10:00 (Asia/Kolkata)", "Ana &lt;Rao&gt;");
        assertThat(said.labels()).isEmpty();
        assertThat(said.bot()).startsWith("1001:");
        assertThat(salon.desk().booked(slot)).isEqualTo(1);
        assertThat(salon.bookings()).hasSize(1);
        var booking = salon.bookings().get(0);
        assertThat(booking.at("/status").asText()).isEqualTo("booked");
        assertThat(booking.at("/slotId").asText()).isEqualTo(slot);
        assertThat(booking.at("/customer/id").asText()).isEqualTo("telegram:" + ana.chat());
        assertThat(booking.at("/customer/name").asText()).isEqualTo("Ana <Rao>");
        assertThat(booking.at("/customer/telegramChatId").asText()).isEqualTo(ana.chat());
        assertThat(booking.at("/customer/language").asText()).isEqualTo("en-GB");
        assertThat(Outbox.typesAbout(booking.at("/id").asText())).containsExactly("carillon.booking.booked.v1");
    }

    @Test
    void a_conversation_is_held_in_the_language_of_whoever_speaks() {
        salon.slot("10:00", 1);
        assertThat(ana.speaking("de-at").says("/start").text()).contains("Ihre Termine", "/book", "/cancel", "/help");
        var screen = ana.says("/book");
        assertThat(screen.text()).isEqualTo("<b>1/5</b> Was möchten Sie buchen?");
        while (!screen.labels().contains(salon.name())) {
            screen = ana.presses("Mehr »");
        }
        assertThat(ana.presses(salon.name()).text()).contains("2/5", "An welchem Tag?");
        var day = DateTimeFormatter.ofPattern("EEE d. MMM", Locale.GERMAN).format(salon.day());
        assertThat(ana.presses(day).text()).contains("3/5", "Um wie viel Uhr?");
        assertThat(ana.presses("10:00").labels()).containsExactly("Ana", "« Zurück", "Abbrechen");
        assertThat(ana.says("Ana Rao").text()).contains("5/5", "für Ana Rao", "Soll ich den Termin buchen?");
        assertThat(ana.presses("Buchen").text()).contains("Gebucht.", "10:00 (Asia/Kolkata)");
        var booking = salon.bookings().get(0);
        assertThat(booking.at("/customer/language").asText()).isEqualTo("de-AT");
    }

    @Test
    void a_button_of_another_language_still_counts_and_is_answered_in_the_present_one() {
        var slot = salon.slot("10:00", 1);
        salon.bookedBy(ana, "10:00");
        assertThat(ana.speaking("fr").says("/bookings").labels()).containsExactly("Déplacer 1", "Annuler 1");
        var cancel = ana.sees().data("Annuler 1");
        assertThat(ana.speaking("uk").presses("Annuler 1").text()).contains("Скасувати запис?");
        assertThat(ana.toast(cancel)).startsWith("Ця кнопка вже не діє.");
        assertThat(ana.speaking("ja").presses("Так, скасувати").text()).contains("Cancelled.");
        assertThat(salon.desk().booked(slot)).isZero();
    }

    @Test
    void while_others_keep_the_slot_locked_the_bot_says_so_and_the_button_is_good_afterwards() throws Exception {
        var slot = salon.slot("10:00", 1);
        var book = salon.askedBy(ana, "10:00").data("Book");
        try (var lock = Rows.lock("SELECT id FROM slot WHERE id = ? FOR UPDATE", UUID.fromString(slot))) {
            assertThat(ana.toast(book)).startsWith("That is being changed just now");
        }
        assertThat(salon.bookings()).isEmpty();
        assertThat(ana.presses("Book").text()).contains("Booked.");
    }

    @Test
    void the_name_on_telegram_is_taken_when_it_is_pressed() {
        salon.slot("10:00", 1);
        salon.chosenBy(ana.called("Ana & Bo"));
        ana.presses(salon.dayLabel());
        ana.presses("10:00");
        ana.presses("Ana & Bo");
        ana.presses("Book");
        assertThat(salon.bookings().get(0).at("/customer/name").asText()).isEqualTo("Ana & Bo");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void a_conversation_given_up_at_any_step_costs_nothing(int steps) {
        var slot = salon.slot("10:00", 1);
        List<Runnable> all = List.of(
                () -> ana.says("/book"),
                () -> salon.chosenBy(ana),
                () -> ana.presses(salon.dayLabel()),
                () -> ana.presses("10:00"),
                () -> ana.says("Ana"));
        all.subList(0, steps + 1).forEach(Runnable::run);

        assertThat(salon.desk().booked(slot)).isZero();
        assertThat(salon.bookings()).isEmpty();
        var other = Chatter.with(TelegramStandIn.SECRET);
        assertThat(salon.bookedBy(other, "10:00").text()).contains("Booked.");
        assertThat(ana.says("/cancel").text()).contains("Stopped");
        assertThat(ana.says("/book").text()).contains("1/5");
    }

    @Test
    void a_conversation_that_lasted_too_long_has_ended() {
        var slot = salon.slot("10:00", 1);
        salon.askedBy(ana, "10:00");
        var data = ana.sees().data("Book");
        expire(ana);
        assertThat(ana.toast(data)).contains("took too long");
        assertThat(salon.desk().booked(slot)).isZero();
        assertThat(salon.bookedBy(ana, "10:00").text()).contains("Booked.");
    }

    @Test
    void a_time_taken_in_between_is_said_to_be_and_the_others_are_offered() {
        var wanted = salon.slot("10:00", 1);
        var other = salon.slot("11:30", 1);
        salon.askedBy(ana, "10:00");
        salon.desk().book(wanted, 1).expect(201);

        var said = ana.presses("Book");
        assertThat(said.text()).contains("just been taken");
        assertThat(said.labels()).contains("11:30").doesNotContain("10:00");
        assertThat(ana.presses("11:30").text()).contains("5/5", "Ana Rao");
        assertThat(ana.presses("Book").text()).contains("Booked.", "11:30");
        assertThat(salon.desk().booked(wanted)).isEqualTo(1);
        assertThat(salon.desk().booked(other)).isEqualTo(1);
    }

    @Test
    void a_time_taken_before_it_was_pressed_and_a_day_that_is_full_by_now_are_said_to_be() {
        var only = salon.slot("10:00", 1);
        salon.slot(salon.day().plusDays(1), "09:00", 1);
        salon.chosenBy(ana);
        ana.presses(salon.dayLabel());
        salon.desk().book(only, 1).expect(201);
        var said = ana.presses("10:00");
        assertThat(said.text()).contains("just been taken");
        assertThat(said.labels())
                .contains(salon.dayLabel(salon.day().plusDays(1)))
                .doesNotContain(salon.dayLabel());
    }

    @Test
    void of_many_chats_that_want_the_last_place_exactly_one_gets_it() throws Exception {
        for (int round = 0; round < 3; round++) {
            var time = "1" + round + ":00";
            var slot = salon.slot(time, 1);
            List<Chatter> chatters = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                var chatter = Chatter.with(TelegramStandIn.SECRET);
                salon.askedBy(chatter, time);
                chatters.add(chatter);
            }
            List<Future<String>> said = new ArrayList<>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var chatter : chatters) {
                    said.add(threads.submit(() -> chatter.presses("Book").text()));
                }
            }
            int booked = 0;
            for (var one : said) {
                booked += one.get().contains("Booked.") ? 1 : 0;
            }
            assertThat(booked).isEqualTo(1);
            assertThat(salon.desk().booked(slot)).isEqualTo(1);
        }
    }

    @Test
    void a_booking_is_moved() {
        var from = salon.slot("10:00", 1);
        var to = salon.slot("11:30", 1);
        salon.bookedBy(ana, "10:00");
        assertThat(ana.says("/bookings").text()).contains("10:00 (Asia/Kolkata)");
        ana.presses("Move 1");
        ana.presses(salon.dayLabel());
        assertThat(ana.presses("11:30").text()).contains("<s>", "10:00", "11:30");
        assertThat(salon.desk().booked(from)).isEqualTo(1);
        assertThat(ana.presses("Move").text()).contains("Moved.", "11:30");
        assertThat(salon.desk().booked(from)).isZero();
        assertThat(salon.desk().booked(to)).isEqualTo(1);
        assertThat(Outbox.typesAbout(salon.bookings().get(0).at("/id").asText()))
                .containsExactly("carillon.booking.booked.v1", "carillon.booking.rescheduled.v1");
    }

    @Test
    void a_booking_is_cancelled_once_it_was_asked_whether_to() {
        var slot = salon.slot("10:00", 1);
        salon.bookedBy(ana, "10:00");
        ana.says("/bookings");
        assertThat(ana.presses("Cancel 1").text()).contains("Shall I cancel it?");
        assertThat(ana.presses("« Back").labels()).contains("Cancel 1");
        assertThat(salon.desk().booked(slot)).isEqualTo(1);
        ana.presses("Cancel 1");
        assertThat(ana.presses("Yes, cancel it").text()).contains("Cancelled.");
        assertThat(salon.desk().booked(slot)).isZero();
        assertThat(ana.says("/bookings").text()).contains("no bookings");
    }

    @Test
    void the_rules_of_a_resource_hold_for_the_bot() {
        var strict = Salon.of(TelegramStandIn.TENANT, ",\"cancelNotice\":\"P30D\",\"maxPerCustomer\":1");
        var slot = strict.slot("10:00", 3);
        strict.bookedBy(ana, "10:00");
        assertThat(strict.bookedBy(ana, "10:00").text()).contains("more than 1 booking ahead");
        ana.says("/bookings");
        ana.presses("Cancel 1");
        assertThat(ana.presses("Yes, cancel it").text()).contains("too late", "Asia/Kolkata");
        assertThat(strict.desk().booked(slot)).isEqualTo(1);

        var ahead = Salon.of(TelegramStandIn.TENANT, ",\"leadTime\":\"P30D\"");
        ahead.slot("10:00", 3);
        assertThat(ahead.chosenBy(Chatter.with(TelegramStandIn.SECRET)).text()).contains("Nothing is free there.");
    }

    @Test
    void what_is_held_for_a_chat_is_confirmed_there() {
        var slot = salon.slot("10:00", 1);
        salon.desk().api().post("/v1/bookings", """
                {"slotId":"%s","customer":{"name":"Ana","telegramChatId":"%s"},"hold":"PT5M"}""".formatted(slot, ana.chat())).expect(201);
        assertThat(ana.says("/bookings").text()).contains("not confirmed yet");
        assertThat(ana.presses("Confirm 1").text()).contains("Booked.");
        assertThat(salon.bookings().get(0).at("/status").asText()).isEqualTo("booked");
    }

    @Test
    void what_is_held_in_a_slot_that_was_closed_is_not_confirmed() {
        var slot = salon.slot("10:00", 1);
        salon.desk().api().post("/v1/bookings", """
                {"slotId":"%s","customer":{"name":"Ana","telegramChatId":"%s"},"hold":"PT5M"}""".formatted(slot, ana.chat())).expect(201);
        ana.says("/bookings");
        salon.desk().api().patch("/v1/slots/" + slot, "{\"status\":\"closed\"}").expect(200);
        assertThat(ana.presses("Confirm 1").text()).contains("not possible any more");
        assertThat(salon.bookings().get(0).at("/status").asText()).isEqualTo("pending");
    }

    @Test
    void a_customer_is_told_all_that_is_kept_of_a_conversation_and_it_is_forgotten_with_them() {
        var customer = "/v1/customers/telegram:" + ana.chat();
        salon.slot("10:00", 1);
        salon.askedBy(ana, "10:00");
        var kept = salon.desk().api().post(customer + "/export").expect(200).json();
        assertThat(kept.at("/conversations/0/chat").asText()).isEqualTo(ana.chat());
        assertThat(kept.at("/conversations/0/name").asText()).isEqualTo("Ana Rao");

        ana.presses("Book");
        salon.desk().api().post(customer + "/erase").expectProblem(409, "customer-has-bookings");
        assertThat(Rows.count("SELECT count(*) FROM telegram_chat WHERE chat = ?", ana.chat()))
                .isEqualTo(1);
        ana.says("/bookings");
        ana.presses("Cancel 1");
        ana.presses("Yes, cancel it");
        salon.desk().api().post(customer + "/erase").expect(200);
        assertThat(Rows.count("SELECT count(*) FROM telegram_chat WHERE chat = ?", ana.chat()))
                .isZero();
        assertThat(salon.desk()
                        .api()
                        .post(customer + "/export")
                        .expect(200)
                        .json()
                        .at("/conversations"))
                .isEmpty();
    }

    @Test
    void who_has_only_talked_is_forgotten_too() {
        var customer = "/v1/customers/telegram:" + ana.chat();
        ana.says("/book");
        Api.of(TelegramStandIn.OTHER_TENANT).post(customer + "/export").expectProblem(404, "not-found");
        salon.desk().api().post(customer + "/export").expect(200);
        salon.desk().api().post(customer + "/erase").expect(200);
        salon.desk().api().post(customer + "/export").expectProblem(404, "not-found");
    }

    private static void expire(Chatter chatter) {
        assertThat(Rows.change(
                        "UPDATE telegram_chat SET expires_at = clock_timestamp() - interval '1 s' WHERE chat = ?",
                        chatter.chat()))
                .isEqualTo(1);
    }
}
