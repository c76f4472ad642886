package dev.carillon.booking.bot.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.support.Chatter;
import dev.carillon.booking.support.Rows;
import dev.carillon.booking.support.Salon;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.booking.support.TelegramStandIn;
import dev.carillon.booking.support.TelegramStandIn.Trouble;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.identity.Token;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Telegram is told, also when it is away, asks for a pause or refuses. */
@QuarkusTest
@TestProfile(Surroundings.class)
class TelegramAnswersQuarkusTest {
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

    @Test
    void a_url_that_telegram_would_not_call_is_refused_and_http_is_for_this_machine_alone() {
        var path = "/v1/telegram/bots/acme/set-webhook";
        var api = Api.of(TelegramStandIn.TENANT);
        for (var wrong : List.of(
                "http://book.example.org/v1/telegram/webhook",
                "http://book.example.org:8443/",
                "http://10.0.0.1/",
                "http://localhost.example.org/",
                "https://book.example.org:8083/v1/telegram/webhook",
                "https://localhost:8083/")) {
            var refused = api.post(path, "{\"url\":\"" + wrong + "\"}").expectProblem(422, "invalid-request");
            assertThat(refused.at("/errors/0/pointer")).as(wrong).isEqualTo("/url");
        }
        for (var right : List.of(
                "https://book.example.org:443/",
                "https://book.example.org:80/",
                "https://book.example.org:88/",
                "https://book.example.org:8443/",
                "http://localhost:8083/v1/telegram/webhook",
                "http://127.0.0.1:8083/",
                "http://[::1]:8083/")) {
            assertThat(api.post(path, "{\"url\":\"" + right + "\"}").expect(200).at("/url"))
                    .isEqualTo(right);
        }
    }
}
