package dev.carillon.delivery.channel.email;

import dev.carillon.delivery.channel.Channel;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.MailResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Hands e-mail to an SMTP relay. */
public final class EmailChannel implements Channel, AutoCloseable {

    private final Vertx vertx;
    private final SmtpSettings settings;
    private final List<RelayLine> lines;
    private final @Nullable Turns<RelayLine> turns;
    private final @Nullable Mailbox sender;
    private final String relay;

    /**
     * @throws IllegalArgumentException if the sender in the settings is no address, or the file of trusted certificates holds none
     */
    public EmailChannel(Vertx vertx, SmtpSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.lines = settings.host().map(host -> lines(vertx, host, settings)).orElse(List.of());
        this.turns = settings.host().isPresent() ? new Turns<>(lines) : null;
        this.sender = settings.from().map(EmailChannel::sender).orElse(null);
        this.relay = settings.host().orElse("no relay") + ":" + settings.port();
    }

    private static List<RelayLine> lines(Vertx vertx, String host, SmtpSettings settings) {
        RelayConfig config = new RelayConfig(vertx, host, settings);
        return Stream.generate(() -> new RelayLine(vertx, config::ofOneLine))
                .limit(settings.poolSize())
                .toList();
    }

    private static Mailbox sender(String from) {
        return Mailbox.parse(from)
                .orElseThrow(
                        () -> new IllegalArgumentException("carillon.smtp.from is not an e-mail address: " + from));
    }

    @Override
    public String name() {
        return Destination.EMAIL;
    }

    @Override
    public Duration timeout() {
        return settings.timeout();
    }

    @Override
    public int connections() {
        return settings.poolSize();
    }

    /** All calls go to the one relay. */
    @Override
    public Object receiver(Destination destination) {
        return name();
    }

    @Override
    public CompletionStage<ProviderAnswer> send(Outbound outbound) {
        if (!(outbound.destination() instanceof Destination.Email(String address))) {
            throw new IllegalArgumentException(
                    "not a mailbox: " + outbound.destination().channel());
        }
        if (turns == null || sender == null) {
            return CompletableFuture.completedFuture(Transient.unanswered(
                    Reason.NOT_CONFIGURED,
                    "no relay or no sender for e-mail: set carillon.smtp.host and carillon.smtp.from",
                    false));
        }
        return switch (Letter.write(outbound, address, sender)) {
            case Letter.Refused(Reason reason, String why) ->
                CompletableFuture.completedFuture(Permanent.unasked(reason, why));
            case Letter.Written(MailMessage mail) -> new Call(turns, mail, outbound).run();
        };
    }

    @Override
    public void close() {
        lines.forEach(RelayLine::close);
    }

    /**
     * One call: wait for a turn, hand the letter over, judge; all of it before the deadline, at which the line is cut that has not done it. All but its
     * beginning happens on its context.
     */
    private final class Call {
        /** A timer that there is not: they count from 0. */
        private static final long NO_TIMER = -1;

        private final Turns<RelayLine> turns;
        private final MailMessage mail;
        private final Duration timeout;
        private final Duration sendBefore;
        private final long sendBeforeNanos;
        private final Context context = vertx.getOrCreateContext();
        private final CompletableFuture<ProviderAnswer> answer = new CompletableFuture<>();
        private final Consumer<RelayLine> turn = this::turnCame;
        /** The one that it has while its turn lasts. */
        private @Nullable RelayLine line;

        private long end = NO_TIMER;
        private long endOfWait = NO_TIMER;

        Call(Turns<RelayLine> turns, MailMessage mail, Outbound outbound) {
            this.turns = turns;
            this.mail = mail;
            this.timeout = outbound.timeout();
            this.sendBefore = timeout.compareTo(outbound.sendBefore()) < 0 ? timeout : outbound.sendBefore();
            this.sendBeforeNanos = System.nanoTime() + sendBefore.toNanos();
        }

        CompletionStage<ProviderAnswer> run() {
            end = vertx.setTimer(Math.max(1, timeout.toMillis()), this::expire);
            if (sendBefore.compareTo(timeout) < 0) {
                endOfWait = vertx.setTimer(Math.max(1, sendBefore.toMillis()), fired -> leave());
            }
            turns.take(turn);
            return answer;
        }

        private void turnCame(RelayLine free) {
            context.runOnContext(now -> {
                if (answer.isDone() || isTooLate()) {
                    turns.end(free);
                    forget();
                    answer.complete(neverSent());
                } else {
                    handOver(free);
                }
            });
        }

        private void handOver(RelayLine free) {
            line = free;
            try {
                free.send(mail, this::sent);
            } catch (RuntimeException bug) {
                sent(Future.failedFuture(bug));
            }
        }

        /** So that no timer keeps the letter, whose memory is others' once the call has ended. */
        private void forget() {
            vertx.cancelTimer(end);
            vertx.cancelTimer(endOfWait);
        }

        /** By the clock: where all stood still for a while, a turn may come before the timer does. */
        private boolean isTooLate() {
            return System.nanoTime() - sendBeforeNanos >= 0;
        }

        // May be called again, when a connection that has long been returned breaks, and after the line was cut.
        private void sent(AsyncResult<MailResult> result) {
            RelayLine used = line;
            if (used == null) {
                return;
            }
            line = null;
            forget();
            if (result.succeeded()) {
                turns.end(used);
                answer.complete(new Delivered(250, result.result().getMessageID(), null));
            } else {
                // Its client may keep a connection for as long as the relay does not close it.
                cut(used);
                EmailVerdict.of(result.cause(), relay)
                        .ifPresentOrElse(answer::complete, () -> answer.completeExceptionally(result.cause()));
            }
        }

        /** What has no turn by then is not sent any more. */
        private void leave() {
            if (line == null && !answer.isDone()) {
                turns.leave(turn);
                forget();
                answer.complete(neverSent());
            }
        }

        private void expire(long fired) {
            turns.leave(turn);
            RelayLine used = line;
            if (used == null) {
                answer.complete(neverSent());
            } else {
                line = null;
                cut(used);
                answer.complete(Transient.unanswered(Reason.TIMEOUT, within("no answer"), true));
            }
        }

        private void cut(RelayLine broken) {
            broken.cut().onComplete(closed -> turns.end(broken));
        }

        private Transient neverSent() {
            return Transient.unanswered(Reason.NOT_SENT, within("no connection was free"), false);
        }

        private String within(String what) {
            return relay + ": " + what + " within " + timeout.toMillis() / 1000.0 + " s";
        }
    }
}
