package dev.carillon.scheduler.message.http;

import dev.carillon.kit.telemetry.PersonalUrls;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** Ordering keys, which may be anything that a tenant has, are kept out of traces. */
@ApplicationScoped
public class OrderingKeysInUrls {
    @Produces
    @Singleton
    PersonalUrls orderingKeys() {
        return new PersonalUrls(List.of("orderingKey"), List.of());
    }
}
