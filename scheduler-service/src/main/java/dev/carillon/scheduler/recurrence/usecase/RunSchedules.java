package dev.carillon.scheduler.recurrence.usecase;

import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.SchedulerSettings;
import dev.carillon.scheduler.Workers;
import dev.carillon.scheduler.message.MessageDraft;
import dev.carillon.scheduler.message.Schedule;
import dev.carillon.scheduler.message.Source;
import dev.carillon.scheduler.message.Timing;
import dev.carillon.scheduler.message.store.TracedMessage;
import dev.carillon.scheduler.message.usecase.NewMessages;
import dev.carillon.scheduler.recurrence.Occurrence;
import dev.carillon.scheduler.recurrence.Occurrences;
import dev.carillon.scheduler.recurrence.RecurringSchedule;
import dev.carillon.scheduler.recurrence.RunPlan;
import dev.carillon.scheduler.recurrence.State;
import dev.carillon.scheduler.recurrence.store.RunRow;
import dev.carillon.scheduler.recurrence.store.RunStore;
import dev.carillon.scheduler.recurrence.store.RunStore.Withdrawn;
import dev.carillon.scheduler.recurrence.store.ScheduleStore;
import dev.carillon.scheduler.recurrence.store.TracedSchedule;
import dev.carillon.scheduler.template.FoundTemplates;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Makes messages of occurrences, in somebody's transaction: one statement group for any number of schedules. An occurrence whose message was called
 * back from delivery gets another one once delivery has given it up, if the schedule still has it.
 */
@ApplicationScoped
public class RunSchedules {
    /** The type of a schedule's messages' source; its id is the schedule's. */
    public static final String SOURCE = "schedule";

    private static final Logger LOG = Logger.getLogger(RunSchedules.class);
    private static final int AT_ONCE = 1_000;
    private static final int AT_ONCE_OF_ONE = 500;
    // A schedule looks at itself once a day, so that changed zone rules move no run by surprise.
    private static final Duration LONGEST_SLEEP = Duration.ofDays(1);
    private static final Duration PATIENCE_WITH_RULES = Duration.ofHours(1);
    private static final Duration SHORTEST_ASKING = Duration.ofMillis(250);
    private static final Duration LONGEST_ASKING = Duration.ofSeconds(30);

    /**
     * What became of the schedules.
     *
     * @param next when each is to be looked at next; those that have ended are not in it
     * @param behind those for which there was more to do than one transaction may
     */
    public record Turned(Map<UUID, Instant> next, Set<UUID> behind) {}

    private final SchedulerSettings settings;
    private final Workers workers;
    private final ReadRules rules;
    private final RunContents contents;
    private final ScheduleStore schedules;
    private final RunStore runs;
    private final NewMessages newMessages;
    private final EventIds ids;

    public RunSchedules(
            SchedulerSettings settings,
            Workers workers,
            ReadRules rules,
            RunContents contents,
            ScheduleStore schedules,
            RunStore runs,
            NewMessages newMessages,
            EventIds ids) {
        this.settings = settings;
        this.workers = workers;
        this.rules = rules;
        this.contents = contents;
        this.schedules = schedules;
        this.runs = runs;
        this.newMessages = newMessages;
        this.ids = ids;
    }

    /** How long before its instant an occurrence becomes a message: before it is to be staged. */
    public Duration ahead() {
        return settings.lead().plus(settings.runAhead());
    }

    /**
     * Decides everything up to {@code horizon}, as far as one transaction may.
     *
     * @param locked schedules that are locked by {@code tx}; those that are not active are left alone
     */
    public Uni<Turned> run(Tx tx, List<TracedSchedule> locked, Instant now, Instant horizon) {
        var active = locked.stream()
                .filter(one -> one.schedule().state() == State.ACTIVE)
                .toList();
        if (active.isEmpty()) {
            return Uni.createFrom().item(new Turned(Map.of(), Set.of()));
        }
        return runs.withdrawn(tx, active.stream().map(TracedSchedule::id).toList())
                .chain(withdrawn -> new Turn(now, horizon).run(tx, active, withdrawn));
    }

    /** What one transaction does. */
    private final class Turn {
        private final Instant now;
        private final Instant horizon;
        private final List<RunRow> found = new ArrayList<>();
        private final Map<UUID, MessageDraft> drafts = new HashMap<>();
        private FoundTemplates followed = FoundTemplates.NONE;
        private final Map<UUID, TracedMessage> messages = new HashMap<>();
        private final List<RecurringSchedule> decided = new ArrayList<>();
        private final Map<UUID, Instant> next = new HashMap<>();
        private final List<UUID> givenUp = new ArrayList<>();
        private final List<UUID> kept = new ArrayList<>();
        private final Set<UUID> behind = new HashSet<>();

        Turn(Instant now, Instant horizon) {
            this.now = now;
            this.horizon = horizon;
        }

        Uni<Turned> run(Tx tx, List<TracedSchedule> active, List<Withdrawn> withdrawn) {
            var scheduleIds = active.stream().map(TracedSchedule::id).toList();
            return contents.followed(
                            tx, active.stream().map(TracedSchedule::schedule).toList())
                    // Rules may take long to expand.
                    .chain(templates -> workers.run(() -> decideAll(active, withdrawn, templates)))
                    .chain(() -> runs.remove(tx, scheduleIds, givenUp))
                    .chain(() -> runs.withdraw(tx, scheduleIds, kept, null))
                    .chain(() -> runs.insert(tx, found))
                    .chain(added -> newMessages.add(
                            tx,
                            found.stream()
                                    .map(RunRow::messageId)
                                    .filter(added::contains)
                                    .map(messages::get)
                                    .toList(),
                            now))
                    .chain(() -> schedules.saveProgress(tx, decided))
                    .replaceWith(new Turned(next, behind));
        }

        private Turn decideAll(List<TracedSchedule> active, List<Withdrawn> withdrawn, FoundTemplates templates) {
            followed = templates;
            for (var one : active) {
                switch (rules.reread(one.schedule())) {
                    case ReadRules.Reread.Understood(Occurrences occurrences) -> decide(one, occurrences, withdrawn);
                    case ReadRules.Reread.NotAnyMore(String why) -> leaveAlone(one.schedule(), why);
                }
            }
            return this;
        }

        /** The others go on; what it would have fired is missed until its rule is understood again. */
        private void leaveAlone(RecurringSchedule schedule, String why) {
            LOG.errorf("The rule of schedule %s is not understood any more, and does not fire: %s", schedule.id(), why);
            next.put(schedule.id(), now.plus(PATIENCE_WITH_RULES));
        }

        private void decide(TracedSchedule traced, Occurrences occurrences, List<Withdrawn> withdrawn) {
            var schedule = traced.schedule();
            withdrawn.stream()
                    .filter(one -> one.run().scheduleId().equals(schedule.id()))
                    .forEach(one -> decideWithdrawn(traced, occurrences, one));
            int room = Math.min(AT_ONCE_OF_ONE, AT_ONCE - found.size());
            var moment = new RunPlan.Moment(schedule.decidedUntil(), now, horizon, settings.misfireAfter());
            var plan = RunPlan.of(occurrences, schedule.definition().misfire(), moment, Math.max(0, room));
            plan.runs().forEach(run -> add(traced, run));
            wake(schedule.id(), plan);
            // One that still waits for delivery's answer has not ended.
            decided.add(schedule.decided(plan.decidedUntil(), next.containsKey(schedule.id())));
        }

        private void wake(UUID id, RunPlan plan) {
            var following = plan.next();
            if (following != null) {
                var at = plan.complete() ? following.at().minus(ahead()) : now;
                var latest = now.plus(LONGEST_SLEEP);
                next.merge(id, at.isBefore(latest) ? at : latest, RunSchedules::earlier);
            }
            if (!plan.complete()) {
                behind.add(id);
            }
        }

        private void decideWithdrawn(TracedSchedule traced, Occurrences occurrences, Withdrawn one) {
            switch (one.status()) {
                case CANCELLED -> giveUp(traced, occurrences, one);
                case null -> givenUp.add(one.run().messageId());
                case RECALLING -> askAgain(one);
                case SCHEDULED, STAGED, DELIVERING, HELD, DELIVERED, FAILED, EXPIRED ->
                    kept.add(one.run().messageId());
            }
        }

        private void askAgain(Withdrawn one) {
            var waited = Duration.between(one.withdrawnAt(), now);
            var wait = waited.compareTo(LONGEST_ASKING) > 0 ? LONGEST_ASKING : waited;
            next.merge(
                    one.run().scheduleId(),
                    now.plus(wait.compareTo(SHORTEST_ASKING) < 0 ? SHORTEST_ASKING : wait),
                    RunSchedules::earlier);
        }

        /** The occurrence is the schedule's again, late or not: what is not decided yet comes to it by itself. */
        private void giveUp(TracedSchedule traced, Occurrences occurrences, Withdrawn one) {
            givenUp.add(one.run().messageId());
            occurrences
                    .next(one.run().dueAt().minusNanos(1_000))
                    .filter(again -> isSame(again, one.run(), traced.schedule()))
                    .filter(again -> !again.at().isAfter(traced.schedule().decidedUntil()))
                    .ifPresent(again -> add(traced, new RunPlan.Run(again, again.at())));
        }

        private static boolean isSame(Occurrence again, RunRow run, RecurringSchedule schedule) {
            return again.local().equals(run.local())
                    && (again.fold() == Occurrence.Fold.SECOND) == run.second()
                    && schedule.definition().zonePolicy().zone().getId().equals(run.zone());
        }

        private void add(TracedSchedule traced, RunPlan.Run run) {
            var message = message(traced, run);
            messages.put(message.id(), message);
            found.add(new RunRow(
                    traced.id(),
                    traced.schedule().definition().zonePolicy().zone().getId(),
                    run.occurrence().local(),
                    run.occurrence().fold() == Occurrence.Fold.SECOND,
                    run.dueAt(),
                    message.id()));
        }

        private TracedMessage message(TracedSchedule traced, RunPlan.Run run) {
            var definition = traced.schedule().definition();
            var timing = timing(run.dueAt(), definition.zonePolicy().zone());
            var expiresAfter = definition.expiresAfter();
            // The same for all that one turn makes.
            var message = drafts.computeIfAbsent(traced.id(), id -> contents.message(traced.schedule(), followed))
                    .at(
                            ids.next(),
                            traced.schedule().tenant(),
                            timing,
                            expiresAfter == null ? null : timing.dueAt().plus(expiresAfter),
                            new Source(SOURCE, traced.id().toString()),
                            now);
            return newMessages.asAccepted(new TracedMessage(message, traced.trace()), now);
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Timing timing(Instant dueAt, ZoneId zone) {
        return switch (new Schedule.At(dueAt, zone).resolve(dueAt)) {
            case Schedule.Resolution.Resolved(Timing timing) -> timing;
            case Schedule.Resolution.InThePast _ -> throw new IllegalStateException("An instant is not before itself");
            case Schedule.Resolution.TooFar() -> throw new IllegalStateException("An instant is not far from itself");
        };
    }
}
