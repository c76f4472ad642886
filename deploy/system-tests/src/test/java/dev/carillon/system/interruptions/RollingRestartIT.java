package dev.carillon.system.interruptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.local.ServiceName;
import dev.carillon.system.clients.Bookings;
import dev.carillon.system.clients.Bookings.Slot;
import dev.carillon.system.clients.ReceiverLog;
import dev.carillon.system.clients.ReceiverLog.Arrival;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every service is replaced, one after another, while clients go on. */
@Order(Integer.MAX_VALUE - 1)
@ExtendWith(RunningStack.class)
class RollingRestartIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PLACES = 10_000;

    private final TestStack stack;
    private final Carillon carillon;

    RollingRestartIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    @AfterEach
    void leave_the_first_instances_running() {
        stack.up();
        stack.endSecondInstances();
    }

    @Test
    void a_rolling_restart_of_every_service_fails_no_request_loses_nothing_and_makes_no_message_late_beyond_the_lead() {
        Instant begin = Instant.now();
        var bookings = new Bookings(carillon);
        Slot slot = bookings.openSlot(bookings.openResource(), begin.plus(Duration.ofDays(2)), PLACES);
        var rollout = new Rollout(stack);
        var clients = new SteadyClients(stack, rollout, slot.id());
        var receiver = new ReceiverLog(stack, clients.path());
        try (clients) {
            await().atMost(PATIENCE).until(() -> clients.messages().size() >= 50);
            for (ServiceName service : ServiceName.values()) {
                rollout.replace(service);
                receiver.look();
            }
            int accepted = clients.messages().size();
            await().atMost(PATIENCE).until(() -> clients.messages().size() >= accepted + 50);
        }
        assertThat(clients.failures()).isEmpty();

        // From now on the first instances are asked again.
        stack.up();
        Map<String, Instant> messages = clients.messages();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            receiver.look();
            return receiver.arrivals().keySet().containsAll(messages.keySet())
                    && delivered(begin).containsAll(messages.keySet());
        });
        Map<String, List<Arrival>> arrivals = receiver.arrivals();
        assertThat(arrivals.keySet()).isEqualTo(messages.keySet());
        assertThat(arrivals).allSatisfy((id, some) -> assertThat(some).as(id).hasSize(1));
        List<Duration> lateness = arrivals.entrySet().stream()
                .map(one -> Duration.between(
                        messages.get(one.getKey()), one.getValue().getFirst().at()))
                .sorted()
                .toList();
        System.out.printf(
                "rolling restart: %d requests; %d messages, lateness p50 %d ms, p99 %d ms, max %d ms; %d bookings; ended after %s%n",
                clients.requests(),
                messages.size(),
                lateness.get(lateness.size() / 2).toMillis(),
                lateness.get(lateness.size() * 99 / 100).toMillis(),
                lateness.getLast().toMillis(),
                clients.bookings().size(),
                rollout.ends());
        assertThat(lateness).allSatisfy(late -> assertThat(late).isBetween(Duration.ZERO, RunningStack.LEAD));
        assertThat(bookings.ofSlot(slot).stream().map(one -> one.getString("id")))
                .containsAll(clients.bookings());
        assertThat(bookings.slot(slot).getInteger("booked"))
                .isEqualTo(clients.bookings().size());
    }

    private Set<String> delivered(Instant begin) {
        return carillon.messagesSince(begin, "delivered").stream()
                .map((JsonObject message) -> message.getString("id"))
                .collect(Collectors.toSet());
    }
}
