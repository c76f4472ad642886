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
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed attempt at an e-mail means.
 *
 * <p>A relay's 4yz is transient and its 5yz permanent (RFC 5321, 4.2.1), but for a 5yz that is not about the message: a
 * relay that turns us away at the door, or that does not take our password, is the operator's to put right, and the
 * message is tried again. A 4yz may be about one mailbox only, or say that we send too much.
 */
final class EmailVerdict {

    private static final Set<Integer> ABOUT_US = Set.of(530, 534, 535, 538);

    // RFC 5321, 4.2.3: "mailbox unavailable"; and RFC 3463, 3.2 and 3.3: about the address, or about the mailbox.
    private static final int MAILBOX_UNAVAILABLE = 450;
    private static final Pattern ABOUT_A_MAILBOX = Pattern.compile("4\\d\\d[ -]4\\.[12]\\.\\d.*");

    // Amazon SES, "Errors related to the sending quotas": "454 Throttling failure: Maximum sending rate exceeded", or
    // "… Daily message quota exceeded", which it advises to try again after up to ten minutes.
    private static final int THROTTLED = 454;
    private static final Pattern TOO_MUCH =
            Pattern.compile("throttling failure|sending rate exceeded|message quota exceeded");
    private static final String OF_A_DAY = "daily";
    private static final Duration AFTER_A_DAYS_QUOTA = Duration.ofMinutes(10);

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
        if (reply.isPermanent() && !isAboutUs(reply)) {
            return new Permanent(code, Reason.REJECTED, error, said);
        }
        return new Transient(code, reason(reply, said), error, said, pause(code, said), false);
    }

    private static Reason reason(SMTPException reply, String said) {
        if (reply.isPermanent()) {
            boolean credentials = ABOUT_US.contains(reply.getReplyCode()) || atSigningIn(reply);
            return credentials ? Reason.CREDENTIALS_REFUSED : Reason.PROVIDER_FAILED;
        }
        if (isTooMuch(reply.getReplyCode(), said)) {
            return Reason.RATE_LIMITED;
        }
        return !atTheDoor(reply) && isAboutAMailbox(reply.getReplyCode(), said)
                ? Reason.MAILBOX_UNAVAILABLE
                : Reason.PROVIDER_FAILED;
    }

    private static boolean isAboutUs(SMTPException reply) {
        return ABOUT_US.contains(reply.getReplyCode()) || atTheDoor(reply);
    }

    // The client tells the stage in its message's beginning alone.
    private static boolean atTheDoor(SMTPException reply) {
        String message = String.valueOf(reply.getMessage());
        return message.startsWith("got error response") || message.startsWith("HELO failed") || atSigningIn(reply);
    }

    private static boolean atSigningIn(SMTPException reply) {
        return String.valueOf(reply.getMessage()).startsWith("AUTH ");
    }

    private static boolean isAboutAMailbox(int code, String said) {
        return code == MAILBOX_UNAVAILABLE
                || said.lines().anyMatch(line -> ABOUT_A_MAILBOX.matcher(line).matches());
    }

    private static boolean isTooMuch(int code, String said) {
        return code == THROTTLED
                && TOO_MUCH.matcher(said.toLowerCase(Locale.ROOT)).find();
    }

    /** Null leaves it to the settings. */
    private static @Nullable Duration pause(int code, String said) {
        boolean quota = isTooMuch(code, said) && said.toLowerCase(Locale.ROOT).contains(OF_A_DAY);
        return quota ? AFTER_A_DAYS_QUOTA : null;
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
