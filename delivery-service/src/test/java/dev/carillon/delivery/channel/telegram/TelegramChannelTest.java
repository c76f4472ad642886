package dev.carillon.delivery.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.support.Outbounds;
import dev.carillon.delivery.support.RawServer;
import dev.carillon.delivery.support.SettingsOf;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.telegram.telegrambots.meta.api.methods.ParseMode;
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;

class TelegramChannelTest {

    private static final String TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
    private static final String CLINIC = "110201544:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
    private static final String SALON = "110201545:CCHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
    private static final Vertx VERTX = Vertx.vertx();

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> paths = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<JsonObject> bodies = new ConcurrentLinkedQueue<>();

    @AfterAll
    static void closeVertx() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void a_text_is_sent_and_telegram_s_id_for_it_comes_back() {
        TelegramChannel channel = answering(200, "{\"ok\":true,\"result\":{\"message_id\":4711,\"text\":\"Hi\"}}");

        assertThat(send(channel, "-1001234567890", Content.Message.text("Hi <you>")))
                .isInstanceOfSatisfying(Delivered.class, delivered -> {
                    assertThat(delivered.providerStatus()).isEqualTo(200);
                    assertThat(delivered.providerMessageId()).isEqualTo("4711");
                });
        assertThat(paths).containsExactly("/bot" + TOKEN + "/sendMessage");
        assertThat(bodies)
                .containsExactly(
                        new JsonObject().put("chat_id", -1001234567890L).put("text", "Hi <you>"));
    }

    @Test
    void an_answer_that_repeats_the_longest_text_is_read_to_its_end() {
        TelegramChannel channel = answering(
                200, "{\"ok\":true,\"result\":{\"text\":\"" + "\\u2014".repeat(30_000) + "\",\"message_id\":9}}");

        assertThat(send(channel, "7", Content.Message.text("Hi")))
                .isInstanceOfSatisfying(Delivered.class, delivered -> assertThat(delivered.providerMessageId())
                        .isEqualTo("9"));
    }

    @Test
    void html_is_sent_as_html() {
        TelegramChannel channel = answering(200, "{\"ok\":true,\"result\":{\"message_id\":1}}");

        send(channel, "@clinic", new Content.Message("ignored", "plain", "<b>Hi</b>", null, List.of(), null, null));

        assertThat(bodies)
                .containsExactly(new JsonObject()
                        .put("chat_id", "@clinic")
                        .put("text", "<b>Hi</b>")
                        .put("parse_mode", "HTML"));
    }

    @Test
    void markdown_is_sent_as_markdown_and_the_text_beside_it_is_not() {
        TelegramChannel channel = answering(200, "{\"ok\":true,\"result\":{\"message_id\":1}}");

        send(channel, "@clinic", new Content.Message(null, "plain", null, "*Hi*\\!", List.of(), null, null));

        assertThat(bodies)
                .containsExactly(new JsonObject()
                        .put("chat_id", "@clinic")
                        .put("text", "*Hi*\\!")
                        .put("parse_mode", "MarkdownV2"));
    }

    @Test
    void too_many_requests_wait_as_long_as_telegram_says() {
        TelegramChannel channel = answering(
                429,
                "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 17\","
                        + "\"parameters\":{\"retry_after\":17}}");

        assertThat(send(channel, "7", Content.Message.text("Hi"))).isInstanceOfSatisfying(Transient.class, limited -> {
            assertThat(limited.reason()).isEqualTo(Reason.RATE_LIMITED);
            assertThat(limited.retryAfter()).isEqualTo(Duration.ofSeconds(17));
            assertThat(limited.error()).contains("Too Many Requests");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "400, Bad Request: chat not found",
        "403, Forbidden: bot was blocked by the user",
        "400, Bad Request: group chat was upgraded to a supergroup chat",
        "400, 'Bad Request: can''t parse entities: Can''t find end of Bold entity at byte offset 3'",
        "413, Request Entity Too Large"
    })
    void a_refused_chat_or_text_stays_refused(int status, String description) {
        TelegramChannel channel = answering(status, error(status, description));

        assertThat(send(channel, "7", Content.Message.text("Hi"))).isInstanceOfSatisfying(Permanent.class, refused -> {
            assertThat(refused.providerStatus()).isEqualTo(status);
            assertThat(refused.reason()).isEqualTo(Reason.REJECTED);
            assertThat(refused.error()).contains(description);
        });
    }

    @ParameterizedTest
    @CsvSource({"401, Unauthorized", "404, Not Found"})
    void a_wrong_token_is_not_the_message_s_fault(int status, String description) {
        TelegramChannel channel = answering(status, error(status, description));

        assertThat(send(channel, "7", Content.Message.text("Hi")))
                .isInstanceOfSatisfying(
                        Transient.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.CREDENTIALS_REFUSED));
    }

    @ParameterizedTest
    @CsvSource({
        "500, '{\"ok\":false,\"error_code\":500,\"description\":\"Internal Server Error\"}', false",
        "502, <html>Bad Gateway</html>, false",
        "403, <html>a proxy says no</html>, false",
        "200, <html>a captive portal</html>, true",
        "200, '[]', true"
    })
    void what_is_not_telegram_s_word_about_the_message_is_transient(int status, String body, boolean possibly) {
        TelegramChannel channel = answering(status, body);

        assertThat(send(channel, "7", Content.Message.text("Hi"))).isInstanceOfSatisfying(Transient.class, later -> {
            assertThat(later.providerStatus()).isEqualTo(status);
            assertThat(later.possiblyDelivered()).isEqualTo(possibly);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ok\":false}",
                "{\"ok\":true}",
                "{\"ok\":\"true\",\"result\":7,\"parameters\":[],\"description\":{}}",
                "{\"ok\":true,\"result\":{\"message_id\":{}}}",
                "{\"ok\":false,\"error_code\":\"x\",\"parameters\":{\"retry_after\":\"soon\"}}",
                "null",
                "7"
            })
    void no_shape_of_an_answer_is_a_bug(String body) {
        assertThat(send(answering(200, body), "7", Content.Message.text("Hi"))).isNotNull();
    }

    @Test
    void a_hanging_api_costs_the_timeout_and_the_message_may_be_out() {
        RawServer server = new RawServer(RawServer::hang);
        open.add(server);
        TelegramChannel channel = channel("http://127.0.0.1:" + server.port());

        ProviderAnswer answer = channel.send(Outbounds.within(
                        Duration.ofMillis(1500), new Destination.Telegram("7"), Content.Message.text("Hi")))
                .toCompletableFuture()
                .join();

        assertThat(answer).isInstanceOfSatisfying(Transient.class, late -> {
            assertThat(late.reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(late.possiblyDelivered()).isTrue();
        });
    }

    @Test
    void what_waits_for_a_connection_until_its_message_expires_is_not_sent() {
        RawServer server = new RawServer(RawServer::hang);
        open.add(server);
        TelegramChannel channel = channel(
                "http://127.0.0.1:" + server.port(),
                Map.of("carillon.telegram.token", TOKEN, "carillon.telegram.pool-size", "1"));
        Destination chat = new Destination.Telegram("7");
        Content text = Content.Message.text("Hi");
        CompletionStage<ProviderAnswer> hanging = channel.send(Outbounds.within(Duration.ofSeconds(4), chat, text));

        ProviderAnswer late = channel.send(Outbounds.expiring(Duration.ofMillis(300), chat, text))
                .toCompletableFuture()
                .orTimeout(3, TimeUnit.SECONDS)
                .join();

        assertThat(late).isInstanceOfSatisfying(Transient.class, waited -> {
            assertThat(waited.reason()).isEqualTo(Reason.NOT_SENT);
            assertThat(waited.possiblyDelivered()).isFalse();
        });
        assertThat(hanging.toCompletableFuture()).isNotDone();
    }

    @Test
    void the_token_is_told_to_telegram_and_to_nobody_else() {
        List<TelegramChannel> channels = List.of(
                answering(500, "no such thing: /bot" + TOKEN + "/sendMessage"),
                answering(404, error(404, "/bot" + TOKEN)),
                channel("http://127.0.0.1:1"),
                channel("http://nowhere.invalid"));

        assertThat(channels)
                .extracting(channel -> send(channel, "7", Content.Message.text("Hi")))
                .extracting(Object::toString)
                .noneMatch(answer -> answer.contains(TOKEN) || answer.contains(TOKEN.substring(10)));
    }

    @Test
    void each_tenant_speaks_through_its_own_bot_and_who_has_none_through_the_one_that_all_share() {
        String url = listening(200, "{\"ok\":true,\"result\":{\"message_id\":1}}");
        TelegramChannel channel = channel(url, withBotsOfTheirOwn(Map.of("carillon.telegram.token", TOKEN)));

        for (String tenant : List.of("clinic", "salon", "acme")) {
            assertThat(sendAs(tenant, channel)).isInstanceOf(Delivered.class);
        }

        assertThat(paths)
                .containsExactly(
                        "/bot" + CLINIC + "/sendMessage",
                        "/bot" + SALON + "/sendMessage",
                        "/bot" + TOKEN + "/sendMessage");
        assertThat(channel.tenantsApart()).containsExactlyInAnyOrder("clinic", "salon");
    }

    @Test
    void a_tenant_without_any_bot_is_told_so_and_no_other_tenant_s_is_used() {
        TelegramChannel channel = channel(listening(200, "{\"ok\":true}"), withBotsOfTheirOwn(Map.of()));

        assertThat(sendAs("acme", channel)).isInstanceOfSatisfying(Transient.class, lacking -> {
            assertThat(lacking.reason()).isEqualTo(Reason.NOT_CONFIGURED);
            assertThat(lacking.possiblyDelivered()).isFalse();
        });
        assertThat(paths).isEmpty();
    }

    @Test
    void the_token_that_is_struck_out_is_the_one_that_was_used() {
        String url = listening(500, "no such thing: /bot" + CLINIC + "/sendMessage");
        TelegramChannel channel = channel(url, withBotsOfTheirOwn(Map.of("carillon.telegram.token", TOKEN)));

        assertThat(String.valueOf(sendAs("clinic", channel)))
                .contains("/bot…/sendMessage")
                .doesNotContain(CLINIC);
    }

    @Test
    void what_telegram_cannot_carry_is_refused_before_it_is_asked() {
        TelegramChannel channel = answering(200, "{\"ok\":true}");
        List<Content> contents = List.of(
                new Content.Json("{}"),
                Content.Message.text("  "),
                new Content.Message("only a subject", null, null, null, List.of(), null, null),
                new Content.Message(null, "text beside it", null, " ", List.of(), null, null),
                new Content.Message(
                        null,
                        "text",
                        null,
                        null,
                        List.of(new Content.Attachment("a.ics", "text/calendar", new byte[1])),
                        null,
                        null));

        assertThat(contents).extracting(content -> send(channel, "7", content)).allSatisfy(answer -> assertThat(answer)
                .isInstanceOfSatisfying(
                        Permanent.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.CONTENT_REFUSED)));
        assertThat(paths).isEmpty();
    }

    @Test
    void what_is_sent_is_what_an_independent_client_library_would_send() throws Exception {
        TelegramChannel channel = answering(200, "{\"ok\":true,\"result\":{\"message_id\":1}}");

        send(channel, "-1001234567890", Content.Message.text("Grüße <an alle>"));
        send(channel, "@clinic", new Content.Message(null, "plain", "<b>Hi</b>", null, List.of(), null, null));
        send(channel, "42", new Content.Message(null, "plain", null, "*Hi* __you__\\!", List.of(), null, null));

        var json = new ObjectMapper();
        var theirs = new ArrayList<JsonObject>();
        for (JsonObject body : bodies) {
            SendMessage message = json.readValue(body.encode(), SendMessage.class);
            message.validate();
            theirs.add(new JsonObject(json.writeValueAsString(message)));
        }
        assertThat(theirs)
                .containsExactly(
                        new JsonObject()
                                .put("chat_id", "-1001234567890")
                                .put("text", "Grüße <an alle>")
                                .put("method", "sendmessage"),
                        new JsonObject()
                                .put("chat_id", "@clinic")
                                .put("text", "<b>Hi</b>")
                                .put("parse_mode", "HTML")
                                .put("method", "sendmessage"),
                        new JsonObject()
                                .put("chat_id", "42")
                                .put("text", "*Hi* __you__\\!")
                                .put("parse_mode", ParseMode.MARKDOWNV2)
                                .put("method", "sendmessage"));
    }

    private static @Nullable ProviderAnswer send(TelegramChannel channel, String chat, Content content) {
        return channel.send(Outbounds.to(new Destination.Telegram(chat), content))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private static @Nullable ProviderAnswer sendAs(String tenant, TelegramChannel channel) {
        return channel.send(Outbounds.of(tenant, new Destination.Telegram("7"), Content.Message.text("Hi")))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private TelegramChannel answering(int status, String body) {
        return channel(listening(status, body));
    }

    /** The URL of an API that says this to everything. */
    private String listening(int status, String body) {
        HttpServer server = VERTX.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(sent -> {
                    paths.add(request.path());
                    bodies.add(sent.toJsonObject());
                    request.response().setStatusCode(status).end(body);
                }));
        open.add(() -> server.close().toCompletionStage().toCompletableFuture().join());
        int port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        return "http://127.0.0.1:" + port + "/";
    }

    private static Map<String, String> withBotsOfTheirOwn(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.put("carillon.telegram.bots.one.token", CLINIC);
        all.put("carillon.telegram.bots.one.tenant", "clinic");
        all.put("carillon.telegram.bots.two.token", SALON);
        all.put("carillon.telegram.bots.two.tenant", "salon");
        return all;
    }

    private TelegramChannel channel(String baseUrl) {
        return channel(baseUrl, Map.of("carillon.telegram.token", TOKEN));
    }

    private TelegramChannel channel(String baseUrl, Map<String, String> bots) {
        Map<String, String> all = new HashMap<>(bots);
        all.put("carillon.telegram.base-url", baseUrl);
        TelegramChannel channel = new TelegramChannel(VERTX, SettingsOf.properties(TelegramSettings.class, all));
        open.add(channel);
        return channel;
    }

    private static String error(int code, String description) {
        return new JsonObject()
                .put("ok", false)
                .put("error_code", code)
                .put("description", description)
                .encode();
    }
}
