package dev.carillon.system.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.system.clients.Bookings;
import dev.carillon.system.clients.Bookings.Booked;
import dev.carillon.system.clients.Bookings.Mail;
import dev.carillon.system.clients.Bookings.Slot;
import dev.carillon.system.clients.Invitation;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Rounds;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Together;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a customer gets of a booking. That nothing else comes is seen by what comes later. */
@ExtendWith(RunningStack.class)
class RemindersIT {

    private static final int BOOKINGS = 5;
    private static final Duration PROMPT = Duration.ofSeconds(1);

    /** How long before a start its reminder comes; before one that is soon it is staged at once, and yet leaves time to do something. */
    private static final Duration BEFORE = Duration.ofSeconds(4);

    private static final Duration SOON = Duration.ofSeconds(12);

    private final Carillon carillon;
    private final Bookings bookings;

    RemindersIT(TestStack stack) {
        this.carillon = new Carillon(stack);
        this.bookings = new Bookings(carillon);
    }

    @Together
    void a_confirmation_arrives_within_a_second_with_a_calendar_file_and_the_customers_time() {
        UUID resource = bookings.openResource();
        Duration typical = Rounds.until(PROMPT, () -> {
            List<Duration> times = IntStream.range(1, 1 + BOOKINGS)
                    .mapToObj(day -> confirmed(bookings.openSlot(resource, Duration.ofHours(day))))
                    .sorted()
                    .toList();
            System.out.println("confirmations: " + times);
            return times.get(BOOKINGS / 2);
        });

        assertThat(typical).isLessThanOrEqualTo(PROMPT);
    }

    private Duration confirmed(Slot slot) {
        Booked booking = bookings.book(slot);
        Mail confirmation = bookings.awaitMail(booking, "confirmation");
        assertThatItInvites(confirmation, slot, 0);
        assertThat(confirmation.invitation().uid()).contains(booking.id().toString());
        return Duration.between(booking.answeredAt(), confirmation.receivedAt());
    }

    private static void assertThatItInvites(Mail mail, Slot slot, int sequence) {
        assertThat(mail.text()).contains(customersTime(slot));
        Invitation invitation = mail.invitation();
        assertThat(invitation.method()).isEqualTo("REQUEST");
        assertThat(invitation.sequence()).isEqualTo(sequence);
        // iCalendar knows no parts of a second.
        assertThat(invitation.startAt())
                .isEqualTo(Instant.ofEpochSecond(slot.startAt().getEpochSecond()));
    }

    private static String customersTime(Slot slot) {
        return DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT)
                        .format(slot.startAt().atZone(ZoneId.of("Asia/Kolkata")))
                + " (Asia/Kolkata)";
    }

    @Together
    void a_reminder_arrives_at_its_instant_once() {
        Slot slot = opened(SOON);
        Booked booking = bookings.book(slot);

        Mail reminder = bookings.awaitMail(booking, "reminder");

        assertThatItReminds(reminder, slot);
        awaitLaterThanAllOf(booking);
        assertThat(purposes(bookings.mailCalls(booking))).containsExactly("confirmation", "reminder");
    }

    private static void assertThatItReminds(Mail mail, Slot slot) {
        assertThat(mail.receivedAt())
                .as("at its instant, never early")
                .isAfterOrEqualTo(slot.startAt().minus(BEFORE))
                .isBefore(slot.startAt());
        assertThat(mail.text()).contains(customersTime(slot));
    }

    @Together
    void a_booking_that_is_moved_is_told_once_and_reminded_of_at_its_new_time_alone() {
        Slot former = opened(SOON);
        Slot slot = opened(SOON.plusSeconds(3));
        Booked booking = bookings.book(former);
        bookings.awaitMail(booking, "confirmation");

        bookings.reschedule(booking.id(), slot).jsonOf(200);

        assertThatItInvites(bookings.awaitMail(booking, "moved"), slot, 1);
        assertThatItReminds(bookings.awaitMail(booking, "reminder"), slot);
        awaitLaterThanAllOf(booking);
        assertThat(purposes(bookings.mailCalls(booking))).containsExactly("confirmation", "moved", "reminder");
    }

    @Together
    void a_booking_cancelled_before_its_reminder_is_staged_gets_a_cancellation_and_nothing_else() {
        Booked booking = bookings.book(opened(Duration.ofHours(1)));
        bookings.awaitMail(booking, "confirmation");
        bookings.awaitMessage(booking, "reminder", "scheduled");

        bookings.cancel(booking.id()).jsonOf(200);

        assertThatItEndsWithItsCancellation(booking, List.of("confirmation", "cancelled"));
    }

    @Together
    void a_booking_cancelled_while_its_reminder_is_staged_gets_a_cancellation_and_nothing_else() {
        Booked booking = bookings.book(opened(SOON));
        bookings.awaitMail(booking, "confirmation");
        bookings.awaitMessage(booking, "reminder", "staged");

        bookings.cancel(booking.id()).jsonOf(200);

        assertThatItEndsWithItsCancellation(booking, List.of("confirmation", "cancelled"));
    }

    @Together.Alone
    void a_booking_cancelled_while_its_reminder_waits_for_a_retry_gets_a_cancellation_and_nothing_else() {
        UUID resource = bookings.openResource("PT56S");
        Booked booking = bookings.book(bookings.openSlot(resource, Duration.ofMinutes(1)));
        bookings.awaitMail(booking, "confirmation");
        carillon.faults().refuse("email", 451);
        bookings.awaitMessage(booking, "reminder", "delivering");
        Instant retry = awaitRetry(booking);
        carillon.faults().clear();

        bookings.cancel(booking.id()).jsonOf(200);

        bookings.awaitMessage(booking, "reminder", "cancelled");
        awaitLaterThan(retry);
        assertThatItEndsWithItsCancellation(booking, List.of("confirmation", "reminder", "cancelled"));
    }

    /** Until the attempt has failed; answers when the next one would come. */
    private Instant awaitRetry(Booked booking) {
        return await().until(
                        () -> bookings.messages(booking).stream()
                                .map(message -> message.getInstant("nextAttemptAt"))
                                .filter(Objects::nonNull)
                                .toList(),
                        retries -> !retries.isEmpty())
                .getFirst();
    }

    @Together.Alone
    void a_booking_cancelled_while_its_reminder_is_attempted_gets_no_further_attempt() {
        UUID resource = bookings.openResource("PT56S");
        Booked booking = bookings.book(bookings.openSlot(resource, Duration.ofMinutes(1)));
        bookings.awaitMail(booking, "confirmation");
        carillon.faults().inject(new JsonObject().put("channel", "email").put("mode", "hang"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> purposes(bookings.mailCalls(booking)).contains("reminder"));
        carillon.faults().clear();

        bookings.cancel(booking.id()).jsonOf(200);

        bookings.awaitMessage(booking, "reminder", "cancelled");
        awaitLaterThan(Instant.now().plus(RunningStack.RETRY_WAIT));
        assertThatItEndsWithItsCancellation(booking, List.of("confirmation", "reminder", "cancelled"));
    }

    private void assertThatItEndsWithItsCancellation(Booked booking, List<String> calls) {
        Mail cancellation = bookings.awaitMail(booking, "cancelled");
        assertThat(cancellation.invitation().method()).isEqualTo("CANCEL");
        bookings.awaitMessage(booking, "reminder", "cancelled");
        awaitLaterThanAllOf(booking);
        assertThat(purposes(bookings.mailCalls(booking))).containsExactlyElementsOf(calls);
        assertThat(bookings.messages(booking))
                .extracting(message -> message.getString("status"))
                .containsExactlyInAnyOrder("delivered", "cancelled", "delivered");
    }

    @Together
    void a_hold_that_expires_sends_nothing() {
        Slot slot = opened(Duration.ofMinutes(1));
        Booked hold = bookings.hold(slot, "PT4S");
        assertThat(bookings.slot(slot).getInteger("available")).isZero();

        JsonObject expired = bookings.awaitBooking(
                hold, booking -> booking.getString("status").equals("cancelled"));

        assertThat(expired.getString("cancellationReason")).isEqualTo("hold-expired");
        assertThat(bookings.slot(slot).getInteger("available")).isEqualTo(1);
        // Of the same slot, and later.
        bookings.awaitMail(bookings.book(slot), "confirmation");
        assertThat(bookings.messages(hold)).isEmpty();
        assertThat(carillon.mailCallsTo(hold.email())).isEmpty();
    }

    @Together.Alone
    void a_reminder_that_fails_for_good_marks_its_booking_for_staff_to_call() {
        Booked other = bookings.book(opened(Duration.ofHours(1)));
        Booked booking = bookings.book(opened(SOON));
        bookings.awaitMail(booking, "confirmation");
        carillon.faults().refuse("email", 550);

        JsonObject marked =
                bookings.awaitBooking(booking, found -> Carillon.objects(found.getJsonArray("messages")).stream()
                        .anyMatch(message -> message.getString("status").equals("failed")));

        assertThat(Carillon.objects(marked.getJsonArray("messages")))
                .filteredOn(message -> message.getString("status").equals("failed"))
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.getString("purpose")).isEqualTo("reminder");
                    assertThat(message.getString("error")).contains("550");
                });
        assertThat(carillon.bookings("reminder=failed"))
                .extracting(found -> found.getString("id"))
                .contains(booking.id().toString())
                .doesNotContain(other.id().toString());
    }

    private Slot opened(Duration ahead) {
        return bookings.openSlot(bookings.openResource(BEFORE.toString()), ahead);
    }

    private static List<String> purposes(List<Mail> mails) {
        return mails.stream().map(Mail::purpose).toList();
    }

    /** Later than the instants of all the booking's messages, but for those that are far off. */
    private void awaitLaterThanAllOf(Booked booking) {
        awaitLaterThan(bookings.messages(booking).stream()
                .map(message -> message.getInstant("dueAt"))
                .filter(due -> due.isBefore(Instant.now().plusSeconds(60)))
                .max(Instant::compareTo)
                .orElseThrow());
    }

    private void awaitLaterThan(Instant instant) {
        Duration in = Duration.between(Instant.now(), instant.plusSeconds(1));
        carillon.awaitArrival(carillon.schedule(Way.EMAIL, in.isNegative() ? "PT1S" : in.toString()));
    }
}
