package dev.carillon.delivery.channel.telegram;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.Secret;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How Telegram is reached. In the environment {@code CARILLON_TELEGRAM_…}. */
@ConfigMapping(prefix = "carillon.telegram")
public interface TelegramSettings {

    /** Where the Bot API is; the operator's word, so a private address is fine. */
    @WithDefault("https://api.telegram.org")
    URI baseUrl();

    /** The token of the bot of every tenant that has none of its own. */
    Optional<Secret<String>> token();

    /** Bots of tenants, by the names that the operator gives them; booking reads more of the same variables. */
    Map<String, BotSettings> bots();

    /** The most that one call may take, dial and answer together. */
    @WithDefault("PT10S")
    Duration timeout();

    /** The most connections that a bot has to the Bot API; further calls wait, within their timeout. */
    @WithDefault("32")
    int poolSize();

    /** One bot. */
    interface BotSettings {
        /** As BotFather gave it. Set together with the tenant, or not at all. */
        Optional<Secret<String>> token();

        /** Whose messages go by it. */
        Optional<String> tenant();
    }
}
