package dev.carillon.kit.identity;

import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.SpanIds;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates {@code X-API-Key}; without the header the bearer token decides. Before the topic of keys has been read to its end, nobody is told whether
 * a key is good that is known from the topic alone: one that was issued may have been revoked, and one that is not known may have been issued.
 */
@ApplicationScoped
public class ApiKeyMechanism implements HttpAuthenticationMechanism {
    private static final String HEADER = "X-API-Key";

    private static final Problem NOT_READY = Problem.of(
            503,
            "not-ready",
            "This instance has only just started",
            "It has not read yet which API keys were issued and revoked, so that it cannot say whether this one is good; try again");

    private final ApiKeyDirectory keys;
    private final ApiKeyListener listener;

    public ApiKeyMechanism(ApiKeyDirectory keys, ApiKeyListener listener) {
        this.keys = keys;
        this.listener = listener;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identityProviders) {
        var presented = context.request().getHeader(HEADER);
        if (presented == null) {
            return Uni.createFrom().optional(Optional.empty());
        }
        return isSureOf(presented).map(sure -> {
            if (!sure) {
                throw new ProblemException(NOT_READY, Duration.ofSeconds(1));
            }
            return keys.find(presented)
                    .map(ApiKeyMechanism::identity)
                    .orElseThrow(
                            () -> new AuthenticationFailedException("The API key is not known or not good any more"));
        });
    }

    private Uni<Boolean> isSureOf(String presented) {
        return keys.isKnownFromOwner(presented)
                ? Uni.createFrom().item(true)
                : listener.hasReadAll().emitOn(onContextOf(Vertx.currentContext()));
    }

    /** While the topic is being read the answer comes on the thread that polls Kafka, and what follows needs the request's own context. */
    private static Executor onContextOf(@Nullable Context request) {
        return step -> {
            if (request == null || request == Vertx.currentContext()) {
                step.run();
            } else {
                request.runOnContext(ignored -> step.run());
            }
        };
    }

    private static SecurityIdentity identity(ApiKey key) {
        SpanIds.onCurrent(SpanIds.TENANT, key.tenant());
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal("api-key:" + key.id()))
                .addAttribute(Caller.TENANT, key.tenant())
                .addAttribute(Caller.SCOPES, key.scopes())
                .addPermissionChecker(permission -> Uni.createFrom().item(Scopes.allow(key.scopes(), permission)))
                .build();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of();
    }

    @Override
    public int getPriority() {
        return DEFAULT_PRIORITY + 1;
    }
}
