package dev.carillon.delivery.channel.telegram;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.Secret;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How Telegram is reached. */
@ConfigMapping(prefix = "carillon.telegram")
public interface TelegramSettings {

    /** Where the Bot API is; the operator's word, so a private address is fine. */
    @WithDefault("https://api.telegram.org")
    URI baseUrl();

    /** The token of the bot of every tenant that has none of its own. What goes to Telegram for a tenant without either fails as {@code not-configured}. */
    Optional<Secret<String>> token();

    /**
     * A tenant's own bot, {@code <bot>} being the name that you give it; booking reads the same variables, and more of them. The service does not start with a
     * token that cannot be one, two bots of one tenant, or two with one token.
     */
    Map<String, BotSettings> bots();

    /** The most that one call may take, dial and answer together. */
    @WithDefault("PT10S")
    Duration timeout();

    /** The most connections that a bot has to the Bot API; further calls wait, within their timeout. */
    @WithDefault("32")
    int poolSize();

    /** One bot. */
    interface BotSettings {
        /** As BotFather gave it. Set together with the tenant, or the service does not start. */
        Optional<Secret<String>> token();

        /** The tenant whose messages go by it. */
        Optional<String> tenant();
    }
}
