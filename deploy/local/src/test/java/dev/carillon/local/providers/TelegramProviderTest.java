package dev.carillon.local.providers;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(WithProviders.class)
class TelegramProviderTest {

    private final RunningProviders providers;

    TelegramProviderTest(RunningProviders providers) {
        this.providers = providers;
    }

    @Test
    void telegram_answers_as_the_bot_api_does() throws Exception {
        HttpResponse<String> answer =
                providers.post(RunningProviders.TELEGRAM, "{\"chat_id\":42,\"text\":\"at nine\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonObject message = new JsonObject(answer.body()).getJsonObject("result");
        assertThat(message.getLong("message_id")).isPositive();
        assertThat(message.getJsonObject("chat").getLong("id")).isEqualTo(42);
        assertThat(providers.only("telegram").getString("chatId")).isEqualTo("42");
        assertThat(providers.only("telegram").getString("text")).isEqualTo("at nine");
        assertThat(providers.only("telegram").encode()).doesNotContain(RunningProviders.TOKEN);
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
        HttpResponse<String> answer = providers.post(path, body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(new JsonObject(answer.body()))
                .isEqualTo(new JsonObject()
                        .put("ok", false)
                        .put("error_code", status)
                        .put("description", description));
        assertThat(providers.received("telegram")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HTML", "MarkdownV2", "Markdown", "html"})
    void telegram_takes_a_text_in_each_of_its_styles(String style) throws Exception {
        providers.post(RunningProviders.TELEGRAM, "{\"chat_id\":42,\"text\":\"x\",\"parse_mode\":\"" + style + "\"}");

        assertThat(providers.only("telegram").getJsonObject("parameters").getString("parse_mode"))
                .isEqualTo(style);
    }

    @Test
    void telegram_knows_the_other_methods_and_takes_forms() throws Exception {
        assertThat(providers
                        .post("/bot" + RunningProviders.TOKEN + "/setWebhook?url=https://example.org/bot", "")
                        .body())
                .contains("true");
        assertThat(providers
                        .get("/bot" + RunningProviders.TOKEN + "/getWebhookInfo")
                        .body())
                .contains("https://example.org/bot");
        assertThat(providers
                        .post("/bot" + RunningProviders.TOKEN + "/answerCallbackQuery", "{\"callback_query_id\":\"1\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(providers
                        .post(
                                "/bot" + RunningProviders.TOKEN + "/editMessageText",
                                "{\"chat_id\":1,\"message_id\":7,\"text\":\"new\"}")
                        .body())
                .contains("\"message_id\":7");
        providers.post(
                "/bot" + RunningProviders.TOKEN + "/setWebhook",
                "{\"url\":\"https://example.org/bot\",\"secret_token\":\"a-secret\"}");
        assertThat(providers.received("telegram").encode())
                .contains("secret_token")
                .doesNotContain("a-secret");
        var form = providers
                .request(RunningProviders.TELEGRAM)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("chat_id=42&text=at+nine"));
        assertThat(providers.send(form).body()).contains("at nine");
    }
}
