package dev.carillon.booking.availability.usecase;

import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.store.ResourceStore;
import dev.carillon.kit.tx.EntityTransactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Changes what a resource is called, when its customers are reminded, and what it asks of its bookings. What is booked stays booked. */
@ApplicationScoped
public class ChangeResource {
    /** What the wish came to. */
    public sealed interface Outcome {
        record Changed(Resource resource) implements Outcome {}

        record NotFound() implements Outcome {}

        /** The client meant another revision than {@code actual}. */
        record OtherRevision(int actual) implements Outcome {}
    }

    private final EntityTransactions transactions;
    private final ResourceStore resources;

    public ChangeResource(Mutiny.SessionFactory sessions, ResourceStore resources) {
        this.transactions = new EntityTransactions(sessions);
        this.resources = resources;
    }

    /**
     * @param revision the one that the client means; null for any
     * @param change what becomes of the resource as it is when nobody else changes it
     */
    public Uni<Outcome> change(String tenant, UUID id, @Nullable Integer revision, UnaryOperator<Resource> change) {
        return transactions.inTransaction(
                (session, tx) -> resources.lock(session, tx, id).chain(found -> found.map(
                                ResourceStore.Generated::resource)
                        .filter(resource -> resource.tenant().equals(tenant))
                        .map(resource -> change(session, resource, revision, change))
                        .orElseGet(() -> Uni.createFrom().item(new Outcome.NotFound()))));
    }

    private Uni<Outcome> change(
            Mutiny.Session session, Resource resource, @Nullable Integer revision, UnaryOperator<Resource> change) {
        if (revision != null && revision != resource.revision()) {
            return Uni.createFrom().item(new Outcome.OtherRevision(resource.revision()));
        }
        var changed = change.apply(resource);
        return resources.change(session, changed).replaceWith(new Outcome.Changed(changed));
    }
}
