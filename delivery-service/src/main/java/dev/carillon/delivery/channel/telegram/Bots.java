package dev.carillon.delivery.channel.telegram;

import dev.carillon.delivery.channel.telegram.TelegramSettings.BotSettings;
import io.smallrye.config.Secret;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The bots of the settings, as their tokens: one that all tenants share, and those of tenants that have their own. */
final class Bots {
    // As booking has it: both are to take, or to refuse, the same one.
    private static final Pattern TOKEN = Pattern.compile("([0-9]{1,18}):[A-Za-z0-9_-]{1,200}");

    private final @Nullable String shared;
    private final Map<String, String> own;

    /** @throws IllegalArgumentException for a bot that cannot work, or two of one tenant; the message repeats no token */
    Bots(TelegramSettings settings) {
        var ofAll = token("carillon.telegram.token", settings.token());
        var byTenant = byTenant(settings.bots());
        // Who has for its own the bot that all share, shares with them what Telegram allows it.
        ofAll.ifPresent(token -> byTenant.values().removeIf(token::equals));
        this.shared = ofAll.orElse(null);
        this.own = Map.copyOf(byTenant);
    }

    private static Map<String, String> byTenant(Map<String, BotSettings> bots) {
        var tokens = new HashMap<String, String>();
        var ids = new HashSet<String>();
        bots.forEach((name, bot) -> {
            var prefix = "carillon.telegram.bots." + name;
            token(prefix, bot).ifPresent(token -> {
                var tenant = tenant(bot).orElseThrow(() -> new IllegalArgumentException(prefix + ".tenant is not set"));
                if (tokens.put(tenant, token) != null) {
                    throw new IllegalArgumentException(
                            "Two of carillon.telegram.bots are of the tenant %s: its messages go by one"
                                    .formatted(tenant));
                }
                if (!ids.add(token.substring(0, token.indexOf(':')))) {
                    throw new IllegalArgumentException("Two of carillon.telegram.bots have the same token");
                }
            });
        });
        return tokens;
    }

    /** Empty for a bot of which nothing is set. A tenant without its token would go unnoticed by the bot that all share, which its people never wrote to. */
    private static Optional<String> token(String prefix, BotSettings bot) {
        var token = token(prefix + ".token", bot.token());
        if (token.isEmpty() && tenant(bot).isPresent()) {
            throw new IllegalArgumentException(
                    "%1$s.token is not set, but %1$s.tenant is: set the token of the tenant's bot, or neither"
                            .formatted(prefix));
        }
        return token;
    }

    private static Optional<String> tenant(BotSettings bot) {
        return bot.tenant().map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Optional<String> token(String name, Optional<Secret<String>> given) {
        // A secret that is not set may be present, and empty.
        var token = given.map(Secret::get).map(String::strip).filter(text -> !text.isEmpty());
        if (token.isPresent() && !TOKEN.matcher(token.get()).matches()) {
            throw new IllegalArgumentException("%s is not a bot's token: it must match %s".formatted(name, TOKEN));
        }
        return token;
    }

    /** The token of the tenant's own bot, or else of the one that all share; null without either. */
    @Nullable String tokenFor(String tenant) {
        var its = own.get(tenant);
        return its == null ? shared : its;
    }

    /** Those that have a bot of their own. */
    Set<String> tenants() {
        return own.keySet();
    }

    Set<String> tokens() {
        var all = new HashSet<>(own.values());
        if (shared != null) {
            all.add(shared);
        }
        return all;
    }
}
