package dev.carillon.delivery.containment;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a scope is about.
 *
 * @param channel of deliveries
 * @param tenant whose receiver it is, or whose own account at the provider; null for what tenants share
 * @param name of the provider, the host with its port, the address without its query, or the chat
 */
public record ScopeName(Kind kind, String channel, @Nullable String tenant, String name) {
    /** From the widest to the narrowest. */
    public enum Kind {
        /** All calls of a channel, to whomever. */
        CHANNEL,
        /** The provider of a channel: one that tenants share, or a Telegram bot of one tenant's own. */
        PROVIDER,
        /** One host and port of webhook receivers, of one tenant: is anybody there at all, and do most of its addresses work? */
        HOST,
        /** One address of webhooks, of one tenant. */
        ENDPOINT,
        /** One chat of a Telegram bot. */
        CHAT,
        /** One group of a Telegram bot, which takes less than a chat. */
        GROUP;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether each call asks one such scope, and no other that is as wide: those of a channel together count all its calls. */
    public boolean isWidest() {
        return kind == Kind.CHANNEL || kind == Kind.PROVIDER;
    }

    /** Whether what asks {@code other} asks this one, too, the widest. */
    boolean covers(ScopeName other) {
        return channel.equals(other.channel) && (kind == Kind.CHANNEL || Objects.equals(tenant, other.tenant));
    }
}
