package dev.carillon.kit.tx;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes the service's pool one of which no caller waits for ever: a connection on which nothing moves for {@code carillon.database.silence} is closed,
 * which fails what waits on it, and a new one is opened by the next who needs it. The server gives up earlier, so that a statement that only is slow,
 * or waits for a lock, is told so; and it ends the transaction of a client that has gone silent, whose locks others wait for. Its connections are encrypted
 * as {@code carillon.database.tls} says.
 */
@Singleton
public class BoundedPool implements PgPoolCreator {
    private static final int CONNECT_MILLIS = 3_000;

    private final Duration silence;
    private final DatabaseTls tls;

    public BoundedPool(
            @ConfigProperty(name = "carillon.database.silence") Duration silence,
            @ConfigProperty(name = "carillon.database.tls") String tls,
            @ConfigProperty(name = "carillon.database.tls-ca") Optional<String> ca) {
        this.silence = silence;
        this.tls = DatabaseTls.of("carillon.database.tls", tls, ca);
    }

    @Override
    public Pool create(Input input) {
        return PgBuilder.pool()
                .with(input.poolOptions())
                .connectingTo(input.pgConnectOptionsList().stream()
                        .<SqlConnectOptions>map(options -> tls.applyTo(bounded(options, silence)))
                        .toList())
                .withConnectHandler(BoundedPool::cutOffWhenSilent)
                .using(input.vertx())
                .build();
    }

    /** These options, with deadlines that follow from {@code silence}. */
    public static PgConnectOptions bounded(PgConnectOptions options, Duration silence) {
        var bounded = new PgConnectOptions(options)
                .setConnectTimeout(CONNECT_MILLIS)
                .setTcpKeepAlive(true)
                .setIdleTimeout(Math.toIntExact(silence.toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        bounded.addProperty("statement_timeout", millis(silence, 9));
        bounded.addProperty("lock_timeout", millis(silence, 5));
        bounded.addProperty("idle_in_transaction_session_timeout", millis(silence, 5));
        return bounded;
    }

    /**
     * To be a pool's connect handler. Left alone, the client takes leave of a silent server and waits until that closes the connection, which one that
     * is not there never does; so the socket is closed here, before the client's own handlers.
     */
    public static void cutOffWhenSilent(SqlConnection connection) {
        var pipeline = channelOf(connection).pipeline();
        if (pipeline.get("idle") != null) {
            pipeline.addAfter("idle", "silence", new CutOff());
        }
        connection.close();
    }

    /** Closes the socket under a connection that owes an answer, pooled or not; what waits on it fails, and no pool hands it out again. */
    public static void cutOff(SqlConnection connection) {
        // Below all handlers: the client's own would take leave of the server first, and wait for it to close.
        channelOf(connection).pipeline().firstContext().close();
    }

    private static ChannelHandlerContext channelOf(SqlConnection connection) {
        return ((SocketConnectionBase)
                        ((SqlConnectionInternal) connection).unwrap().unwrap())
                .socket()
                .channelHandlerContext();
    }

    private static final class CutOff extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof IdleStateEvent) {
                context.close();
            } else {
                context.fireUserEventTriggered(event);
            }
        }
    }

    private static String millis(Duration silence, int tenths) {
        return String.valueOf(silence.multipliedBy(tenths).dividedBy(10).toMillis());
    }
}
