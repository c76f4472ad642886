package dev.carillon.delivery.channel.webhook;

import dev.carillon.delivery.channel.webhook.HostAddresses.Lookup;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a look-up came to.
 *
 * @param failure why there are no addresses; null if there are
 */
record HostAnswer(List<InetAddress> addresses, @Nullable Throwable failure) {

    static HostAnswer of(List<InetAddress> addresses) {
        return new HostAnswer(addresses, null);
    }

    static HostAnswer none(Throwable why) {
        return new HostAnswer(List.of(), why);
    }

    /** Whether it is the resolver's word about the name, and no bug or end of ours. */
    boolean isAboutTheName() {
        return failure == null || failure instanceof UnknownHostException;
    }

    Lookup known() {
        return failure == null ? Lookup.known(addresses) : Lookup.failed(failure);
    }

    void tell(CompletableFuture<List<InetAddress>> waiter) {
        if (failure == null) {
            waiter.complete(addresses);
        } else {
            waiter.completeExceptionally(failure);
        }
    }
}
