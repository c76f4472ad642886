package dev.carillon.booking.reservation.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.booking.reservation.Customer;
import dev.carillon.booking.reservation.http.BookSlotRequest.CustomerRequest;
import dev.carillon.kit.http.Addresses;
import dev.carillon.kit.http.Zones;
import dev.carillon.kit.problem.Faults;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads who wants how many places, and adds what is wrong with it to the faults of the request. */
final class WhoAndHowMany {
    static final int LONGEST_TEXT = 200;
    private static final int LONGEST_LANGUAGE = 35; // RFC 5646, section 4.4.1
    private static final int MOST_PLACES = 100_000;

    private WhoAndHowMany() {}

    /** One when nothing is said. */
    static int places(@Nullable Integer given, Faults faults) {
        int places = given == null ? 1 : given;
        if (places < 1 || places > MOST_PLACES) {
            faults.add("/places", "takes 1 to " + MOST_PLACES);
        }
        return places;
    }

    /** Null only when there is a fault. */
    static @Nullable Customer customer(@Nullable CustomerRequest given, Faults faults) {
        if (given == null) {
            faults.add("/customer", "is required");
            return null;
        }
        text("/customer/id", given.id(), faults);
        text("/customer/name", given.name(), faults);
        if (given.name() == null) {
            faults.add("/customer/name", "is required");
        }
        if (given.email() != null && !Addresses.isEmail(given.email())) {
            faults.add("/customer/email", "is not an e-mail address");
        }
        return new Customer(
                given.id(),
                Objects.requireNonNullElse(given.name(), ""),
                given.email(),
                chatId(given.telegramChatId(), faults),
                given.zone() == null ? null : Zones.read("/customer/zone", given.zone()),
                language(given.language(), faults));
    }

    private static void text(String pointer, @Nullable String text, Faults faults) {
        if (text != null
                && (text.isBlank()
                        || text.length() > LONGEST_TEXT
                        || text.chars().anyMatch(Character::isISOControl))) {
            faults.add(pointer, "takes 1 to " + LONGEST_TEXT + " characters, no line breaks");
        }
    }

    private static @Nullable String chatId(@Nullable JsonNode given, Faults faults) {
        if (given == null) {
            return null;
        }
        if (!(given.isTextual() || given.isIntegralNumber()) || !Addresses.isTelegramChat(given.asText())) {
            faults.add("/customer/telegramChatId", "is not a Telegram chat id (a number, or @channelname)");
        }
        return given.asText();
    }

    private static @Nullable String language(@Nullable String tag, Faults faults) {
        if (tag == null) {
            return null;
        }
        if (tag.isEmpty() || tag.length() > LONGEST_LANGUAGE) {
            faults.add("/customer/language", "takes 1 to " + LONGEST_LANGUAGE + " characters");
            return null;
        }
        try {
            return new Locale.Builder().setLanguageTag(tag).build().toLanguageTag();
        } catch (IllformedLocaleException malformed) {
            faults.add("/customer/language", "is not a language tag of BCP 47, such as en or pt-BR");
            return null;
        }
    }
}
