package dev.carillon.scheduler.reminder.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.scheduler.reminder.Booking;
import dev.carillon.scheduler.reminder.BookingStatus;
import dev.carillon.scheduler.reminder.Customer;
import dev.carillon.scheduler.reminder.NoticeWords;
import dev.carillon.scheduler.reminder.ReminderTime;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class ReminderHistoriesQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int HISTORIES = 2_000;
    private static final int READ_AT_ONCE = 200;
    private static final long SEED = 20361128;
    private static final Instant FIRST = Instant.parse("2036-11-28T04:30:00Z");
    private static final List<ReminderTime> REMINDERS = List.of(ReminderTime.parse("P1D"), ReminderTime.parse("PT1H"));

    @Inject
    Transactions transactions;

    @Inject
    FollowBookings followBookings;

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Random random = new Random(SEED);

    /** Events of one booking may come in any order, several times, and late ones after its end. */
    @Test
    void two_thousand_histories_told_in_any_order_and_repeatedly_end_with_exactly_the_right_reminders() {
        var ends = new HashMap<UUID, Booking>();
        var told = new ArrayList<Booking>();
        for (int i = 0; i < HISTORIES; i++) {
            var history = history(UUID.randomUUID());
            ends.put(history.getFirst().id(), history.getLast());
            told.addAll(history);
            history.stream().filter(event -> random.nextInt(3) == 0).forEach(told::add);
        }
        Collections.shuffle(told, random);
        for (int i = 0; i < told.size(); i += READ_AT_ONCE) {
            follow(told.subList(i, Math.min(told.size(), i + READ_AT_ONCE)));
        }

        var reminders = remindersThatWait();
        ends.forEach((id, end) -> assertThat(reminders.getOrDefault(id, Set.of()))
                .as("seed %d: %s", SEED, end)
                .isEqualTo(expected(end)));
        assertThat(reminders).hasSizeBetween(HISTORIES / 4, HISTORIES);
    }

    private Set<String> expected(Booking end) {
        return end.status() == BookingStatus.BOOKED
                ? new TreeSet<>(Set.of(
                        waits(end.startAt().minus(Duration.ofDays(1)), end.sequence()),
                        waits(end.startAt().minus(Duration.ofHours(1)), end.sequence())))
                : Set.of();
    }

    private static String waits(Instant dueAt, int sequence) {
        return dueAt + " of move " + sequence;
    }

    private Map<UUID, Set<String>> remindersThatWait() {
        var found = new HashMap<UUID, Set<String>>();
        transactions
                .list(
                        "SELECT source_id, due_at, metadata::json ->> 'sequence' AS sequence FROM message"
                                + " WHERE tenant = $1 AND metadata::json ->> 'purpose' = 'reminder' AND status = 'scheduled'",
                        Tuple.of(tenant),
                        row -> found.computeIfAbsent(UUID.fromString(row.getString("source_id")), id -> new TreeSet<>())
                                .add(waits(
                                        row.getOffsetDateTime("due_at").toInstant(),
                                        Integer.parseInt(row.getString("sequence")))))
                .await()
                .atMost(PATIENCE)
                .forEach(isNew -> assertThat(isNew).as("no reminder twice").isTrue());
        return found;
    }

    private void follow(List<Booking> told) {
        var events = told.stream()
                .map(booking -> new FollowBookings.Told(booking, TraceContext.NONE))
                .toList();
        transactions
                .inTransaction(tx -> followBookings.follow(tx, events))
                .await()
                .atMost(PATIENCE);
    }

    /** Held or booked at once, moved, its slot closed, and for some the end; each state with the next version. */
    private List<Booking> history(UUID id) {
        var history = new ArrayList<Booking>();
        var status = random.nextBoolean() ? BookingStatus.BOOKED : BookingStatus.PENDING;
        int sequence = 0;
        var start = FIRST;
        boolean slotClosed = false;
        history.add(booking(id, 1, status, sequence, start, slotClosed));
        int changes = random.nextInt(7);
        for (int version = 2; version < 2 + changes && status != BookingStatus.CANCELLED; version++) {
            switch (random.nextInt(6)) {
                case 0 -> status = BookingStatus.CANCELLED;
                case 1, 2 -> {
                    sequence++;
                    start = FIRST.plus(Duration.ofHours(random.nextInt(1_000)));
                    slotClosed = false;
                }
                case 3 -> slotClosed = !slotClosed;
                default -> status = BookingStatus.BOOKED;
            }
            history.add(booking(id, version, status, sequence, start, slotClosed));
        }
        return history;
    }

    private Booking booking(
            UUID id, long version, BookingStatus status, int sequence, Instant start, boolean slotClosed) {
        return new Booking(
                id,
                tenant,
                version,
                status,
                status == BookingStatus.BOOKED,
                1,
                sequence,
                "Dr. Rao",
                ZoneId.of("Asia/Kolkata"),
                start,
                slotClosed,
                new Customer("Ana", "ana@example.org", null, null),
                REMINDERS,
                NoticeWords.STANDARD,
                null,
                null);
    }
}
