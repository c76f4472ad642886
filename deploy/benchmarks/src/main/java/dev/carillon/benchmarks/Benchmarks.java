package dev.carillon.benchmarks;

import dev.carillon.benchmarks.consumer.ConsumerBenchmark;
import dev.carillon.benchmarks.pending.PendingBenchmark;
import dev.carillon.benchmarks.phrases.PhrasesBenchmark;
import dev.carillon.benchmarks.relay.RelayBenchmark;
import dev.carillon.benchmarks.stack.BurstBenchmark;
import dev.carillon.benchmarks.stack.CollectorsBenchmark;
import dev.carillon.benchmarks.stack.CreateBenchmark;
import dev.carillon.benchmarks.stack.HotSlotBenchmark;
import dev.carillon.benchmarks.stack.LatenessBenchmark;
import dev.carillon.benchmarks.stack.LoadedBenchmark;
import dev.carillon.benchmarks.stack.ManySlotsBenchmark;
import dev.carillon.benchmarks.stack.NowBenchmark;
import dev.carillon.benchmarks.stack.OverloadBenchmark;
import dev.carillon.benchmarks.stack.SizeBenchmark;
import dev.carillon.benchmarks.stack.StackBenchmark;
import dev.carillon.benchmarks.stack.StartBenchmark;
import dev.carillon.benchmarks.stack.ThousandBenchmark;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The runner: the first argument names what to measure, the others set it. */
public final class Benchmarks {
    static final String USAGE = """
            usage: deploy/benchmarks/run relay [events=200000] [seconds=20] [hot=3000] [only=backlog|steady|hot] [held=yes|no]
              relay   the outbox relay: a backlog of so many events, commit to acknowledgement at 5,000 events/s for so many seconds,
                      both also while another transaction stays open; and so many events of one hot key. seconds=600 takes 20 minutes
                      (10 with held=yes) and 4 GB of disk, and tells of the first minute and the last.
                   deploy/benchmarks/run consumers [events=200000] [batch=500]
              consumers the kit's inbox: so many events that are new, then the same ones again
                   deploy/benchmarks/run phrases [rounds=200]
              phrases the time to read a phrase, over the list of phrases that the scheduler's tests have
                   deploy/benchmarks/run pending [messages=10000000] [group=50] [rounds=10]
              pending what creating, claiming and staging a message costs with so many pending, beside none: ten million take 8 GB of disk

                   deploy/benchmarks/run hotslot [clients=64] [seconds=15] [capacity=50000] [warm=180] [only=groups]
              hotslot bookings of one slot over HTTP until it is full or the seconds are over, in groups and one transaction each, and beside
                      SELECT … FOR UPDATE without HTTP
                   deploy/benchmarks/run slots [clients=64] [seconds=15] [warm=180]
              slots   searches for free slots of twenty resources over HTTP, bookings of four thousand slots in turn, and both at once

                   deploy/benchmarks/run start [runtime=jvm|native] [rounds=5]
              start   from the start of each service to its readiness over a migrated database, and its resident memory then

            On the whole local stack, with a receiver of webhooks and clients of the benchmark's own; all of them take [warm=180], the seconds of
            webhooks before anything is measured:
                   deploy/benchmarks/run create [clients=32] [seconds=20] [ahead=PT1H]
              create  messages created in so many seconds by so many clients; due so long after
                   deploy/benchmarks/run lateness [rate=200] [seconds=30] [pending=0] [held=yes|no]
              lateness from the due instant to the receiver, of messages created over HTTP 3 to 60 s before it, so many a second; with so
                      many others pending; also while a transaction stays open in the scheduler's and in delivery's database. From 120 s on it
                      tells of the first minute and the last, too
                   deploy/benchmarks/run now [rate=200] [seconds=30]
              now     from a request for now to the receiver
                   deploy/benchmarks/run burst [messages=10000] [rounds=5]
              burst   when the last of so many arrives that are due at one instant, beside bare loops that post as many
                   deploy/benchmarks/run size [messages=20000]
              size    how many bytes so many webhooks leave behind in each table and topic and in the write-ahead log
                   deploy/benchmarks/run loaded [messages=10000000] [rounds=2]
              loaded  lateness, creating and a burst in turn on a stack with none pending and on one with so many: ten million take 8 GB of disk
                   deploy/benchmarks/run thousand [endpoints=1000] [rate=200] [seconds=60]
              thousand webhooks to so many registered endpoints, each with a host of its own: how late the others' are, and what they cost, while
                      the others get all of them, while a dead one gets its share, and while that one gets a tenth
                   deploy/benchmarks/run overload [clients=64] [seconds=20] [idle=20] [connections=5000] [least=256] [most=4000] [slow=PT0.1S]
              overload messages created at one, two and three times the rate that so many clients get, beside so many a second, over so many
                      connections; least, most and slow are what the limit of requests in flight goes by. Load and stack are on cores of their own
                   deploy/benchmarks/run collectors [rounds=3] [rate=50] [seconds=30]
              collectors creating, lateness at such a rate and the services' memory under the serial collector, G1 and ZGC, in turn on a stack each
                   deploy/benchmarks/run stack
              stack   the first four one after the other on one stack, with the settings of all""";

    private Benchmarks() {}

    /** A benchmark that knows all that it is to know. */
    @FunctionalInterface
    interface Measurement {

        void make() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.WARNING);
        try {
            measurement(List.of(arguments)).make();
        } catch (Refusal refusal) {
            System.err.println(refusal.getMessage());
            System.exit(2);
        }
        // The clients' threads are no reason to stay.
        System.exit(0);
    }

    /**
     * The one that the first argument names, set by the others; nothing has been started yet.
     *
     * @throws Refusal where there is no such benchmark, or where it does not know one of the others
     */
    static Measurement measurement(List<String> arguments) {
        String which = arguments.isEmpty() ? "" : arguments.getFirst();
        var settings = new Settings(arguments.stream().skip(1).toList());
        Measurement measurement = measurement(which, settings);
        settings.refuseUnknown(which);
        return measurement;
    }

    private static Measurement measurement(String which, Settings settings) {
        return switch (which) {
            case "relay" -> relay(settings);
            case "consumers" -> consumers(settings);
            case "now" -> onOneStack(which, settings, now(settings));
            case "lateness" -> onOneStack(which, settings, lateness(settings));
            case "burst" -> onOneStack(which, settings, burst(settings));
            case "create" -> onOneStack(which, settings, create(settings));
            case "stack" ->
                onOneStack(which, settings, now(settings), lateness(settings), burst(settings), create(settings));
            case "thousand" -> onOneStack(which, settings, thousand(settings));
            case "size" -> onOneStack(which, settings, new SizeBenchmark(settings.number("messages", 20_000)));
            case "overload" -> overload(settings);
            case "collectors" -> collectors(settings);
            case "hotslot" -> hotSlot(settings);
            case "slots" -> slots(settings);
            case "loaded" -> loaded(settings);
            case "start" -> start(settings);
            case "phrases" -> new PhrasesBenchmark(settings.number("rounds", 200))::run;
            case "pending" -> pending(settings);
            default -> throw new Refusal(USAGE);
        };
    }

    private static Measurement relay(Settings settings) {
        var sizes = new RelayBenchmark.Sizes(
                settings.number("events", 200_000), settings.number("seconds", 20), settings.number("hot", 3_000));
        String only = settings.choice("only", "", "backlog", "steady", "hot");
        return new RelayBenchmark(sizes, only, settings.choice("held", "", "yes", "no"))::run;
    }

    private static Measurement consumers(Settings settings) {
        return new ConsumerBenchmark(settings.number("events", 200_000), settings.number("batch", 500))::run;
    }

    private static StackBenchmark now(Settings settings) {
        return new NowBenchmark(settings.number("rate", 200), settings.number("seconds", 30));
    }

    private static StackBenchmark lateness(Settings settings) {
        return new LatenessBenchmark(
                settings.number("rate", 200),
                settings.number("seconds", 30),
                settings.number("pending", 0),
                settings.choice("held", "no", "yes", "no").equals("yes"));
    }

    private static StackBenchmark burst(Settings settings) {
        return new BurstBenchmark(settings.number("messages", 10_000), settings.number("rounds", 5));
    }

    private static StackBenchmark create(Settings settings) {
        return new CreateBenchmark(
                settings.number("clients", 32),
                settings.number("seconds", 20),
                settings.duration("ahead", Duration.ofHours(1)));
    }

    private static StackBenchmark thousand(Settings settings) {
        return new ThousandBenchmark(
                settings.number("endpoints", 1_000), settings.number("rate", 200), settings.number("seconds", 60));
    }

    private static Measurement overload(Settings settings) {
        var sizes = new OverloadBenchmark.Sizes(
                settings.number("clients", 64),
                settings.number("seconds", 20),
                settings.number("idle", 20),
                settings.number("connections", 5_000),
                warm(settings));
        var inFlight = new OverloadBenchmark.InFlight(
                settings.number("least", 256),
                settings.number("most", 4_000),
                settings.duration("slow", Duration.ofMillis(100)));
        return new OverloadBenchmark(sizes, inFlight)::run;
    }

    private static Measurement collectors(Settings settings) {
        return new CollectorsBenchmark(
                settings.number("rounds", 3),
                settings.number("rate", 50),
                settings.number("seconds", 30),
                warm(settings))::run;
    }

    private static Measurement hotSlot(Settings settings) {
        return new HotSlotBenchmark(
                settings.number("clients", 64),
                settings.number("seconds", 15),
                settings.number("capacity", 50_000),
                warm(settings),
                settings.choice("only", "", "groups").equals("groups"))::run;
    }

    private static Measurement slots(Settings settings) {
        return new ManySlotsBenchmark(settings.number("clients", 64), settings.number("seconds", 15), warm(settings))
                ::run;
    }

    private static Measurement loaded(Settings settings) {
        return new LoadedBenchmark(
                settings.number("messages", 10_000_000), settings.number("rounds", 2), warm(settings))::run;
    }

    private static Measurement start(Settings settings) {
        return new StartBenchmark(settings.choice("runtime", "jvm", "jvm", "native"), settings.number("rounds", 5))
                ::run;
    }

    private static Measurement pending(Settings settings) {
        return new PendingBenchmark(
                        settings.number("messages", 10_000_000),
                        settings.number("group", 50),
                        settings.number("rounds", 10))::run;
    }

    private static Measurement onOneStack(String name, Settings settings, StackBenchmark... benchmarks) {
        int warm = warm(settings);
        return () -> StackBenchmark.measure(name, warm, List.of(benchmarks));
    }

    /** Seconds of webhooks before anything is measured. */
    private static int warm(Settings settings) {
        return settings.number("warm", 180);
    }
}
