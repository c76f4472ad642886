package dev.carillon.booking.availability.store;

import dev.carillon.booking.availability.BookingRules;
import dev.carillon.booking.availability.Messages;
import dev.carillon.booking.availability.Resource;
import dev.carillon.kit.tx.EntityTransactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/** Resources in PostgreSQL. */
@ApplicationScoped
public class ResourceStore {
    // Not as strong as Hibernate's own lock, for which whoever inserts a slot of the resource would wait.
    private static final String LOCK = "SELECT id FROM resource WHERE id = $1 FOR NO KEY UPDATE";
    private static final UUID AFTER_ALL = new UUID(-1, -1);

    private final EntityTransactions transactions;
    private final HoursJson json;
    private final TemplatesJson templates;

    public ResourceStore(Mutiny.SessionFactory sessions, HoursJson json, TemplatesJson templates) {
        this.transactions = new EntityTransactions(sessions);
        this.json = json;
        this.templates = templates;
    }

    /** @param generatedUntil the first local day whose slots are not there */
    public Uni<Void> insert(Mutiny.Session session, Resource resource, LocalDate generatedUntil) {
        var row = new ResourceRow();
        row.id = resource.id();
        row.tenant = resource.tenant();
        row.zone = resource.zone().getId();
        row.generatedUntil = generatedUntil;
        writeChangeable(row, resource);
        row.createdAt = resource.createdAt();
        return session.persist(row);
    }

    public Uni<Optional<Resource>> find(String tenant, UUID id) {
        return transactions.read(session -> session.find(ResourceRow.class, id)).map(row -> Optional.ofNullable(row)
                .filter(found -> found.tenant.equals(tenant))
                .map(this::read));
    }

    /** A tenant's resources, newest first; only those before {@code before} when that is given. */
    public Uni<List<Resource>> list(String tenant, @Nullable UUID before, int limit) {
        return transactions
                .read(session -> session.createSelectionQuery(
                                "from ResourceRow where tenant = :tenant and id < :before order by id desc",
                                ResourceRow.class)
                        .setParameter("tenant", tenant)
                        .setParameter("before", before == null ? AFTER_ALL : before)
                        .setMaxResults(limit)
                        .getResultList())
                .map(rows -> rows.stream().map(this::read).toList());
    }

    /** What is known of a resource's slots, locked until the transaction ends. */
    public record Generated(Resource resource, LocalDate until) {}

    /** Nobody else opens or changes its slots by its hours, or opens one by hand, until the transaction ends. Comes before every slot's lock. */
    public Uni<Void> lock(Tx tx, UUID id) {
        return tx.run(LOCK, Tuple.of(id)).replaceWithVoid();
    }

    /** As {@link #lock(Tx, UUID)}. */
    public Uni<Optional<Generated>> lock(Mutiny.Session session, Tx tx, UUID id) {
        return lock(tx, id).chain(() -> session.find(ResourceRow.class, id)).map(row -> Optional.ofNullable(row)
                .map(found -> new Generated(read(found), found.generatedUntil)));
    }

    public Uni<Void> setGeneratedUntil(Mutiny.Session session, UUID id, LocalDate until) {
        return session.find(ResourceRow.class, id)
                .invoke(row -> row.generatedUntil = until)
                .replaceWithVoid();
    }

    /** Writes what its owner can change. The row must be locked by this transaction. */
    public Uni<Void> change(Mutiny.Session session, Resource resource) {
        return session.find(ResourceRow.class, resource.id())
                .invoke(row -> writeChangeable(row, resource))
                .replaceWithVoid();
    }

    private void writeChangeable(ResourceRow row, Resource resource) {
        row.name = resource.name();
        row.slotLength = resource.slotLength().toString();
        row.buffer = resource.buffer().toString();
        row.capacity = resource.capacity();
        row.horizonDays = resource.horizon().getDays();
        row.weekly = json.text(HoursJson.openings(resource.weekly()));
        row.exceptions = json.text(HoursJson.exceptions(resource.exceptions()));
        row.language = resource.messages().language();
        row.templates = templates.text(resource.messages().templates());
        row.reminders = json.text(resource.reminders());
        row.leadTime = resource.rules().leadTime().toString();
        row.cancelNotice = resource.rules().cancelNotice().toString();
        row.maxPerCustomer = resource.rules().maxPerCustomer();
        row.revision = resource.revision();
    }

    private Resource read(ResourceRow row) {
        return new Resource(
                row.id,
                row.tenant,
                row.name,
                ZoneId.of(row.zone),
                Duration.parse(row.slotLength),
                Duration.parse(row.buffer),
                row.capacity,
                Period.ofDays(row.horizonDays),
                json.readOpenings(row.weekly),
                json.readExceptions(row.exceptions),
                json.readTexts(row.reminders),
                new BookingRules(Duration.parse(row.leadTime), Duration.parse(row.cancelNotice), row.maxPerCustomer),
                new Messages(row.language, templates.read(row.templates)),
                row.revision,
                row.createdAt);
    }
}
