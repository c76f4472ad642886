package dev.carillon.scheduler.message;

import java.net.URI;

/** To whom, by which channel. */
public sealed interface Recipient {
    record Email(String address) implements Recipient {}

    record Telegram(String chatId) implements Recipient {}

    record Webhook(URI url) implements Recipient {}

    /** The channel's name on the wire. */
    default String channel() {
        return switch (this) {
            case Email ignored -> "email";
            case Telegram ignored -> "telegram";
            case Webhook ignored -> "webhook";
        };
    }
}
