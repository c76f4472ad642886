package dev.carillon.kit.limits;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A rate for each principal, and one for each tenant above those of its principals. */
@Singleton
public class RateLimits {
    private record Principal(String tenant, String name) {}

    private final Buckets<Principal> principals;
    private final Buckets<String> tenants;
    private final LongSupplier nanos;

    @Inject
    RateLimits(LimitSettings settings) {
        this(new Quotas(settings), System::nanoTime);
    }

    /** @param nanos the time, as {@link System#nanoTime} gives it */
    RateLimits(Quotas quotas, LongSupplier nanos) {
        long now = nanos.getAsLong();
        this.principals = new Buckets<>(who -> quotas.ofPrincipal(who.tenant), now);
        this.tenants = new Buckets<>(quotas::ofTenant, now);
        this.nanos = nanos;
    }

    /** Counts one request; null when it is granted. What a principal is refused does not count for its tenant. */
    @Nullable Exceeded count(String tenant, String name) {
        long now = nanos.getAsLong();
        var own = principals.of(new Principal(tenant, name), now);
        long wait = own.take(now);
        if (wait > 0) {
            return new Exceeded(Limit.PRINCIPAL, own.quota(), wait);
        }
        var shared = tenants.of(tenant, now);
        wait = shared.take(now);
        return wait > 0 ? new Exceeded(Limit.TENANT, shared.quota(), wait) : null;
    }
}
