package dev.carillon.delivery.containment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.containment.RateLimit.Rate;
import dev.carillon.delivery.containment.Request.Kind;
import dev.carillon.kit.testing.SettableClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Permits by a clock that a test holds in its hand, and those who ask for them. */
final class ContainmentFixture {
    static final Duration QUICK = Duration.ofMillis(5);
    static final ProviderAnswer OK = new ProviderAnswer.Delivered(200, null, null);
    static final ProviderAnswer DOWN =
            new ProviderAnswer.Transient(503, Reason.PROVIDER_FAILED, "down", null, null, false);
    static final ProviderAnswer HANGS = ProviderAnswer.Transient.unanswered(Reason.TIMEOUT, "no answer", true);
    private static final Duration HEAD_START = Duration.ofMillis(300);

    final SettableClock clock = SettableClock.at("2026-11-27T09:00:00Z");
    final Map<Denial, Integer> denied = new HashMap<>();
    final Containment containment;

    private final Random random = new Random(7);

    /** One that asks, at this time. */
    record Asking(Request request, Instant at) {}

    ContainmentFixture() {
        this(15_000, 1_000);
    }

    ContainmentFixture(int receiverCalls, long contentBytes) {
        this(BreakerTest.limits(), receiverCalls, contentBytes);
    }

    /** With breakers that never open. */
    static ContainmentFixture withoutBreakers() {
        var second = Duration.ofSeconds(1);
        var never = new Breaker.Limits(Duration.ofSeconds(30), 10, 1.1, second, 1.1, second, second, 3);
        return new ContainmentFixture(never, 15_000, 1_000_000);
    }

    private ContainmentFixture(Breaker.Limits breaker, int receiverCalls, long contentBytes) {
        var limits = limits(breaker, receiverCalls, contentBytes);
        containment = new Containment(limits, HEAD_START, clock, random::nextDouble, new Containment.Observer() {
            @Override
            public void denied(String channel, Denial reason) {
                denied.merge(reason, 1, Integer::sum);
            }

            @Override
            public void admitted(String channel, Duration waited) {}
        });
    }

    private static Limits limits(Breaker.Limits breaker, int receiverCalls, long contentBytes) {
        var second = Duration.ofSeconds(1);
        return new Limits(
                breaker,
                new RetryBudget.Limits(0.2, 1, 500),
                30_000,
                receiverCalls,
                Map.of("webhook", new Limits.Pace(32, Duration.ofSeconds(15))),
                new Limits.Rates(
                        null, new Rate(30, second), new Rate(1, second), new Rate(20, Duration.ofMinutes(1)), null),
                Set.of("clinic"),
                second,
                Duration.ofHours(1),
                contentBytes,
                new Limits.Shares(0.5, 0.75, 0.125),
                100);
    }

    Request webhook(String tenant, String url, Kind kind) {
        return request(tenant, new Destination.WebhookUrl(URI.create(url)), kind, 1);
    }

    Request webhook(String url) {
        return webhook("acme", url, Kind.FIRST);
    }

    Request chat(String id) {
        return chat("acme", id);
    }

    /** The tenant "clinic" has a bot of its own, and nobody else has. */
    Request chat(String tenant, String id) {
        return request(tenant, new Destination.Telegram(id), Kind.FIRST, 1);
    }

    Request mail(String tenant, Kind kind) {
        return request(tenant, new Destination.Email("ana@example.org"), kind, 1);
    }

    Request request(String tenant, Destination to, Kind kind, int bytes) {
        return new Request(UUID.randomUUID(), tenant, to.channel(), to, kind, clock.instant(), bytes);
    }

    Permit granted(Request request) {
        var answer = containment.ask(request);
        assertThat(answer).isInstanceOf(Answer.Granted.class);
        return ((Answer.Granted) answer).permit();
    }

    void call(String url, ProviderAnswer answer) {
        if (containment.ask(webhook(url)) instanceof Answer.Granted(Permit permit, Instant callAt)) {
            permit.begins();
            permit.ended(answer, QUICK);
        }
    }

    @Nullable Denial denial(Request request) {
        return switch (containment.ask(request)) {
            case Answer.Denied(Denial reason, Instant askAgainAt) -> {
                assertThat(askAgainAt).isAfter(clock.instant());
                yield reason;
            }
            case Answer.Granted(Permit permit, Instant callAt) -> {
                permit.unused();
                yield null;
            }
        };
    }

    static void end(Permit permit) {
        permit.begins();
        permit.ended(OK, QUICK);
    }

    Map<UUID, Instant> drain(List<Request> all) {
        var queue = new PriorityQueue<Asking>(Comparator.comparing(Asking::at));
        all.forEach(one -> queue.add(new Asking(one, clock.instant())));
        return drain(queue, Instant.MAX);
    }

    /** As the database would: whoever is denied asks again when it was told to. */
    Map<UUID, Instant> drain(PriorityQueue<Asking> queue, Instant until) {
        var calls = new HashMap<UUID, Instant>();
        while (!queue.isEmpty() && queue.element().at.isBefore(until)) {
            var next = queue.remove();
            var late = next.at.plusMillis(random.nextInt(5));
            clock.set(late.isAfter(clock.instant()) ? late : clock.instant());
            var request = next.request;
            var callAt = request.callAt().isAfter(clock.instant()) ? request.callAt() : clock.instant();
            var asked = new Request(
                    request.deliveryId(),
                    request.tenant(),
                    request.channel(),
                    request.destination(),
                    request.kind(),
                    callAt,
                    1);
            switch (containment.ask(asked)) {
                case Answer.Denied(Denial reason, Instant askAgainAt) -> queue.add(new Asking(request, askAgainAt));
                case Answer.Granted(Permit permit, Instant at) -> {
                    calls.put(request.deliveryId(), at);
                    end(permit);
                }
            }
        }
        return calls;
    }
}
