package dev.carillon.delivery.channel.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** The addresses behind host names. */
interface HostAddresses {

    /**
     * A question for a name.
     *
     * @param addresses all of the name, in the order in which to try them, at least one; fails with
     *     {@link UnknownHostException} if there is none or the name servers hang, and with
     *     {@link RejectedExecutionException} if so many other questions wait that this one is not asked
     * @param waited for how long it has waited for others: until the name servers were asked, or until now
     * @param leave for whoever wants no answer any more; when all have left, a question that waits is not asked
     */
    record Lookup(CompletionStage<List<InetAddress>> addresses, Supplier<Duration> waited, Runnable leave) {

        /** One that nobody needs to be asked. */
        static Lookup known(List<InetAddress> addresses) {
            return atOnce(CompletableFuture.completedFuture(addresses));
        }

        static Lookup failed(Throwable why) {
            return atOnce(CompletableFuture.failedFuture(why));
        }

        private static Lookup atOnce(CompletionStage<List<InetAddress>> answer) {
            return new Lookup(answer, () -> Duration.ZERO, () -> {});
        }
    }

    /**
     * @param tenant on whose account it is asked
     * @param patience for how long it may wait for others; one that would wait for longer is refused at once
     */
    Lookup of(String tenant, String host, Duration patience);
}
