package dev.carillon.scheduler.message.http;

import dev.carillon.kit.http.AddressPolicy;
import dev.carillon.kit.http.Cidr;
import dev.carillon.kit.http.RefusedDestinations;
import dev.carillon.kit.problem.Faults;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what can be refused by looking at a URL. Host names are checked where they are dialled, by delivery; so are the addresses refused
 * here, so that this is for the client's sake alone: it learns at once. The operator is told of each, as by delivery.
 */
record WebhookUrls(String tenant, RefusedDestinations refusals) {
    private static final int LONGEST = 2048;
    // Loopback is for delivery to judge: the local stack allows it.
    private static final AddressPolicy POLICY =
            new AddressPolicy(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128")));

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
    void admit(String pointer, URI url) {
        POLICY.refusesLiterally(url).ifPresent(why -> {
            refusals.note("a message", tenant, why);
            throw Faults.named(
                    "destination-refused",
                    "This destination is refused",
                    pointer,
                    url.getHost() + " is refused: " + why);
        });
    }
}
