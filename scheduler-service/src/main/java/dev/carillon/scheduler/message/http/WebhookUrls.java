package dev.carillon.scheduler.message.http;

import dev.carillon.kit.problem.Faults;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what can be refused by looking at a URL. Host names are checked where they are dialled, by delivery; so are the addresses refused
 * here, so that this is for the client's sake alone: it learns at once.
 */
final class WebhookUrls {
    private static final int LONGEST = 2048;
    private static final Pattern LITERAL = Pattern.compile("\\[.*]|[0-9.]+|0[xX][0-9a-fA-F]+");
    // Loopback is for delivery to judge: the local stack allows it.
    private static final Pattern METADATA = Pattern.compile("169\\.254\\.\\d+\\.\\d+");

    private WebhookUrls() {}

    /** What is wrong with it; null when it can be an HTTP URL. */
    static @Nullable String fault(String text) {
        if (text.length() > LONGEST) {
            return "takes up to " + LONGEST + " characters";
        }
        try {
            var url = new URI(text);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (!http || url.getHost() == null) {
                return "is not an http or https URL with a host";
            }
            return url.getRawUserInfo() == null ? null : "must not have credentials in it";
        } catch (URISyntaxException malformed) {
            return "is not a URL";
        }
    }

    /** @throws dev.carillon.kit.problem.ProblemException 422 {@code destination-refused} for a literal address that no receiver has */
    static void refuseLiterally(String pointer, URI url) {
        var host = url.getHost();
        if (LITERAL.matcher(host).matches() && isRefused(host)) {
            throw Faults.named(
                    "destination-refused",
                    "This destination is refused",
                    pointer,
                    host + " is a private or reserved address");
        }
    }

    private static boolean isRefused(String host) {
        try {
            var address = InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", ""));
            return METADATA.matcher(host).matches()
                    || address.isSiteLocalAddress()
                    || address.isLinkLocalAddress()
                    || address.isMulticastAddress()
                    || address.isAnyLocalAddress()
                    || isUniqueLocal(address)
                    || isCarrierGrade(address);
        } catch (IllegalArgumentException oddForm) {
            return true;
        }
    }

    private static boolean isUniqueLocal(InetAddress address) {
        return address.getAddress().length == 16 && (address.getAddress()[0] & 0xfe) == 0xfc;
    }

    private static boolean isCarrierGrade(InetAddress address) {
        var bytes = address.getAddress();
        return bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    }
}
