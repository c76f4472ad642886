package dev.carillon.scheduler.template.usecase;

import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.template.Template;
import dev.carillon.scheduler.template.Texts;
import dev.carillon.scheduler.template.store.TemplateStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gives templates another version, and retires them. No version that there ever was is changed by it. */
@ApplicationScoped
public class ChangeTemplate {
    /** What the wish came to. */
    public sealed interface Outcome {
        record Changed(Template template) implements Outcome {}

        record NotFound() implements Outcome {}

        /** The client meant another version than {@code actual}, the latest. */
        record OtherVersion(int actual) implements Outcome {}

        /** Nothing new may use it; it can be created again. */
        record Retired() implements Outcome {}
    }

    private final Transactions transactions;
    private final TemplateStore templates;

    public ChangeTemplate(Transactions transactions, TemplateStore templates) {
        this.transactions = transactions;
        this.templates = templates;
    }

    /**
     * What leaves the texts as they are makes no version.
     *
     * @param version the latest, as the client knows it; null for any
     * @param change what the client makes of the texts; what it throws ends the request, with nothing changed
     */
    public Uni<Outcome> change(
            String tenant, String name, @Nullable Integer version, Function<Texts, Texts> change, Instant now) {
        return transactions.inTransaction(tx -> locked(tx, tenant, name, version, found -> {
            if (found.retiredAt() != null) {
                return Uni.createFrom().item(new Outcome.Retired());
            }
            var later = change.apply(found.texts());
            if (later.equals(found.texts())) {
                return Uni.createFrom().item(new Outcome.Changed(found));
            }
            var changed = found.changed(later, now);
            return templates.addVersion(tx, changed).replaceWith(new Outcome.Changed(changed));
        }));
    }

    /** One that is retired already stays so. */
    public Uni<Outcome> retire(String tenant, String name, @Nullable Integer version, Instant now) {
        return transactions.inTransaction(tx -> locked(tx, tenant, name, version, found -> {
            if (found.retiredAt() != null) {
                return Uni.createFrom().item(new Outcome.Changed(found));
            }
            var retired = found.retired(now);
            return templates.save(tx, retired).replaceWith(new Outcome.Changed(retired));
        }));
    }

    private Uni<Outcome> locked(
            Tx tx, String tenant, String name, @Nullable Integer version, Function<Template, Uni<Outcome>> act) {
        return templates.lock(tx, tenant, name).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(new Outcome.NotFound());
            }
            int actual = found.get().latest();
            return version != null && version != actual
                    ? Uni.createFrom().item(new Outcome.OtherVersion(actual))
                    : act.apply(found.get());
        });
    }
}
