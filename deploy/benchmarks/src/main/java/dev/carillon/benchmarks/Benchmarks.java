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
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The runner: the first argument names what to measure, the others set it. */
public final class Benchmarks {
    private static final String USAGE = """
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

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.WARNING);
        List<String> given = Arrays.asList(arguments);
        var settings = settings(given.isEmpty() ? given : given.subList(1, given.size()));
        if (!measured(given.isEmpty() ? "" : given.getFirst(), settings)) {
            System.err.println(USAGE);
            System.exit(2);
        }
        // The clients' threads are no reason to stay.
        System.exit(0);
    }

    /** Whether there is such a benchmark; it has run then. */
    private static boolean measured(String which, Map<String, String> settings) throws Exception {
        switch (which) {
            case "relay" -> relay(settings);
            case "consumers" ->
                new ConsumerBenchmark(number(settings, "events", 200_000), number(settings, "batch", 500)).run();
            case "create", "lateness", "now", "burst", "stack" -> stack(which, settings);
            case "thousand" -> thousand(settings);
            case "size" ->
                onOneStack(which, settings, List.of(new SizeBenchmark(number(settings, "messages", 20_000))));
            case "overload" -> overload(settings);
            case "collectors" -> collectors(settings);
            case "hotslot" -> hotSlot(settings);
            case "slots" ->
                new ManySlotsBenchmark(number(settings, "clients", 64), number(settings, "seconds", 15), warm(settings))
                        .run();
            case "loaded" ->
                new LoadedBenchmark(
                                number(settings, "messages", 10_000_000), number(settings, "rounds", 2), warm(settings))
                        .run();
            case "start" ->
                new StartBenchmark(settings.getOrDefault("runtime", "jvm"), number(settings, "rounds", 5)).run();
            case "phrases" -> new PhrasesBenchmark(number(settings, "rounds", 200)).run();
            case "pending" -> pending(settings);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void thousand(Map<String, String> settings) throws Exception {
        var benchmark = new ThousandBenchmark(
                number(settings, "endpoints", 1_000), number(settings, "rate", 200), number(settings, "seconds", 60));
        onOneStack("thousand", settings, List.of(benchmark));
    }

    private static void collectors(Map<String, String> settings) throws Exception {
        new CollectorsBenchmark(
                        number(settings, "rounds", 3),
                        number(settings, "rate", 50),
                        number(settings, "seconds", 30),
                        warm(settings))
                .run();
    }

    private static void hotSlot(Map<String, String> settings) throws Exception {
        new HotSlotBenchmark(
                        number(settings, "clients", 64),
                        number(settings, "seconds", 15),
                        number(settings, "capacity", 50_000),
                        warm(settings),
                        settings.getOrDefault("only", "").equals("groups"))
                .run();
    }

    private static void pending(Map<String, String> settings) throws Exception {
        new PendingBenchmark(
                        Long.parseLong(settings.getOrDefault("messages", "10000000")),
                        number(settings, "group", 50),
                        number(settings, "rounds", 10))
                .run();
    }

    private static void relay(Map<String, String> settings) throws IOException, InterruptedException {
        var sizes = new RelayBenchmark.Sizes(
                number(settings, "events", 200_000), number(settings, "seconds", 20), number(settings, "hot", 3_000));
        new RelayBenchmark(sizes, settings.getOrDefault("only", ""), settings.getOrDefault("held", "")).run();
    }

    private static void overload(Map<String, String> settings) throws IOException {
        var sizes = new OverloadBenchmark.Sizes(
                number(settings, "clients", 64),
                number(settings, "seconds", 20),
                number(settings, "idle", 20),
                number(settings, "connections", 5_000),
                warm(settings));
        var inFlight = new OverloadBenchmark.InFlight(
                number(settings, "least", 256),
                number(settings, "most", 4_000),
                Duration.parse(settings.getOrDefault("slow", "PT0.1S")));
        new OverloadBenchmark(sizes, inFlight).run();
    }

    private static void stack(String which, Map<String, String> settings) throws IOException {
        Map<String, StackBenchmark> all = new LinkedHashMap<>();
        all.put("now", new NowBenchmark(number(settings, "rate", 200), number(settings, "seconds", 30)));
        all.put(
                "lateness",
                new LatenessBenchmark(
                        number(settings, "rate", 200),
                        number(settings, "seconds", 30),
                        number(settings, "pending", 0),
                        settings.getOrDefault("held", "no").equals("yes")));
        all.put("burst", new BurstBenchmark(number(settings, "messages", 10_000), number(settings, "rounds", 5)));
        all.put(
                "create",
                new CreateBenchmark(
                        number(settings, "clients", 32),
                        number(settings, "seconds", 20),
                        Duration.parse(settings.getOrDefault("ahead", "PT1H"))));
        onOneStack(
                which,
                settings,
                which.equals("stack") ? List.copyOf(all.values()) : List.of(Objects.requireNonNull(all.get(which))));
    }

    private static void onOneStack(String name, Map<String, String> settings, List<StackBenchmark> benchmarks)
            throws IOException {
        StackBenchmark.measure(name, warm(settings), benchmarks);
    }

    /** Seconds of webhooks before anything is measured. */
    private static int warm(Map<String, String> settings) {
        return number(settings, "warm", 180);
    }

    private static int number(Map<String, String> settings, String name, int usual) {
        return Integer.parseInt(settings.getOrDefault(name, Integer.toString(usual)));
    }

    private static Map<String, String> settings(List<String> given) {
        Map<String, String> settings = new HashMap<>();
        for (String setting : given) {
            int equals = setting.indexOf('=');
            settings.put(setting.substring(0, Math.max(0, equals)), setting.substring(equals + 1));
        }
        return settings;
    }
}
