package dev.carillon.delivery.channel.email;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.impl.CloseFuture;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.MailResult;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A line to the relay: one connection at the most, opened when it is needed, kept while it is sound, and cut when it is not.
 *
 * <p>Each line has a mail client of its own. A client cannot be told to give up a letter, nor closes a connection that is in use: while the relay says a
 * byte now and then, it would go on with a letter that nobody waits for any more. So the sockets below it are closed, which takes all of a client's.
 */
final class RelayLine {

    private record Opened(MailClient client, CloseFuture sockets) {}

    private final Vertx vertx;
    private final Supplier<MailConfig> config;
    private @Nullable Opened opened;
    private boolean closed;

    /**
     * @param config makes a new one each time: a client writes into the one that it is given, and one that is given it after another no longer compares the
     *     relay's name with its certificate
     */
    RelayLine(Vertx vertx, Supplier<MailConfig> config) {
        this.vertx = vertx;
        this.config = config;
    }

    /** Hands a letter over; the next one only when {@code sent} was called, or after {@link #cut}. */
    void send(MailMessage mail, Handler<AsyncResult<MailResult>> sent) {
        MailClient client = client();
        if (client == null) {
            sent.handle(Future.failedFuture(new IllegalStateException("the channel is closed")));
        } else {
            client.sendMail(mail, sent);
        }
    }

    private synchronized @Nullable MailClient client() {
        if (opened == null && !closed) {
            opened = open();
        }
        return opened == null ? null : opened.client();
    }

    /** What a client opens hangs on the context in which it was made. */
    private Opened open() {
        CloseFuture sockets = new CloseFuture();
        ContextInternal home = ((ContextInternal) vertx.getOrCreateContext())
                .owner()
                .createEventLoopContext(
                        null, sockets, null, Thread.currentThread().getContextClassLoader());
        ContextInternal before = home.beginDispatch();
        try {
            return new Opened(MailClient.create(vertx, config.get()), sockets);
        } finally {
            home.endDispatch(before);
        }
    }

    /**
     * Closes the connection, whatever is being said on it; the next letter gets a new one.
     *
     * @return completes when nothing can be said on it any more
     */
    synchronized Future<Void> cut() {
        Opened cutting = opened;
        opened = null;
        if (cutting == null) {
            return Future.succeededFuture();
        }
        if (!closed) {
            // It opens no other connection from now on.
            cutting.client().close(left -> {});
        }
        return cutting.sockets().close();
    }

    /** Takes leave of the relay, at once or after the letter that is under way. No letter is taken any more. */
    synchronized void close() {
        if (!closed && opened != null) {
            opened.client().close(left -> {});
        }
        closed = true;
    }
}
