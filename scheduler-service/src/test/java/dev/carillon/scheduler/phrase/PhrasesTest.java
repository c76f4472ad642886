package dev.carillon.scheduler.phrase;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhrasesTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
    private static final List<ZoneId> ZONES = List.of(
            BERLIN,
            ZoneId.of("America/New_York"),
            ZoneId.of("Asia/Kolkata"),
            ZoneId.of("Australia/Lord_Howe"),
            ZoneId.of("UTC"));
    private static final List<String> DATES = List.of(
            "yyyy-MM-dd",
            "d MMMM yyyy",
            "MMMM d, yyyy",
            "MMM d yyyy",
            "MMM. d, yyyy",
            "d MMM yyyy",
            "yyyy/MM/dd",
            "EEEE, d MMMM yyyy",
            "EEE, MMM d, yyyy",
            "'on the' d'th of' MMMM yyyy",
            "d-MMM-yyyy");
    private static final List<String> TIMES =
            List.of("HH:mm", "h:mma", "h:mm a", "'at' h:mm a", "'at' HHmm", "'at' HH:mm", "'at' h.mma");

    @Test
    void every_written_form_of_a_date_and_a_time_means_that_date_and_time() {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            var zone = any(ZONES, random);
            var local = LocalDateTime.of(2027 + random.nextInt(20), 1, 1, 0, 0).plusMinutes(random.nextInt(525_600));
            var phrase = written(local, random);
            assertThat(Phrases.read(phrase, zone, NOW))
                    .as(phrase + " in " + zone)
                    .isInstanceOfSatisfying(Outcome.Understood.class, understood -> assertThat(
                                    understood.moment().at())
                            .as(phrase)
                            .isEqualTo(local.atZone(zone).toInstant()));
        }
    }

    private static String written(LocalDateTime local, Random random) {
        var pattern = any(DATES, random);
        int day = local.getDayOfMonth();
        if (pattern.contains("'th of'") && (day < 4 || (day > 20 && day < 24) || day == 31)) {
            pattern = "d MMMM yyyy";
        }
        var date = format(local, pattern);
        var time = format(local, any(TIMES, random));
        return random.nextBoolean() ? date + " " + time : time + " " + date;
    }

    private static String format(LocalDateTime local, String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).format(local);
    }

    @Test
    void an_amount_counts_from_the_reference_as_a_calendar_does() {
        var random = new Random(2);
        for (int i = 0; i < 5_000; i++) {
            var zone = any(ZONES, random);
            var now = NOW.plus(random.nextInt(2_000_000), ChronoUnit.MINUTES).atZone(zone);
            int count = 1 + random.nextInt(300);
            var unit = any(
                    List.of(ChronoUnit.MINUTES, ChronoUnit.HOURS, ChronoUnit.DAYS, ChronoUnit.WEEKS, ChronoUnit.MONTHS),
                    random);
            var name = unit.name().toLowerCase(Locale.ROOT);
            var then = now.plus(count, unit).toInstant();
            for (var phrase : List.of("in " + count + " " + name, count + " " + name + " from now")) {
                assertThat(PhraseList.notation(Phrases.read(phrase, zone, now.toInstant())))
                        .as(phrase)
                        .isEqualTo(then.toString());
            }
        }
    }

    @Test
    void a_weekday_is_the_next_of_its_name_and_never_today_without_asking() {
        var random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            var zone = any(ZONES, random);
            var now = NOW.plus(random.nextInt(2_000_000), ChronoUnit.MINUTES).atZone(zone);
            int days = 1 + random.nextInt(6);
            var due = at(now.toLocalDate().plusDays(days), LocalTime.of(random.nextInt(24), 30), zone);
            var phrase = format(due.toLocalDateTime(), "EEEE HH:mm");
            if (due.getHour() >= 10 && due.getHour() <= 12) {
                continue;
            }
            assertThat(PhraseList.notation(Phrases.read(phrase, zone, now.toInstant())))
                    .as(phrase)
                    .isEqualTo(due.toInstant().toString());
        }
    }

    private static ZonedDateTime at(LocalDate date, LocalTime time, ZoneId zone) {
        var at = date.atTime(time).atZone(zone);
        return at.toLocalTime().equals(time) ? at : date.atTime(12, 30).atZone(zone);
    }

    @Test
    void an_instant_that_was_understood_is_never_before_the_reference_and_is_what_the_clocks_show() {
        for (var entry : PhraseList.read()) {
            if (Phrases.read(entry.phrase(), entry.zone(), entry.reference())
                    instanceof Outcome.Understood(var moment)) {
                assertThat(moment.at()).isAfterOrEqualTo(entry.reference());
                assertThat(moment.at().atZone(moment.zone()).toLocalDateTime()).isEqualTo(moment.local());
            }
        }
    }

    @Test
    void case_and_blanks_and_a_full_stop_change_nothing() {
        for (var entry : PhraseList.read()) {
            var phrase = entry.phrase();
            if (phrase.length() > 90) {
                continue;
            }
            var spaced = "  " + phrase.replaceAll(" +", "   ") + "\t";
            for (var other : List.of(phrase.toUpperCase(Locale.ROOT), spaced, phrase.replace(' ', '\u00a0'))) {
                assertThat(PhraseList.notation(Phrases.read(other, entry.zone(), entry.reference())))
                        .as(other)
                        .isEqualTo(entry.meaning());
            }
        }
    }

    @Test
    void a_word_too_many_makes_any_phrase_unknown() {
        for (var entry : PhraseList.read()) {
            for (var junk : List.of("banana", "please", "xx", "-", "?", "7x", "\u20ac")) {
                assertThat(Phrases.read(entry.phrase() + " " + junk, entry.zone(), entry.reference()))
                        .isInstanceOf(Outcome.NotUnderstood.class);
                assertThat(Phrases.read(junk + " " + entry.phrase(), entry.zone(), entry.reference()))
                        .isInstanceOf(Outcome.NotUnderstood.class);
            }
        }
    }

    @Test
    void random_characters_never_throw_and_never_become_an_instant() {
        var random = new Random(4);
        var letters = "abcxyz \u00e9\u4e2d\ud83d\ude00\u0000#$%^*()[]{}<>=~`\"\\_;|\u0661\u00b2";
        for (int i = 0; i < 50_000; i++) {
            var junk = random.ints(1 + random.nextInt(40), 0, letters.length())
                    .mapToObj(at -> letters.substring(at, at + 1))
                    .collect(Collectors.joining());
            assertThat(Phrases.read(junk, BERLIN, NOW)).as(junk).isInstanceOf(Outcome.NotUnderstood.class);
        }
    }

    @Test
    void random_words_of_the_grammar_never_throw_and_what_is_understood_keeps_its_promises() {
        var words = vocabulary();
        var random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            var phrase = random.ints(1 + random.nextInt(7), 0, words.size())
                    .mapToObj(words::get)
                    .collect(Collectors.joining(" "));
            var zone = any(ZONES, random);
            var now = NOW.plus(random.nextInt(2_000_000), ChronoUnit.MINUTES);
            check(phrase, now, Phrases.read(phrase, zone, now));
        }
    }

    private static void check(String phrase, Instant now, Outcome outcome) {
        switch (outcome) {
            case Outcome.Understood(var moment) ->
                assertThat(moment.at()).as(phrase).isAfterOrEqualTo(now.truncatedTo(ChronoUnit.MICROS));
            case Outcome.InThePast(var moment) ->
                assertThat(moment.at()).as(phrase).isBefore(now);
            case Outcome.Recurring(var recurrence) -> {
                assertThat(recurrence.firstAt()).as(phrase).isAfter(now.minusSeconds(7200));
                assertThat(recurrence.rrule()).as(phrase).matches("FREQ=[A-Z]+(;[A-Z]+=[-A-Z0-9,]+)*");
            }
            case Outcome.Ambiguous(var candidates) ->
                assertThat(candidates.stream().map(PhrasesTest::meaning).distinct())
                        .as(phrase)
                        .hasSizeGreaterThan(1)
                        .hasSameSizeAs(candidates);
            case Outcome.NotUnderstood(String reason, String word, int position) -> {
                assertThat(reason).as(phrase).isNotBlank();
                assertThat(phrase.substring(position)).startsWith(word);
            }
        }
    }

    private static String meaning(Reading reading) {
        return switch (reading) {
            case Reading.Moment moment -> moment.at().toString();
            case Reading.Recurrence recurrence -> recurrence.rrule() + recurrence.firstAt();
        };
    }

    private static List<String> vocabulary() {
        var words = PhraseList.read().stream()
                .flatMap(
                        entry -> List.of(entry.phrase().toLowerCase(Locale.ROOT).split("\\s+")).stream())
                .filter(word -> word.length() < 20)
                .collect(Collectors.toCollection(java.util.TreeSet::new));
        words.addAll(Set.of("29", "30", "31", "0", "24:00", "feb", "until", "for", "from", "and", ",", "-", "."));
        return new ArrayList<>(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tomorrow at nein", "  remind me tomorrow", "every bananas", "tomorrow at 9am EST EST"})
    void a_refusal_names_the_word_that_could_not_be_read_and_where_it_is(String phrase) {
        assertThat(Phrases.read(phrase, BERLIN, NOW)).isInstanceOfSatisfying(Outcome.NotUnderstood.class, refusal -> {
            assertThat(refusal.word()).isNotBlank();
            assertThat(phrase.substring(refusal.position())).startsWith(refusal.word());
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tomorrow 9:00-10:00",
                "2026-12-24 9:00-10:00",
                "9:00 - 10:00 tomorrow",
                "tomorrow 9\u201310am",
                "24/7",
                "9 to 5",
                "every 2 days at 9am starting today",
                "every other day starting yesterday at 9am",
                "every friday eod",
                "on the last day of every month at midnight",
                "every 2 weeks on saturday and sunday at 9am",
                "every day at 9am for a month",
            })
    void what_looks_like_a_time_and_is_not_one_or_not_certainly_is_refused(String phrase) {
        assertThat(Phrases.read(phrase, BERLIN, NOW)).isInstanceOf(Outcome.NotUnderstood.class);
    }

    @Test
    void the_longest_phrase_is_read_and_a_longer_one_is_not() {
        assertThat(Phrases.read("tomorrow at" + " ".repeat(Phrases.LONGEST - 14) + "9am", BERLIN, NOW))
                .isInstanceOf(Outcome.Understood.class);
        assertThat(Phrases.read("tomorrow at" + " ".repeat(Phrases.LONGEST - 13) + "9am", BERLIN, NOW))
                .isInstanceOf(Outcome.NotUnderstood.class);
        for (var word : List.of(
                "a ",
                "every ",
                "9 ",
                "the ",
                "next ",
                "day after ",
                "1 day and ",
                "on the ",
                "monday, ",
                "in ",
                "-",
                "9:",
                "twenty ")) {
            var phrase =
                    IntStream.range(0, 199 / word.length()).mapToObj(n -> word).collect(Collectors.joining());
            assertThat(Phrases.read(phrase, BERLIN, NOW)).isInstanceOf(Outcome.NotUnderstood.class);
        }
    }

    @Test
    void what_was_decided_beyond_what_was_said_is_noted() {
        assertThat(notes("tomorrow")).containsExactly("No time of day is given: 09:00 is taken");
        assertThat(notes("tomorrow evening")).containsExactly("\"evening\" is taken as 18:00");
        assertThat(notes("tomorrow at 9")).containsExactly("Without am or pm, 09:00 is taken");
        assertThat(notes("tomorrow at 9am")).isEmpty();
        assertThat(notes("march 28 at 02:30"))
                .containsExactly("The clocks of Europe/Berlin skip 2027-03-28T02:30: 03:30 is taken");
        assertThat(notes("october 31 at 02:30"))
                .containsExactly("The clocks of Europe/Berlin show 2027-10-31T02:30 twice: the first is taken");
    }

    private static List<String> notes(String phrase) {
        return ((Outcome.Understood) Phrases.read(phrase, BERLIN, NOW)).moment().notes();
    }

    private static <T> T any(List<T> some, Random random) {
        return some.get(random.nextInt(some.size()));
    }
}
