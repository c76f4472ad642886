package dev.carillon.delivery.channel.webhook;

import dev.carillon.delivery.channel.Channel;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Destination.Target;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.SigningSecret;
import dev.carillon.kit.http.AddressPolicy;
import dev.carillon.kit.http.Cidr;
import dev.carillon.kit.http.RefusedDestinations;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.smallrye.config.Secret;
import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Posts signed JSON to a receiver's address. */
public final class WebhookChannel implements Channel, AutoCloseable {

    private final Vertx vertx;
    private final WebhookSettings settings;
    private final WebhookConnections connections;
    // The installation's, the newest first.
    private final List<WebhookSecret> secrets;
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
        this.refusals = refusals;
        this.secrets = settings.secret().orElse(List.of()).stream()
                .map(Secret::get)
                .map(WebhookSecret::parse)
                .toList();
        AddressPolicy policy = new AddressPolicy(settings.allowedCidrs().orElse(List.of()).stream()
                .map(Cidr::parse)
                .toList());
        this.connections = new WebhookConnections(vertx, settings, policy, hosts, trust);
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

    @Override
    public Object receiver(Destination destination) {
        URI url = url(destination);
        return url == null ? destination : WebhookTargets.address(url);
    }

    /** What speaks against this address by its form alone; see {@link AddressPolicy#refusesLiterally(URI)}. */
    public Optional<String> refuses(URI url) {
        return connections.refuses(url);
    }

    /** What signs this tenant's webhooks to plain addresses, the newest first; none where the installation has no secret. */
    public List<SigningSecret> secretsOf(String tenant) {
        return derived(tenant).stream().map(WebhookSecret::shown).toList();
    }

    private List<WebhookSecret> derived(String tenant) {
        return secrets.stream().map(secret -> secret.forTenant(tenant)).toList();
    }

    @Override
    public void prepare(String tenant, Destination destination) {
        URI url = url(destination);
        if (url != null) {
            connections.makeReady(tenant, url);
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
        return new WebhookCall(vertx, connections, refusals, clock, outbound, url, with).run();
    }

    @Override
    public void close() {
        connections.close();
    }
}
