package dev.carillon.booking.bot.usecase;

import dev.carillon.booking.bot.Bot;
import dev.carillon.booking.bot.telegram.ApiAnswer;
import dev.carillon.booking.bot.telegram.ApiCalls;
import dev.carillon.booking.bot.telegram.BotApi;
import dev.carillon.booking.bot.telegram.Bots;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;

/** Tells Telegram where a bot's updates go, and what it has to show there. Done twice it is the same. */
@ApplicationScoped
public class SetWebhook {
    private final Bots bots;
    private final BotApi api;

    SetWebhook(Bots bots, BotApi api) {
        this.bots = bots;
        this.api = api;
    }

    public Uni<ApiAnswer> set(Bot bot, URI url) {
        var call = ApiCalls.webhook(url, bots.secretOf(bot));
        return api.call(bot.id(), call.method(), call.body());
    }
}
