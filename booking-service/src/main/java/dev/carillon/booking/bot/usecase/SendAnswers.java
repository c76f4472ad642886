package dev.carillon.booking.bot.usecase;

import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.bot.store.AnswerStore;
import dev.carillon.booking.bot.store.AnswerStore.Call;
import dev.carillon.booking.bot.store.AnswerStore.Outstanding;
import dev.carillon.booking.bot.store.Chat;
import dev.carillon.booking.bot.store.ChatStore;
import dev.carillon.booking.bot.telegram.ApiAnswer;
import dev.carillon.booking.bot.telegram.ApiCalls;
import dev.carillon.booking.bot.telegram.BotApi;
import dev.carillon.booking.bot.telegram.TelegramSettings;
import dev.carillon.kit.timer.Due;
import dev.carillon.kit.timer.TimerSettings;
import dev.carillon.kit.timer.Timers;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Says what is to be said, chat by chat and in each in order, outside every transaction. What is to be said is a row of the transaction that did what it
 * tells of, and stays until Telegram has taken or refused it, or has been away for too long; a node that dies is followed by another one.
 *
 * <pre>
 *   to be said ──the chat is this node's for a minute──> being said ──taken, refused──> gone
 *      ▲                                                    │  └──over its patience──> gone, and counted
 *      └────── Telegram is away, asks for a pause; the node has died ──┘
 * </pre>
 */
@ApplicationScoped
public class SendAnswers {
    private static final Logger LOG = Logger.getLogger(SendAnswers.class);
    private static final int AT_ONCE = 6;
    private static final Duration SLACK = Duration.ofSeconds(10);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final BookingSettings settings;
    private final TelegramSettings telegram;
    private final Transactions transactions;
    private final ChatStore chats;
    private final AnswerStore answers;
    private final BotApi api;
    private final MeterRegistry metrics;
    private final Timers timers;
    private final Duration lease;
    private final AtomicInteger sending = new AtomicInteger();

    public SendAnswers(
            BookingSettings settings,
            TelegramSettings telegram,
            TimerSettings timerSettings,
            Pool pool,
            Vertx vertx,
            Transactions transactions,
            ChatStore chats,
            AnswerStore answers,
            BotApi api,
            MeterRegistry metrics) {
        this.settings = settings;
        this.telegram = telegram;
        this.transactions = transactions;
        this.chats = chats;
        this.answers = answers;
        this.api = api;
        this.metrics = metrics;
        // An answer is two calls at most: one that cannot be rewritten is said anew.
        this.lease = telegram.timeout().multipliedBy(2L * AT_ONCE).plus(SLACK);
        this.timers = new Timers("telegram", pool, vertx, timerSettings, Duration.ZERO, this::fire);
        metrics.gauge("carillon.timer.held", Tags.of("kind", "telegram"), timers, Timers::held);
        Stream.of("sent", "retried", "refused", "expired").forEach(this::counter);
    }

    /** What is being said in a chat by this node, until an instant that tells it from who may say it later. */
    private record Sending(UUID chat, long bot, Instant until, List<Outstanding> outstanding) {}

    /** What came of it: which were settled, and what kept the next one from it. */
    private record Sent(List<Long> settled, Optional<Pause> pause) {}

    private record Pause(long seq, int tries, ApiAnswer.Later why) {}

    void start(@Observes StartupEvent started) {
        timers.startAndAwait();
    }

    void stop(@Observes ShutdownEvent stopping) {
        timers.stopAndAwait(settings.stopPatience(), () -> sending.get() == 0);
    }

    /** Has this said once the transaction, which has locked the chat, has committed. */
    Uni<Void> say(Tx tx, Chat chat, List<Call> calls, Instant now) {
        return answers.add(tx, chat.id(), calls, now)
                .chain(() -> chat.isBeingSentAt(now) ? Uni.createFrom().voidItem() : timers.arm(tx, chat.id(), now));
    }

    /** Only takes over the chats: what is said in them may take longer than a firing. */
    private Uni<Void> fire(List<Due> due) {
        return transactions
                .inTransaction(tx -> chats.lock(tx, due.stream().map(Due::id).toList())
                        .chain(locked -> timers.take(tx, due).chain(taken -> begin(tx, ofThese(locked, taken), now()))))
                .invoke(begun -> begun.forEach(this::send))
                .replaceWithVoid();
    }

    private static List<Chat> ofThese(List<Chat> chats, Set<UUID> ids) {
        return chats.stream().filter(one -> ids.contains(one.id())).toList();
    }

    private Uni<List<Sending>> begin(Tx tx, List<Chat> taken, Instant now) {
        var busy = taken.stream().filter(one -> one.isBeingSentAt(now)).toList();
        var free = taken.stream().filter(one -> !one.isBeingSentAt(now)).toList();
        var until = now.plus(lease);
        return arm(
                        tx,
                        busy,
                        busy.stream()
                                .map(one -> Objects.requireNonNull(one.sendingUntil()))
                                .toList())
                .chain(() -> answers.first(tx, free.stream().map(Chat::id).toList(), AT_ONCE))
                .map(found -> sendings(free, found, until))
                .call(begun -> takeOver(tx, begun, until));
    }

    private static List<Sending> sendings(List<Chat> chats, List<Outstanding> found, Instant until) {
        Map<UUID, List<Outstanding>> ofChat = found.stream().collect(Collectors.groupingBy(Outstanding::chat));
        return chats.stream()
                .filter(chat -> ofChat.containsKey(chat.id()))
                .map(chat -> new Sending(chat.id(), chat.bot(), until, ofChat.getOrDefault(chat.id(), List.of())))
                .toList();
    }

    /** Should this node die, the timer is another's. */
    private Uni<Void> takeOver(Tx tx, List<Sending> begun, Instant until) {
        var ids = begun.stream().map(Sending::chat).toList();
        return ids.isEmpty()
                ? Uni.createFrom().voidItem()
                : chats.sending(tx, ids, until)
                        .chain(() -> timers.arm(tx, ids, Collections.nCopies(ids.size(), until)));
    }

    private Uni<Void> arm(Tx tx, List<Chat> some, List<Instant> dueAt) {
        return some.isEmpty()
                ? Uni.createFrom().voidItem()
                : timers.arm(tx, some.stream().map(Chat::id).toList(), dueAt);
    }

    private void send(Sending one) {
        sending.incrementAndGet();
        sendFrom(one, 0, System.nanoTime() + lease.minus(SLACK).toNanos(), new ArrayList<>())
                .chain(sent -> transactions.inTransaction(tx -> settle(tx, one, sent)))
                .onTermination()
                .invoke(sending::decrementAndGet)
                .subscribe()
                .with(
                        settled -> LOG.tracef("%d answers were to be said", one.outstanding.size()),
                        failure -> LOG.warnf("What was said in a chat is not noted, and is said again: %s", failure));
    }

    /** One after another; what is left when the node's time is over is said in the next round. */
    private Uni<Sent> sendFrom(Sending one, int at, long deadlineNanos, List<Long> settled) {
        if (at == one.outstanding.size() || System.nanoTime() - deadlineNanos > 0) {
            return Uni.createFrom().item(() -> new Sent(settled, Optional.empty()));
        }
        var next = one.outstanding.get(at);
        return send(one.bot, next).chain(answer -> {
            if (answer instanceof ApiAnswer.Later later && isWorthAnotherTry(next)) {
                count("retried");
                return Uni.createFrom()
                        .item(() -> new Sent(settled, Optional.of(new Pause(next.seq(), next.tries(), later))));
            }
            settled.add(next.seq());
            return sendFrom(one, at + 1, deadlineNanos, settled);
        });
    }

    private static boolean isWorthAnotherTry(Outstanding next) {
        return !next.call().method().equals(ApiCalls.HEED);
    }

    private Uni<ApiAnswer> send(long bot, Outstanding next) {
        if (next.createdAt().plus(telegram.answerPatience()).isBefore(now())) {
            LOG.warnf("An answer of the bot %d was not to be said within %s", bot, telegram.answerPatience());
            count("expired");
            return Uni.createFrom().item(new ApiAnswer.Done());
        }
        return call(bot, next.call()).invoke(answer -> told(bot, next.call(), answer));
    }

    private Uni<ApiAnswer> call(long bot, Call call) {
        return api.call(bot, call.method(), call.body()).chain(answer -> {
            if (!(answer instanceof ApiAnswer.Refused refused) || !call.method().equals(ApiCalls.EDIT)) {
                return Uni.createFrom().item(answer);
            }
            // It says already what it is to say: it was rewritten before, and the answer to that was lost.
            return refused.description().contains("message is not modified")
                    ? Uni.createFrom().item(new ApiAnswer.Done())
                    : call(bot, ApiCalls.anew(call));
        });
    }

    private void told(long bot, Call call, ApiAnswer answer) {
        switch (answer) {
            case ApiAnswer.Done() -> count("sent");
            case ApiAnswer.Refused refused -> {
                // Mostly a person who has blocked the bot.
                LOG.infof("%s of the bot %d is refused (%d)", call, bot, refused.code());
                count("refused");
            }
            case ApiAnswer.Later later -> LOG.debugf("%s of the bot %d is put off: %s", call, bot, later.why());
        }
    }

    private void count(String outcome) {
        counter(outcome).increment();
    }

    private Counter counter(String outcome) {
        return metrics.counter("carillon.telegram.answers", "outcome", outcome);
    }

    private Uni<Void> settle(Tx tx, Sending one, Sent sent) {
        return chats.lock(tx, List.of(one.chat)).chain(found -> answers.done(tx, sent.settled)
                .chain(() -> found.isEmpty()
                                || !one.until.equals(found.getFirst().sendingUntil())
                        ? Uni.createFrom().voidItem()
                        : sent.pause.map(pause -> putOff(tx, one.chat, pause)).orElseGet(() -> goOn(tx, one.chat))));
    }

    /** Nobody says anything there before, or it would be out of order. */
    private Uni<Void> putOff(Tx tx, UUID chat, Pause pause) {
        var next = now().plus(wait(pause));
        return answers.tried(tx, pause.seq)
                .chain(() -> chats.sending(tx, List.of(chat), next))
                .chain(() -> timers.arm(tx, chat, next));
    }

    private static Duration wait(Pause pause) {
        var doubled = FIRST_WAIT.multipliedBy(1L << Math.min(pause.tries, 10));
        var own = doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
        var asked = pause.why.retryAfter();
        return asked != null && asked.compareTo(own) > 0 ? asked : own;
    }

    private Uni<Void> goOn(Tx tx, UUID chat) {
        return chats.sending(tx, List.of(chat), null)
                .chain(() -> answers.isAnythingLeft(tx, chat))
                .chain(left -> left ? timers.arm(tx, chat, now()) : timers.disarm(tx, List.of(chat)));
    }

    private Instant now() {
        return timers.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }
}
