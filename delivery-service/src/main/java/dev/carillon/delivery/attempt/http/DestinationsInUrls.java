package dev.carillon.delivery.attempt.http;

import dev.carillon.kit.telemetry.PersonalUrls;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** Destinations, by which deliveries and dead letters are found, are kept out of traces. */
@ApplicationScoped
public class DestinationsInUrls {
    @Produces
    @Singleton
    PersonalUrls destinations() {
        return new PersonalUrls(List.of("destination"), List.of());
    }
}
