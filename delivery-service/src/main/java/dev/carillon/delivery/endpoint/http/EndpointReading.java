package dev.carillon.delivery.endpoint.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.delivery.channel.webhook.WebhookChannel;
import dev.carillon.delivery.channel.webhook.WebhookSecret;
import dev.carillon.delivery.endpoint.Endpoint;
import dev.carillon.delivery.endpoint.Endpoint.Receives;
import dev.carillon.delivery.endpoint.store.SecretCipher;
import dev.carillon.kit.http.RefusedDestinations;
import dev.carillon.kit.json.MergePatch;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.problem.UnreadableBody;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads requests about endpoints, or says everything that is wrong with them. */
@ApplicationScoped
class EndpointReading {
    private static final int LONGEST_DESCRIPTION = 500;
    private static final int SECRET_BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final ObjectMapper json;
    private final WebhookChannel webhooks;
    private final RefusedDestinations refusals;
    private final SecretCipher cipher;

    EndpointReading(ObjectMapper json, WebhookChannel webhooks, RefusedDestinations refusals, SecretCipher cipher) {
        this.json = json;
        this.webhooks = webhooks;
        this.refusals = refusals;
        this.cipher = cipher;
    }

    /** What a client says about an endpoint. */
    private record Read(URI url, @Nullable String description, Receives receives) {}

    /** @throws ProblemException 422 with every fault */
    Endpoint read(EndpointRequest request, UUID id, String tenant, Instant now) {
        var faults = new Faults();
        checkSecret(request.secret(), faults);
        var read = read(request, tenant, faults);
        return Endpoint.registered(id, tenant, read.url, read.description, read.receives, now);
    }

    /**
     * The endpoint as a merge patch leaves it.
     *
     * @throws ProblemException 400 or 422 with what is wrong
     */
    Endpoint patched(Endpoint endpoint, ObjectNode patch) {
        var faults = new Faults();
        if (patch.has("secret")) {
            faults.add("/secret", "cannot be changed here: rotate it");
            throw faults.asProblem();
        }
        request(patch);
        var merged = request((ObjectNode) MergePatch.apply(document(endpoint), patch));
        var read = read(merged, endpoint.tenant(), faults);
        return endpoint.changed(read.url, read.description, read.receives);
    }

    /**
     * The client's own secret, or a new one.
     *
     * @throws ProblemException 503 when it could not be kept
     */
    SigningSecret secret(@Nullable String given) {
        if (!cipher.isReady()) {
            throw EndpointProblems.notConfigured();
        }
        if (given != null) {
            return new SigningSecret(given.strip());
        }
        byte[] key = new byte[SECRET_BYTES];
        random.nextBytes(key);
        return new SigningSecret(WebhookSecret.PREFIX + Base64.getEncoder().encodeToString(key));
    }

    /** @throws ProblemException 422 when it is none, or 503 when it could not be kept */
    SigningSecret rotated(@Nullable RotationRequest request) {
        var faults = new Faults();
        var given = request == null ? null : request.secret();
        checkSecret(given, faults);
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return secret(given);
    }

    private Read read(EndpointRequest request, String tenant, Faults faults) {
        var url = url(request.url(), faults);
        var description = request.description();
        if (description != null
                && (description.length() > LONGEST_DESCRIPTION
                        || description.chars().anyMatch(Character::isISOControl))) {
            faults.add("/description", "takes up to " + LONGEST_DESCRIPTION + " characters and no line breaks");
        }
        var receives = receives(request.receives(), faults);
        if (url == null || !faults.none()) {
            throw faults.asProblem();
        }
        webhooks.refuses(url).ifPresent(why -> {
            refusals.note("an endpoint", tenant, why);
            throw Faults.named(
                    "destination-refused",
                    "This destination is refused",
                    "/url",
                    url.getHost() + " is refused: " + why);
        });
        return new Read(url, description, receives);
    }

    private static Receives receives(@Nullable String text, Faults faults) {
        return switch (text) {
            case null -> Receives.MESSAGES;
            case "messages" -> Receives.MESSAGES;
            case "outcomes" -> Receives.OUTCOMES;
            default -> {
                faults.add("/receives", "must be messages or outcomes");
                yield Receives.MESSAGES;
            }
        };
    }

    private static @Nullable URI url(@Nullable String text, Faults faults) {
        if (text == null) {
            faults.add("/url", "is required");
            return null;
        }
        if (text.length() > Destination.LONGEST) {
            faults.add("/url", "takes up to " + Destination.LONGEST + " characters");
            return null;
        }
        try {
            var url = new URI(text);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (http && url.getHost() != null && url.getRawUserInfo() == null) {
                return url;
            }
            faults.add("/url", "is not an http or https URL with a host and without credentials");
        } catch (URISyntaxException malformed) {
            faults.add("/url", "is not a URL");
        }
        return null;
    }

    private static void checkSecret(@Nullable String given, Faults faults) {
        if (given == null) {
            return;
        }
        try {
            WebhookSecret.parse(given);
        } catch (IllegalArgumentException none) {
            faults.add("/secret", String.valueOf(none.getMessage()));
        }
    }

    private EndpointRequest request(ObjectNode document) {
        try {
            return json.treeToValue(document, EndpointRequest.class);
        } catch (JsonProcessingException unreadable) {
            throw new ProblemException(UnreadableBody.problem(unreadable));
        }
    }

    private ObjectNode document(Endpoint endpoint) {
        var document = json.createObjectNode()
                .put("url", endpoint.url().toString())
                .put("receives", endpoint.receives().wireName());
        if (endpoint.description() != null) {
            document.put("description", endpoint.description());
        }
        return document;
    }
}
