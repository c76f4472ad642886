package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.EndpointSettings;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.Firing;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.messaging.MessageReading;
import dev.carillon.delivery.attempt.store.Consignment;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.DueDelivery;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.containment.Answer;
import dev.carillon.delivery.containment.Denial;
import dev.carillon.delivery.containment.Permit;
import dev.carillon.delivery.containment.Request;
import dev.carillon.delivery.containment.usecase.Permits;
import dev.carillon.delivery.endpoint.usecase.ResolveEndpoints;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.LogCategory;
import dev.carillon.kit.timer.Due;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Begins attempts: a moment before the instant they are permitted and their intent is committed, many in one commit, and only then may a call be made.
 * One that is denied a permit waits in the database, as it was, and one whose endpoint is disabled is held. A delivery whose
 * call has not been recorded at its deadline is taken for one of unknown outcome, by whichever node holds its timer then.
 */
@ApplicationScoped
public class Attempts {
    private static final LogCategory LOG = LogCategory.of(Attempts.class);
    private static final Duration DATABASE_ANSWERS_WITHIN = Duration.ofSeconds(10);

    private final DeliverySettings settings;
    private final Transactions transactions;
    private final DeliveryStore deliveries;
    private final DeliveryEvents events;
    private final Outbox outbox;
    private final AttemptTimers timers;
    private final Permits containment;
    private final MessageReading messages;
    private final ResolveEndpoints endpoints;
    private final Duration heldAtMost;
    private final HeldLimit heldLimit;
    private final ProviderCalls calls;
    private final RecordResults results;
    private volatile boolean started;

    public Attempts(
            DeliverySettings settings,
            Transactions transactions,
            DeliveryStore deliveries,
            DeliveryEvents events,
            Outbox outbox,
            AttemptTimers timers,
            Permits containment,
            MessageReading messages,
            ResolveEndpoints endpoints,
            EndpointSettings endpointSettings,
            HeldLimit heldLimit,
            ProviderCalls calls,
            RecordResults results) {
        this.settings = settings;
        this.transactions = transactions;
        this.deliveries = deliveries;
        this.events = events;
        this.outbox = outbox;
        this.timers = timers;
        this.containment = containment;
        this.messages = messages;
        this.endpoints = endpoints;
        this.heldAtMost = endpointSettings.heldAtMost();
        this.heldLimit = heldLimit;
        this.calls = calls;
        this.results = results;
    }

    /** Before the consumers start, so that what they accept is armed by this node's lease and the database's clock. */
    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE + 100) StartupEvent starting) {
        containment.start(timers.clock(), timers.headStart());
        calls.start();
        timers.start(this::begin).await().atMost(DATABASE_ANSWERS_WITHIN);
        started = true;
    }

    void stop(@Observes ShutdownEvent stopping) {
        try {
            timers.stop(settings.stopPatience(), () -> calls.open() == 0 && results.open() == 0)
                    .await()
                    .atMost(settings.stopPatience().plusSeconds(2));
        } finally {
            calls.close();
        }
    }

    /** Whether this node attempts what is due. */
    public boolean areRunning() {
        return started && timers.holdsLease();
    }

    private Uni<Void> begin(List<Due> due) {
        return transactions.inTransaction(tx -> begin(tx, due)).replaceWithVoid();
    }

    private Uni<List<Call>> begin(Tx tx, List<Due> due) {
        var permits = new HashMap<UUID, Permit>();
        // However the transaction ends: what was permitted and does not begin makes room for others.
        tx.afterEnd(() -> permits.values().forEach(Permit::unused));
        // Deliveries are locked before their keys, and those before their timers, here as everywhere, so that
        // nobody waits for each other.
        return deliveries
                .lockDue(tx, due.stream().map(Due::id).toList())
                .call(found -> deliveries.lockKeys(tx, stored(found)))
                .chain(found -> timers.take(tx, due).chain(taken -> begin(tx, mine(found, taken), permits)))
                .invoke(begun -> tx.afterCommit(() -> begun.forEach(one -> make(one, permits))));
    }

    private void make(Call one, Map<UUID, Permit> permits) {
        var id = one.consignment.id();
        calls.make(
                one.consignment,
                one.destination,
                one.before,
                Objects.requireNonNull(permits.get(id), "begun by permit"));
        permits.remove(id);
    }

    private static List<StoredDelivery> stored(List<DueDelivery> due) {
        return due.stream().map(DueDelivery::stored).toList();
    }

    /** Those whose timers were this node's to take, in the order of their instants, in which permits are asked for. */
    private static List<DueDelivery> mine(List<DueDelivery> found, Set<UUID> taken) {
        return found.stream()
                .filter(one -> taken.contains(one.id()))
                .sorted(Comparator.comparing(one -> one.stored().delivery().attemptAt()))
                .toList();
    }

    private Uni<List<Call>> begin(Tx tx, List<DueDelivery> mine, Map<UUID, Permit> permits) {
        var destinations = destinations(mine);
        return deliveries.blocked(tx, stored(mine)).chain(blocked -> endpoints
                .resolve(tx, endpointsOf(destinations))
                .call(resolved -> heldLimit.prepare(tx, resolved.disabled()))
                .chain(resolved -> apply(tx, sorted(mine, blocked, new Reached(destinations, resolved), permits))));
    }

    /** Where each goes whose destination is readable; the call fails with the others as well, and tells. */
    private Map<UUID, Destination> destinations(List<DueDelivery> due) {
        var readable = new HashMap<UUID, Destination>();
        for (var one : due) {
            try {
                readable.put(one.id(), messages.destination(one.destination()));
            } catch (IllegalArgumentException unreadable) {
                DeliveryLog.about(LOG.warn(), one.stored())
                        .because(unreadable)
                        .say("The destination of delivery %s is not readable", one.id());
            }
        }
        return readable;
    }

    private static Set<UUID> endpointsOf(Map<UUID, Destination> destinations) {
        return destinations.values().stream()
                .filter(Destination.WebhookEndpoint.class::isInstance)
                .map(one -> ((Destination.WebhookEndpoint) one).id())
                .collect(Collectors.toSet());
    }

    /** Where deliveries go, with what the registry has of endpoints. */
    private record Reached(Map<UUID, Destination> destinations, ResolveEndpoints.Resolved endpoints) {
        @Nullable Destination of(Delivery delivery) {
            var destination = destinations.get(delivery.id());
            return destination instanceof Destination.WebhookEndpoint endpoint
                    ? endpoints.destination(delivery.tenant(), endpoint.id())
                    : destination;
        }

        /** The disabled endpoint for which it has to be held, if there is one. */
        Optional<UUID> heldFor(Delivery delivery) {
            return destinations.get(delivery.id()) instanceof Destination.WebhookEndpoint endpoint
                            && endpoints.isDisabled(delivery.tenant(), endpoint.id())
                    ? Optional.of(endpoint.id())
                    : Optional.empty();
        }
    }

    /**
     * A delivery whose attempt begins, and where it goes.
     *
     * @param before what it was
     */
    private record Begun(StoredDelivery stored, @Nullable Destination destination, DeliveryStatus before) {}

    /** What the timers that fired together come to. */
    private record Fired(
            List<Begun> begun,
            List<StoredDelivery> changed,
            List<StoredDelivery> overdue,
            List<Delivery> blocked,
            List<AttemptTimers.Waiting> denied,
            List<Delivery> early) {}

    private Fired sorted(List<DueDelivery> due, Set<UUID> blocked, Reached reached, Map<UUID, Permit> permits) {
        var now = timers.now();
        var fired = new Fired(
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        for (var each : due) {
            var one = each.stored();
            var timeout = timers.timeout(one.delivery());
            switch (Firing.of(one.delivery(), blocked.contains(one.id()), timeout, timers.headStart(), now)) {
                case Firing.Begins(Delivery inFlight) ->
                    reached.heldFor(inFlight)
                            .ifPresentOrElse(
                                    endpoint -> fired.changed.add(one.with(hold(one.delivery(), endpoint, now))),
                                    () -> begin(each, inFlight, reached.of(inFlight), fired, permits));
                case Firing.Expires(Delivery expired) -> fired.changed.add(one.with(expired));
                case Firing.GivenUp(Delivery dead) -> fired.changed.add(one.with(dead));
                case Firing.Overdue(Delivery inFlight) -> fired.overdue.add(one.with(inFlight));
                case Firing.Blocked(Delivery later) -> fired.blocked.add(later);
                case Firing.Early(Delivery later) -> fired.early.add(later);
                case Firing.Nothing() -> {}
            }
        }
        return fired;
    }

    private Delivery hold(Delivery delivery, UUID endpoint, Instant now) {
        if (delivery.heldSince() != null || heldLimit.takes(endpoint)) {
            return delivery.held(now, heldAtMost);
        }
        heldLimit.refused();
        return delivery.notHeld(now);
    }

    /** Begins if there is a permit for it; otherwise it waits as it is, and no attempt is counted. */
    private void begin(
            DueDelivery due,
            Delivery inFlight,
            @Nullable Destination destination,
            Fired fired,
            Map<UUID, Permit> permits) {
        var one = due.stored();
        switch (containment.ask(request(due, inFlight, destination))) {
            case Answer.Denied(Denial reason, Instant askAgainAt) ->
                fired.denied.add(new AttemptTimers.Waiting(one.delivery(), askAgainAt));
            case Answer.Granted(Permit permit, Instant callAt)
            when one.delivery().isExpiredAt(callAt) -> {
                permit.unused();
                fired.denied.add(new AttemptTimers.Waiting(one.delivery(), callAt));
            }
            case Answer.Granted(Permit permit, Instant callAt) -> {
                permits.put(one.id(), permit);
                var begun = one.with(one.delivery().inFlight(callAt));
                fired.begun.add(new Begun(begun, destination, one.delivery().status()));
            }
        }
    }

    private static Request request(DueDelivery due, Delivery inFlight, @Nullable Destination destination) {
        return new Request(
                due.id(),
                inFlight.tenant(),
                inFlight.channel(),
                destination,
                kind(inFlight),
                inFlight.attemptAt(),
                due.contentBytes());
    }

    private static Request.Kind kind(Delivery inFlight) {
        if (inFlight.onRequest()) {
            return Request.Kind.ON_REQUEST;
        }
        return inFlight.attempts() > 1 ? Request.Kind.RETRY : Request.Kind.FIRST;
    }

    private Uni<List<Call>> apply(Tx tx, Fired fired) {
        var now = timers.now();
        var begun = fired.begun.stream().map(Begun::stored).toList();
        var changed = Stream.concat(begun.stream(), fired.changed.stream())
                .map(StoredDelivery::delivery)
                .toList();
        var told = fired.changed.stream().map(one -> events.told(one, now)).toList();
        tx.afterCommit(() -> fired.changed.forEach(DeliveryLog::notAttempted));
        return deliveries
                .save(tx, changed)
                // First those that wait for others: what ends here may give one of them its turn.
                .chain(() -> timers.recheck(tx, fired.blocked))
                .chain(() -> timers.await(tx, fired.denied))
                .chain(() -> timers.follow(
                        tx,
                        Stream.concat(changed.stream(), fired.early.stream()).toList()))
                .chain(() -> outbox.append(tx, told))
                .chain(() -> results.recordOverdue(tx, fired.overdue))
                .chain(() -> deliveries.begin(tx, begun))
                .map(consignments -> calls(consignments, fired.begun));
    }

    /** What is to be called once the intents are committed. */
    private record Call(Consignment consignment, @Nullable Destination destination, DeliveryStatus before) {}

    private static List<Call> calls(List<Consignment> consignments, List<Begun> begun) {
        var byId = begun.stream().collect(Collectors.toMap(one -> one.stored.id(), Function.identity()));
        return consignments.stream()
                .map(one -> {
                    var which = Objects.requireNonNull(byId.get(one.id()));
                    return new Call(one, which.destination, which.before);
                })
                .toList();
    }
}
