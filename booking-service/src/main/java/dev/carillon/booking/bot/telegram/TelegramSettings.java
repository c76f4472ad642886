package dev.carillon.booking.bot.telegram;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.Secret;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The bots, and how Telegram is reached. In the environment {@code CARILLON_TELEGRAM_…}. */
@ConfigMapping(prefix = "carillon.telegram")
public interface TelegramSettings {
    /** Where the Bot API is; the operator's word, so a private address is fine. */
    @WithDefault("https://api.telegram.org")
    URI baseUrl();

    /** The most that one call may take, dial and answer together. */
    @WithDefault("PT5S")
    Duration timeout();

    /** The most connections to the Bot API; further calls wait, within their timeout. */
    @WithDefault("32")
    int poolSize();

    /** How long a conversation lasts after its latest screen. */
    @WithDefault("PT30M")
    Duration conversation();

    /** How long it is tried to say something; afterwards it is dropped, and counted. */
    @WithDefault("PT1H")
    Duration answerPatience();

    /** How long an update is known to have been taken. Telegram keeps those that it could not bring for a day at most. */
    @WithDefault("P2D")
    Duration updateRetention();

    /** By the names that the operator gives them. */
    Map<String, BotSettings> bots();

    /** One bot. */
    interface BotSettings {
        /** As BotFather gave it. Without token and secret token the bot is left out. */
        Optional<Secret<String>> token();

        /** What Telegram shows in {@code X-Telegram-Bot-Api-Secret-Token}; another one for each bot. */
        Optional<Secret<String>> secretToken();

        /** Whose resources it books. */
        Optional<String> tenant();

        /** What it offers, in this order; by default all of the tenant's. */
        Optional<List<UUID>> resources();
    }
}
