package dev.carillon.delivery.containment;

import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.containment.Request.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.UUID;

/** A host of which no address works, and messages to many of them, each of which is attempted three times at most, a second after the last call has ended. */
final class FailingHost {
    private static final int ATTEMPTS = 3;
    private static final Duration RETRY_WAIT = Duration.ofSeconds(1);
    private static final Duration APART = Duration.ofMillis(10);

    private final ContainmentFixture permits;
    private final ProviderAnswer answer;
    private final Duration takes;
    private final PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparing(Event::at));
    private int attempts;

    private record Event(Instant at, Runnable what) {}

    FailingHost(ContainmentFixture permits, ProviderAnswer answer, Duration takes) {
        this.permits = permits;
        this.answer = answer;
        this.takes = takes;
    }

    /** How many attempts begin within this time of those of all messages, which become due one shortly after the other. */
    int attempts(int addresses, int messages, Duration within) {
        var begin = permits.clock.instant();
        for (int i = 0; i < addresses * messages; i++) {
            var message = UUID.randomUUID();
            var url = URI.create("https://hooks.example/" + i % addresses);
            events.add(new Event(begin.plus(APART.multipliedBy(i)), () -> attempt(message, url, 1)));
        }
        while (!events.isEmpty() && events.element().at.isBefore(begin.plus(within))) {
            var next = events.remove();
            permits.clock.set(next.at);
            next.what.run();
        }
        return attempts;
    }

    private void attempt(UUID message, URI url, int number) {
        var now = permits.clock.instant();
        var kind = number == 1 ? Kind.FIRST : Kind.RETRY;
        var destination = new Destination.WebhookUrl(url);
        var request = new Request(message, "acme", Destination.WEBHOOK, destination, kind, now, 1);
        switch (permits.containment.ask(request)) {
            case Answer.Denied(Denial reason, Instant askAgainAt) ->
                events.add(new Event(askAgainAt, () -> attempt(message, url, number)));
            case Answer.Granted(Permit permit, Instant callAt) -> {
                attempts++;
                permit.begins();
                events.add(new Event(callAt.plus(takes), () -> ended(permit, message, url, number)));
            }
        }
    }

    private void ended(Permit permit, UUID message, URI url, int number) {
        permit.ended(answer, takes);
        if (number < ATTEMPTS) {
            var next = permits.clock.instant().plus(RETRY_WAIT);
            events.add(new Event(next, () -> attempt(message, url, number + 1)));
        }
    }
}
