package dev.carillon.local.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.standardwebhooks.Webhook;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(Lifecycle.PER_CLASS)
class ProvidersTest {

    private static final String SECRET = "whsec_"
            + Base64.getEncoder()
                    .encodeToString("a secret of 32 bytes for testing".getBytes(StandardCharsets.US_ASCII));
    private static final String TOKEN = "123456:a-token";
    private static final String TELEGRAM = "/bot" + TOKEN + "/sendMessage";

    private final Path folder;
    private final Providers providers;
    private final HttpClient client = HttpClient.newHttpClient();

    ProvidersTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.providers = Providers.start(new ProviderSettings(0, 0, folder, SECRET, TOKEN));
    }

    @BeforeAll
    void is_ready() throws Exception {
        assertThat(get("/health").statusCode()).isEqualTo(200);
    }

    @BeforeEach
    void starts_empty() throws Exception {
        assertThat(delete("/received").statusCode()).isEqualTo(204);
        assertThat(delete("/faults").statusCode()).isEqualTo(204);
    }

    @AfterAll
    void stop() {
        providers.close();
    }

    @Test
    void a_webhook_signed_by_the_reference_library_is_shown_as_verified() throws Exception {
        Instant before = Instant.now().minusMillis(1);
        HttpResponse<String> answer = sendWebhook("/webhooks/a/b?c=d", "{\"hello\":\"wörld\"}", SECRET);

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonObject received = only("webhook");
        assertThat(received.getBoolean("signatureVerified")).isTrue();
        assertThat(received.getString("path")).isEqualTo("/webhooks/a/b");
        assertThat(received.getString("body")).isEqualTo("{\"hello\":\"wörld\"}");
        assertThat(received.getJsonObject("headers").getString("webhook-id")).isEqualTo("msg_1");
        assertThat(received.getString("receivedAt")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(Instant.parse(received.getString("receivedAt"))).isBetween(before, Instant.now());
    }

    @Test
    void a_webhook_with_a_wrong_signature_arrives_and_is_shown_as_not_verified() throws Exception {
        sendWebhook("/webhooks/x", "{}", "whsec_" + Base64.getEncoder().encodeToString(new byte[32]));

        assertThat(only("webhook").getBoolean("signatureVerified")).isFalse();
        assertThat(only("webhook").getString("signatureFlaw")).isEqualTo("no signature fits");
    }

    @Test
    void an_email_is_taken_apart_as_its_reader_sees_it() throws Exception {
        sendEmail();

        JsonObject received = only("email");
        assertThat(received.getString("subject")).isEqualTo("Ihr Termin ✓");
        assertThat(received.getString("from")).isEqualTo("Práxis <desk@example.org>");
        assertThat(received.getJsonArray("to")).containsExactly("ana@example.org");
        assertThat(received.getJsonObject("envelope").getJsonArray("to")).containsExactly("ana@example.org");
        assertThat(received.getString("text")).isEqualTo("Um neun. Grüße");
        assertThat(received.getString("html")).isEqualTo("<p>Um neun.</p>");
        assertThat(received.getJsonObject("headers").getString("X-Visit")).isEqualTo("1234");
        JsonObject attachment = received.getJsonArray("attachments").getJsonObject(0);
        assertThat(attachment.getString("name")).isEqualTo("visit.ics");
        assertThat(attachment.getString("contentType")).isEqualTo("text/calendar");
        assertThat(Base64.getDecoder().decode(attachment.getString("base64")))
                .asString()
                .startsWith("BEGIN:VCALENDAR");
    }

    @Test
    void telegram_answers_as_the_bot_api_does() throws Exception {
        HttpResponse<String> answer = post(TELEGRAM, "{\"chat_id\":42,\"text\":\"at nine\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonObject message = new JsonObject(answer.body()).getJsonObject("result");
        assertThat(message.getLong("message_id")).isPositive();
        assertThat(message.getJsonObject("chat").getLong("id")).isEqualTo(42);
        assertThat(only("telegram").getString("chatId")).isEqualTo("42");
        assertThat(only("telegram").getString("text")).isEqualTo("at nine");
        assertThat(only("telegram").encode()).doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /bot1:wrong/sendMessage | {} | 401 | Unauthorized
                    /bot123456:a-token/sendPigeon | {} | 404 | Not Found
                    /bot123456:a-token | {} | 404 | Not Found
                    /bot123456:a-token/sendMessage | {"chat_id":1} | 400 | Bad Request: message text is empty
                    /bot123456:a-token/sendMessage | {"text":"x"} | 400 | Bad Request: chat_id is empty
                    /bot123456:a-token/sendMessage | {"text": | 400 | Bad Request: can't parse the request
                    /bot123456:a-token/sendMessage | {"chat_id":1,"text":"x","parse_mode":"Markup"} | 400 | Bad Request: unsupported parse_mode
                    /bot123456:a-token/editMessageText | {"chat_id":1,"text":"x"} | 400 | Bad Request: message identifier is not specified
                    /bot123456:a-token/setWebhook | {"url":"https://x","secret_token":"a b"} | 400 | Bad Request: secret token contains unallowed characters
                    /bot123456:a-token/sendMessage | {"chat_id":1,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]]}} | 400 | Bad Request: BUTTON_DATA_INVALID
                    """)
    void telegram_refuses_in_the_documented_shape(String path, String body, int status, String description)
            throws Exception {
        HttpResponse<String> answer = post(path, body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(new JsonObject(answer.body()))
                .isEqualTo(new JsonObject()
                        .put("ok", false)
                        .put("error_code", status)
                        .put("description", description));
        assertThat(received("telegram")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HTML", "MarkdownV2", "Markdown", "html"})
    void telegram_takes_a_text_in_each_of_its_styles(String style) throws Exception {
        post(TELEGRAM, "{\"chat_id\":42,\"text\":\"x\",\"parse_mode\":\"" + style + "\"}");

        assertThat(only("telegram").getJsonObject("parameters").getString("parse_mode"))
                .isEqualTo(style);
    }

    @Test
    void telegram_knows_the_other_methods_and_takes_forms() throws Exception {
        assertThat(post("/bot" + TOKEN + "/setWebhook?url=https://example.org/bot", "")
                        .body())
                .contains("true");
        assertThat(get("/bot" + TOKEN + "/getWebhookInfo").body()).contains("https://example.org/bot");
        assertThat(post("/bot" + TOKEN + "/answerCallbackQuery", "{\"callback_query_id\":\"1\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(post("/bot" + TOKEN + "/editMessageText", "{\"chat_id\":1,\"message_id\":7,\"text\":\"new\"}")
                        .body())
                .contains("\"message_id\":7");
        post("/bot" + TOKEN + "/setWebhook", "{\"url\":\"https://example.org/bot\",\"secret_token\":\"a-secret\"}");
        assertThat(received("telegram").encode()).contains("secret_token").doesNotContain("a-secret");
        var form = request(TELEGRAM)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("chat_id=42&text=at+nine"));
        assertThat(send(form).body()).contains("at nine");
    }

    @Test
    void what_arrived_can_be_narrowed_by_channel_and_time() throws Exception {
        sendWebhook("/webhooks/1", "{}", SECRET);
        post(TELEGRAM, "{\"chat_id\":42,\"text\":\"later\"}");
        String later = only("telegram").getString("receivedAt");

        assertThat(received("")).hasSize(2);
        JsonArray since = new JsonObject(get("/received?since=" + later).body()).getJsonArray("items");
        assertThat(since).hasSize(1);
        assertThat(get("/received?since=" + later.replace("Z", "+00:00")).body())
                .contains("later")
                .doesNotContain("/webhooks/1");
        assertThat(get("/received?since=tomorrow").statusCode()).isEqualTo(400);
        assertThat(get("/received?channel=pigeon").statusCode()).isEqualTo(400);
        assertThat(get("/received?limit=0").statusCode()).isEqualTo(400);
    }

    @Test
    void an_injected_error_is_answered_and_the_refused_request_does_not_count_as_arrived() throws Exception {
        inject("{'channel':'webhook','mode':'error','status':503}");
        inject("{'channel':'telegram','mode':'error','status':403}");

        assertThat(sendWebhook("/webhooks/x", "{}", SECRET).statusCode()).isEqualTo(503);
        HttpResponse<String> telegram = post(TELEGRAM, "{\"chat_id\":42,\"text\":\"x\"}");
        assertThat(telegram.statusCode()).isEqualTo(403);
        assertThat(telegram.body()).contains("Forbidden: bot was blocked by the user");
        assertThat(received("")).isEmpty();
        JsonArray refused = new JsonObject(get("/received?refused=true").body()).getJsonArray("items");
        assertThat(refused).hasSize(2);
        assertThat(refused.getJsonObject(0).getString("fault")).isEqualTo("error");
    }

    @Test
    void an_injected_rate_limit_says_when_to_come_back() throws Exception {
        inject("{'channel':'webhook','mode':'rate-limit','retryAfter':'PT7S'}");
        inject("{'channel':'telegram','mode':'rate-limit','retryAfter':'PT7S'}");

        HttpResponse<String> webhook = sendWebhook("/webhooks/x", "{}", SECRET);
        assertThat(webhook.statusCode()).isEqualTo(429);
        assertThat(webhook.headers().firstValue("Retry-After")).contains("7");
        HttpResponse<String> telegram = post(TELEGRAM, "{\"chat_id\":42,\"text\":\"x\"}");
        assertThat(telegram.statusCode()).isEqualTo(429);
        assertThat(new JsonObject(telegram.body()).getJsonObject("parameters").getInteger("retry_after"))
                .isEqualTo(7);
    }

    @Test
    void a_slow_answer_comes_late_and_counts() throws Exception {
        inject("{'channel':'webhook','mode':'slow','delay':'PT0.3S'}");
        long began = System.nanoTime();

        assertThat(sendWebhook("/webhooks/x", "{}", SECRET).statusCode()).isEqualTo(200);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(received("webhook")).hasSize(1);
    }

    @Test
    void a_hanging_request_is_never_answered_and_a_reset_one_loses_its_connection() throws Exception {
        inject("{'channel':'telegram','mode':'hang'}");
        inject("{'channel':'webhook','mode':'reset'}");

        var hanging = request(TELEGRAM)
                .timeout(Duration.ofMillis(300))
                .POST(HttpRequest.BodyPublishers.ofString("{\"chat_id\":42,\"text\":\"x\"}"));
        assertThatThrownBy(() -> send(hanging)).isInstanceOf(HttpTimeoutException.class);
        assertThatThrownBy(() -> sendWebhook("/webhooks/x", "{}", SECRET))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void smtp_fails_as_it_is_told_and_recovers() throws Exception {
        inject("{'channel':'email','mode':'error'}");
        assertThatThrownBy(this::sendEmail)
                .isInstanceOfSatisfying(SMTPSendFailedException.class, e -> assertThat(e.getReturnCode())
                        .isEqualTo(451));
        inject("{'channel':'email','mode':'error','status':550}");
        assertThatThrownBy(this::sendEmail)
                .isInstanceOfSatisfying(SMTPSendFailedException.class, e -> assertThat(e.getReturnCode())
                        .isEqualTo(550));
        inject("{'channel':'email','mode':'rate-limit'}");
        assertThatThrownBy(this::sendEmail).hasMessageContaining("451 4.7.1");
        inject("{'channel':'email','mode':'reset'}");
        assertThatThrownBy(this::sendEmail)
                .isInstanceOf(MessagingException.class)
                .hasMessageNotContaining("Read timed out");
        inject("{'channel':'email','mode':'hang'}");
        assertThatThrownBy(this::sendEmail).isInstanceOf(MessagingException.class);
        assertThat(received("email")).isEmpty();

        delete("/faults");
        sendEmail();
        assertThat(received("email")).hasSize(1);
    }

    @Test
    void faults_are_listed_and_refused_with_a_reason() throws Exception {
        inject("{'channel':'email','mode':'slow','share':0.3,'for':'PT30S'}");

        assertThat(new JsonObject(get("/faults").body())
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getDouble("share"))
                .isEqualTo(0.3);
        assertThat(post("/faults", "not json").statusCode()).isEqualTo(400);
        assertThat(post("/faults", "[]").statusCode()).isEqualTo(400);
        assertThat(post("/faults", "{\"channel\":\"pigeon\"}").body()).contains("channel must be one of");
    }

    @Test
    void spans_are_kept_as_otlp_json_and_found_by_their_trace() throws Exception {
        byte[] exported = traceRequest().toByteArray();

        HttpResponse<String> answer = send(request("/v1/traces")
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(exported)));

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonObject trace =
                new JsonObject(get("/traces/0af7651916cd43dd8448eb211c80319c").body());
        assertThat(trace.getJsonArray("spans").getJsonObject(0).getString("name"))
                .isEqualTo("deliver");
        assertThat(Files.readString(folder.resolve("traces.jsonl"))).contains("\"0af7651916cd43dd8448eb211c80319c\"");
        assertThat(get("/traces/xyz").statusCode()).isEqualTo(400);
        assertThat(post("/v1/traces", "{}").statusCode()).isEqualTo(415);
        assertThat(send(request("/v1/traces")
                                .header("Content-Type", "application/x-protobuf")
                                .POST(HttpRequest.BodyPublishers.ofString("no protobuf")))
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"GET,/nowhere,404", "GET,/webhooks/x,405", "PUT,/received,405", "POST,/,405", "DELETE,/v1/traces,405"})
    void bad_requests_are_refused(String method, String path, int status) throws Exception {
        var request = request(path).method(method, HttpRequest.BodyPublishers.noBody());

        assertThat(send(request).statusCode()).isEqualTo(status);
    }

    @Test
    void a_body_beyond_eight_mebibytes_is_refused() throws Exception {
        assertThat(post("/webhooks/x", "x".repeat(8 * 1024 * 1024 + 1)).statusCode())
                .isEqualTo(413);
        assertThat(received("")).isEmpty();
    }

    @Test
    void the_page_shows_the_inbox() throws Exception {
        assertThat(get("/").body()).contains("Local inbox");
        assertThat(get("/").headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    }

    private static ExportTraceServiceRequest traceRequest() {
        var span = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex("0af7651916cd43dd8448eb211c80319c")))
                .setSpanId(ByteString.copyFrom(HexFormat.of().parseHex("b7ad6b7169203331")))
                .setName("deliver");
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
                .build();
    }

    private void sendEmail() throws MessagingException, IOException {
        var properties = new Properties();
        properties.setProperty("mail.smtp.host", "127.0.0.1");
        properties.setProperty("mail.smtp.port", Integer.toString(providers.smtpPort()));
        properties.setProperty("mail.smtp.timeout", "1000");
        var message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress("desk@example.org", "Práxis", "UTF-8"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("ana@example.org"));
        message.setSubject("Ihr Termin ✓", "UTF-8");
        message.setHeader("X-Visit", "1234");
        var text = new MimeBodyPart();
        text.setText("Um neun. Grüße", "UTF-8");
        var html = new MimeBodyPart();
        html.setContent("<p>Um neun.</p>", "text/html; charset=UTF-8");
        var both = new MimeBodyPart();
        both.setContent(new MimeMultipart("alternative", text, html));
        var calendar = new MimeBodyPart();
        calendar.setContent("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; charset=UTF-8");
        calendar.setFileName("visit.ics");
        message.setContent(new MimeMultipart("mixed", both, calendar));
        Transport.send(message);
    }

    private HttpResponse<String> sendWebhook(String path, String body, String secret) throws Exception {
        long now = Instant.now().getEpochSecond();
        return send(request(path)
                .header("webhook-id", "msg_1")
                .header("webhook-timestamp", Long.toString(now))
                .header("webhook-signature", new Webhook(secret).sign("msg_1", now, body))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private void inject(String fault) throws Exception {
        assertThat(post("/faults", fault.replace('\'', '"')).statusCode()).isEqualTo(201);
    }

    private JsonArray received(String channel) throws Exception {
        return new JsonObject(get("/received?channel=" + channel).body()).getJsonArray("items");
    }

    private JsonObject only(String channel) throws Exception {
        JsonArray items = received(channel);
        assertThat(items).hasSize(1);
        return items.getJsonObject(0);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    private HttpResponse<String> delete(String path) throws Exception {
        return send(request(path).DELETE());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + providers.httpPort() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(10));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
