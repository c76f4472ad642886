package dev.carillon.delivery.channel.wiring;

import dev.carillon.delivery.channel.Channels;
import dev.carillon.delivery.channel.email.EmailChannel;
import dev.carillon.delivery.channel.email.SmtpSettings;
import dev.carillon.delivery.channel.telegram.TelegramChannel;
import dev.carillon.delivery.channel.telegram.TelegramSettings;
import dev.carillon.delivery.channel.webhook.WebhookChannel;
import dev.carillon.delivery.channel.webhook.WebhookSettings;
import dev.carillon.kit.http.RefusedDestinations;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;

/** All channels, made once; closed with the application. */
@Singleton
public class ChannelBeans {

    private final EmailChannel email;
    private final TelegramChannel telegram;
    private final WebhookChannel webhook;

    ChannelBeans(
            Vertx vertx,
            SmtpSettings smtp,
            TelegramSettings bot,
            WebhookSettings webhooks,
            RefusedDestinations refusals) {
        email = new EmailChannel(vertx, smtp);
        telegram = new TelegramChannel(vertx, bot);
        // The system's clock, whatever clock the domain has: receivers compare webhook-timestamp with the world's time.
        webhook = new WebhookChannel(vertx, webhooks, InstantSource.system(), refusals);
    }

    @Produces
    @Singleton
    Channels channels() {
        return new Channels(List.of(email, telegram, webhook));
    }

    /** By itself for what is asked about addresses before anything is sent to them. */
    @Produces
    @Singleton
    WebhookChannel webhook() {
        return webhook;
    }

    @PreDestroy
    void close() {
        email.close();
        telegram.close();
        webhook.close();
    }
}
