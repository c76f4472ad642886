package dev.carillon.delivery.containment;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a scope is about.
 *
 * @param channel of deliveries
 * @param tenant whose receiver it is; null for what all tenants share
 * @param name of the provider, the host with its port, the address without its query, or the chat
 */
public record ScopeName(Kind kind, String channel, @Nullable String tenant, String name) {
    /** From the widest to the narrowest. */
    public enum Kind {
        /** All calls of a channel, to whomever. */
        CHANNEL,
        /** The one provider of a channel. */
        PROVIDER,
        /** One host and port of webhook receivers, of one tenant: is anybody there at all? */
        HOST,
        /** One address of webhooks, of one tenant. */
        ENDPOINT,
        /** One chat of Telegram. */
        CHAT,
        /** One group of Telegram, which takes less than a chat. */
        GROUP;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
