package dev.carillon.scheduler.reminder;

import dev.carillon.scheduler.template.Datum;
import dev.carillon.scheduler.template.Filling;
import dev.carillon.scheduler.template.Texts;
import java.time.Instant;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.FormatStyle;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a resource's template comes to, in the customer's time and language. */
final class Filled {
    private final Booking booking;
    private final Locale locale;

    private Filled(Booking booking) {
        this.booking = booking;
        this.locale = booking.words().locale();
    }

    /** Empty when there is no template, or what is filled in does not fit into it: the standard words are sent then, and not nothing. */
    static Optional<Filling.Filled> of(Notice notice, Booking booking, boolean byTelegram) {
        return Optional.ofNullable(booking.words().templates().get(notice.template()))
                .map(texts -> byTelegram ? texts.forTelegram() : texts.forEmail())
                .flatMap(texts -> new Filled(booking).fill(texts, notice));
    }

    private Optional<Filling.Filled> fill(Texts texts, Notice notice) {
        return texts.filledWith(new Datum.Fields(data(notice))) instanceof Filling.Filled filled
                ? Optional.of(filled)
                : Optional.empty();
    }

    private Map<String, Datum> data(Notice notice) {
        var data = new HashMap<>(times(booking.startAt()));
        data.put("customer", field("name", booking.customer().name()));
        data.put("resource", field("name", booking.resourceName()));
        data.put("booking", field("id", booking.id().toString()));
        data.put("zone", new Datum.Value(booking.customerZone().getId()));
        data.put("places", new Datum.Value(Integer.toString(booking.places())));
        if (notice instanceof Notice.Moved moved) {
            data.put("former", new Datum.Fields(times(moved.from())));
        }
        return data;
    }

    private static Datum field(String name, String value) {
        return new Datum.Fields(Map.of(name, new Datum.Value(value)));
    }

    private Map<String, Datum> times(Instant instant) {
        return Map.of(
                "when",
                        said(
                                instant,
                                dates("EEEE, d MMMM uuuu", FormatStyle.FULL).appendPattern(", HH:mm '('VV')'")),
                "date", said(instant, dates("d MMMM uuuu", FormatStyle.LONG)),
                "weekday", said(instant, new DateTimeFormatterBuilder().appendPattern("EEEE")),
                "time", said(instant, new DateTimeFormatterBuilder().appendPattern("HH:mm")));
    }

    private Datum said(Instant instant, DateTimeFormatterBuilder format) {
        return new Datum.Value(format.toFormatter(locale).format(instant.atZone(booking.customerZone())));
    }

    /** English as in the standard words, whatever the country; others as is usual there. */
    private DateTimeFormatterBuilder dates(String inEnglish, FormatStyle elsewhere) {
        return locale.getLanguage().equals("en")
                ? new DateTimeFormatterBuilder().appendPattern(inEnglish)
                : new DateTimeFormatterBuilder().appendLocalized(elsewhere, null);
    }
}
