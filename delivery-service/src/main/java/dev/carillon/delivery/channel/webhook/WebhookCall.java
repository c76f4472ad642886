package dev.carillon.delivery.channel.webhook;

import dev.carillon.delivery.channel.Excerpt;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.http.CallContext;
import dev.carillon.delivery.channel.http.CallTime;
import dev.carillon.delivery.channel.http.HttpOutcome;
import dev.carillon.delivery.channel.http.NetworkFailure;
import dev.carillon.delivery.channel.webhook.ConnectionTurns.Turn;
import dev.carillon.delivery.channel.webhook.HostAddresses.Lookup;
import dev.carillon.kit.http.RefusedDestinations;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.RequestOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One call of a webhook: look up, check, wait for a turn, dial what was checked, sign, post, judge. To be run once, on the context that makes it. */
final class WebhookCall {

    private static final String USER_AGENT = "Carillon-Webhooks/1.0";
    // As a part of the call's time: for how long the host's name may wait for others, while the call holds its content.
    private static final int PATIENCE_FOR_NAMES = 4;

    private final Vertx vertx;
    private final WebhookConnections connections;
    private final RefusedDestinations refusals;
    private final InstantSource clock;
    private final Outbound outbound;
    private final URI url;
    private final WebhookSigner signer;
    private final String peer;
    private final CallTime time;
    private final Turn turn;
    private final CallContext context;
    private final CompletableFuture<ProviderAnswer> answer = new CompletableFuture<>();
    private long endOfWait;

    WebhookCall(
            Vertx vertx,
            WebhookConnections connections,
            RefusedDestinations refusals,
            InstantSource clock,
            Outbound outbound,
            URI url,
            WebhookSigner signer) {
        this.vertx = vertx;
        this.connections = connections;
        this.refusals = refusals;
        this.clock = clock;
        this.outbound = outbound;
        this.url = url;
        this.signer = signer;
        this.peer = url.getHost() + ":" + WebhookTargets.port(url);
        this.time = CallTime.of(outbound);
        this.turn = connections.turn(outbound.tenant(), url);
        this.context = CallContext.copied(vertx);
    }

    /** See {@link dev.carillon.delivery.channel.Channel#send}. */
    CompletionStage<ProviderAnswer> run() {
        Optional<String> refusal = connections.refuses(url);
        return refusal.isPresent()
                ? CompletableFuture.completedFuture(refused("", refusal.get()))
                : context.call(this::lookUp);
    }

    private CompletionStage<ProviderAnswer> lookUp() {
        Lookup lookup = connections.lookUp(outbound.tenant(), url, patience());
        long end = vertx.setTimer(
                time.millisToWrite(),
                late -> leave(lookup, waitedForOthers(lookup) ? resolverBusy() : nameServersTooSlow()));
        long early = vertx.setTimer(Math.max(1, patience().toMillis()), late -> {
            Duration waited = lookup.waited().get();
            if (waited.compareTo(patience()) >= 0 && vertx.cancelTimer(end)) {
                leave(lookup, resolverBusy());
            }
        });
        lookup.addresses()
                .whenComplete((addresses, failure) -> context.resume(() -> {
                    vertx.cancelTimer(early);
                    if (vertx.cancelTimer(end)) {
                        guarded(() -> resolved(lookup, addresses, failure));
                    }
                }));
        return answer;
    }

    private Duration patience() {
        return Duration.ofMillis(outbound.timeout().toMillis() / PATIENCE_FOR_NAMES);
    }

    /** Says so without the name, which then need not be looked up for this call. */
    private void leave(Lookup lookup, ProviderAnswer said) {
        lookup.leave().run();
        answer.complete(said);
    }

    /** For most of the call's time: then nobody can blame the name servers, nor is enough of it left. */
    private boolean waitedForOthers(Lookup lookup) {
        Duration waited = lookup.waited().get();
        return waited.compareTo(outbound.timeout().dividedBy(2)) > 0;
    }

    private void resolved(Lookup lookup, @Nullable List<InetAddress> addresses, @Nullable Throwable failure) {
        if (addresses == null) {
            notResolved(failure == null ? new UnknownHostException() : unwrapped(failure));
        } else if (waitedForOthers(lookup)) {
            answer.complete(resolverBusy());
        } else {
            resolved(addresses);
        }
    }

    private void notResolved(Throwable failure) {
        if (failure instanceof RejectedExecutionException) {
            answer.complete(resolverBusy());
        } else {
            unanswered(failure, false);
        }
    }

    private void resolved(List<InetAddress> addresses) {
        List<RequestOptions> checked = connections.targets(addresses, url);
        if (checked.isEmpty()) {
            answer.complete(refused(
                    "its name stands for ", connections.refuses(addresses).orElse("no address at all")));
            return;
        }
        inTurn(checked);
    }

    private void inTurn(List<RequestOptions> checked) {
        if (turn.take(() -> context.resume(() -> turnCame(checked)))) {
            post(checked);
        } else {
            endOfWait = vertx.setTimer(time.millisToWrite(), late -> {
                turn.end();
                answer.complete(noTurn());
            });
        }
    }

    private void turnCame(List<RequestOptions> checked) {
        if (vertx.cancelTimer(endOfWait)) {
            guarded(() -> post(checked));
        }
    }

    private void post(List<RequestOptions> checked) {
        Buffer body = Buffer.buffer(WebhookBody.of(outbound.content()));
        connections.post(checked, body, headers -> sign(headers, body), time).whenComplete((outcome, bug) -> {
            turn.end();
            if (outcome == null) {
                answer.completeExceptionally(bug == null ? new IllegalStateException("no outcome") : bug);
            } else {
                guarded(() -> judge(outcome));
            }
        });
    }

    private void sign(MultiMap headers, Buffer body) {
        Instant now = clock.instant();
        String id = outbound.messageId().toString();
        headers.set("content-type", "application/json")
                .set("user-agent", USER_AGENT)
                .set("webhook-id", id)
                .set("webhook-timestamp", Long.toString(now.getEpochSecond()))
                .set("webhook-signature", signer.sign(id, now, body.getBytes()));
    }

    private void judge(HttpOutcome outcome) {
        switch (outcome) {
            case HttpOutcome.Answered answered -> {
                if (!"close".equalsIgnoreCase(answered.header("connection"))) {
                    connections.left(url);
                }
                answer.complete(WebhookVerdict.of(
                        answered.status(),
                        Excerpt.ofBody(answered.body().getBytes()),
                        answered.header("retry-after"),
                        clock.instant()));
            }
            case HttpOutcome.Unanswered(Throwable cause, boolean sent) -> unanswered(cause, sent);
        }
    }

    private void unanswered(Throwable cause, boolean sent) {
        NetworkFailure.answer(cause, peer, sent)
                .map(failed -> failed.reason() == Reason.NOT_SENT && turn.hadToWait() ? noTurn() : failed)
                .ifPresentOrElse(answer::complete, () -> answer.completeExceptionally(cause));
    }

    private Transient noTurn() {
        return Transient.unanswered(
                Reason.NO_TURN, peer + ": other calls have had all connections that this one may use", false);
    }

    private ProviderAnswer nameServersTooSlow() {
        return NetworkFailure.answer(new TimeoutException("the name servers gave no answer in time"), peer, false)
                .orElseThrow();
    }

    private ProviderAnswer resolverBusy() {
        return Transient.unanswered(Reason.RESOLVER_BUSY, peer + ": too many other names are being looked up", false);
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException bug) {
            turn.end();
            answer.completeExceptionally(bug);
        }
    }

    private Permanent refused(String because, String refusal) {
        refusals.note("delivery " + outbound.deliveryId(), outbound.tenant(), refusal);
        String host = url.getHost() == null ? "the address" : url.getHost();
        return Permanent.unasked(Reason.DESTINATION_REFUSED, "destination-refused: " + host + ": " + because + refusal);
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
