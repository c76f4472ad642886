package dev.carillon.delivery.channel.telegram;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.Secret;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How Telegram is reached. In the environment {@code CARILLON_TELEGRAM_…}. */
@ConfigMapping(prefix = "carillon.telegram")
public interface TelegramSettings {

    /** Where the Bot API is; the operator's word, so a private address is fine. */
    @WithDefault("https://api.telegram.org")
    URI baseUrl();

    /** The bot's token. Without it nothing goes to Telegram. */
    Optional<Secret<String>> token();

    /** The most that one call may take, dial and answer together. */
    @WithDefault("PT10S")
    Duration timeout();

    /** The most connections to the Bot API; further calls wait, within their timeout. */
    @WithDefault("32")
    int poolSize();
}
