package dev.carillon.local.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A look-alike of the Telegram Bot API, as far as Carillon uses it: {@code /bot<token>/<method>} with parameters as JSON, as a form
 * or in the query; answers {@code {"ok":true,"result":…}} and errors in the documented shape.
 */
final class TelegramProvider implements FaultyProvider {

    static final String PREFIX = "/bot";

    private static final int LONGEST_TEXT = 4096;
    private static final int LARGEST_CALLBACK_DATA = 64;
    private static final String STYLE = "parse_mode";
    private static final Pattern STYLES = Pattern.compile("HTML|MarkdownV2|Markdown", Pattern.CASE_INSENSITIVE);
    private static final String SECRET = "secret_token";
    private static final Pattern SECRETS = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final Map<String, List<String>> REQUIRED = Map.of(
            "sendMessage", List.of("chat_id", "text"),
            "editMessageText", List.of("chat_id", "message_id", "text"),
            "answerCallbackQuery", List.of("callback_query_id"),
            "setWebhook", List.of("url"),
            "deleteWebhook", List.of(),
            "getWebhookInfo", List.of(),
            "getMe", List.of());
    private static final Set<String> KEPT =
            Set.of("sendMessage", "editMessageText", "answerCallbackQuery", "setWebhook");

    private final String token;
    private final AtomicLong nextMessageId = new AtomicLong(1);
    private volatile String webhookUrl = "";

    TelegramProvider(String token) {
        this.token = token;
    }

    @Override
    public Channel channel() {
        return Channel.TELEGRAM;
    }

    @Override
    public Optional<Answer> refusal(Request request) {
        int slash = request.path().indexOf('/', PREFIX.length());
        if (slash < 0) {
            return Optional.of(failure(404, "Not Found"));
        }
        if (!request.path().substring(PREFIX.length(), slash).equals(token)) {
            return Optional.of(failure(401, "Unauthorized"));
        }
        List<String> required = REQUIRED.get(methodOf(request));
        if (required == null) {
            return Optional.of(failure(404, "Not Found"));
        }
        return flaw(parameters(request), required).map(flaw -> failure(400, "Bad Request: " + flaw));
    }

    private static Optional<String> flaw(@Nullable JsonObject parameters, List<String> required) {
        if (parameters == null) {
            return Optional.of("can't parse the request");
        }
        for (String name : required) {
            Object value = parameters.getValue(name);
            if (value == null || value.toString().isEmpty()) {
                return Optional.of(
                        switch (name) {
                            case "text" -> "message text is empty";
                            case "chat_id" -> "chat_id is empty";
                            case "message_id" -> "message identifier is not specified";
                            case "callback_query_id" ->
                                "query is too old and response timeout expired or query ID is invalid";
                            default -> name + " is empty";
                        });
            }
        }
        if (String.valueOf(parameters.getValue("text", "")).length() > LONGEST_TEXT) {
            return Optional.of("message is too long");
        }
        if (parameters.containsKey(STYLE)
                && !STYLES.matcher(String.valueOf(parameters.getValue(STYLE))).matches()) {
            return Optional.of("unsupported parse_mode");
        }
        if (parameters.containsKey(SECRET)
                && !SECRETS.matcher(String.valueOf(parameters.getValue(SECRET))).matches()) {
            return Optional.of("secret token contains unallowed characters");
        }
        return buttons(parameters).allMatch(TelegramProvider::canBePressed)
                ? Optional.empty()
                : Optional.of("BUTTON_DATA_INVALID");
    }

    /** Those of an inline keyboard. */
    private static Stream<JsonObject> buttons(JsonObject parameters) {
        return parameters.getValue("reply_markup") instanceof JsonObject markup
                        && markup.getValue("inline_keyboard") instanceof JsonArray rows
                ? rows.stream()
                        .filter(JsonArray.class::isInstance)
                        .flatMap(row -> ((JsonArray) row).stream())
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                : Stream.empty();
    }

    private static boolean canBePressed(JsonObject button) {
        return !(button.getValue("callback_data") instanceof String data)
                || data.getBytes(UTF_8).length <= LARGEST_CALLBACK_DATA && !data.isEmpty();
    }

    @Override
    public JsonObject details(Request request) {
        JsonObject parameters = parametersOf(request);
        boolean secret = parameters.containsKey(SECRET);
        if (secret) {
            parameters.put(SECRET, "<secret>");
        }
        var details = new JsonObject()
                .put("method", methodOf(request))
                // The token is a password: it is not shown again.
                .put("path", PREFIX + "<token>/" + methodOf(request))
                .put("headers", request.headersAsJson())
                // Nor is what the bot's webhook is shown.
                .put("body", secret ? parameters.encode() : request.text())
                .put("parameters", parameters);
        if (parameters.containsKey("chat_id")) {
            details.put("chatId", parameters.getValue("chat_id").toString());
        }
        if (parameters.containsKey("text")) {
            details.put("text", parameters.getValue("text").toString());
        }
        return details;
    }

    /** Questions about the bot are no messages. */
    static boolean isKept(Request request) {
        return KEPT.contains(methodOf(request));
    }

    @Override
    public Answer acceptance(Request request) {
        JsonObject parameters = parametersOf(request);
        return switch (methodOf(request)) {
            case "sendMessage" -> success(message(nextMessageId.getAndIncrement(), parameters, request));
            case "editMessageText" ->
                success(message(longOf(parameters.getValue("message_id")), parameters, request)
                        .put("edit_date", request.receivedAt().getEpochSecond()));
            case "setWebhook" -> setWebhook(parameters.getValue("url").toString());
            case "deleteWebhook" -> setWebhook("");
            case "getWebhookInfo" ->
                success(new JsonObject()
                        .put("url", webhookUrl)
                        .put("has_custom_certificate", false)
                        .put("pending_update_count", 0));
            case "getMe" -> success(bot());
            default -> success(true);
        };
    }

    private Answer setWebhook(String url) {
        webhookUrl = url;
        return success(true);
    }

    private static JsonObject message(long id, JsonObject parameters, Request request) {
        Object chatId = parameters.getValue("chat_id");
        var chat = new JsonObject()
                .put("id", chatId instanceof Number ? chatId : longOf(chatId))
                .put("type", "private");
        return new JsonObject()
                .put("message_id", id)
                .put("from", bot())
                .put("chat", chat)
                .put("date", request.receivedAt().getEpochSecond())
                .put("text", parameters.getValue("text"));
    }

    private static JsonObject bot() {
        return new JsonObject()
                .put("id", 1)
                .put("is_bot", true)
                .put("first_name", "Carillon local")
                .put("username", "carillon_local_bot");
    }

    @Override
    public Answer error(Fault fault) {
        int status = fault.statusOr(500);
        return failure(
                status,
                switch (status) {
                    case 400 -> "Bad Request: chat not found";
                    case 401 -> "Unauthorized";
                    case 403 -> "Forbidden: bot was blocked by the user";
                    case 502 -> "Bad Gateway";
                    default -> "Internal Server Error";
                });
    }

    @Override
    public Answer rateLimit(Fault fault) {
        long seconds = fault.retryAfterSeconds();
        int status = fault.statusOr(429);
        var body = new JsonObject()
                .put("ok", false)
                .put("error_code", status)
                .put("description", "Too Many Requests: retry after " + seconds)
                .put("parameters", new JsonObject().put("retry_after", seconds));
        return Answer.json(status, body).with("Retry-After", Long.toString(seconds));
    }

    private static Answer success(Object result) {
        return Answer.json(200, new JsonObject().put("ok", true).put("result", result));
    }

    private static Answer failure(int status, String description) {
        return Answer.json(
                status,
                new JsonObject().put("ok", false).put("error_code", status).put("description", description));
    }

    private static String methodOf(Request request) {
        return request.path().substring(request.path().lastIndexOf('/') + 1);
    }

    private static JsonObject parametersOf(Request request) {
        JsonObject parameters = parameters(request);
        return parameters == null ? new JsonObject() : parameters;
    }

    private static @Nullable JsonObject parameters(Request request) {
        var parameters = new JsonObject();
        request.query().forEach(entry -> parameters.put(entry.getKey(), entry.getValue()));
        String type = Optional.ofNullable(request.headers().get(HttpHeaders.CONTENT_TYPE))
                .orElse("");
        if (type.startsWith("application/x-www-form-urlencoded")) {
            new QueryStringDecoder(request.text(), false)
                    .parameters()
                    .forEach((name, values) -> parameters.put(name, values.getFirst()));
        } else if (request.body().length() > 0) {
            try {
                parameters.mergeIn(request.json());
            } catch (BadRequest e) {
                return null;
            }
        }
        return parameters;
    }

    private static long longOf(@Nullable Object value) {
        try {
            return value == null ? 0 : Long.parseLong(value.toString());
        } catch (NumberFormatException e) {
            // A channel's @name stands where a number would; its real id is not known here.
            return 0;
        }
    }
}
