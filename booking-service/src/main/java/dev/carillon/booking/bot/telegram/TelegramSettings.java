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

/** The bots, and how Telegram is reached. */
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

    /** How long it is tried to say something while Telegram is away; afterwards it is dropped, and counted. */
    @WithDefault("PT1H")
    Duration answerPatience();

    /** How long an update is known to have been taken; longer than Telegram brings one again, which is a day at most. */
    @WithDefault("P2D")
    Duration updateRetention();

    /**
     * A bot, {@code <bot>} being the name that you give it. Without token and secret token it is left out; the service does not start with one of the two that
     * cannot be one, or with two bots that have the same. Give delivery the same variables, and it sends the tenant's messages by this bot.
     */
    Map<String, BotSettings> bots();

    /** One bot. */
    interface BotSettings {
        /** As BotFather gave it. */
        Optional<Secret<String>> token();

        /** What Telegram shows at the webhook, in {@code X-Telegram-Bot-Api-Secret-Token}: 16 to 256 of {@code A-Z a-z 0-9 _ -}, another one for each bot. */
        Optional<Secret<String>> secretToken();

        /** The tenant whose resources it books. */
        Optional<String> tenant();

        /** The ids of the resources that it offers, in this order; by default all of the tenant's. */
        Optional<List<UUID>> resources();
    }
}
