package dev.carillon.delivery.channel.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** The addresses behind host names. */
interface HostAddresses {

    /**
     * A question for a name.
     *
     * @param addresses all of the name, in the order in which to try them, at least one; fails with
     *     {@link UnknownHostException} if there is none, and with {@link RejectedExecutionException} if so many questions
     *     of the tenant wait that this one is not asked
     * @param underWay for how long the name servers have been asked; zero while the question waits for others
     */
    record Lookup(CompletionStage<List<InetAddress>> addresses, Supplier<Duration> underWay) {}

    /** @param tenant on whose account it is asked */
    Lookup of(String tenant, String host);
}
