package dev.carillon.delivery.channel.webhook;

import dev.carillon.kit.http.AddressPolicy;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** What of a URL is dialled: none but addresses that were checked, and those by no name. */
final class WebhookTargets {
    private static final int MAX_ADDRESSES = 4;

    private final AddressPolicy policy;

    WebhookTargets(AddressPolicy policy) {
        this.policy = policy;
    }

    /** The URL at those of its host's addresses that may be called, in the order in which to try them. */
    List<RequestOptions> at(List<InetAddress> addresses, URI url) {
        return addresses.stream()
                .filter(address -> policy.refuses(address).isEmpty())
                .limit(MAX_ADDRESSES)
                .map(address -> at(address, url))
                .toList();
    }

    // The socket goes to the address that was checked; Host, SNI and certificate check go by the URL's name.
    private static RequestOptions at(InetAddress checked, URI url) {
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(checked, port(url))))
                .setHost(url.getHost())
                .setPort(port(url))
                .setSsl("https".equalsIgnoreCase(url.getScheme()))
                .setURI(path(url) + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery()));
    }

    static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    }

    static String path(URI url) {
        return url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    }

    /** What has connections of its own within its host: all URLs of this path. */
    static Object address(URI url) {
        // The most do as they are, and there may be many of them at once.
        return url.getRawQuery() == null ? url : host(url) + path(url);
    }

    /** Whom connections are shared with: all URLs of this scheme, host and port. */
    static String host(URI url) {
        return (url.getScheme() + "://" + url.getHost() + ":" + port(url)).toLowerCase(Locale.ROOT);
    }
}
