package dev.carillon.kit.limits;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What whom is granted, by the settings; read once. */
final class Quotas {
    private static final Duration LONGEST_WINDOW = Duration.ofDays(1);

    private final Quota ofPrincipals;
    private final Quota ofTenants;
    private final Map<String, Quota> ofPrincipalsIn = new HashMap<>();
    private final Map<String, Quota> ofTenant = new HashMap<>();

    /** @throws IllegalArgumentException that says which setting is wrong, and why */
    Quotas(LimitSettings settings) {
        var principal = settings.principal();
        var tenant = settings.tenant();
        this.ofPrincipals = checked("principal", principal.rate(), principal.burst());
        this.ofTenants = checked("tenant", tenant.rate(), tenant.burst());
        settings.tenants().forEach((name, own) -> {
            own.principal()
                    .ifPresent(one -> ofPrincipalsIn.put(
                            name, checked("tenants." + name + ".principal", one.rate(), one.burst())));
            own.tenant()
                    .ifPresent(
                            one -> ofTenant.put(name, checked("tenants." + name + ".tenant", one.rate(), one.burst())));
        });
    }

    /** Each principal of the tenant. */
    Quota ofPrincipal(String tenant) {
        return Objects.requireNonNullElse(ofPrincipalsIn.get(tenant), ofPrincipals);
    }

    Quota ofTenant(String tenant) {
        return Objects.requireNonNullElse(ofTenant.get(tenant), ofTenants);
    }

    private static Quota checked(String what, double rate, int burst) {
        if (!(rate > 0) || burst < 1 || burst / rate > LONGEST_WINDOW.toSeconds()) {
            throw new IllegalArgumentException(
                    "carillon.limits.%s: rate (%s) must be above 0, burst (%d) 1 or more, and not more than comes in a day at that rate"
                            .formatted(what, rate, burst));
        }
        return new Quota(rate, burst);
    }
}
