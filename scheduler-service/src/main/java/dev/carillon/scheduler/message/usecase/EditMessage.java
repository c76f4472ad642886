package dev.carillon.scheduler.message.usecase;

import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Editing;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Status;
import dev.carillon.scheduler.message.Terms;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import dev.carillon.scheduler.template.FoundTemplates;
import dev.carillon.scheduler.template.FoundTemplates.Wanted;
import dev.carillon.scheduler.template.TemplateRef;
import dev.carillon.scheduler.template.store.TemplateStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Changes a message until its first attempt, whoever has it at the moment. One that delivery has is called back; the change is in the message's
 * row, so that it survives whoever waits, and is made in the transaction that reads delivery's answer.
 */
@ApplicationScoped
public class EditMessage {
    /** What the wish came to. */
    public sealed interface Outcome {
        record Edited(TracedMessage message) implements Outcome {}

        /** An attempt has begun, or it has ended. */
        record AlreadyFired(TracedMessage message) implements Outcome {}

        /** It is being called back for another wish, whose answer is awaited. */
        record RecallPending() implements Outcome {}

        /** Delivery has not answered yet; it will, and the message then shows it. */
        record Recalling(TracedMessage message) implements Outcome {}

        record NotFound() implements Outcome {}

        /** The client meant another revision than {@code actual}. */
        record OtherRevision(int actual) implements Outcome {}
    }

    /** What a client wants of a message. */
    public interface Wish {
        /** The template that is to be filled in for it. */
        Optional<TemplateRef> template(Message message);

        /**
         * What the client makes of the message. What it throws ends the request, with nothing changed.
         *
         * @param templates the one above, if it is there
         */
        Terms applied(Message message, FoundTemplates templates);
    }

    private final Transactions transactions;
    private final MessageStore messages;
    private final ChangeMessages changeMessages;
    private final RecallOutcomes outcomes;
    private final TemplateStore templates;

    public EditMessage(
            Transactions transactions,
            MessageStore messages,
            ChangeMessages changeMessages,
            RecallOutcomes outcomes,
            TemplateStore templates) {
        this.transactions = transactions;
        this.messages = messages;
        this.templates = templates;
        this.changeMessages = changeMessages;
        this.outcomes = outcomes;
    }

    /** @param revision the one that the client means; null for any */
    public Uni<Outcome> edit(String tenant, UUID id, @Nullable Integer revision, Wish wish) {
        return transactions
                .inTransaction(tx -> messages.lock(tx, tenant, id).chain(found -> {
                    if (found.isEmpty()) {
                        return Uni.createFrom().item(new Outcome.NotFound());
                    }
                    var actual = found.get().message().revision();
                    return revision != null && revision != actual
                            ? Uni.createFrom().item(new Outcome.OtherRevision(actual))
                            : terms(tx, found.get().message(), wish).chain(wanted -> decide(tx, found.get(), wanted));
                }))
                .chain(outcome -> outcome instanceof Outcome.Recalling(TracedMessage recalling)
                        ? outcomes.await(recalling).map(answer -> answered(recalling, answer))
                        : Uni.createFrom().item(outcome));
    }

    private Uni<Terms> terms(Tx tx, Message message, Wish wish) {
        var wanted = wish.template(message).map(ref -> new Wanted(message.tenant(), ref)).stream()
                .toList();
        return templates.find(tx, wanted).map(found -> wish.applied(message, found));
    }

    private Uni<Outcome> decide(Tx tx, TracedMessage found, Terms wanted) {
        var message = found.message();
        if (wanted.equals(message.edit())) {
            return Uni.createFrom().item(new Outcome.Recalling(found));
        }
        if (wanted.equals(message.terms()) && message.status() != Status.RECALLING) {
            return Uni.createFrom().item(new Outcome.Edited(found));
        }
        return changeMessages.change(tx, found, wanted).map(decided -> switch (decided) {
            case Editing.Edited(Message edited) -> new Outcome.Edited(found.with(edited));
            case Editing.Recalled(Message recalling) -> new Outcome.Recalling(found.with(recalling));
            case Editing.RecallPending() -> new Outcome.RecallPending();
            case Editing.TooLate() -> new Outcome.AlreadyFired(found);
        });
    }

    /** A message that delivery gave up has its new terms, even if it has ended since; any other was attempted, or cancelled meanwhile. */
    private static Outcome answered(TracedMessage recalling, TracedMessage now) {
        if (now.message().status() == Status.RECALLING) {
            return new Outcome.Recalling(now);
        }
        return Editing.wasMade(recalling.message(), now.message())
                ? new Outcome.Edited(now)
                : new Outcome.AlreadyFired(now);
    }
}
