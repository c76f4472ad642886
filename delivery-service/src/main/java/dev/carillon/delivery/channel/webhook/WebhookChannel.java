package dev.carillon.delivery.channel.webhook;

import dev.carillon.delivery.channel.Channel;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Destination.Target;
import dev.carillon.delivery.channel.Excerpt;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.delivery.channel.http.CallContext;
import dev.carillon.delivery.channel.http.CallTime;
import dev.carillon.delivery.channel.http.HttpOutcome;
import dev.carillon.delivery.channel.http.HttpPost;
import dev.carillon.delivery.channel.http.NetworkFailure;
import dev.carillon.delivery.channel.webhook.ConnectionTurns.Bound;
import dev.carillon.delivery.channel.webhook.ConnectionTurns.Turn;
import dev.carillon.delivery.channel.webhook.HostAddresses.Lookup;
import dev.carillon.kit.http.AddressPolicy;
import dev.carillon.kit.http.Cidr;
import dev.carillon.kit.http.RefusedDestinations;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.smallrye.config.Secret;
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
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Posts signed JSON to a receiver's address. */
public final class WebhookChannel implements Channel, AutoCloseable {

    private static final String USER_AGENT = "Carillon-Webhooks/1.0";
    // As a part of the call's time: for how long the host's name may wait for others, while the call holds its content.
    private static final int PATIENCE_FOR_NAMES = 4;
    // As a part of a host's connections: what one tenant has of them at most.
    private static final int SHARE_OF_TENANT = 4;

    private final Vertx vertx;
    private final HttpClient client;
    private final WebhookSettings settings;
    private final AddressPolicy policy;
    private final WebhookTargets targets;
    private final ConnectionTurns turns = new ConnectionTurns();
    private final ReadyConnections ready;
    // The installation's, the newest first.
    private final List<WebhookSecret> secrets;
    private final HostAddresses hosts;
    private final InstantSource clock;
    private final RefusedDestinations refusals;

    /** One whose refusals nobody counts; otherwise as the other. */
    public WebhookChannel(Vertx vertx, WebhookSettings settings, InstantSource clock) {
        this(vertx, settings, clock, new RefusedDestinations(new CompositeMeterRegistry()));
    }

    /** @throws IllegalArgumentException if a secret, a range or a number of connections in the settings is none */
    public WebhookChannel(Vertx vertx, WebhookSettings settings, InstantSource clock, RefusedDestinations refusals) {
        this(vertx, settings, clock, new SystemHostAddresses(), null, refusals);
    }

    WebhookChannel(
            Vertx vertx,
            WebhookSettings settings,
            InstantSource clock,
            HostAddresses hosts,
            @Nullable TrustOptions trust,
            RefusedDestinations refusals) {
        this.vertx = vertx;
        this.settings = settings;
        this.clock = clock;
        this.hosts = hosts;
        this.refusals = refusals;
        this.policy = new AddressPolicy(settings.allowedCidrs().orElse(List.of()).stream()
                .map(Cidr::parse)
                .toList());
        this.secrets = settings.secret().orElse(List.of()).stream()
                .map(Secret::get)
                .map(WebhookSecret::parse)
                .toList();
        this.targets = new WebhookTargets(policy);
        // Turns bound the connections. Beyond them are those that are still being opened, or closed, for calls that
        // have ended.
        this.client = HttpPost.client(vertx, options(settings, trust), ofHost(settings) + settings.poolSize());
        this.ready = new ReadyConnections(vertx, client, targets, settings.keepAlive());
    }

    private static int ofHost(WebhookSettings settings) {
        if (settings.poolSize() < 1) {
            throw new IllegalArgumentException("carillon.webhook.pool-size is to be 1 or more");
        }
        return Math.max(settings.hostPoolSize(), settings.poolSize());
    }

    @Override
    public String name() {
        return Destination.WEBHOOK;
    }

    @Override
    public Duration timeout() {
        return settings.timeout();
    }

    @Override
    public int connections() {
        return settings.poolSize();
    }

    /** What speaks against this address by its form alone; see {@link AddressPolicy#refusesLiterally(URI)}. */
    public Optional<String> refuses(URI url) {
        return policy.refusesLiterally(url);
    }

    /** What signs this tenant's webhooks to plain addresses, the newest first; none where the installation has no secret. */
    public List<SigningSecret> secretsOf(String tenant) {
        return derived(tenant).stream().map(WebhookSecret::shown).toList();
    }

    private List<WebhookSecret> derived(String tenant) {
        return secrets.stream().map(secret -> secret.forTenant(tenant)).toList();
    }

    /** What a call takes a turn of: its path, so that none takes its neighbours' connections, what its tenant has of the host, and the host. */
    private Turn turn(String tenant, URI url) {
        String host = WebhookTargets.host(url);
        int most = ofHost(settings);
        return turns.within(List.of(
                new Bound(List.of(tenant, host, WebhookTargets.path(url)), settings.poolSize()),
                new Bound(List.of(tenant, host), Math.max(settings.poolSize(), most / SHARE_OF_TENANT)),
                new Bound(host, most)));
    }

    @Override
    public void prepare(String tenant, Destination destination) {
        URI url = url(destination);
        if (url != null
                && ready.isWanted(WebhookTargets.host(url))
                && policy.refusesLiterally(url).isEmpty()) {
            ready.open(url, patience -> asked(tenant, url, patience), turn(tenant, url));
        }
    }

    private static @Nullable URI url(Destination destination) {
        return switch (destination) {
            case Destination.WebhookUrl(URI url) -> url;
            case Destination.WebhookEndpoint(UUID ignored, Target target) -> target == null ? null : target.url();
            case Destination.Email ignored -> null;
            case Destination.Telegram ignored -> null;
        };
    }

    private Lookup asked(String tenant, URI url, Duration patience) {
        return AddressPolicy.literal(url.getHost())
                .map(address -> Lookup.known(List.of(address)))
                .orElseGet(() -> hosts.of(tenant, url.getHost(), patience));
    }

    @Override
    public CompletionStage<ProviderAnswer> send(Outbound outbound) {
        return switch (outbound.destination()) {
            case Destination.WebhookUrl(URI url) ->
                secrets.isEmpty()
                        ? notConfigured("no secret to sign webhooks with: set carillon.webhook.secret")
                        : send(outbound, url, new WebhookSigner(derived(outbound.tenant())));
            case Destination.WebhookEndpoint(UUID id, Target target) -> sendTo(outbound, id, target);
            case Destination.Email ignored -> throw notMine(outbound);
            case Destination.Telegram ignored -> throw notMine(outbound);
        };
    }

    private CompletionStage<ProviderAnswer> sendTo(Outbound outbound, UUID id, @Nullable Target target) {
        if (target == null) {
            return CompletableFuture.completedFuture(Permanent.unasked(
                    Reason.ENDPOINT_UNKNOWN, "the tenant has no endpoint " + id + ", or has deleted it"));
        }
        List<WebhookSecret> its = target.secrets().stream()
                .map(secret -> WebhookSecret.parse(secret.reveal()))
                .toList();
        return its.isEmpty()
                ? notConfigured("no key of carillon.secrets reads the secrets of endpoint " + id)
                : send(outbound, target.url(), new WebhookSigner(its));
    }

    private static CompletionStage<ProviderAnswer> notConfigured(String what) {
        return CompletableFuture.completedFuture(Transient.unanswered(Reason.NOT_CONFIGURED, what, false));
    }

    private static IllegalArgumentException notMine(Outbound outbound) {
        return new IllegalArgumentException(
                "not a webhook: " + outbound.destination().channel());
    }

    private CompletionStage<ProviderAnswer> send(Outbound outbound, URI url, WebhookSigner with) {
        Optional<String> refusal = policy.refusesLiterally(url);
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(refused(outbound, url, refusal.get(), ""));
        }
        return new Call(outbound, url, with).run();
    }

    @Override
    public void close() {
        client.close();
        if (hosts instanceof SystemHostAddresses system) {
            system.close();
        }
    }

    /** One call: look up, check, wait for a turn, dial what was checked, sign, post, judge. */
    private final class Call {

        private final Outbound outbound;
        private final URI url;
        private final WebhookSigner signer;
        private final String peer;
        private final CallTime time;
        private final Turn turn;
        private final CallContext context = CallContext.copied(vertx);
        private final CompletableFuture<ProviderAnswer> answer = new CompletableFuture<>();
        private long endOfWait;

        Call(Outbound outbound, URI url, WebhookSigner signer) {
            this.outbound = outbound;
            this.url = url;
            this.signer = signer;
            this.peer = url.getHost() + ":" + WebhookTargets.port(url);
            this.time = CallTime.of(outbound);
            this.turn = turn(outbound.tenant(), url);
        }

        CompletionStage<ProviderAnswer> run() {
            return context.call(this::lookUp);
        }

        private CompletionStage<ProviderAnswer> lookUp() {
            Lookup lookup = asked(outbound.tenant(), url, patience());
            long end = vertx.setTimer(
                    time.millisToWrite(),
                    late -> leave(lookup, waitedForOthers(lookup) ? resolverBusy() : nameServersTooSlow()));
            long early = vertx.setTimer(millis(patience()), late -> {
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
            List<RequestOptions> checked = targets.at(addresses, url);
            if (checked.isEmpty()) {
                String what = addresses.stream()
                        .flatMap(address -> policy.refuses(address).stream())
                        .findFirst()
                        .orElse("no address at all");
                answer.complete(refused(outbound, url, what, "its name stands for "));
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
            new HttpPost(vertx, client, checked, body, headers -> sign(headers, body), Excerpt.BODY_BYTES, time)
                    .send()
                    .whenComplete((outcome, bug) -> {
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
                        ready.left(WebhookTargets.host(url));
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
            return Transient.unanswered(
                    Reason.RESOLVER_BUSY, peer + ": too many other names are being looked up", false);
        }

        private void guarded(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException bug) {
                turn.end();
                answer.completeExceptionally(bug);
            }
        }
    }

    private Permanent refused(Outbound outbound, URI url, String refusal, String because) {
        refusals.note("delivery " + outbound.deliveryId(), outbound.tenant(), refusal);
        String host = url.getHost() == null ? "the address" : url.getHost();
        return Permanent.unasked(Reason.DESTINATION_REFUSED, "destination-refused: " + host + ": " + because + refusal);
    }

    private static long millis(Duration duration) {
        return Math.max(1, duration.toMillis());
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
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
}
