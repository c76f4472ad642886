package dev.carillon.kit.identity;

import dev.carillon.kit.telemetry.SpanIds;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;

/** Gives the bearer of a JWT the tenant of its {@code tenant} claim and what its {@code groups} allow. */
@ApplicationScoped
public class TokenIdentity implements SecurityIdentityAugmentor {
    private static final Logger LOG = Logger.getLogger(TokenIdentity.class);

    /** Says at start, and not first by refusing every token, that the key which verifies them is not there. */
    void check(
            @Observes StartupEvent started,
            @ConfigProperty(name = "mp.jwt.verify.publickey.location") Optional<String> location) {
        location.filter(text -> !text.contains(":") && !Files.isReadable(Path.of(text)))
                .ifPresent(text -> LOG.errorf(
                        "No token can be verified: carillon.jwt.public-key-location is %s, and no file can be read there",
                        text));
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        return identity.getPrincipal() instanceof JsonWebToken token
                ? Uni.createFrom().item(() -> withTenant(identity, token))
                : Uni.createFrom().item(identity);
    }

    private static SecurityIdentity withTenant(SecurityIdentity identity, JsonWebToken token) {
        var tenant = token.<Object>getClaim("tenant");
        if (tenant == null || tenant.toString().isBlank()) {
            throw new AuthenticationFailedException("The token has no tenant claim");
        }
        SpanIds.onCurrent(SpanIds.TENANT, tenant);
        var groups = identity.getRoles();
        return QuarkusSecurityIdentity.builder(identity)
                .addAttribute(Caller.TENANT, tenant.toString())
                .addAttribute(Caller.SCOPES, Scopes.ofGroups(groups))
                .addPermissionChecker(permission -> Uni.createFrom().item(Scopes.groupsAllow(groups, permission)))
                .build();
    }
}
