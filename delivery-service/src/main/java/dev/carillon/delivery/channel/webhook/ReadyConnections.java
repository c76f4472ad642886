package dev.carillon.delivery.channel.webhook;

import dev.carillon.delivery.channel.http.CallContext;
import dev.carillon.delivery.channel.http.HttpPost;
import dev.carillon.delivery.channel.webhook.ConnectionTurns.Turn;
import dev.carillon.delivery.channel.webhook.HostAddresses.Lookup;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.impl.HttpClientConnection;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sees to it that an idle connection to a host stands before it is called: looks up the name, checks the addresses, connects to the first that answers, and leaves the
 * connection to whoever calls. Nothing is sent but what it takes to connect, and nothing is told of what fails: the call does all of it again. One connection to
 * a host at a time, and none while one was used of late. Thread-safe.
 */
final class ReadyConnections {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int REMEMBERED = 10_000;
    private static final int TRIES = 4;

    private final Vertx vertx;
    private final HttpClient client;
    private final WebhookTargets targets;
    private final long idleNanos;
    // By host, when a connection to it was last seen idle or begun.
    private final Map<String, Long> seen = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Asks for a name on the account of whoever is called. */
    @FunctionalInterface
    interface Names {
        Lookup ask(Duration patience);
    }

    /** @param keepAlive how long the client keeps an idle connection */
    ReadyConnections(Vertx vertx, HttpClient client, WebhookTargets targets, Duration keepAlive) {
        this.vertx = vertx;
        this.client = client;
        this.targets = targets;
        // The rest of the time is for the call to come.
        this.idleNanos = keepAlive.toNanos() / 4 * 3;
    }

    /** A call has left an idle connection to this host. */
    synchronized void left(String host) {
        seen.put(host, System.nanoTime());
    }

    /** Whether there may be none, and nobody sees to it: from now on the caller does. */
    synchronized boolean isWanted(String host) {
        long now = System.nanoTime();
        Long last = seen.get(host);
        if (last != null && now - last < idleNanos) {
            return false;
        }
        seen.put(host, now);
        return true;
    }

    /** @param turn without which there is no connection; if it does not come at once, there are enough of them */
    void open(URI url, Names names, Turn turn) {
        CallContext context = CallContext.copied(vertx);
        Lookup lookup = names.ask(PATIENCE);
        long end = vertx.setTimer(PATIENCE.toMillis(), late -> lookup.leave().run());
        lookup.addresses()
                .whenComplete((addresses, failure) -> context.resume(() -> {
                    if (vertx.cancelTimer(end) && addresses != null) {
                        connect(url, addresses, turn);
                    }
                }));
    }

    private void connect(URI url, List<InetAddress> addresses, Turn turn) {
        Iterator<RequestOptions> checked = targets.at(addresses, url).iterator();
        if (turn.take(() -> {})) {
            connect(checked, turn);
        } else {
            turn.end();
        }
    }

    private void connect(Iterator<RequestOptions> checked, Turn turn) {
        if (checked.hasNext()) {
            connect(checked.next().setConnectTimeout(PATIENCE.toMillis()), TRIES, checked, turn);
        } else {
            turn.end();
        }
    }

    private void connect(RequestOptions target, int tries, Iterator<RequestOptions> others, Turn turn) {
        client.request(target).onComplete(connection -> {
            if (connection.failed()) {
                connect(others, turn);
            } else if (wasUsed(connection.result())) {
                // It has been idle for nearly as long as any may be. Given back, it
                // would be kept for as long again, and its host close it meanwhile.
                HttpPost.close(connection.result());
                if (tries > 1) {
                    connect(target, tries - 1, others, turn);
                } else {
                    turn.end();
                }
            } else {
                HttpPost.giveBack(connection.result());
                turn.end();
            }
        });
    }

    private static boolean wasUsed(HttpClientRequest over) {
        return over.connection() instanceof HttpClientConnection connection
                && connection.lastResponseReceivedTimestamp() > 0;
    }
}
