package dev.carillon.kit.identity;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Gives the bearer of a JWT the tenant of its {@code tenant} claim and what its {@code groups} allow. */
@ApplicationScoped
public class TokenIdentity implements SecurityIdentityAugmentor {
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
        var groups = identity.getRoles();
        return QuarkusSecurityIdentity.builder(identity)
                .addAttribute(Caller.TENANT, tenant.toString())
                .addPermissionChecker(permission -> Uni.createFrom().item(Scopes.groupsAllow(groups, permission)))
                .build();
    }
}
