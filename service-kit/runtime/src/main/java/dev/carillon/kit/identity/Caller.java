package dev.carillon.kit.identity;

import dev.carillon.kit.telemetry.RequestLog;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Who calls, in the request at hand. */
@RequestScoped
public class Caller {
    static final String TENANT = RequestLog.TENANT;
    static final String SCOPES = "carillon.scopes";

    private final SecurityIdentity identity;

    public Caller(SecurityIdentity identity) {
        this.identity = identity;
    }

    /** The tenant that everything this request reads or writes belongs to. */
    public String tenant() {
        return Objects.requireNonNull(identity.getAttribute(TENANT), "an authenticated caller has a tenant");
    }

    /** Those of {@code scopes} that this caller does not have itself, and so cannot give. */
    public Set<String> lacks(Set<String> scopes) {
        Set<String> held = Objects.requireNonNull(identity.getAttribute(SCOPES), "an authenticated caller has scopes");
        return scopes.stream()
                .filter(scope -> !Scopes.cover(held, scope))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** For audit lines. */
    public String name() {
        return identity.getPrincipal().getName();
    }
}
