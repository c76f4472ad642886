package dev.carillon.delivery.channel.email;

import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.http.NetworkFailure;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.ext.mail.SMTPException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/**
 * What a failed attempt at an e-mail means.
 *
 * <p>A relay's 4yz is transient and its 5yz permanent (RFC 5321, 4.2.1), but for a 5yz that is not about the message: a
 * relay that turns us away at the door, or that does not take our password, is the operator's to put right, and the
 * message is tried again.
 */
final class EmailVerdict {

    private static final Set<Integer> ABOUT_US = Set.of(530, 534, 535, 538);

    private EmailVerdict() {}

    /**
     * @param relay host and port
     * @return empty for a bug
     */
    static Optional<ProviderAnswer> of(Throwable failure, String relay) {
        if (failure instanceof SMTPException reply) {
            return Optional.of(of(reply));
        }
        if (failure instanceof NoStackTraceThrowable said) {
            return Optional.of(of(said, relay));
        }
        if (failure instanceof IllegalStateException
                && String.valueOf(failure.getMessage()).startsWith("dropping reply")) {
            // The relay spoke out of turn, usually to say goodbye (421) while a letter was being written.
            return Optional.of(Transient.unanswered(
                    Reason.CONNECTION_LOST, relay + " broke off while it was being written to", true));
        }
        return NetworkFailure.answer(failure, relay, begun(failure)).map(answer -> answer);
    }

    private static ProviderAnswer of(SMTPException reply) {
        int code = reply.getReplyCode();
        String said = String.join("\n", reply.getReplyMessages());
        String error = "the relay answered: " + reply.getMessage();
        if (ABOUT_US.contains(code)) {
            return new Transient(code, Reason.CREDENTIALS_REFUSED, error, said, null, false);
        }
        return reply.isPermanent() && !atTheDoor(reply)
                ? new Permanent(code, Reason.REJECTED, error, said)
                : new Transient(code, Reason.PROVIDER_FAILED, error, said, null, false);
    }

    // The client tells the stage in its message's beginning alone.
    private static boolean atTheDoor(SMTPException reply) {
        String message = String.valueOf(reply.getMessage());
        return message.startsWith("got error response") || message.startsWith("HELO failed");
    }

    /** The client's own words, without a reply of the relay's. */
    private static ProviderAnswer of(NoStackTraceThrowable said, String relay) {
        String words = String.valueOf(said.getMessage());
        if (words.contains("exceeds allowed size")) {
            return Permanent.unasked(Reason.CONTENT_REFUSED, "the message is larger than the relay takes");
        }
        if (words.contains("login is required")) {
            return Transient.unanswered(Reason.CREDENTIALS_REFUSED, relay + ": " + words, false);
        }
        if (words.contains("STARTTLS")) {
            return Transient.unanswered(Reason.TLS_FAILED, relay + ": " + words, false);
        }
        return Transient.unanswered(Reason.CONNECTION_LOST, relay + ": " + words, true);
    }

    /** Whether the message may be at the relay: not if there was no connection; otherwise nobody knows. */
    private static boolean begun(Throwable failure) {
        return !(failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof SSLException);
    }
}
