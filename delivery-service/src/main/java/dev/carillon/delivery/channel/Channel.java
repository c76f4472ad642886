package dev.carillon.delivery.channel;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * A way to reach receivers: e-mail, Telegram, webhooks.
 *
 * <p>Call it on a duplicated Vert.x context of the attempt's own, with the attempt's span as the current one: the provider's
 * call goes into that trace, even if the scope is closed as soon as {@link #send} has returned, and the answer is completed
 * on that context. Calls are independent of each other, and any number may be open at once.
 */
public interface Channel {

    /** The name that a message's destination carries: {@code email}, {@code telegram}, {@code webhook}. */
    String name();

    /** How long one call may take by this channel's settings; what the caller gives as {@link Outbound#timeout()}. */
    Duration timeout();

    /** How many calls of a tenant it makes at once to one {@linkplain #receiver receiver}; more wait for those, within their timeout. */
    default int connections() {
        return 32;
    }

    /**
     * Whom this destination's {@link #connections} go to: equal objects for those that share them. Each destination has its own unless a channel says otherwise, as
     * one does whose calls all go to one provider.
     */
    default Object receiver(Destination destination) {
        return destination;
    }

    /** Tenants whose calls it makes under an account of their own, which its provider limits by itself; all others share one. */
    default Set<String> tenantsApart() {
        return Set.of();
    }

    /**
     * Makes ready what the next call to this destination will need, such as a connection, so that the call can be sent at once. It begins in a moment; until then nothing of it
     * is sent. Returns at once, and tells nothing: what fails here, the call finds out by itself. Called for many calls at a time, for most of which
     * nothing is to be done. Does nothing unless a channel has something to make ready.
     *
     * @param tenant whose call it will be
     */
    default void prepare(String tenant, Destination destination) {}

    /**
     * Makes one call to the provider. Repeating a call is safe as far as the provider honours the idempotency key, which
     * is the same for every attempt at one message.
     *
     * @return completes within {@link Outbound#timeout()}, normally with whatever the provider or the network did;
     *     exceptionally for a bug or a channel that was closed, never for a provider's failure
     * @throws IllegalArgumentException if the destination belongs to another channel
     */
    CompletionStage<ProviderAnswer> send(Outbound outbound);
}
