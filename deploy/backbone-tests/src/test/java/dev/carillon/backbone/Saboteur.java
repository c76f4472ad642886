package dev.carillon.backbone;

import dev.carillon.backbone.FaultPlan.Step;
import dev.carillon.kit.testing.history.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Makes the faults of a plan. Those that take time go on while others are made. */
final class Saboteur implements AutoCloseable {
    private static final int BREATH = 8;
    private static final Duration LEASE = Duration.ofSeconds(4);
    /** How long a relay goes on publishing what it cannot note: RelayLimits.UNWRITTEN_AT_MOST, and a quarter of a second between saves. */
    private static final Duration UNNOTED = Duration.ofMillis(1_250);

    /** How long a relay waits for an acknowledgement before it sends anew: carillon.relay.delivery-timeout. */
    private static final Duration DELIVERY = Duration.ofSeconds(3);

    private static final Duration SHORTEST_HOLD = Duration.ofSeconds(3);

    private static final Duration SESSION = Duration.ofSeconds(6);

    private final FaultRun run;
    private final Duration longestHold;
    private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> underWay = new ArrayList<>();

    /** @param longestHold of a transaction that is held open */
    Saboteur(FaultRun run, Duration longestHold) {
        this.run = run;
        this.longestHold = longestHold;
    }

    /** Answers when all of them are over. Now and then it waits for an event to come through. */
    void make(FaultPlan plan) throws Exception {
        int made = 0;
        for (Step step : plan.steps()) {
            make(step);
            LockSupport.parkNanos(step.pause().toNanos());
            if (++made % BREATH == 0) {
                run.awaitFlow();
                System.out.printf("%d of %d faults made%n", made, plan.steps().size());
            }
        }
        for (Future<?> each : underWay) {
            each.get(2, TimeUnit.MINUTES);
        }
    }

    private void make(Step step) throws Exception {
        int target = step.target();
        switch (step.kind()) {
            case KILL_RELAY -> killRelay(target);
            case FREEZE_RELAY -> meanwhile(() -> freeze(run.fleet().relays(), target, LEASE));
            case RELAY_LEAVES_AND_JOINS -> meanwhile(() -> leaveAndJoin(target));
            case CUT_CONNECTIONS -> cut(target);
            case HALF_OPEN_CONNECTIONS -> halfOpen(target);
            case CUT_KAFKA_CONNECTIONS ->
                timed("connections to Kafka cut", run.servers().kafkaConnections()::cut);
            case HALF_OPEN_KAFKA_CONNECTIONS -> halfOpenKafka();
            case KILL_BROKER -> timed("broker killed", run.servers()::killKafka);
            case RESTART_BROKER -> timed("broker restarted", run.servers()::restartKafka);
            case KILL_POSTGRES -> timed("PostgreSQL killed", run.servers()::killPostgres);
            case RESTART_POSTGRES -> timed("PostgreSQL restarted", run.servers()::restartPostgres);
            case OVERSIZE_RECORD -> run.workload().oversize(target);
            case UNREADABLE_RECORD -> meanwhile(() -> run.strays().put(target));
            case DELETE_TOPIC -> run.deleteTopic();
            case KILL_CONSUMER -> killConsumer(target);
            case FREEZE_CONSUMER -> meanwhile(() -> freeze(run.fleet().consumers(), target, SESSION));
            case HELD_TRANSACTION -> run.workload().hold(hold(target), target % 5 > 0);
        }
    }

    /** Just after a record came out, which the relay has perhaps not noted yet. */
    private void killRelay(int target) throws InterruptedException {
        Slot relay = pick(run.fleet().relays(), target);
        run.recorder().awaitDelivery(500);
        Instant from = Instant.now();
        relay.kill();
        run.fault(relay.name() + " killed", from);
        relay.start();
    }

    private void killConsumer(int target) {
        Slot consumer = pick(run.fleet().consumers(), target);
        consumer.kill();
        consumer.start();
    }

    /** For longer than others wait for it. */
    private void freeze(List<Slot> slots, int target, Duration patience) {
        Slot slot = pick(slots, target);
        Instant from = Instant.now();
        slot.freeze();
        LockSupport.parkNanos(patience.plusMillis(500 + target).toNanos());
        slot.thaw();
        run.fault(slot.name() + " frozen", from);
    }

    private void leaveAndJoin(int target) {
        Slot relay = pick(run.fleet().relays(), target);
        relay.stop();
        LockSupport.parkNanos(Duration.ofMillis(target).toNanos());
        relay.start();
    }

    private void cut(int target) {
        Slot slot = pick(everybody(), target);
        Instant from = Instant.now();
        slot.database().cut();
        run.fault("connections of " + slot.name() + " cut", from);
    }

    private void halfOpen(int target) {
        Slot slot = pick(everybody(), target);
        Instant from = Instant.now();
        slot.database().stall();
        run.recorder().fault(new Fault("connections of " + slot.name() + " half open", from, from.plus(UNNOTED)));
    }

    /** Those of every relay. What is on its way may have arrived, and is sent anew when no acknowledgement has come. */
    private void halfOpenKafka() {
        Instant from = Instant.now();
        run.servers().kafkaConnections().stall();
        run.recorder().fault(new Fault("connections to Kafka half open", from, from.plus(DELIVERY)));
    }

    private Duration hold(int target) {
        return SHORTEST_HOLD.plus(
                longestHold.minus(SHORTEST_HOLD).multipliedBy(target).dividedBy(1_000));
    }

    private List<Slot> everybody() {
        var everybody = new ArrayList<>(run.fleet().relays());
        everybody.addAll(run.fleet().consumers());
        return everybody;
    }

    /** One that runs, if any does. */
    private static Slot pick(List<Slot> slots, int target) {
        List<Slot> running = slots.stream().filter(Slot::runs).toList();
        List<Slot> choice = running.isEmpty() ? slots : running;
        return choice.get(target % choice.size());
    }

    private void timed(String what, Runnable fault) {
        Instant from = Instant.now();
        fault.run();
        run.fault(what, from);
    }

    private void meanwhile(Runnable fault) {
        underWay.add(background.submit(fault));
    }

    @Override
    public void close() {
        background.shutdownNow();
    }
}
