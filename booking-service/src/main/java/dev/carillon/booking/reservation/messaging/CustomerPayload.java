package dev.carillon.booking.reservation.messaging;

import dev.carillon.booking.reservation.Customer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** A customer as events tell of them. */
@RegisterForReflection
record CustomerPayload(
        @Nullable String id,
        String name,
        @Nullable String email,
        @Nullable String telegramChatId,
        @Nullable String zone,
        @Nullable String language) {
    static CustomerPayload of(Customer customer) {
        return new CustomerPayload(
                customer.id(),
                customer.name(),
                customer.email(),
                customer.telegramChatId(),
                customer.zone() == null ? null : customer.zone().getId(),
                customer.language());
    }
}
