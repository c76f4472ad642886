package dev.carillon.booking.bot.usecase;

import dev.carillon.booking.bot.Bot;
import dev.carillon.booking.bot.Notice;
import dev.carillon.booking.bot.Screens;
import dev.carillon.booking.bot.Turn;
import dev.carillon.booking.bot.Turn.Did;
import dev.carillon.booking.bot.Update;
import dev.carillon.booking.bot.store.Chat;
import dev.carillon.booking.bot.store.ChatStore;
import dev.carillon.booking.bot.store.UpdateStore;
import dev.carillon.booking.bot.telegram.ApiCalls;
import dev.carillon.booking.bot.words.Languages;
import dev.carillon.booking.reservation.usecase.HoldTimers;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.tx.Gate;
import dev.carillon.kit.tx.Outages;
import dev.carillon.kit.tx.Overloaded;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Takes an update: the row that says so, what it does to bookings, where the conversation is then, and what is to be said are one transaction. So an
 * update has its effect once, however often and on however many instances it comes, and when it has had one the answer will be given.
 */
@ApplicationScoped
public class AnswerUpdate {
    private static final Logger LOG = Logger.getLogger(AnswerUpdate.class);
    /** How long a lock that others have is waited for, and how often it is tried again. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(1);

    private static final int LOCKED_AGAIN = 2;
    /** Of twenty connections; so many may wait for what is locked. */
    private static final int AT_ONCE = 3;

    private static final Duration LONGEST_QUEUE = Duration.ofSeconds(10);

    private final Gate gate = new Gate(AT_ONCE, LONGEST_QUEUE);
    private final Transactions transactions;
    private final UpdateStore updates;
    private final ChatStore chats;
    private final TakeTurn turns;
    private final SendAnswers answers;
    private final Languages languages;
    private final EventIds ids;
    private final HoldTimers clock;
    private final MeterRegistry metrics;

    AnswerUpdate(
            Transactions transactions,
            UpdateStore updates,
            ChatStore chats,
            TakeTurn turns,
            SendAnswers answers,
            Languages languages,
            EventIds ids,
            HoldTimers clock,
            MeterRegistry metrics) {
        this.transactions = transactions;
        this.updates = updates;
        this.chats = chats;
        this.turns = turns;
        this.answers = answers;
        this.languages = languages;
        this.ids = ids;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** All are exported before anything has happened. */
    void start(@Observes StartupEvent started) {
        Stream.of(Did.values()).forEach(this::counter);
    }

    /**
     * What needs something that others keep locked gets a polite word. Fails only when it could be taken another time: the database is away, or too much is
     * asked.
     */
    public Uni<Did> answer(Bot bot, Update update) {
        return once(bot, update, heard -> turns.take(heard))
                .onFailure(Outages::isLockConflict)
                .recoverWithUni(() -> once(bot, update, heard -> said(heard, new Notice.Busy())))
                .onFailure(AnswerUpdate::staysSo)
                .recoverWithUni(failure -> apologise(bot, update, failure))
                .invoke(this::count);
    }

    /** Counts an update that is nothing for the bot. */
    public Did ignore() {
        count(Did.IGNORED);
        return Did.IGNORED;
    }

    private void count(Did did) {
        counter(did).increment();
    }

    private Counter counter(Did did) {
        return metrics.counter(
                "carillon.telegram.updates", "outcome", did.name().toLowerCase(Locale.ROOT));
    }

    private static boolean staysSo(Throwable failure) {
        return !Outages.isOutage(failure) && !(failure instanceof Overloaded);
    }

    /** An update that can never be taken would be sent again for a day, and keep others waiting. */
    private Uni<Did> apologise(Bot bot, Update update, Throwable failure) {
        LOG.errorf(failure, "Update %d of the bot %s failed, and nothing of it was done", update.id(), bot.name());
        return once(bot, update, heard -> said(heard, new Notice.Failed()))
                .map(did -> did == Did.REPEATED ? did : Did.FAILED);
    }

    private static Uni<Turn> said(Hearing heard, Notice why) {
        return Uni.createFrom().item(() -> heard.refused(why));
    }

    private Uni<Did> once(Bot bot, Update update, Function<Hearing, Uni<Turn>> turn) {
        return gate.pass(() -> transactions
                .inTransaction(tx -> tx.waitForLocks(LOCK_WAIT)
                        .chain(() -> updates.take(tx, bot.id(), update.id()))
                        .chain(isNew -> isNew
                                ? take(tx, bot, update, turn)
                                : Uni.createFrom().item(Did.REPEATED)))
                // Many may want the row of a hot slot.
                .onFailure(Outages::isLockConflict)
                .retry()
                .atMost(LOCKED_AGAIN));
    }

    private Uni<Did> take(Tx tx, Bot bot, Update update, Function<Hearing, Uni<Turn>> turn) {
        UUID id = ids.next();
        var screens = new Screens(languages.of(update.language()));
        return chats.lock(tx, id, bot, update.chat(), TakeTurn.token(id), clock.now())
                .chain(chat -> {
                    // Asked once the chat is this transaction's: what came before it in the chat is over.
                    var now = clock.now();
                    return turn.apply(new Hearing(tx, bot, update, chat.conversation(), now, screens))
                            .chain(taken -> write(tx, chat, update, taken, now).replaceWith(taken.did()));
                });
    }

    private Uni<Void> write(Tx tx, Chat chat, Update update, Turn turn, Instant now) {
        var calls = turn.said().stream()
                .map(said -> ApiCalls.of(said, update.chat(), turn.next()))
                .toList();
        return chats.save(tx, chat.id(), turn.next()).chain(() -> answers.say(tx, chat, calls, now));
    }
}
