package dev.carillon.booking.bot.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.bot.Choice;
import dev.carillon.booking.support.Chatter;
import dev.carillon.booking.support.Rows;
import dev.carillon.booking.support.Salon;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.booking.support.TelegramStandIn;
import dev.carillon.booking.support.TelegramStandIn.Trouble;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.kit.testing.quarkus.Outbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class TelegramBotQuarkusTest {
    private static final String GONE = "That button is not good any more. /book begins anew, /bookings shows yours.";

    private final Salon salon = Salon.of(TelegramStandIn.TENANT);
    private final Chatter ana = Chatter.with(TelegramStandIn.SECRET);

    @BeforeEach
    void telegram_is_there() {
        TelegramStandIn.listen();
    }

    @AfterEach
    void telegram_is_well() {
        TelegramStandIn.endTrouble();
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
        assertThat(booking.at("/customer/language").asText()).isEqualTo("pt-BR");
        assertThat(Outbox.typesAbout(booking.at("/id").asText())).containsExactly("carillon.booking.booked.v1");
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
    void what_was_done_while_telegram_is_away_is_said_when_it_is_back() {
        var slot = salon.slot("10:00", 1);
        salon.askedBy(ana, "10:00");
        var press = ana.press(ana.sees().data("Book"));
        TelegramStandIn.setTrouble(call -> call.chat().equals(ana.chat()), Trouble.of(502, "Bad Gateway"));
        ana.send(press).expect(200);
        assertThat(salon.desk().booked(slot)).isEqualTo(1);
        await().until(() -> TelegramStandIn.calls().stream()
                .anyMatch(call -> !call.taken() && call.text().contains("Booked.")));
        // Said later, in its order.
        ana.send(ana.message("/bookings")).expect(200);
        TelegramStandIn.endTrouble();
        await().until(() -> ana.sees().text().contains("Your bookings"));
        assertThat(TelegramStandIn.screens(ana.chat()).stream()
                        .map(call -> call.text().lines().findFirst().orElseThrow()))
                .endsWith("Booked.", "Your bookings:");
        assertThat(ana.toastOf(press)).isEmpty();
        await().until(() -> Rows.count(
                        "SELECT count(*) FROM telegram_answer a JOIN telegram_chat c ON c.id = a.chat_id WHERE c.chat = ?",
                        ana.chat())
                == 0);
    }

    @Test
    void a_connection_that_is_cut_and_a_pause_that_is_asked_for_lose_nothing() {
        for (var trouble : List.of(
                new Trouble(0, ""), Trouble.of(429, "Too Many Requests: retry after 1"), new Trouble(200, "no json"))) {
            int before = TelegramStandIn.calls().size();
            TelegramStandIn.setTrouble(call -> call.chat().equals(ana.chat()), trouble);
            ana.send(ana.message("/help")).expect(200);
            await().until(() -> TelegramStandIn.calls().stream()
                    .skip(before)
                    .anyMatch(call -> !call.taken() && call.chat().equals(ana.chat())));
            TelegramStandIn.endTrouble();
            await().until(() -> TelegramStandIn.calls().stream()
                    .skip(before)
                    .anyMatch(call -> call.taken() && call.chat().equals(ana.chat())));
        }
    }

    @Test
    void a_message_that_cannot_be_rewritten_is_said_anew_and_one_that_is_refused_keeps_nobody() {
        salon.slot("10:00", 1);
        salon.askedBy(ana, "10:00");
        TelegramStandIn.setTrouble(
                call -> call.method().equals("editMessageText") && call.chat().equals(ana.chat()),
                Trouble.of(400, "Bad Request: message can't be edited"));
        var said = ana.presses("Book");
        assertThat(said.method()).isEqualTo("sendMessage");
        assertThat(said.text()).contains("Booked.");

        TelegramStandIn.setTrouble(
                call -> call.text().contains("I book") && call.chat().equals(ana.chat()),
                Trouble.of(403, "Forbidden: bot was blocked by the user"));
        ana.send(ana.message("/help")).expect(200);
        assertThat(ana.says("/bookings").text()).contains("Your bookings");
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

    @Test
    void telegram_is_told_where_updates_go() {
        var path = "/v1/telegram/bots/acme/set-webhook";
        var body = "{\"url\":\"https://book.example.org/v1/telegram/webhook\"}";
        var set = Api.of(TelegramStandIn.TENANT).post(path, body).expect(200);
        assertThat(set.at("/bot")).isEqualTo("acme");
        assertThat(set.text()).doesNotContain(TelegramStandIn.SECRET);
        var told = TelegramStandIn.calls().stream()
                .filter(call -> call.method().equals("setWebhook"))
                .toList()
                .getLast();
        assertThat(told.body().at("/url").asText()).isEqualTo("https://book.example.org/v1/telegram/webhook");
        assertThat(told.body().at("/secret_token").asText()).isEqualTo(TelegramStandIn.SECRET);
        assertThat(told.body().at("/allowed_updates")).hasSize(2);

        Api.of(TelegramStandIn.OTHER_TENANT).post(path, body).expectProblem(404, "not-found");
        Api.as(Token.of(TelegramStandIn.TENANT, "operator")).post(path, body).expectProblem(403, "forbidden");
        Api.anonymous().post(path, body).expectProblem(401, "unauthenticated");
        for (var wrong :
                List.of("{}", "{\"url\":\"not a url\"}", "{\"url\":\"ftp://x/y\"}", "{\"url\":\"https://a:b@x/y\"}")) {
            Api.of(TelegramStandIn.TENANT).post(path, wrong).expectProblem(422, "invalid-request");
        }

        TelegramStandIn.setTrouble(
                call -> call.method().equals("setWebhook"),
                Trouble.of(400, "Bad Request: bad webhook: HTTPS url must be provided for webhook"));
        var refused = Api.of(TelegramStandIn.TENANT).post(path, body).expectProblem(502, "telegram-refused");
        assertThat(refused.at("/detail")).contains("HTTPS url must be provided");
        assertThat(refused.json().at("/telegramStatus").asInt()).isEqualTo(400);
        TelegramStandIn.setTrouble(
                call -> call.method().equals("setWebhook"), Trouble.of(500, "Internal Server Error"));
        assertThat(Api.of(TelegramStandIn.TENANT)
                        .post(path, body)
                        .expectProblem(503, "telegram-unavailable")
                        .header("Retry-After"))
                .isPresent();
    }

    private static void expire(Chatter chatter) {
        assertThat(Rows.change(
                        "UPDATE telegram_chat SET expires_at = clock_timestamp() - interval '1 s' WHERE chat = ?",
                        chatter.chat()))
                .isEqualTo(1);
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
