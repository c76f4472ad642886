package dev.carillon.delivery.channel;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a message goes. Not yet checked: what cannot be reached by its form alone is answered as permanent. */
public sealed interface Destination {

    /** How many characters what it is found by has at most: a URL may be the longest. */
    int LONGEST = 2_048;

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

    /** A plain address, signed with the tenant's secret, which is derived from the installation's. */
    record WebhookUrl(URI url) implements Destination {
        @Override
        public String channel() {
            return WEBHOOK;
        }
    }

    /**
     * A registered address with secrets of its own.
     *
     * @param target what the registry has under this id; null before it was asked, and when it has nothing there
     */
    record WebhookEndpoint(UUID id, @Nullable Target target) implements Destination {
        @Override
        public String channel() {
            return WEBHOOK;
        }
    }

    /**
     * Where a registered address is.
     *
     * @param secrets each signs, the newest first; none when no key of the settings reads them
     */
    record Target(URI url, List<SigningSecret> secrets) {
        public Target {
            secrets = List.copyOf(secrets);
        }
    }
}
