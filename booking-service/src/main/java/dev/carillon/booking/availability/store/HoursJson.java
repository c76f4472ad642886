package dev.carillon.booking.availability.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.booking.availability.DayException;
import dev.carillon.booking.availability.Opening;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Opening hours as JSON: one shape for rows and views, the one of the HTTP contract. */
@ApplicationScoped
public class HoursJson {
    /** @param to {@code 24:00} for the midnight after */
    @RegisterForReflection
    public record OpeningJson(String day, String from, String to) {}

    /** Either {@code closed}, or from and to. */
    @RegisterForReflection
    public record ExceptionJson(
            LocalDate date,
            @Nullable Boolean closed,
            @Nullable String from,
            @Nullable String to) {}

    private static final TypeReference<List<OpeningJson>> OPENINGS = new TypeReference<>() {};
    private static final TypeReference<List<ExceptionJson>> EXCEPTIONS = new TypeReference<>() {};
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    private final ObjectMapper json;

    public HoursJson(ObjectMapper json) {
        this.json = json;
    }

    public static List<OpeningJson> openings(List<Opening> weekly) {
        return weekly.stream()
                .map(one -> new OpeningJson(
                        one.day().name().toLowerCase(Locale.ROOT), one.opensAt().toString(), time(one.closesAfter())))
                .toList();
    }

    public static List<ExceptionJson> exceptions(List<DayException> exceptions) {
        return exceptions.stream()
                .map(one -> switch (one) {
                    case DayException.Closed(LocalDate date) -> new ExceptionJson(date, true, null, null);
                    case DayException.Open(LocalDate date, LocalTime opensAt, Duration closesAfter) ->
                        new ExceptionJson(date, null, opensAt.toString(), time(closesAfter));
                })
                .toList();
    }

    List<Opening> readOpenings(String text) {
        return read(text, OPENINGS).stream()
                .map(one -> new Opening(
                        DayOfWeek.valueOf(one.day.toUpperCase(Locale.ROOT)),
                        LocalTime.parse(one.from),
                        sinceMidnight(one.to)))
                .toList();
    }

    List<DayException> readExceptions(String text) {
        return read(text, EXCEPTIONS).stream().map(HoursJson::exception).toList();
    }

    public List<String> readTexts(String text) {
        return read(text, TEXTS);
    }

    String text(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** From midnight to a wall-clock time of the contract, {@code 24:00} included. */
    public static Duration sinceMidnight(String time) {
        return time.equals("24:00")
                ? Duration.ofHours(24)
                : Duration.between(LocalTime.MIDNIGHT, LocalTime.parse(time));
    }

    private static String time(Duration sinceMidnight) {
        return sinceMidnight.equals(Duration.ofHours(24))
                ? "24:00"
                : LocalTime.MIDNIGHT.plus(sinceMidnight).toString();
    }

    private static DayException exception(ExceptionJson one) {
        return one.from == null || one.to == null
                ? new DayException.Closed(one.date)
                : new DayException.Open(one.date, LocalTime.parse(one.from), sinceMidnight(one.to));
    }

    private <T> T read(String text, TypeReference<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A row has unreadable JSON", impossible);
        }
    }
}
