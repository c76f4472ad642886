package dev.carillon.delivery.channel.telegram;

import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.RetryAfter;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an answer of the Bot API means.
 *
 * <p>400 and 403 are about this message or this chat (no such chat, the bot was blocked, the text is too long) and stay
 * as they are. 401 and 404 say that the token is wrong: nothing is the matter with the message, and it is tried again in
 * the hope that the operator corrects the token, rather than lost for somebody else's mistake.
 */
final class TelegramVerdict {

    private TelegramVerdict() {}

    /** @param body the answer's body, already without anything that must not be shown */
    static ProviderAnswer of(int status, String body) {
        JsonObject answer = object(body);
        if (answer == null) {
            return unreadable(status, body);
        }
        if (status == 200 && Boolean.TRUE.equals(answer.getValue("ok"))) {
            return new Delivered(status, messageId(answer), body);
        }
        String description = answer.getValue("description") instanceof String said ? said : "no description";
        return refusal(code(answer, status), description, parameter(answer, "retry_after"), body);
    }

    private static ProviderAnswer refusal(int code, String description, @Nullable Number retryAfter, String body) {
        String error = "Telegram answered " + code + ": " + description;
        return switch (code) {
            case 429 -> {
                Duration wait = retryAfter == null ? null : RetryAfter.ofSeconds(retryAfter.longValue());
                yield new Transient(code, Reason.RATE_LIMITED, error, body, wait, false);
            }
            case 401, 404 -> new Transient(code, Reason.CREDENTIALS_REFUSED, error, body, null, false);
            default ->
                code >= 400 && code < 500
                        ? new Permanent(code, Reason.REJECTED, error, body)
                        : new Transient(code, Reason.PROVIDER_FAILED, error, body, null, false);
        };
    }

    /** Not the Bot API's JSON: something between it and us spoke. Only a 2xx leaves open whether the message went out. */
    private static ProviderAnswer unreadable(int status, String body) {
        boolean accepted = status >= 200 && status < 300;
        return new Transient(
                status,
                accepted ? Reason.UNREADABLE_ANSWER : Reason.PROVIDER_FAILED,
                "Telegram answered " + status + " without readable JSON",
                body,
                null,
                accepted);
    }

    private static @Nullable JsonObject object(String body) {
        try {
            return Json.decodeValue(body) instanceof JsonObject object ? object : null;
        } catch (DecodeException e) {
            return null;
        }
    }

    private static @Nullable String messageId(JsonObject answer) {
        return answer.getValue("result") instanceof JsonObject result
                        && result.getValue("message_id") instanceof Number id
                ? id.toString()
                : null;
    }

    private static int code(JsonObject answer, int status) {
        return answer.getValue("error_code") instanceof Number code ? code.intValue() : status;
    }

    private static @Nullable Number parameter(JsonObject answer, String name) {
        return answer.getValue("parameters") instanceof JsonObject parameters
                        && parameters.getValue(name) instanceof Number number
                ? number
                : null;
    }
}
