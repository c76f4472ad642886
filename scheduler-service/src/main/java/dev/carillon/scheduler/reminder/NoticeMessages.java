package dev.carillon.scheduler.reminder;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Recipient;
import dev.carillon.scheduler.message.Source;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes messages of notices. */
public final class NoticeMessages {
    /** The type of a booking's messages' source; its id is the booking's. */
    public static final String SOURCE = "booking";

    private NoticeMessages() {}

    /** None when the customer cannot be reached. */
    public static List<Message> of(Booking booking, List<Notice> notices, Supplier<UUID> ids, Instant now) {
        return booking.customer()
                .recipient()
                .map(to -> notices.stream()
                        .map(notice -> message(booking, notice, to, ids.get(), now))
                        .toList())
                .orElse(List.of());
    }

    private static Message message(Booking booking, Notice notice, Recipient to, UUID id, Instant now) {
        return Message.scheduled(
                id,
                booking.tenant(),
                to,
                content(booking, notice, to),
                notice.timing(),
                expiresAt(booking, notice),
                null,
                null,
                metadata(booking, notice),
                new Source(SOURCE, booking.id().toString()),
                now);
    }

    private static @Nullable Instant expiresAt(Booking booking, Notice notice) {
        return switch (notice) {
            case Notice.Cancelled ignored -> null;
            case Notice.Offer offer -> offer.until();
            case Notice.Confirmation ignored -> booking.startAt();
            case Notice.Reminder ignored -> booking.startAt();
            case Notice.Moved ignored -> booking.startAt();
            case Notice.SlotClosed ignored -> booking.startAt();
            case Notice.FollowUp followUp -> followUp.until();
        };
    }

    private static Content content(Booking booking, Notice notice, Recipient to) {
        return switch (to) {
            case Recipient.Email ignored -> mail(booking, notice);
            case Recipient.Telegram ignored -> textAlone(booking, notice);
            case Recipient.Webhook ignored -> textAlone(booking, notice);
            case Recipient.Endpoint ignored -> textAlone(booking, notice);
        };
    }

    private static Content mail(Booking booking, Notice notice) {
        var standard = Wording.of(notice, booking);
        var attachments = invitation(notice, booking.calendar());
        return Filled.of(notice, booking, false)
                .map(words -> new Content.Text(
                        Objects.requireNonNullElse(words.subject(), standard.subject()),
                        words.text(),
                        words.html(),
                        words.markdown(),
                        null,
                        null,
                        attachments))
                .orElseGet(() -> Content.Text.plain(standard.subject(), standard.text(), attachments));
    }

    private static Content textAlone(Booking booking, Notice notice) {
        var standard = Wording.of(notice, booking);
        return Filled.of(notice, booking, true)
                .map(words ->
                        new Content.Text(null, words.text(), words.html(), words.markdown(), null, null, List.of()))
                .orElseGet(() -> Content.Text.plain(null, standard.text(), List.of()));
    }

    /** What changes nothing in a calendar has none: calendars would take it for another invitation. The method is RFC 5546's, as the document's own. */
    private static List<Content.Attachment> invitation(Notice notice, @Nullable String calendar) {
        boolean isNoChange = notice instanceof Notice.Reminder
                || notice instanceof Notice.SlotClosed
                || notice instanceof Notice.FollowUp;
        if (calendar == null || isNoChange) {
            return List.of();
        }
        var method = notice instanceof Notice.Cancelled ? "CANCEL" : "REQUEST";
        return List.of(new Content.Attachment(
                "invite.ics",
                "text/calendar; charset=utf-8; method=" + method,
                Base64.getEncoder().encodeToString(calendar.getBytes(UTF_8))));
    }

    private static Map<String, String> metadata(Booking booking, Notice notice) {
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("purpose", notice.purpose());
        if (notice instanceof Notice.Reminder reminder) {
            metadata.put("before", reminder.before().iso());
        }
        metadata.put("sequence", Integer.toString(booking.sequence()));
        return metadata;
    }
}
