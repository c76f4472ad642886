package dev.carillon.local.providers;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Receives webhooks at every path under {@code /webhooks}, whether their signature verifies or not, and says which it was. */
final class WebhookProvider implements FaultyProvider {

    private final WebhookSignature signature;

    WebhookProvider(WebhookSignature signature) {
        this.signature = signature;
    }

    @Override
    public Channel channel() {
        return Channel.WEBHOOK;
    }

    @Override
    public Optional<Answer> refusal(Request request) {
        return request.is(HttpMethod.POST)
                ? Optional.empty()
                : Optional.of(Answer.problem(405, "webhooks are posted").with("Allow", "POST"));
    }

    @Override
    public JsonObject details(Request request) {
        Optional<String> flaw = signature.flaw(
                request.headers().get("webhook-id"),
                request.headers().get("webhook-timestamp"),
                request.headers().get("webhook-signature"),
                request.body().getBytes(),
                request.receivedAt());
        var details = new JsonObject()
                .put("path", request.path())
                .put("headers", request.headersAsJson())
                .put("body", request.text())
                .put("signatureVerified", flaw.isEmpty());
        flaw.ifPresent(reason -> details.put("signatureFlaw", reason));
        return details;
    }

    @Override
    public Answer acceptance(Request request) {
        return Answer.json(200, new JsonObject().put("received", true));
    }

    @Override
    public Answer error(Fault fault) {
        return Answer.problem(fault.statusOr(500), "injected error");
    }

    @Override
    public Answer rateLimit(Fault fault) {
        return Answer.problem(fault.statusOr(429), "injected rate limit")
                .with("Retry-After", Long.toString(fault.retryAfterSeconds()));
    }
}
