package dev.carillon.booking.reservation.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.booking.reservation.Customer;
import dev.carillon.booking.reservation.http.BookSlotRequest.CustomerRequest;
import dev.carillon.booking.reservation.usecase.BookSlot;
import dev.carillon.kit.http.Addresses;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.http.Zones;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.telemetry.TraceContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a request into a wish to book, or says everything that is wrong with it. */
final class BookingReading {
    static final int LONGEST_TEXT = 200;
    private static final int LONGEST_LANGUAGE = 35; // RFC 5646, section 4.4.1
    private static final int MOST_PLACES = 100_000;
    private static final Duration SHORTEST_HOLD = Duration.ofSeconds(1);
    private static final Duration LONGEST_HOLD = Duration.ofDays(1);

    private final BookSlotRequest request;
    private final Faults faults = new Faults();

    private BookingReading(BookSlotRequest request) {
        this.request = request;
    }

    /** @throws dev.carillon.kit.problem.ProblemException 422 with every fault */
    static BookSlot.Request read(
            BookSlotRequest request, String tenant, TraceContext trace, IdempotencyKeys.@Nullable Key key) {
        return new BookingReading(request).request(tenant, trace, key);
    }

    /** The id of a slot in a body. */
    static UUID slotId(@Nullable String text) {
        if (text == null) {
            var faults = new Faults();
            faults.add("/slotId", "is required");
            throw faults.asProblem();
        }
        return Queries.id("slot", text);
    }

    private BookSlot.Request request(String tenant, TraceContext trace, IdempotencyKeys.@Nullable Key key) {
        int places = request.places() == null ? 1 : request.places();
        if (places < 1 || places > MOST_PLACES) {
            faults.add("/places", "takes 1 to " + MOST_PLACES);
        }
        var customer = customer(request.customer());
        var hold = hold(request.hold());
        if (request.slotId() == null) {
            faults.add("/slotId", "is required");
        }
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return new BookSlot.Request(
                tenant, slotId(request.slotId()), places, Objects.requireNonNull(customer), hold, trace, key);
    }

    private @Nullable Customer customer(@Nullable CustomerRequest given) {
        if (given == null) {
            faults.add("/customer", "is required");
            return null;
        }
        text("/customer/id", given.id());
        text("/customer/name", given.name());
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
                chatId(given.telegramChatId()),
                given.zone() == null ? null : Zones.read("/customer/zone", given.zone()),
                language(given.language()));
    }

    private void text(String pointer, @Nullable String text) {
        if (text != null
                && (text.isBlank()
                        || text.length() > LONGEST_TEXT
                        || text.chars().anyMatch(Character::isISOControl))) {
            faults.add(pointer, "takes 1 to " + LONGEST_TEXT + " characters, no line breaks");
        }
    }

    private @Nullable String chatId(@Nullable JsonNode given) {
        if (given == null) {
            return null;
        }
        if (!(given.isTextual() || given.isIntegralNumber()) || !Addresses.isTelegramChat(given.asText())) {
            faults.add("/customer/telegramChatId", "is not a Telegram chat id (a number, or @channelname)");
        }
        return given.asText();
    }

    private @Nullable String language(@Nullable String tag) {
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

    private @Nullable Duration hold(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            var hold = Duration.parse(text).truncatedTo(ChronoUnit.MICROS);
            if (hold.compareTo(SHORTEST_HOLD) < 0 || hold.compareTo(LONGEST_HOLD) > 0) {
                faults.add("/hold", "takes %s to %s".formatted(SHORTEST_HOLD, LONGEST_HOLD));
            }
            return hold;
        } catch (DateTimeException | ArithmeticException malformed) {
            faults.add("/hold", "is not a duration of ISO 8601, such as PT5M");
            return null;
        }
    }
}
