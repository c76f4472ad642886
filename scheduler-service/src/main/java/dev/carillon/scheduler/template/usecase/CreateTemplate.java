package dev.carillon.scheduler.template.usecase;

import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.template.Template;
import dev.carillon.scheduler.template.store.TemplateStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Accepts templates. A name that was retired comes back with its next version. */
@ApplicationScoped
public class CreateTemplate {
    /** What a request came to. */
    public sealed interface Outcome {
        record Created(Template template) implements Outcome {}

        /** The tenant has a template of this name. */
        record Exists() implements Outcome {}

        /** The key was seen before; nothing was created. */
        record Decided(Verdict verdict) implements Outcome {}
    }

    private final Transactions transactions;
    private final IdempotencyKeys keys;
    private final TemplateStore templates;

    public CreateTemplate(Transactions transactions, IdempotencyKeys keys, TemplateStore templates) {
        this.transactions = transactions;
        this.keys = keys;
        this.templates = templates;
    }

    public Uni<Outcome> create(Template template, IdempotencyKeys.@Nullable Key key) {
        return transactions.inTransaction(tx -> keys.judge(tx, Collections.singletonList(key))
                .chain(verdicts -> verdicts.getFirst() instanceof Verdict.Fresh
                        ? createFresh(tx, template).call(outcome -> remember(tx, outcome, key))
                        : Uni.createFrom().item(new Outcome.Decided(verdicts.getFirst()))));
    }

    private Uni<Outcome> createFresh(Tx tx, Template template) {
        return templates
                .insert(tx, template)
                .chain(inserted ->
                        inserted ? Uni.createFrom().item(new Outcome.Created(template)) : broughtBack(tx, template));
    }

    private Uni<Outcome> broughtBack(Tx tx, Template template) {
        return templates.lock(tx, template.tenant(), template.name()).chain(found -> {
            var former = found.orElseThrow();
            if (former.retiredAt() == null) {
                return Uni.createFrom().item(new Outcome.Exists());
            }
            var again = former.changed(template.texts(), template.createdAt());
            return templates.addVersion(tx, again).replaceWith(new Outcome.Created(again));
        });
    }

    private Uni<Void> remember(Tx tx, Outcome outcome, IdempotencyKeys.@Nullable Key key) {
        return key != null && outcome instanceof Outcome.Created(Template template)
                ? keys.remember(tx, List.of(new IdempotencyKeys.Answered(key, 201, template.id())))
                : Uni.createFrom().voidItem();
    }
}
