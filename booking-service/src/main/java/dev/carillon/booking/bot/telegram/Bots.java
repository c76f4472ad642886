package dev.carillon.booking.bot.telegram;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.booking.bot.Bot;
import dev.carillon.booking.bot.telegram.TelegramSettings.BotSettings;
import io.smallrye.config.Secret;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The bots of the settings. The service does not start with one that cannot work. */
@Singleton
public class Bots {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,50}");
    private static final Pattern TOKEN = Pattern.compile("([0-9]{1,18}):[A-Za-z0-9_-]{1,200}");
    // Of what Telegram takes (Bot API, setWebhook); what is shorter could be guessed.
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{16,256}");

    private final List<Known> all;

    /** @throws IllegalArgumentException for a bot that cannot work; the message repeats no secret */
    public Bots(TelegramSettings settings) {
        this.all = settings.bots().entrySet().stream()
                // A secret that is not set may be present, and empty.
                .filter(one -> secret(one.getValue().token()) != null
                        || secret(one.getValue().secretToken()) != null)
                .map(Bots::known)
                .toList();
        distinct("token", all.stream().map(one -> one.bot.id()).toList());
        distinct("secret-token", all.stream().map(Known::secret).toList());
    }

    /** With its secrets, which its text leaves out. */
    private record Known(Bot bot, String token, String secret) {
        @Override
        public String toString() {
            return bot.toString();
        }
    }

    private static Known known(Map.Entry<String, BotSettings> given) {
        var name = given.getKey();
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "carillon.telegram.bots.%s: a bot's name takes a-z, 0-9 and -".formatted(name));
        }
        var settings = given.getValue();
        var token = matching(name, "token", TOKEN, secret(settings.token()));
        var secret = matching(name, "secret-token", SECRET, secret(settings.secretToken()));
        var tenant = settings.tenant()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() ->
                        new IllegalArgumentException("carillon.telegram.bots.%s.tenant is not set".formatted(name)));
        long id = Long.parseLong(token.substring(0, token.indexOf(':')));
        return new Known(new Bot(name, id, tenant, settings.resources().orElse(List.of())), token, secret);
    }

    private static @Nullable String secret(Optional<Secret<String>> given) {
        return given.map(Secret::get).map(String::strip).orElse(null);
    }

    private static String matching(String bot, String what, Pattern pattern, @Nullable String text) {
        if (text == null || !pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("carillon.telegram.bots.%s.%s %s"
                    .formatted(bot, what, text == null ? "is not set" : "must match " + pattern));
        }
        return text;
    }

    private static void distinct(String what, List<?> values) {
        if (new HashSet<>(values).size() != values.size()) {
            throw new IllegalArgumentException("Two of carillon.telegram.bots have the same " + what);
        }
    }

    /** The one whose secret this is. As long as any that is none takes the same time, whatever it has in common with one. */
    public Optional<Bot> withSecret(@Nullable String presented) {
        if (presented == null) {
            return Optional.empty();
        }
        var bytes = presented.getBytes(UTF_8);
        Bot found = null;
        for (var one : all) {
            if (MessageDigest.isEqual(one.secret.getBytes(UTF_8), bytes)) {
                found = one.bot;
            }
        }
        return Optional.ofNullable(found);
    }

    public Optional<Bot> named(String tenant, String name) {
        return all.stream()
                .map(Known::bot)
                .filter(bot -> bot.name().equals(name) && bot.tenant().equals(tenant))
                .findFirst();
    }

    /** Whether there still is such a bot. */
    boolean has(long id) {
        return all.stream().anyMatch(one -> one.bot.id() == id);
    }

    /** For the one client that speaks as a bot. */
    String token(long id) {
        return find(id).token;
    }

    /** For Telegram alone. */
    public String secretOf(Bot bot) {
        return find(bot.id()).secret;
    }

    private Known find(long id) {
        return all.stream()
                .filter(one -> one.bot.id() == id)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such bot: " + id));
    }
}
