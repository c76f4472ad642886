package dev.carillon.booking.bot;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** What a button stands for. */
public sealed interface Choice {
    /** Days of 1970 to 9999: no slot has another one, and every store can keep them. */
    long FIRST_DAY = 0;

    long END_OF_DAYS = LocalDate.of(10_000, 1, 1).toEpochDay();

    record Service(UUID resource) implements Choice {}

    record Day(LocalDate day) implements Choice {}

    record Time(UUID slot) implements Choice {}

    /** Be called as on Telegram. */
    record OwnName() implements Choice {}

    record Confirm() implements Choice {}

    /** One step back. */
    record Back() implements Choice {}

    /** Give up. */
    record Stop() implements Choice {}

    /** @param from where the next page begins, in what the step counts by */
    record More(long from) implements Choice {}

    record Move(UUID booking) implements Choice {}

    record Cancel(UUID booking) implements Choice {}

    /** Book what is held. */
    record Keep(UUID booking) implements Choice {}

    /** A letter and what belongs to it, at most 23 characters of ASCII. */
    default String code() {
        return switch (this) {
            case Service(UUID resource) -> "s" + text(resource);
            case Day(LocalDate day) -> "d" + day.toEpochDay();
            case Time(UUID slot) -> "t" + text(slot);
            case OwnName() -> "n";
            case Confirm() -> "c";
            case Back() -> "b";
            case Stop() -> "q";
            case More(long from) -> "m" + from;
            case Move(UUID booking) -> "v" + text(booking);
            case Cancel(UUID booking) -> "x" + text(booking);
            case Keep(UUID booking) -> "k" + text(booking);
        };
    }

    /** Empty for what no button has. */
    static Optional<Choice> read(String code) {
        if (code.isEmpty()) {
            return Optional.empty();
        }
        var rest = code.substring(1);
        return switch (code.charAt(0)) {
            case 's' -> uuid(rest).map(Service::new);
            case 'd' -> number(rest).flatMap(Choice::day);
            case 't' -> uuid(rest).map(Time::new);
            case 'n' -> alone(rest, new OwnName());
            case 'c' -> alone(rest, new Confirm());
            case 'b' -> alone(rest, new Back());
            case 'q' -> alone(rest, new Stop());
            case 'm' -> number(rest).map(More::new);
            case 'v' -> uuid(rest).map(Move::new);
            case 'x' -> uuid(rest).map(Cancel::new);
            case 'k' -> uuid(rest).map(Keep::new);
            default -> Optional.empty();
        };
    }

    private static Optional<Choice> alone(String rest, Choice choice) {
        return rest.isEmpty() ? Optional.of(choice) : Optional.empty();
    }

    private static String text(UUID id) {
        var bytes = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Optional<UUID> uuid(String text) {
        if (text.length() != 22) {
            return Optional.empty();
        }
        try {
            var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            return Optional.of(new UUID(bytes.getLong(), bytes.getLong()));
        } catch (IllegalArgumentException forged) {
            return Optional.empty();
        }
    }

    private static Optional<Long> number(String text) {
        if (!text.matches("-?[0-9]{1,15}")) {
            return Optional.empty();
        }
        return Optional.of(Long.valueOf(text));
    }

    private static Optional<Choice> day(long epochDay) {
        return FIRST_DAY <= epochDay && epochDay < END_OF_DAYS
                ? Optional.of(new Day(LocalDate.ofEpochDay(epochDay)))
                : Optional.empty();
    }
}
