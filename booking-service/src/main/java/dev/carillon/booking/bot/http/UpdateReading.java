package dev.carillon.booking.bot.http;

import dev.carillon.booking.bot.Conversation;
import dev.carillon.booking.bot.Heard;
import dev.carillon.booking.bot.Update;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads an Update of the Bot API, of which it takes what it needs and no more. */
final class UpdateReading {
    private static final Pattern COMMAND =
            Pattern.compile("/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]{1,64})?(?:\\s.*)?", Pattern.DOTALL);
    private static final int LONGEST_LANGUAGE = 35; // RFC 5646, section 4.4.1
    private static final int LONGEST_QUERY = 256;

    private UpdateReading() {}

    /**
     * Empty for what is nothing for the bot: another kind of update, one that is not from a person in a private chat.
     *
     * @throws ProblemException 400 or 422 for what is no update
     */
    static Optional<Update> read(@Nullable String body) {
        var update = object(body);
        if (!(update.getValue("update_id") instanceof Number id)) {
            var faults = new Faults();
            faults.add("/update_id", "is required, a number");
            throw faults.asProblem();
        }
        if (update.getValue("message") instanceof JsonObject message) {
            return message(id.longValue(), message);
        }
        if (update.getValue("callback_query") instanceof JsonObject query) {
            return press(id.longValue(), query);
        }
        return Optional.empty();
    }

    private static JsonObject object(@Nullable String body) {
        try {
            if (body != null && Json.decodeValue(body) instanceof JsonObject object) {
                return object;
            }
        } catch (DecodeException noJson) {
            throw new ProblemException(
                    Problem.of(400, "malformed-json", "The body is not JSON", "Send one Update of the Bot API"));
        }
        throw new ProblemException(
                Problem.of(400, "malformed-json", "The body is no JSON object", "Send one Update of the Bot API"));
    }

    private static Optional<Update> message(long id, JsonObject message) {
        return of(id, message.getValue("chat"), message.getValue("from"), heard(message.getValue("text")));
    }

    private static Optional<Update> press(long id, JsonObject query) {
        if (query.getValue("message") instanceof JsonObject message
                && message.getValue("message_id") instanceof Number messageId
                && query.getValue("id") instanceof String queryId
                && queryId.length() <= LONGEST_QUERY) {
            var data = query.getValue("data") instanceof String given ? given : "";
            return of(
                    id,
                    message.getValue("chat"),
                    query.getValue("from"),
                    new Heard.Pressed(data, queryId, messageId.longValue()));
        }
        return Optional.empty();
    }

    /** A private chat has the number of the person in it: nobody else speaks there. */
    private static Optional<Update> of(long id, @Nullable Object chat, @Nullable Object from, Heard heard) {
        if (chat instanceof JsonObject place
                && from instanceof JsonObject person
                && "private".equals(place.getValue("type"))
                && place.getValue("id") instanceof Number number
                && person.getValue("id") instanceof Number own
                && number.longValue() == own.longValue()
                && !Boolean.TRUE.equals(person.getValue("is_bot"))) {
            return Optional.of(
                    new Update(id, Long.toString(number.longValue()), name(person), language(person), heard));
        }
        return Optional.empty();
    }

    private static Heard heard(@Nullable Object text) {
        if (!(text instanceof String said)) {
            return new Heard.Other();
        }
        var command = COMMAND.matcher(said);
        return command.matches() ? new Heard.Command(command.group(1).toLowerCase(Locale.ROOT)) : new Heard.Said(said);
    }

    private static String name(JsonObject person) {
        var name = Stream.of("first_name", "last_name")
                .map(person::getValue)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .collect(Collectors.joining(" "));
        return Conversation.cleaned(name).orElse("");
    }

    private static @Nullable String language(JsonObject person) {
        if (!(person.getValue("language_code") instanceof String tag)
                || tag.isEmpty()
                || tag.length() > LONGEST_LANGUAGE) {
            return null;
        }
        try {
            return new Locale.Builder().setLanguageTag(tag).build().toLanguageTag();
        } catch (IllformedLocaleException none) {
            return null;
        }
    }
}
