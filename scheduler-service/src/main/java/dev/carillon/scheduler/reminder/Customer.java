package dev.carillon.scheduler.reminder;

import dev.carillon.scheduler.message.Recipient;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who has booked, and how they can be reached. */
public record Customer(
        String name,
        @Nullable String email,
        @Nullable String telegramChatId,
        @Nullable ZoneId zone) {

    /** E-mail before Telegram, for the calendar file that goes with it; empty when nothing can be sent. */
    Optional<Recipient> recipient() {
        if (email != null) {
            return Optional.of(new Recipient.Email(email));
        }
        return Optional.ofNullable(telegramChatId).map(Recipient.Telegram::new);
    }
}
