package dev.carillon.booking.reservation;

import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who has booked.
 *
 * @param id the tenant's own name for them
 * @param name empty once they are erased
 * @param zone where they read the time; null for the resource's
 * @param language BCP 47
 */
public record Customer(
        @Nullable String id,
        String name,
        @Nullable String email,
        @Nullable String telegramChatId,
        @Nullable ZoneId zone,
        @Nullable String language) {

    /**
     * What tells them from other customers of the tenant: the id, else the e-mail address, whatever its case (A to Z), else the chat. Empty when only
     * a name is known.
     */
    public Optional<String> identity() {
        if (id != null) {
            return Optional.of("id:" + id);
        }
        if (email != null) {
            return Optional.of("email:" + lowered(email));
        }
        return Optional.ofNullable(telegramChatId).map(chat -> "telegram:" + chat);
    }

    /** As addresses are compared: A to Z alone, which is what the indexes of them do. */
    static String lowered(String text) {
        var lowered = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            lowered.setCharAt(i, 'A' <= c && c <= 'Z' ? Character.toLowerCase(c) : c);
        }
        return lowered.toString();
    }

    /** The id alone: whatever writes a booking into a log writes nobody's name or address. */
    @Override
    public String toString() {
        return "Customer[id=" + id + "]";
    }
}
