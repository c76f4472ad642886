package dev.carillon.delivery.channel.email;

import dev.carillon.delivery.channel.Channel;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.email.SmtpSettings.StartTls;
import io.smallrye.config.Secret;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.MailResult;
import io.vertx.ext.mail.StartTLSOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Hands e-mail to an SMTP relay. */
public final class EmailChannel implements Channel, AutoCloseable {

    private final Vertx vertx;
    private final SmtpSettings settings;
    private final Turns turns;
    private final @Nullable MailClient client;
    private final @Nullable Mailbox sender;
    private final String relay;

    /** @throws IllegalArgumentException if the sender in the settings is no address */
    public EmailChannel(Vertx vertx, SmtpSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.turns = new Turns(settings.poolSize());
        this.sender = settings.from().map(EmailChannel::sender).orElse(null);
        this.relay = settings.host().orElse("no relay") + ":" + settings.port();
        this.client = settings.host()
                .map(host -> MailClient.create(vertx, config(host, settings)))
                .orElse(null);
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

    @Override
    public CompletionStage<ProviderAnswer> send(Outbound outbound) {
        if (!(outbound.destination() instanceof Destination.Email(String address))) {
            throw new IllegalArgumentException(
                    "not a mailbox: " + outbound.destination().channel());
        }
        if (client == null || sender == null) {
            return CompletableFuture.completedFuture(Transient.unanswered(
                    Reason.NOT_CONFIGURED,
                    "no relay or no sender for e-mail: set carillon.smtp.host and carillon.smtp.from",
                    false));
        }
        return switch (Letter.write(outbound, address, sender)) {
            case Letter.Refused(Reason reason, String why) ->
                CompletableFuture.completedFuture(Permanent.unasked(reason, why));
            case Letter.Written(MailMessage mail) -> new Call(client, mail, outbound.timeout()).run();
        };
    }

    @Override
    public void close() {
        if (client != null) {
            client.close(closed -> {});
        }
    }

    /** One call: wait for a turn, hand the letter over, judge; all of it before the deadline. */
    private final class Call {

        private final MailClient client;
        private final MailMessage mail;
        private final Duration timeout;
        private final Context context = vertx.getOrCreateContext();
        private final CompletableFuture<ProviderAnswer> answer = new CompletableFuture<>();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final Runnable turn = this::turnCame;
        private long timer;

        Call(MailClient client, MailMessage mail, Duration timeout) {
            this.client = client;
            this.mail = mail;
            this.timeout = timeout;
        }

        CompletionStage<ProviderAnswer> run() {
            timer = vertx.setTimer(Math.max(1, timeout.toMillis()), this::expire);
            turns.take(turn);
            return answer;
        }

        private void turnCame() {
            context.runOnContext(now -> {
                if (answer.isDone()) {
                    endTurn();
                } else {
                    client.sendMail(mail, this::sent);
                }
            });
        }

        // May be called again, when a connection that has long been returned breaks.
        private void sent(AsyncResult<MailResult> result) {
            endTurn();
            vertx.cancelTimer(timer);
            if (result.succeeded()) {
                answer.complete(new Delivered(250, result.result().getMessageID(), null));
            } else {
                EmailVerdict.of(result.cause(), relay)
                        .ifPresentOrElse(answer::complete, () -> answer.completeExceptionally(result.cause()));
            }
        }

        private void expire(long fired) {
            boolean neverSent = turns.leave(turn);
            if (!neverSent) {
                // A relay that hangs is cut off when its socket has been idle; the turn comes back with it, or at the
                // latest now.
                vertx.setTimer(2 * idleTimeout(settings).toMillis(), cutOff -> endTurn());
            }
            String what = neverSent ? "no connection was free within " : "no answer within ";
            answer.complete(Transient.unanswered(
                    neverSent ? Reason.NOT_SENT : Reason.TIMEOUT,
                    relay + ": " + what + timeout.toMillis() / 1000.0 + " s",
                    !neverSent));
        }

        private void endTurn() {
            if (ended.compareAndSet(false, true)) {
                turns.end();
            }
        }
    }

    private static Mailbox sender(String from) {
        return Mailbox.parse(from)
                .orElseThrow(
                        () -> new IllegalArgumentException("carillon.smtp.from is not an e-mail address: " + from));
    }

    /** A socket on which nothing moves for so long is closed: a hanging relay's, and an unused one. */
    private static Duration idleTimeout(SmtpSettings settings) {
        return settings.timeout().compareTo(settings.keepAlive()) > 0 ? settings.timeout() : settings.keepAlive();
    }

    private static MailConfig config(String host, SmtpSettings settings) {
        boolean signsIn = settings.username().isPresent();
        MailConfig config = new MailConfig(host, settings.port())
                .setSsl(settings.tls())
                .setStarttls(startTls(settings, signsIn))
                .setTrustAll(settings.trustAll())
                .setLogin(signsIn ? LoginOption.REQUIRED : LoginOption.DISABLED)
                .setMaxPoolSize(settings.poolSize())
                .setKeepAlive(true)
                .setKeepAliveTimeout(
                        Math.toIntExact(Math.max(1, settings.keepAlive().toSeconds())))
                .setKeepAliveTimeoutUnit(TimeUnit.SECONDS)
                .setPoolCleanerPeriod(5)
                .setPoolCleanerPeriodUnit(TimeUnit.SECONDS);
        settings.username().ifPresent(config::setUsername);
        settings.password().map(Secret::get).ifPresent(config::setPassword);
        settings.ownHostname().ifPresent(config::setOwnHostname);
        config.setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis()));
        config.setIdleTimeout(Math.toIntExact(idleTimeout(settings).toMillis()));
        config.setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        return config;
    }

    private static StartTLSOptions startTls(SmtpSettings settings, boolean signsIn) {
        if (settings.tls()) {
            return StartTLSOptions.DISABLED;
        }
        return switch (settings.startTls().orElse(signsIn ? StartTls.REQUIRED : StartTls.OPTIONAL)) {
            case DISABLED -> StartTLSOptions.DISABLED;
            case OPTIONAL -> StartTLSOptions.OPTIONAL;
            case REQUIRED -> StartTLSOptions.REQUIRED;
        };
    }
}
