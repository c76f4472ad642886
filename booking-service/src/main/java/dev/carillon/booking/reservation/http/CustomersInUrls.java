package dev.carillon.booking.reservation.http;

import dev.carillon.kit.telemetry.PersonalUrls;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.regex.Pattern;

/** The ids of customers, who may be persons by them, are kept out of traces. */
@ApplicationScoped
public class CustomersInUrls {
    @Produces
    @Singleton
    PersonalUrls customers() {
        return new PersonalUrls(
                List.of("customerId"), List.of(Pattern.compile("(?s)^/v1/customers/(?<who>.+?)(?:/export|/erase)?$")));
    }
}
