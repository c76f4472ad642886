package dev.carillon.booking.reservation.http;

import dev.carillon.booking.reservation.Actor;
import dev.carillon.kit.identity.Caller;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/**
 * Whom a request counts as. Staff are dashboard users (tokens of the groups operator or admin) and API keys that hold {@code bookings:admin}, by that
 * scope, {@code bookings:*} or {@code *}; every other key is a bot's or a server's that acts for customers.
 */
@ApplicationScoped
class Actors {
    private static final Set<String> STAFF = Set.of("bookings:admin");

    private final SecurityIdentity identity;
    private final Caller caller;

    Actors(SecurityIdentity identity, Caller caller) {
        this.identity = identity;
        this.caller = caller;
    }

    Actor calling() {
        boolean isStaff = identity.hasRole("operator")
                || identity.hasRole("admin")
                || caller.lacks(STAFF).isEmpty();
        return isStaff ? Actor.STAFF : Actor.CUSTOMER;
    }
}
