package dev.carillon.booking.bot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScreensTest {
    private static final ZoneId LISBON = ZoneId.of("Europe/Lisbon");
    private static final Offer.Service SERVICE =
            new Offer.Service(UUID.randomUUID(), "<b>Cut</b> & \"dye\"", LISBON, Duration.ZERO);

    private static Offer.Time time(String utc) {
        var start = Instant.parse(utc);
        return new Offer.Time(
                UUID.randomUUID(), start, start.plusSeconds(1800), LocalDateTime.ofInstant(start, LISBON));
    }

    @Test
    void names_have_no_shape_of_their_own() {
        var screen = Screens.confirm(SERVICE, time("2026-11-27T09:00:00Z"), "Ana <a href=\"x\">&</a>");
        assertThat(screen.html())
                .contains("<b>&lt;b&gt;Cut&lt;/b&gt; &amp; &quot;dye&quot;</b>")
                .contains("for Ana &lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;")
                .contains("Fri 27 Nov 2026, 09:00 (Europe/Lisbon)");
    }

    @Test
    void a_buttons_text_is_as_it_is_and_short() {
        var page = new Offer.Page<>(
                List.of(SERVICE, new Offer.Service(UUID.randomUUID(), "𝄞".repeat(100), LISBON, Duration.ZERO)), -1);
        var rows = Screens.services(page).rows();
        assertThat(rows.getFirst().getFirst().label()).isEqualTo("<b>Cut</b> & \"dye\"");
        assertThat(rows.get(1).getFirst().label()).isEqualTo("𝄞".repeat(59) + "…");
    }

    @Test
    void the_hour_that_comes_twice_is_told_apart() {
        // Lisbon: 25 October 2026, back from 2:00 to 1:00.
        var page = new Offer.Page<>(
                List.of(time("2026-10-25T00:30:00Z"), time("2026-10-25T01:30:00Z"), time("2026-10-25T02:30:00Z")), -1);
        var screen = Screens.times(SERVICE, LocalDate.of(2026, 10, 25), page, false);
        assertThat(screen.rows().getFirst().stream().map(Screen.Key::label))
                .containsExactly("01:30 +01:00", "01:30 Z", "02:30");
    }

    @Test
    void more_is_offered_when_there_is_more() {
        var day = new Offer.Day(LocalDate.of(2026, 11, 27), 3);
        var some = Screens.days(SERVICE, new Offer.Page<>(List.of(day), 20_800), false);
        assertThat(some.rows().get(1).getFirst().choice()).isEqualTo(new Choice.More(20_800));
        var all = Screens.days(SERVICE, new Offer.Page<>(List.of(day), -1), false);
        assertThat(all.rows()).hasSize(2);
    }

    @Test
    void the_longest_list_of_bookings_is_no_longer_than_a_message() {
        var longest = new Offer.Standing(
                UUID.randomUUID(),
                UUID.randomUUID(),
                "x".repeat(200),
                ZoneId.of("America/Argentina/ComodRivadavia"),
                LocalDateTime.parse("2026-11-27T09:00:00"),
                true);
        var screen =
                Screens.bookings(IntStream.range(0, 10).mapToObj(i -> longest).toList());
        assertThat(screen.html().length()).isLessThan(4096);
    }

    @Test
    void every_notice_fits_into_a_toast() {
        var notices = List.of(
                new Notice.NoSuchButton(),
                new Notice.TooLate(),
                new Notice.NotUnderstood(),
                new Notice.NoName(),
                new Notice.Taken(),
                new Notice.ServiceGone(),
                new Notice.BookingGone(),
                new Notice.LimitReached(Integer.MAX_VALUE),
                new Notice.TooShortNotice(
                        ZonedDateTime.of(2026, 11, 27, 9, 0, 0, 0, ZoneId.of("America/Argentina/ComodRivadavia"))),
                new Notice.NothingFree(),
                new Notice.NotAnyMore(),
                new Notice.Stopped(),
                new Notice.Busy(),
                new Notice.Failed());
        assertThat(notices)
                .allSatisfy(notice -> assertThat(Screens.text(notice).length()).isBetween(1, Screens.LONGEST_TOAST));
    }
}
