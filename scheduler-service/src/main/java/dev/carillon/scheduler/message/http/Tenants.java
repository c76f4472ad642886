package dev.carillon.scheduler.message.http;

import dev.carillon.kit.http.RefusedDestinations;
import dev.carillon.scheduler.SchedulerSettings;
import dev.carillon.scheduler.template.FoundTemplates;
import jakarta.enterprise.context.ApplicationScoped;

/** Knows what a request of each tenant may draw on. */
@ApplicationScoped
class Tenants {
    private final SchedulerSettings settings;
    private final RefusedDestinations refusals;

    Tenants(SchedulerSettings settings, RefusedDestinations refusals) {
        this.settings = settings;
        this.refusals = refusals;
    }

    /** @param templates those that the request names, as far as they are there */
    TenantsOwn own(String tenant, FoundTemplates templates) {
        return new TenantsOwn(tenant, Senders.of(tenant, settings), new WebhookUrls(tenant, refusals), templates);
    }
}
