package dev.carillon.booking.reservation.store;

import dev.carillon.booking.reservation.CustomerReference;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Vetoed;

/** Fails whenever somebody asks how much is kept of a customer. */
@Vetoed
public class UncountableCustomers extends CustomerStore {
    private volatile Throwable failure = new IllegalStateException("uncountable");

    public void failWith(Throwable other) {
        failure = other;
    }

    @Override
    public Uni<Count> count(Tx tx, String tenant, CustomerReference customer) {
        return Uni.createFrom().failure(failure);
    }
}
