package dev.carillon.scheduler.reminder.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.reminder.Booking;
import dev.carillon.scheduler.reminder.BookingStatus;
import dev.carillon.scheduler.reminder.Customer;
import dev.carillon.scheduler.reminder.NoticeWords;
import dev.carillon.scheduler.reminder.ReminderTime;
import dev.carillon.scheduler.reminder.store.KnownBookingStore;
import dev.carillon.scheduler.support.CountingTx;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class FollowBookingsQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Instant START = Instant.parse("2036-11-28T04:30:00Z");

    @Inject
    Transactions transactions;

    @Inject
    FollowBookings followBookings;

    @Inject
    KnownBookingStore knownBookings;

    @Inject
    MessageStore messages;

    @Test
    void a_hundred_bookings_take_as_many_statements_as_one() {
        var one = List.of(UUID.randomUUID());
        var ids = Stream.generate(UUID::randomUUID).limit(100).toList();
        var statements = new AtomicInteger();
        follow(statements, one, 1, BookingStatus.BOOKED);
        int ofOne = statements.getAndSet(0);
        follow(statements, ids, 1, BookingStatus.BOOKED);
        // The confirmation's timer is near and the reminders' are far: they are in two tables (decision 12).
        assertThat(statements.getAndSet(0)).isEqualTo(ofOne).isLessThanOrEqualTo(6);
        follow(statements, one, 2, BookingStatus.CANCELLED);
        ofOne = statements.getAndSet(0);
        follow(statements, ids, 2, BookingStatus.CANCELLED);
        assertThat(statements.get()).isEqualTo(ofOne).isLessThanOrEqualTo(10);
        var open = inTransaction(tx -> messages.lockOfBookings(tx, ids));
        assertThat(open)
                .as("a recalled confirmation and a cancellation notice of each")
                .hasSize(200);
    }

    @Test
    void only_bookings_that_are_longPast_are_forgotten_and_only_so_many_at_once() {
        var longPast = Instant.parse("2001-01-01T00:00:00Z");
        var ids = Stream.generate(UUID::randomUUID).limit(3).toList();
        var told = ids.stream()
                .map(id -> booking(id, 1, BookingStatus.BOOKED, longPast))
                .toList();
        var recent = booking(UUID.randomUUID(), 1, BookingStatus.BOOKED, START);
        inTransaction(tx -> knownBookings.lock(
                tx, Stream.concat(told.stream(), Stream.of(recent)).toList()));

        var before = Instant.parse("2002-01-01T00:00:00Z");
        assertThat(forget(before)).isEqualTo(2);
        assertThat(forget(before)).isEqualTo(1);
        assertThat(forget(before)).isZero();
    }

    private int forget(Instant startedBefore) {
        return inTransaction(tx -> knownBookings.forget(tx, startedBefore, 2));
    }

    private void follow(AtomicInteger statements, List<UUID> ids, long version, BookingStatus status) {
        var told = ids.stream()
                .map(id -> new FollowBookings.Told(booking(id, version, status, START), TraceContext.NONE))
                .toList();
        inTransaction(tx -> followBookings.follow(new CountingTx(tx, statements), told));
    }

    private <T> T inTransaction(Function<Tx, Uni<T>> work) {
        return transactions.inTransaction(work).await().atMost(PATIENCE);
    }

    private static Booking booking(UUID id, long version, BookingStatus status, Instant startAt) {
        return new Booking(
                id,
                "acme",
                version,
                status,
                true,
                1,
                0,
                "Dr. Rao",
                ZoneId.of("Asia/Kolkata"),
                startAt,
                false,
                new Customer("Ana", "ana@example.org", null, null),
                List.of(ReminderTime.parse("P1D"), ReminderTime.parse("PT1H")),
                NoticeWords.STANDARD,
                null,
                null);
    }
}
