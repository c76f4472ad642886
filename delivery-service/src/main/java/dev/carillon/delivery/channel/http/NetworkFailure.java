package dev.carillon.delivery.channel.http;

import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells the network's failures, which are answers, from bugs, which are not.
 *
 * <p>The words are ours: an exception's own message may hold an address or a path (and so a token) that is nobody's
 * business. What a certificate lacks is told, because only its owner can put it right.
 */
public final class NetworkFailure {

    private NetworkFailure() {}

    /**
     * @param peer whom we called, as the sender of the message knows it
     * @param sent the request was at least begun
     * @return empty if this is no failure of the network but a bug
     */
    public static Optional<Transient> answer(Throwable failure, String peer, boolean sent) {
        return Optional.ofNullable(reason(failure, sent))
                .map(reason -> Transient.unanswered(reason, text(reason, failure, peer), sent));
    }

    // A reset's message tells it from a refusal, a timed-out dial is a ConnectException too: the order matters.
    private static @Nullable Reason reason(Throwable failure, boolean sent) {
        return switch (failure) {
            case SSLException tls -> Reason.TLS_FAILED;
            case GeneralSecurityException tls -> Reason.TLS_FAILED;
            case io.netty.channel.ConnectTimeoutException dial -> Reason.UNREACHABLE;
            case NoRouteToHostException route -> Reason.UNREACHABLE;
            case PortUnreachableException route -> Reason.UNREACHABLE;
            case ConnectException dial -> refused(dial) ? Reason.CONNECTION_REFUSED : Reason.UNREACHABLE;
            case UnknownHostException name -> Reason.HOST_NOT_FOUND;
            case TimeoutException time -> sent ? Reason.TIMEOUT : Reason.NOT_SENT;
            case TooLongFrameException answer -> Reason.UNREADABLE_ANSWER;
            case DecoderException decoder ->
                decoder.getCause() instanceof SSLException ? Reason.TLS_FAILED : Reason.UNREADABLE_ANSWER;
            case SocketException socket -> unreachable(socket) ? Reason.UNREACHABLE : Reason.CONNECTION_LOST;
            case IOException lost -> Reason.CONNECTION_LOST;
            case VertxException lost -> Reason.CONNECTION_LOST;
            // Netty's HTTP decoder says so of a status line that is none.
            case IllegalArgumentException answer when fromDecoder(answer) -> Reason.UNREADABLE_ANSWER;
            default -> null;
        };
    }

    private static boolean refused(ConnectException failure) {
        return said(failure).contains("refused");
    }

    private static boolean unreachable(SocketException failure) {
        return said(failure).contains("unreachable");
    }

    private static boolean fromDecoder(Throwable failure) {
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (frame.getClassName().startsWith("io.netty.handler.codec.http")) {
                return true;
            }
        }
        return false;
    }

    private static String said(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }

    private static String text(Reason reason, Throwable failure, String peer) {
        return switch (reason) {
            case CONNECTION_REFUSED -> peer + " refused the connection";
            case UNREACHABLE -> peer + " cannot be reached";
            case HOST_NOT_FOUND -> peer + " is not found by the name servers";
            case TLS_FAILED -> "no secure connection to " + peer + ": " + root(failure);
            case TIMEOUT, NOT_SENT -> peer + ": " + said(failure);
            case UNREADABLE_ANSWER -> peer + " gave an answer that cannot be read";
            default -> peer + " closed the connection before it answered";
        };
    }

    private static String root(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < 10; depth++) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ", " + said(root);
    }
}
