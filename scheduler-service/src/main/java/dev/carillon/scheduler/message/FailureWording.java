package dev.carillon.scheduler.message;

import org.jspecify.annotations.Nullable;

/** How a person is told that a message could not be delivered; short enough for every channel. */
public record FailureWording(String subject, String text) {
    private static final int LONGEST_PART = 500;

    /**
     * @param failed as it ended
     * @param traceId the trace that created it
     */
    public static FailureWording of(Message failed, @Nullable String traceId) {
        var status = failed.status().wireName();
        var progress = failed.progress();
        var text = new StringBuilder("Message %s %s after %d attempt%s."
                .formatted(failed.id(), status, progress.attempts(), progress.attempts() == 1 ? "" : "s"));
        if (progress.possiblyDelivered()) {
            text.append(" It may have been delivered: the outcome of an attempt is unknown.");
        }
        text.append('\n');
        line(text, "Why", progress.error());
        line(text, "To", "%s (%s)".formatted(recipient(failed.to()), failed.to().channel()));
        line(text, "Due", failed.timing().dueAt());
        line(text, "Ended", progress.endedAt());
        line(text, "Source", failed.source().type() + ":" + failed.source().id());
        line(text, "Trace", traceId);
        return new FailureWording("Message %s %s".formatted(failed.id(), status), text.toString());
    }

    private static String recipient(Recipient to) {
        return switch (to) {
            case Recipient.Email(String address) -> address;
            case Recipient.Telegram(String chatId) -> chatId;
            case Recipient.Webhook(var url) -> url.toString();
            case Recipient.Endpoint(var id) -> "endpoint " + id;
        };
    }

    private static void line(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            var shown = value.toString();
            text.append('\n').append(name).append(": ");
            text.append(shown.length() > LONGEST_PART ? shown.substring(0, end(shown)) + "…" : shown);
        }
    }

    /** Where a longer text is cut: not within a character, half of which can be neither kept nor sent. */
    private static int end(String text) {
        return Character.isHighSurrogate(text.charAt(LONGEST_PART - 1)) ? LONGEST_PART - 1 : LONGEST_PART;
    }
}
