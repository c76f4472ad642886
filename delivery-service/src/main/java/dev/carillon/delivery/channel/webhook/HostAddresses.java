package dev.carillon.delivery.channel.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The addresses behind host names. */
interface HostAddresses {

    /**
     * All addresses of a name, in the order in which to try them, at least one.
     *
     * @return fails with {@link UnknownHostException} if there is none
     */
    CompletionStage<List<InetAddress>> of(String host);
}
