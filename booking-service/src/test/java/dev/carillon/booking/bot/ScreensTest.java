package dev.carillon.booking.bot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.bot.Screen.Key;
import dev.carillon.booking.bot.words.Languages;
import dev.carillon.booking.reservation.Bookings;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScreensTest {
    private static final Languages LANGUAGES = new Languages();
    private static final Screens ENGLISH = in("en");
    private static final ZoneId LISBON = ZoneId.of("Europe/Lisbon");
    private static final ZoneId LONGEST_ZONE = ZoneId.of("America/Argentina/ComodRivadavia");
    private static final LocalDate FRIDAY = LocalDate.of(2026, 11, 27);
    private static final Offer.Service SERVICE =
            new Offer.Service(UUID.randomUUID(), "<b>Cut</b> & \"dye\"", LISBON, Duration.ZERO);
    private static final Offer.Time NINE = time("2026-11-27T09:00:00Z");
    private static final Offer.Standing LONGEST = new Offer.Standing(
            UUID.randomUUID(),
            UUID.randomUUID(),
            "x".repeat(200),
            LONGEST_ZONE,
            LocalDateTime.parse("2026-11-27T09:00:00"),
            true);

    static List<String> languages() {
        return Languages.ALL;
    }

    private static Screens in(String language) {
        return new Screens(LANGUAGES.of(language));
    }

    private static Offer.Time time(String utc) {
        var start = Instant.parse(utc);
        return new Offer.Time(
                UUID.randomUUID(), start, start.plusSeconds(1800), LocalDateTime.ofInstant(start, LISBON));
    }

    private static <T> Offer.Page<T> page(T item) {
        return new Offer.Page<>(List.of(item), 20_800);
    }

    /** Every screen, with all the buttons that it can have. */
    private static List<Screen> all(Screens screens) {
        var booking = Bookings.booked();
        var days = page(new Offer.Day(FRIDAY, 3));
        return List.of(
                screens.help(),
                screens.services(page(SERVICE)),
                screens.days(SERVICE, days, false),
                screens.days(SERVICE, days, true),
                screens.times(SERVICE, FRIDAY, page(NINE), false),
                screens.times(SERVICE, FRIDAY, page(NINE), true),
                screens.name("Ana"),
                screens.name(""),
                screens.confirm(SERVICE, NINE, "Ana"),
                screens.confirmMove(LONGEST, SERVICE, NINE),
                screens.bookings(Collections.nCopies(10, LONGEST)),
                screens.noBookings(),
                screens.askToCancel(LONGEST),
                screens.booked(booking),
                screens.moved(booking),
                screens.cancelled(booking));
    }

    private static List<Notice> notices() {
        return List.of(
                new Notice.NoSuchButton(),
                new Notice.TooLate(),
                new Notice.NotUnderstood(),
                new Notice.NoName(),
                new Notice.Taken(),
                new Notice.ServiceGone(),
                new Notice.BookingGone(),
                new Notice.LimitReached(1),
                new Notice.LimitReached(Integer.MAX_VALUE),
                new Notice.TooShortNotice(ZonedDateTime.of(2026, 11, 27, 9, 0, 0, 0, LONGEST_ZONE)),
                new Notice.NothingFree(),
                new Notice.NotAnyMore(),
                new Notice.Stopped(),
                new Notice.Busy(),
                new Notice.Failed());
    }

    private static List<List<Choice>> choices(Screen screen) {
        return screen.rows().stream()
                .map(row -> row.stream().map(Key::choice).toList())
                .toList();
    }

    private static List<String> labels(Screen screen) {
        return screen.rows().stream().flatMap(List::stream).map(Key::label).toList();
    }

    @Test
    void names_have_no_shape_of_their_own() {
        var screen = ENGLISH.confirm(SERVICE, NINE, "Ana <a href=\"x\">&</a>");
        assertThat(screen.html())
                .contains("<b>&lt;b&gt;Cut&lt;/b&gt; &amp; &quot;dye&quot;</b>")
                .contains("for Ana &lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;")
                .contains("Fri 27 Nov 2026, 09:00 (Europe/Lisbon)");
    }

    @Test
    void a_buttons_text_is_as_it_is_and_short() {
        var page = new Offer.Page<>(
                List.of(SERVICE, new Offer.Service(UUID.randomUUID(), "𝄞".repeat(100), LISBON, Duration.ZERO)), -1);
        var rows = ENGLISH.services(page).rows();
        assertThat(rows.getFirst().getFirst().label()).isEqualTo("<b>Cut</b> & \"dye\"");
        assertThat(rows.get(1).getFirst().label()).isEqualTo("𝄞".repeat(59) + "…");
    }

    @Test
    void the_hour_that_comes_twice_is_told_apart() {
        // Lisbon: 25 October 2026, back from 2:00 to 1:00.
        var page = new Offer.Page<>(
                List.of(time("2026-10-25T00:30:00Z"), time("2026-10-25T01:30:00Z"), time("2026-10-25T02:30:00Z")), -1);
        var screen = ENGLISH.times(SERVICE, LocalDate.of(2026, 10, 25), page, false);
        assertThat(screen.rows().getFirst().stream().map(Key::label))
                .containsExactly("01:30 +01:00", "01:30 Z", "02:30");
    }

    @Test
    void more_is_offered_when_there_is_more() {
        var day = new Offer.Day(FRIDAY, 3);
        var some = ENGLISH.days(SERVICE, new Offer.Page<>(List.of(day), 20_800), false);
        assertThat(some.rows().get(1).getFirst().choice()).isEqualTo(new Choice.More(20_800));
        var all = ENGLISH.days(SERVICE, new Offer.Page<>(List.of(day), -1), false);
        assertThat(all.rows()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "en, Fri 27 Nov",
        "de, Fr. 27. Nov.",
        "es, vie 27 nov",
        "fr, ven. 27 nov.",
        "it, ven 27 nov",
        "pt, sex. 27 nov.",
        "ru, пт 27 нояб.",
        "uk, пт 27 лист."
    })
    void a_day_is_called_as_in_the_language(String language, String label) {
        var screen = in(language).days(SERVICE, page(new Offer.Day(FRIDAY, 3)), false);
        assertThat(labels(screen)).startsWith(label);
    }

    @Test
    void a_screen_is_in_one_language() {
        var screen = in("de").confirm(SERVICE, NINE, "Ana & Bo");
        var text = """
                <b>5/5</b> <b>&lt;b&gt;Cut&lt;/b&gt; &amp; &quot;dye&quot;</b>
                Fr. 27. Nov. 2026, 09:00 (Europe/Lisbon)
                für Ana &amp; Bo

                Soll ich den Termin buchen?""";
        assertThat(screen.html()).isEqualTo(text);
        assertThat(labels(screen)).containsExactly("Buchen", "« Zurück", "Abbrechen");
    }

    @ParameterizedTest
    @MethodSource("languages")
    void buttons_mean_the_same_in_every_language(String language) {
        var theirs = all(in(language)).stream().map(ScreensTest::choices).toList();
        var english = all(ENGLISH).stream().map(ScreensTest::choices).toList();
        assertThat(theirs).isEqualTo(english);
    }

    @ParameterizedTest
    @MethodSource("languages")
    void texts_and_buttons_are_no_longer_than_telegram_shows_them(String language) {
        for (var screen : all(in(language))) {
            assertThat(screen.html()).hasSizeBetween(1, 4096);
            assertThat(labels(screen)).allMatch(label -> label.length() <= 20);
        }
    }

    @ParameterizedTest
    @MethodSource("languages")
    void every_notice_fits_into_a_toast(String language) {
        var screens = in(language);
        for (var notice : notices()) {
            assertThat(screens.text(notice)).hasSizeBetween(1, Screens.LONGEST_TOAST);
        }
    }
}
