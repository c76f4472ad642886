package dev.carillon.scheduler.message;

import java.net.URI;
import java.util.UUID;

/** To whom, by which channel. */
public sealed interface Recipient {
    record Email(String address) implements Recipient {}

    record Telegram(String chatId) implements Recipient {}

    record Webhook(URI url) implements Recipient {}

    /** One that delivery has registered; whether it still has is found out at the attempt. */
    record Endpoint(UUID id) implements Recipient {}

    /** The channel's name on the wire. */
    default String channel() {
        return switch (this) {
            case Email ignored -> "email";
            case Telegram ignored -> "telegram";
            case Webhook ignored -> "webhook";
            case Endpoint ignored -> "webhook";
        };
    }
}
