package dev.carillon.delivery.attempt.store;

import java.util.UUID;

/**
 * A delivery whose timer fired, with what its permit is decided by.
 *
 * @param destination JSON, as the staging event brought it
 * @param contentBytes how long its content is
 */
public record DueDelivery(StoredDelivery stored, String destination, int contentBytes) {
    public UUID id() {
        return stored.id();
    }
}
