package dev.carillon.delivery.channel.webhook;

import dev.carillon.delivery.channel.Excerpt;
import dev.carillon.delivery.channel.http.CallTime;
import dev.carillon.delivery.channel.http.HttpOutcome;
import dev.carillon.delivery.channel.http.HttpPost;
import dev.carillon.delivery.channel.webhook.ConnectionTurns.Bound;
import dev.carillon.delivery.channel.webhook.ConnectionTurns.Turn;
import dev.carillon.delivery.channel.webhook.HostAddresses.Lookup;
import dev.carillon.kit.http.AddressPolicy;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.TrustOptions;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connections to receivers: which addresses they may go to, how many there may be and whose turn it is to have one, and those that are kept. Thread-safe. */
final class WebhookConnections implements AutoCloseable {
    // As a part of a host's connections: what one tenant has of them at most.
    private static final int SHARE_OF_TENANT = 4;

    private final Vertx vertx;
    private final AddressPolicy policy;
    private final WebhookTargets targets;
    private final HostAddresses hosts;
    private final HttpClient client;
    private final ReadyConnections ready;
    private final ConnectionTurns turns = new ConnectionTurns();
    private final int mostOfPath;
    private final int mostOfHost;

    /** @throws IllegalArgumentException if the settings would allow no connection */
    WebhookConnections(
            Vertx vertx,
            WebhookSettings settings,
            AddressPolicy policy,
            HostAddresses hosts,
            @Nullable TrustOptions trust) {
        if (settings.poolSize() < 1) {
            throw new IllegalArgumentException("carillon.webhook.pool-size is to be 1 or more");
        }
        this.vertx = vertx;
        this.policy = policy;
        this.hosts = hosts;
        this.mostOfPath = settings.poolSize();
        this.mostOfHost = Math.max(settings.hostPoolSize(), mostOfPath);
        this.targets = new WebhookTargets(policy);
        // Turns bound the connections. Beyond them are those that are still being opened, or closed, for calls that
        // have ended.
        this.client = HttpPost.client(vertx, options(settings, trust), mostOfHost + mostOfPath);
        this.ready = new ReadyConnections(vertx, client, targets, settings.keepAlive());
    }

    private static HttpClientOptions options(WebhookSettings settings, @Nullable TrustOptions trust) {
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setKeepAlive(true)
                .setKeepAliveTimeout(
                        Math.toIntExact(Math.max(1, settings.keepAlive().toSeconds())))
                .setPipelining(false)
                .setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis()))
                .setForceSni(true)
                .setVerifyHost(true)
                .setShared(false);
        return trust == null ? options : options.setTrustOptions(trust);
    }

    /** What speaks against this address by its form alone; see {@link AddressPolicy#refusesLiterally(URI)}. */
    Optional<String> refuses(URI url) {
        return policy.refusesLiterally(url);
    }

    /** What speaks against the first of these that is not called. */
    Optional<String> refuses(List<InetAddress> addresses) {
        return addresses.stream()
                .flatMap(address -> policy.refuses(address).stream())
                .findFirst();
    }

    /** The URL at those of these addresses that may be called, in the order in which to try them. */
    List<RequestOptions> targets(List<InetAddress> addresses, URI url) {
        return targets.at(addresses, url);
    }

    /** Asks for the addresses of the URL's host, on the tenant's account; see {@link HostAddresses#of}. */
    Lookup lookUp(String tenant, URI url, Duration patience) {
        return AddressPolicy.literal(url.getHost())
                .map(address -> Lookup.known(List.of(address)))
                .orElseGet(() -> hosts.of(tenant, url.getHost(), patience));
    }

    /** What a call takes a turn of: its path, so that none takes its neighbours' connections, what its tenant has of the host, and the host. */
    Turn turn(String tenant, URI url) {
        String host = WebhookTargets.host(url);
        return turns.within(List.of(
                new Bound(List.of(tenant, host, WebhookTargets.path(url)), mostOfPath),
                new Bound(List.of(tenant, host), Math.max(mostOfPath, mostOfHost / SHARE_OF_TENANT)),
                new Bound(host, mostOfHost)));
    }

    /** See {@link HttpPost#send}; to be called in one's turn. */
    CompletionStage<HttpOutcome> post(
            List<RequestOptions> checked, Buffer body, Consumer<MultiMap> headers, CallTime time) {
        return new HttpPost(vertx, client, checked, body, headers, Excerpt.BODY_BYTES, time).send();
    }

    /** A call has left an idle connection to the URL's host. */
    void left(URI url) {
        ready.left(WebhookTargets.host(url));
    }

    /** Sees to it that a connection stands for the next call, unless one does presumably. Returns at once. */
    void makeReady(String tenant, URI url) {
        if (ready.isWanted(WebhookTargets.host(url)) && refuses(url).isEmpty()) {
            ready.open(url, patience -> lookUp(tenant, url, patience), turn(tenant, url));
        }
    }

    @Override
    public void close() {
        client.close();
        if (hosts instanceof SystemHostAddresses system) {
            system.close();
        }
    }
}
