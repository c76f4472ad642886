package dev.carillon.booking.bot.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.bot.Choice;
import dev.carillon.booking.support.Chatter;
import dev.carillon.booking.support.Rows;
import dev.carillon.booking.support.Salon;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.booking.support.TelegramStandIn;
import dev.carillon.kit.testing.http.Api;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Telegram brings, or somebody in its name: repeated, in another order, at once, forged or foreign. */
@QuarkusTest
@TestProfile(Surroundings.class)
class TelegramUpdatesQuarkusTest {
    private static final String GONE = "That button is not good any more. /book begins anew, /bookings shows yours.";

    private final Salon salon = Salon.of(TelegramStandIn.TENANT);
    private final Chatter ana = Chatter.with(TelegramStandIn.SECRET);

    @BeforeEach
    void telegram_is_there() {
        TelegramStandIn.listen();
    }

    @Test
    void every_update_sent_twice_has_one_effect_and_one_answer() {
        var slot = salon.slot("10:00", 5);
        salon.askedBy(ana, "10:00");
        var press = ana.press(ana.sees().data("Book"));
        ana.send(press).expect(200);
        ana.send(press).expect(200);
        ana.toastOf(press);
        ana.send(press).expect(200);
        assertThat(salon.desk().booked(slot)).isEqualTo(1);

        var question = ana.message("/help");
        ana.send(question).expect(200);
        ana.send(question).expect(200);
        // What comes after it is said after it.
        ana.says("/bookings");
        assertThat(TelegramStandIn.screens(ana.chat()))
                .filteredOn(call -> call.text().contains("I book appointments"))
                .hasSize(1);
        assertThat(TelegramStandIn.screens(ana.chat()))
                .filteredOn(call -> call.text().contains("Booked."))
                .hasSize(1);
    }

    @Test
    void an_update_that_comes_many_times_at_once_has_one_effect() throws Exception {
        var slot = salon.slot("10:00", 9);
        salon.askedBy(ana, "10:00");
        var press = ana.press(ana.sees().data("Book"));
        List<Future<Integer>> sent = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                sent.add(threads.submit(() -> ana.send(press).status()));
            }
        }
        for (var one : sent) {
            assertThat(one.get()).isEqualTo(200);
        }
        ana.toastOf(press);
        assertThat(salon.desk().booked(slot)).isEqualTo(1);
        assertThat(salon.bookings()).hasSize(1);
    }

    @Test
    void a_button_pressed_many_times_at_once_books_once() throws Exception {
        var slot = salon.slot("10:00", 9);
        salon.askedBy(ana, "10:00");
        var data = ana.sees().data("Book");
        List<Future<String>> toasts = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                toasts.add(threads.submit(() -> ana.toast(data)));
            }
        }
        int refused = 0;
        for (var toast : toasts) {
            refused += toast.get().equals(GONE) ? 1 : 0;
        }
        assertThat(refused).isEqualTo(7);
        assertThat(salon.desk().booked(slot)).isEqualTo(1);
    }

    @Test
    void updates_that_come_in_another_order_are_judged_by_where_the_conversation_is() {
        salon.slot("10:00", 1);
        var early = ana.message("/start");
        var service = salon.chosenBy(ana);
        var late = ana.press(service.data(salon.dayLabel()));
        ana.presses(salon.dayLabel());
        ana.presses("10:00");
        // A press of an earlier step that Telegram brings only now, and a message that is older than all of them.
        ana.send(late).expect(200);
        assertThat(ana.toastOf(late)).isEqualTo(GONE);
        ana.send(early).expect(200);
        assertThat(ana.says("Ana").text()).contains("5/5");
        assertThat(ana.presses("Book").text()).contains("Booked.");
    }

    @Test
    void forged_stale_and_foreign_data_gets_a_polite_word_and_has_no_effect() {
        var slot = salon.slot("10:00", 3);
        var elsewhere = Salon.of(TelegramStandIn.OTHER_TENANT);
        var foreign = elsewhere.slot("10:00", 3);
        var other = Chatter.with(TelegramStandIn.SECRET);
        var theirs = salon.askedBy(other, "10:00").data("Book");
        var first = ana.says("/book").data("Stop");
        var prefix = prefix(salon.chosenBy(ana).data("Stop"));

        for (var forged :
                List.of("", "x", "q", theirs, first, prefix + "c", prefix + "t" + code(slot), prefix + "zz", prefix)) {
            assertThat(ana.toast(forged)).as(forged).isEqualTo(GONE);
        }
        // Well made, of the right step, and yet of another tenant, or not there.
        var atTimes = prefix(ana.presses(salon.dayLabel()).data("Stop"));
        ana.toast(atTimes + "t" + code(foreign));
        assertThat(ana.sees().text()).contains("These are free:");
        var again = prefix(ana.sees().data("Stop"));
        ana.toast(again + "t" + code(UUID.randomUUID().toString()));
        assertThat(ana.sees().text()).contains("These are free:");

        assertThat(salon.bookings()).isEmpty();
        assertThat(elsewhere.bookings()).isEmpty();
        assertThat(other.presses("Book").text()).contains("Booked.");
    }

    @Test
    void somebody_elses_booking_is_neither_moved_nor_cancelled() {
        salon.slot("10:00", 5);
        var other = Chatter.with(TelegramStandIn.SECRET);
        salon.bookedBy(other, "10:00");
        salon.bookedBy(ana, "10:00");
        var theirs = salon.bookings().get(1).at("/id").asText();
        for (var letter : List.of("x", "v", "k")) {
            var prefix = prefix(ana.says("/bookings").data("Cancel 1"));
            ana.toast(prefix + letter + code(theirs));
            assertThat(ana.sees().text()).contains("not ahead of you");
        }
        assertThat(salon.bookings()).allMatch(one -> one.at("/status").asText().equals("booked"));
        assertThat(ana.says("/bookings").labels()).containsExactly("Move 1", "Cancel 1");
    }

    @Test
    void another_tenants_service_and_what_the_bot_does_not_offer_cannot_be_chosen() {
        salon.slot("10:00", 1);
        var elsewhere = Salon.of(TelegramStandIn.OTHER_TENANT);
        var prefix = prefix(ana.says("/book").data("Stop"));
        ana.toast(prefix + "s" + code(elsewhere.id()));
        assertThat(ana.sees().text()).contains("cannot be booked here");

        var narrow = Chatter.with(TelegramStandIn.NARROW_SECRET);
        assertThat(narrow.says("/book").text()).isEqualTo("Nothing is free there.");
    }

    @Test
    void without_the_secret_nothing_is_taken() {
        var update = ana.message("/start");
        long id = update.at("/update_id").asLong();
        for (var wrong :
                List.of("", "wrong", TelegramStandIn.SECRET + "x", TelegramStandIn.SECRET.substring(1), "ümlaut")) {
            Api.anonymous()
                    .with("X-Telegram-Bot-Api-Secret-Token", wrong)
                    .post("/v1/telegram/webhook", update.toString())
                    .expectProblem(401, "unauthenticated");
        }
        Api.anonymous().post("/v1/telegram/webhook", update.toString()).expectProblem(401, "unauthenticated");
        Api.of(TelegramStandIn.TENANT)
                .post("/v1/telegram/webhook", update.toString())
                .expectProblem(401, "unauthenticated");
        assertThat(Rows.count("SELECT count(*) FROM telegram_update WHERE update_id = ?", id))
                .isZero();
        ana.send(update).expect(200);
        assertThat(Rows.count("SELECT count(*) FROM telegram_update WHERE bot = 1001 AND update_id = ?", id))
                .isEqualTo(1);
    }

    @Test
    void what_is_no_update_is_refused_and_what_is_nothing_for_the_bot_is_taken_without_effect() {
        var telegram = Api.anonymous().with("X-Telegram-Bot-Api-Secret-Token", TelegramStandIn.SECRET);
        telegram.post("/v1/telegram/webhook", "{").expectProblem(400, "malformed-json");
        telegram.post("/v1/telegram/webhook", "[]").expectProblem(400, "malformed-json");
        telegram.post("/v1/telegram/webhook", "{}").expectProblem(422, "invalid-request");
        telegram.post("/v1/telegram/webhook", "{\"update_id\":1,\"channel_post\":{}}")
                .expect(200);
        telegram.post("/v1/telegram/webhook", """
                {"update_id":2,"message":{"text":"/book","chat":{"id":-5,"type":"group"},"from":{"id":5}}}""").expect(200);
        telegram.post("/v1/telegram/webhook", """
                {"update_id":3,"callback_query":{"id":"1","data":"x","from":{"id":6},
                 "message":{"message_id":1,"chat":{"id":5,"type":"private"}}}}""").expect(200);
        assertThat(Rows.count("SELECT count(*) FROM telegram_chat WHERE chat IN ('5', '-5')"))
                .isZero();
    }

    /** What all buttons of a screen have in common. */
    private static String prefix(String data) {
        return data.substring(0, data.lastIndexOf('.') + 1);
    }

    /** An id as buttons write it. */
    private static String code(String id) {
        return new Choice.Service(UUID.fromString(id)).code().substring(1);
    }
}
