package dev.carillon.scheduler.reminder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Recipient;
import dev.carillon.scheduler.message.Source;
import dev.carillon.scheduler.template.TemplateText;
import dev.carillon.scheduler.template.Texts;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NoticeMessagesTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Instant FRIDAY = Instant.parse("2026-11-27T04:30:00Z");
    private static final Instant SATURDAY = Instant.parse("2026-11-28T04:30:00Z");

    @Test
    void a_confirmation_says_what_and_when() {
        var content = content(messages(Bookings.booked(1, FRIDAY)).getFirst());
        assertThat(content.subject()).isEqualTo("Booked: Dr. Rao, Friday, 27 November 2026, 10:00 (Asia/Kolkata)");
        assertThat(content.text()).isEqualTo("""
                Hello Ana,

                your booking is confirmed.

                What: Dr. Rao
                When: Friday, 27 November 2026, 10:00 (Asia/Kolkata)
                """);
    }

    @Test
    void times_are_the_customers_where_the_customers_zone_is_known() {
        var abroad = new Customer("Ana", "ana@example.org", null, Bookings.BERLIN);
        var messages = messages(Bookings.with(Bookings.booked(1, FRIDAY, "PT1H"), 1, abroad));
        assertThat(messages).allSatisfy(message -> assertThat(content(message).text())
                .contains("When: Friday, 27 November 2026, 05:30 (Europe/Berlin)\n"));
    }

    @Test
    void a_move_says_the_old_time_and_the_new_one() {
        var moved = messages(KnownBooking.of(Bookings.booked(1, FRIDAY)), Bookings.moved(2, 1, SATURDAY))
                .getFirst();
        assertThat(content(moved).subject())
                .isEqualTo("Moved: Dr. Rao, Saturday, 28 November 2026, 10:00 (Asia/Kolkata)");
        assertThat(content(moved).text())
                .contains("Old time: Friday, 27 November 2026, 10:00 (Asia/Kolkata)\n"
                        + "New time: Saturday, 28 November 2026, 10:00 (Asia/Kolkata)\n");
        assertThat(moved.metadata()).isEqualTo(Map.of("purpose", "moved", "sequence", "1"));
    }

    @Test
    void whatever_is_said_of_a_booking_is_of_no_use_after_its_start_but_that_it_is_cancelled() {
        assertThat(messages(Bookings.booked(1, FRIDAY)))
                .allSatisfy(message -> assertThat(message.expiresAt()).isEqualTo(FRIDAY));
        assertThat(messages(Bookings.cancelled(1, FRIDAY)))
                .allSatisfy(message -> assertThat(message.expiresAt()).isNull());
    }

    @Test
    void a_cancellation_says_which_booking_is_off() {
        var cancelled = messages(Bookings.cancelled(1, FRIDAY)).getFirst();
        assertThat(content(cancelled).subject()).startsWith("Cancelled: Dr. Rao, Friday, 27 November 2026");
        assertThat(content(cancelled).text()).contains("your booking has been cancelled");
    }

    @Test
    void places_are_said_when_there_are_several() {
        assertThat(content(messages(Bookings.booked(1, FRIDAY)).getFirst()).text())
                .doesNotContain("Places");
        var three = Bookings.with(Bookings.booked(1, FRIDAY), 3, Bookings.ANA);
        assertThat(content(messages(three).getFirst()).text()).contains("Places: 3\n");
    }

    @Test
    void who_has_an_address_gets_e_mail_with_the_calendar_file_of_the_right_method() {
        var booked = messages(Bookings.booked(1, FRIDAY)).getFirst();
        assertThat(booked.to()).isEqualTo(new Recipient.Email("ana@example.org"));
        assertThat(content(booked).attachments())
                .containsExactly(new Content.Attachment(
                        "invite.ics",
                        "text/calendar; charset=utf-8; method=REQUEST",
                        Base64.getEncoder().encodeToString("BEGIN:VCALENDAR".getBytes(UTF_8))));
        var cancelled = messages(Bookings.cancelled(1, FRIDAY)).getFirst();
        assertThat(content(cancelled).attachments().getFirst().contentType())
                .isEqualTo("text/calendar; charset=utf-8; method=CANCEL");
    }

    @Test
    void a_reminder_invites_nobody_again() {
        var reminder = messages(Bookings.booked(1, FRIDAY, "PT1H")).getLast();
        assertThat(content(reminder).attachments()).isEmpty();
        assertThat(reminder.metadata()).isEqualTo(Map.of("purpose", "reminder", "before", "PT1H", "sequence", "0"));
    }

    @Test
    void who_has_no_address_gets_the_text_alone_by_telegram() {
        var customer = new Customer("Ana", null, "42", null);
        var message =
                messages(Bookings.with(Bookings.booked(1, FRIDAY), 1, customer)).getFirst();
        assertThat(message.to()).isEqualTo(new Recipient.Telegram("42"));
        assertThat(content(message).subject()).isNull();
        assertThat(content(message).attachments()).isEmpty();
    }

    @Test
    void who_cannot_be_reached_is_sent_nothing() {
        var customer = new Customer("Ana", null, null, null);
        assertThat(messages(Bookings.with(Bookings.booked(1, FRIDAY), 1, customer)))
                .isEmpty();
    }

    @Test
    void a_resources_own_words_are_filled_in_in_the_customers_time_and_language_and_escaped_in_html() {
        var ana = new Customer("Ana <b>&", "ana@example.org", null, Bookings.BERLIN);
        var booking = Bookings.saying(
                words(
                        "de",
                        "confirmation",
                        "{resource.name}: {date}",
                        "{weekday}, {date}, {time} ({zone}), {places}",
                        "<p>{customer.name}, {when}"),
                Bookings.with(Bookings.booked(1, FRIDAY), 3, ana));
        var message = messages(booking).getFirst();
        assertThat(content(message).subject()).isEqualTo("Dr. Rao: 27. November 2026");
        assertThat(content(message).text()).isEqualTo("Freitag, 27. November 2026, 05:30 (Europe/Berlin), 3");
        assertThat(content(message).html())
                .isEqualTo("<p>Ana &lt;b&gt;&amp;, Freitag, 27. November 2026, 05:30 (Europe/Berlin)");
        assertThat(content(message).attachments()).hasSize(1);
    }

    @Test
    void who_is_reached_by_telegram_reads_the_markdown_and_a_name_brings_no_markup_into_it() {
        var markdown = TemplateText.of("*{customer.name}*, {time}\\.");
        var texts = new Texts(null, TemplateText.of("At {time}."), null, markdown);
        var words = new NoticeWords(Locale.ENGLISH, Map.of("confirmation", texts));
        var byTelegram = new Customer("Ana *Rao*", null, "42", null);
        var told = messages(Bookings.saying(words, Bookings.with(Bookings.booked(1, FRIDAY), 1, byTelegram)));
        assertThat(content(told.getFirst()).markdown()).isEqualTo("*Ana \\*Rao\\**, 10:00\\.");
        assertThat(content(told.getFirst()).text()).isNull();

        var byMail = messages(Bookings.saying(words, Bookings.booked(1, FRIDAY)));
        assertThat(content(byMail.getFirst()).text()).isEqualTo("At 10:00.");
        assertThat(content(byMail.getFirst()).markdown()).isNull();
    }

    @Test
    void mail_is_written_in_the_standard_words_where_a_resource_has_only_markdown() {
        var markdown = new Texts(null, null, null, TemplateText.of("*{when}*"));
        var words = new NoticeWords(Locale.ENGLISH, Map.of("confirmation", markdown));
        var told = messages(Bookings.saying(words, Bookings.booked(1, FRIDAY)));
        assertThat(content(told.getFirst()).text()).contains("your booking is confirmed");
    }

    @Test
    void every_notice_that_can_have_words_of_its_own_says_them() {
        var all = new HashMap<String, Texts>();
        for (var name : List.of("confirmation", "reminder", "moved", "cancelled", "slotClosed", "noShow")) {
            all.put(name, new Texts(null, TemplateText.of(name + " {when}"), null, null));
        }
        var words = new NoticeWords(Locale.ENGLISH, all);
        var booked = Bookings.saying(words, Bookings.inClosedSlot(Bookings.booked(1, FRIDAY, "PT1H")));
        var known = KnownBooking.of(booked);
        var said = Stream.of(
                        messages(booked),
                        messages(known, Bookings.saying(words, Bookings.moved(2, 1, SATURDAY))),
                        messages(known, Bookings.saying(words, Bookings.cancelled(2, FRIDAY))),
                        messages(known, Bookings.saying(words, Bookings.noShow(2, FRIDAY))))
                .flatMap(List::stream)
                .map(message -> Objects.requireNonNull(content(message).text()).split(" ")[0]);
        assertThat(said).containsExactly("confirmation", "slotClosed", "reminder", "moved", "cancelled", "noShow");
    }

    @Test
    void a_move_can_say_the_former_time_and_words_without_a_subject_have_the_standard_one() {
        var words = words("en", "moved", null, "{former.date} {former.time} to {date}; {former.when}", null);
        var moved = messages(
                        KnownBooking.of(Bookings.booked(1, FRIDAY)),
                        Bookings.saying(words, Bookings.moved(2, 1, SATURDAY)))
                .getFirst();
        assertThat(content(moved).text())
                .isEqualTo(
                        "27 November 2026 10:00 to 28 November 2026; Friday, 27 November 2026, 10:00 (Asia/Kolkata)");
        assertThat(content(moved).subject()).startsWith("Moved: Dr. Rao");
    }

    @Test
    void words_that_cannot_be_filled_in_cost_nobody_the_message() {
        var words = words("en", "confirmation", null, "{no.such}", null);
        assertThat(content(messages(Bookings.saying(words, Bookings.booked(1, FRIDAY)))
                                .getFirst())
                        .text())
                .contains("your booking is confirmed");
    }

    @Test
    void who_is_told_of_a_closed_slot_is_asked_to_choose_another_and_invited_to_nothing() {
        var closed = messages(
                        KnownBooking.of(Bookings.booked(1, FRIDAY)), Bookings.inClosedSlot(Bookings.booked(2, FRIDAY)))
                .getFirst();
        assertThat(content(closed).subject()).startsWith("Please choose another time: Dr. Rao");
        assertThat(content(closed).attachments()).isEmpty();
        assertThat(closed.expiresAt()).isEqualTo(FRIDAY);
    }

    @Test
    void every_message_names_its_booking_as_its_source() {
        assertThat(messages(Bookings.booked(1, FRIDAY, "P1D", "PT1H")))
                .hasSize(3)
                .allSatisfy(message ->
                        assertThat(message.source()).isEqualTo(new Source("booking", Bookings.ID.toString())));
    }

    private static NoticeWords words(
            String language, String name, @Nullable String subject, @Nullable String text, @Nullable String html) {
        return new NoticeWords(
                Locale.forLanguageTag(language), Map.of(name, new Texts(text(subject), text(text), text(html), null)));
    }

    private static @Nullable TemplateText text(@Nullable String source) {
        return source == null ? null : TemplateText.of(source);
    }

    private static List<Message> messages(Booking told) {
        return messages(Bookings.nothingKnownOf(told), told);
    }

    private static List<Message> messages(KnownBooking known, Booking told) {
        return NoticeMessages.of(told, ReminderPlan.of(known, told, NOW).notices(), UUID::randomUUID, NOW);
    }

    private static Content.Text content(Message message) {
        return (Content.Text) message.content();
    }
}
