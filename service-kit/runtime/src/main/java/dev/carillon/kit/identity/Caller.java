package dev.carillon.kit.identity;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import java.util.Objects;

/** Who calls, in the request at hand. */
@RequestScoped
public class Caller {
    static final String TENANT = "carillon.tenant";

    private final SecurityIdentity identity;

    public Caller(SecurityIdentity identity) {
        this.identity = identity;
    }

    /** The tenant that everything this request reads or writes belongs to. */
    public String tenant() {
        return Objects.requireNonNull(identity.getAttribute(TENANT), "an authenticated caller has a tenant");
    }

    /** For audit lines. */
    public String name() {
        return identity.getPrincipal().getName();
    }
}
