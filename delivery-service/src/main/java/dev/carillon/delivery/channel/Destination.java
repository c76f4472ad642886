package dev.carillon.delivery.channel;

import java.net.URI;

/** Where a message goes. Not yet checked: what cannot be reached by its form alone is answered as permanent. */
public sealed interface Destination {

    String EMAIL = "email";
    String TELEGRAM = "telegram";
    String WEBHOOK = "webhook";

    /** The {@link Channel#name() name} of the channel that reaches it. */
    String channel();

    /** A mailbox, without a display name. */
    record Email(String address) implements Destination {
        @Override
        public String channel() {
            return EMAIL;
        }
    }

    /** A chat's number or a channel's {@code @name}. */
    record Telegram(String chatId) implements Destination {
        @Override
        public String channel() {
            return TELEGRAM;
        }
    }

    /** A plain address, signed with the installation's own secret. */
    record WebhookUrl(URI url) implements Destination {
        @Override
        public String channel() {
            return WEBHOOK;
        }
    }
}
